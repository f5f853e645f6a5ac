"""Do coordinates come out where the definitions of the systems put them?"""

from __future__ import annotations

import math

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers import crs
from layers.errors import CRSMismatchError, ParameterError
from tests.geometries import VALID

# Lambert-93 as IGN publishes it (NT/G 71 and the RGF93 constants), not as PROJ knows it.
N = 0.725_607_765_053_267
C = 11_754_255.426_096
XS, YS = 700_000.0, 12_655_612.049_876
E = 0.081_819_191_042_831_85  # first eccentricity of GRS80


def ign_lambert93(lon: float, lat: float) -> tuple[float, float]:
    """Project by IGN's algorithms ALG0001 and ALG0003."""
    phi = math.radians(lat)
    ratio = (1 - E * math.sin(phi)) / (1 + E * math.sin(phi))
    isometric = math.log(math.tan(math.pi / 4 + phi / 2) * ratio ** (E / 2))
    radius, angle = C * math.exp(-N * isometric), N * math.radians(lon - 3)
    return XS + radius * math.sin(angle), YS - radius * math.cos(angle)


@pytest.mark.parametrize(
    ("project", "lonlat", "expected"),
    [
        (crs.to_lambert93, (3.0, 46.5), (700_000.0, 6_600_000.0)),  # the origin of Lambert-93
        (crs.to_cc49, (3.0, 49.0), (1_700_000.0, 8_200_000.0)),  # the origin of CC49
    ],
)
def test_origins_are_where_the_definition_puts_them(project, lonlat, expected):
    point = project(shapely.Point(lonlat))
    assert (point.x, point.y) == pytest.approx(expected, abs=0.001)


@given(st.floats(-5, 9.5), st.floats(41.5, 51))
def test_lambert93_agrees_with_the_algorithm_of_ign(lon, lat):
    point = crs.to_lambert93(shapely.Point(lon, lat))
    assert (point.x, point.y) == pytest.approx(ign_lambert93(lon, lat), abs=0.001)


@pytest.mark.parametrize("geometry", VALID.values(), ids=VALID)
def test_there_and_back_is_within_a_hundredth_of_a_millimetre(geometry):
    back = crs.to_wgs84(crs.to_lambert93(geometry))
    assert shapely.get_coordinates(back) == pytest.approx(
        shapely.get_coordinates(geometry), abs=1e-10
    )
    assert back.geom_type == geometry.geom_type


def test_an_array_keeps_its_nulls():
    found = crs.to_lambert93(np.array([shapely.Point(2.3, 48.8), None], dtype=object))
    assert found[1] is None
    assert found[0].x == pytest.approx(ign_lambert93(2.3, 48.8)[0], abs=0.001)


def test_same_crs_accepts_other_spellings_and_axis_orders():
    frame = geopandas.GeoDataFrame(geometry=[shapely.Point(2, 48)], crs="EPSG:4326")
    crs.same_crs(frame, crs.WGS84)
    crs.same_crs("EPSG:2154", crs.LAMBERT93)


def test_same_crs_names_both_when_they_differ():
    with pytest.raises(CRSMismatchError, match=r"EPSG:2154.*EPSG:3857"):
        crs.same_crs(crs.LAMBERT93, "EPSG:3857")


@pytest.mark.parametrize("bad", [None, "EPSG:none", object()])
def test_same_crs_wants_a_stated_system(bad):
    with pytest.raises(ParameterError):
        crs.same_crs(bad, crs.WGS84)


def test_a_frame_is_reprojected_and_one_without_system_refused():
    frame = geopandas.GeoDataFrame(geometry=[shapely.Point(3, 46.5)], crs="EPSG:4326")
    assert crs.frame_to(frame, crs.LAMBERT93).geometry[0].x == pytest.approx(700_000, abs=0.001)
    with pytest.raises(ParameterError, match="reference system"):
        crs.frame_to(geopandas.GeoDataFrame(geometry=[shapely.Point(3, 46)]), crs.LAMBERT93)
