"""Are lengths and areas those of the ellipsoid?"""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry.polygon import orient

from layers import crs, measure
from tests.geometries import EMPTY, HOLED, SQUARE, STREET, VALID

GEOD = Geod(ellps="GRS80")
AREA_OF_THE_EARTH_M2 = 510_065_621.724e6  # GRS80, Moritz (2000)
QUARTER_MERIDIAN_M = 10_001_965.729_3  # GRS80, Moritz (2000)


def test_an_octant_is_an_eighth_of_the_earth():
    octant = shapely.Polygon([(0, 0), (90, 0), (0, 90)])
    assert measure.area_m2(octant) == pytest.approx(AREA_OF_THE_EARTH_M2 / 8, rel=1e-9)


def test_a_quarter_of_a_meridian_has_its_published_length():
    meridian = shapely.LineString([(2.3, 0), (2.3, 90)])
    assert measure.length_m(meridian) == pytest.approx(QUARTER_MERIDIAN_M, abs=0.001)


@pytest.mark.parametrize("geometry", VALID.values(), ids=VALID)
def test_areas_and_lengths_are_those_of_geod(geometry):
    polygons = [p for p in parts(geometry) if p.geom_type == "Polygon"]
    lines = [p for p in parts(geometry) if p.geom_type in ("LineString", "LinearRing")]
    area = sum(GEOD.geometry_area_perimeter(orient(p))[0] for p in polygons)
    assert measure.area_m2(geometry) == pytest.approx(area, rel=1e-9)
    assert measure.length_m(geometry) == pytest.approx(sum(map(GEOD.geometry_length, lines)))
    assert measure.perimeter_m(geometry) == pytest.approx(
        sum(GEOD.geometry_length(ring) for p in polygons for ring in (p.exterior, *p.interiors))
    )


def parts(geometry):
    if hasattr(geometry, "geoms"):
        return [part for child in geometry.geoms for part in parts(child)]
    return [geometry]


def test_a_hole_is_taken_out_whichever_way_it_turns():
    turned = shapely.Polygon(HOLED.exterior, [HOLED.interiors[0].reverse()])
    whole = measure.area_m2(shapely.Polygon(HOLED.exterior))
    hole = measure.area_m2(shapely.Polygon(HOLED.interiors[0]))
    for polygon in (HOLED, turned, HOLED.reverse()):
        assert measure.area_m2(polygon) == pytest.approx(whole - hole, rel=1e-12)


@pytest.mark.parametrize("nothing", [None, *EMPTY.values()])
def test_nothing_measures_nothing(nothing):
    assert measure.length_m(nothing) == measure.area_m2(nothing) == 0
    assert measure.perimeter_m(nothing) == 0


def test_what_has_no_length_or_area_measures_0():
    assert measure.length_m(SQUARE) == 0
    assert measure.area_m2(STREET) == 0


def test_planar_lambert93_is_close_but_not_the_same():
    """At 48.8° N, between its standard parallels, Lambert-93 is about 1e-4 too short."""
    planar = crs.to_lambert93(STREET).length
    assert measure.length_m(STREET) == pytest.approx(planar, rel=1e-3)
    assert measure.length_m(STREET) != pytest.approx(planar, rel=1e-6)


@given(*[st.floats(-5, 9), st.floats(42, 51)] * 2)
def test_distance_is_symmetric_and_that_of_a_line(lon_a, lat_a, lon_b, lat_b):
    there = measure.distance_m(lon_a, lat_a, lon_b, lat_b)
    assert there == pytest.approx(measure.distance_m(lon_b, lat_b, lon_a, lat_a), abs=1e-6)
    line = shapely.LineString([(lon_a, lat_a), (lon_b, lat_b)])
    assert there == pytest.approx(measure.length_m(line), abs=1e-6)
