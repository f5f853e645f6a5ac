"""Are coordinates what the IGN publishes, in each axis order, and refused where they mean nothing?

The oracle is the IGN's own arithmetic (note technique NTG 71: algorithms ALG0001, ALG0003 and
ALG0019, with its printed test values) and the parameters that it publishes for Lambert-93 and
CC49 on GRS80, not PROJ.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import ParameterError
from layers.systems import CRS84, OutsideAreaError, in_degrees, offered, region, systems, written

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
LAMBERT93, CC49 = f"{EPSG}2154", f"{EPSG}3949"
GRS80_A, GRS80_E = 6378137.0, math.sqrt(2 / 298.257222101 - 1 / 298.257222101**2)


def isometric_latitude(phi: float, e: float) -> float:
    """ALG0001."""
    ratio = (1 - e * math.sin(phi)) / (1 + e * math.sin(phi))
    return math.log(math.tan(math.pi / 4 + phi / 2) * ratio ** (e / 2))


def lambert(
    e: float, n: float, c: float, meridian: float, xs: float, ys: float, lam: float, phi: float
) -> tuple[float, float]:
    """ALG0003."""
    radius = c * math.exp(-n * isometric_latitude(phi, e))
    angle = n * (lam - meridian)
    return xs + radius * math.sin(angle), ys - radius * math.cos(angle)


def secant_cone(
    phi0: float, phi1: float, phi2: float, x0: float, y0: float
) -> tuple[float, float, float, float]:
    """ALG0019, in degrees: n, c, xs, ys of a cone that cuts GRS80 at two parallels."""
    phi0, phi1, phi2 = map(math.radians, (phi0, phi1, phi2))

    def parallel(phi: float) -> float:
        return GRS80_A * math.cos(phi) / math.sqrt(1 - (GRS80_E * math.sin(phi)) ** 2)

    low, high = (isometric_latitude(phi, GRS80_E) for phi in (phi1, phi2))
    n = math.log(parallel(phi2) / parallel(phi1)) / (low - high)
    c = parallel(phi1) / n * math.exp(n * low)
    return n, c, x0, y0 + c * math.exp(-n * isometric_latitude(phi0, GRS80_E))


CONES = {
    LAMBERT93: secant_cone(46.5, 44, 49, 700_000, 6_600_000),
    CC49: secant_cone(49, 48.25, 49.75, 1_700_000, 8_200_000),
}


def test_the_oracle_gives_the_values_that_the_ign_prints() -> None:
    found = isometric_latitude(0.87266462600, 0.08199188998)
    assert found == pytest.approx(1.00552653649, abs=1e-11)
    x, y = lambert(
        0.0824832568, 0.760405966, 11603796.9767, 0.04079234433, 600000.0, 5657616.674,
        0.145512099, 0.872664626,
    )  # fmt: skip
    assert (x, y) == pytest.approx((1029705.0818, 272723.8510), abs=5e-4)
    n, c, _xs, ys = CONES[LAMBERT93]
    assert n == pytest.approx(0.725607765053, abs=1e-12)
    assert c == pytest.approx(11754255.4261, abs=5e-5)
    assert ys == pytest.approx(12655612.0499, abs=5e-5)


@pytest.mark.parametrize(
    ("uri", "lon", "lat", "x", "y", "tolerance"),
    [
        (LAMBERT93, 3.0, 46.5, 700_000, 6_600_000, 0.001),  # the origin, by definition
        (CC49, 3.0, 49.0, 1_700_000, 8_200_000, 0.001),
        (LAMBERT93, 2.2945, 48.8584, 648_237, 6_862_272, 0.6),  # the Eiffel tower
    ],
)
def test_published_coordinates(
    uri: str, lon: float, lat: float, x: float, y: float, tolerance: float
) -> None:
    (found,) = written(np.array([shapely.Point(lon, lat)], dtype=object), systems()[uri])
    assert (found.x, found.y) == pytest.approx((x, y), abs=tolerance)


@settings(deadline=None)
@given(st.sampled_from(sorted(CONES)), st.floats(-1.7, 6.5), st.floats(48.01, 49.99))
def test_coordinates_are_those_of_the_ign_to_the_millimetre(
    uri: str, lon: float, lat: float
) -> None:
    n, c, xs, ys = CONES[uri]
    expected = lambert(GRS80_E, n, c, math.radians(3), xs, ys, math.radians(lon), math.radians(lat))
    (found,) = written(np.array([shapely.Point(lon, lat)], dtype=object), systems()[uri])
    assert (found.x, found.y) == pytest.approx(expected, abs=0.0011)


def test_each_system_has_its_own_axis_order() -> None:
    point = np.array([shapely.Point(2.3, 48.8), None], dtype=object)
    found = {uri: written(point, system) for uri, system in systems().items()}
    assert next(iter(found)) == CRS84
    assert found[CRS84][0].coords[0] == (2.3, 48.8)
    assert found[f"{EPSG}4326"][0].coords[0] == (48.8, 2.3)
    for uri in (LAMBERT93, CC49):
        x, y = found[uri][0].coords[0]
        assert x < y  # easting, northing
    radius = 6378137.0
    mercator = (
        radius * math.radians(2.3),
        radius * math.log(math.tan(math.pi / 4 + math.radians(48.8) / 2)),
    )
    assert found[f"{EPSG}3857"][0].coords[0] == pytest.approx(mercator, abs=0.001)
    assert all(geometries[1] is None for geometries in found.values())


def test_a_system_is_offered_where_it_may_be_used() -> None:
    paris, france, world = (2, 48, 3, 49), (-5, 42, 8, 51), (-180, -90, 180, 90)
    codes = {name: [s.code for s in offered(box)] for name, box in
             (("paris", paris), ("france", france), ("world", world), ("none", None))}  # fmt: skip
    everything = ["OGC:CRS84", "EPSG:4326", "EPSG:2154", "EPSG:3949", "EPSG:3857"]
    assert codes["paris"] == codes["none"] == everything
    assert codes["france"] == ["OGC:CRS84", "EPSG:4326", "EPSG:2154", "EPSG:3857"]
    assert codes["world"] == ["OGC:CRS84", "EPSG:4326"]


@pytest.mark.parametrize(
    ("number", "corners", "swapped"),
    [
        ("2154", (2.3, 48.8, 2.4, 48.9), False),
        ("2154", (6_862_272, 648_237, 6_862_273, 648_238), True),
        ("2154", (600_000, 6_800_000, 1e9, 6_900_000), False),
        ("3949", (600_000, 6_800_000, 700_000, 6_900_000), False),
        ("3949", (1_600_000, 7_000_000, 1_700_000, 8_200_000), False),
        ("3857", (0, 0, 30_000_000, 100), False),
        ("3857", (0, 0, 100, 30_000_000), False),
        ("4326", (100, 2, 101, 3), True),
        ("4326", (100, 200, 101, 201), False),
    ],
)
def test_a_box_outside_of_the_area_of_use_is_refused(
    number: str, corners: tuple[float, float, float, float], swapped: bool
) -> None:
    with pytest.raises(OutsideAreaError) as caught:
        region(corners, systems()[EPSG + number])
    assert caught.value.swapped == swapped
    assert f"EPSG:{number}" in str(caught.value)


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ParameterError, match="finite"):
        in_degrees(shapely.Point(math.nan, 1), systems()[LAMBERT93], "geometry")
    for corners in ((1, 2, 0, 3), (0, 3, 1, 2)):
        with pytest.raises(ParameterError, match="lower corner"):
            region((*(600_000 + c for c in corners[:2]), *(600_000 + c for c in corners[2:])),
                   systems()[f"{EPSG}3857"])  # fmt: skip


@settings(deadline=None)
@given(
    st.floats(100_000, 1_100_000), st.floats(6_150_000, 7_050_000),
    st.floats(1, 60_000), st.floats(1, 60_000),
)  # fmt: skip
def test_a_box_in_metres_holds_what_lies_in_it(x: float, y: float, w: float, h: float) -> None:
    box = region((x, y, x + w, y + h), systems()[LAMBERT93])
    inset = 0.05
    for px, py in ((inset, inset), (w - inset, h - inset), (w / 2, h - inset), (w / 2, inset)):
        if 0 < px < w and 0 < py < h:
            point = in_degrees(shapely.Point(x + px, y + py), systems()[LAMBERT93], "p")
            assert box.contains(point)
    for px, py in ((-inset, h / 2), (w / 2, h + inset), (w / 2, -inset)):
        point = in_degrees(shapely.Point(x + px, y + py), systems()[LAMBERT93], "p")
        assert not box.contains(point)


def test_a_box_may_cross_the_antimeridian_in_degrees() -> None:
    box = region((-10, 170, 10, -170), systems()[f"{EPSG}4326"])
    assert box.contains(shapely.Point(175, 0))
    assert box.contains(shapely.Point(-175, 0))
    assert not box.contains(shapely.Point(0, 0))
