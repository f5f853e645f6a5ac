"""Are awkward geometries told from sound ones, and does the right point stand for each?"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers import geometry as geo
from tests.geometries import EMPTY, HOLED, INVALID, SQUARE, STREET, SWAPPED, VALID

EXTENT = ((2.2, 48.7, 2.5, 48.9),)


@pytest.mark.parametrize("shape", VALID.values(), ids=VALID)
def test_sound_geometries_have_no_problem(shape):
    assert geo.problems(shape) == []


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("heights", "heights"),
        ("bow tie", "Self-intersection[2.305 48.805]"),
        ("self-touching ring", "not valid: "),
        ("hole outside", "Hole lies outside shell"),
        ("clockwise", "turns the wrong way"),
        ("hole the wrong way", "turns the wrong way"),
        ("too many decimals", "2.3000001, 48.8 has more than 6 decimals"),
        ("not a number", "not a finite number"),
        ("infinite", "not a finite number"),
        ("metres", "651000, 6.861e+06 lies outside WGS84"),
        ("latitude of 95", "lies outside WGS84"),
        *((name, "empty") for name in EMPTY),
    ],
)
def test_each_problem_is_named_where_it_is(name, problem):
    found = geo.problems(INVALID[name])
    assert problem in " ".join(text for text, _ in found)
    assert all(remedy for _, remedy in found)


def test_a_whole_column_is_judged_as_one_by_one():
    shapes = np.array([None, *VALID.values(), *INVALID.values(), *SWAPPED.values()], dtype=object)
    expected = [shape is not None and geo.problems(shape) == [] for shape in shapes]
    assert geo.sound(shapes).tolist() == expected
    assert geo.sound(shapes[:0]).tolist() == []


def test_metres_are_told_from_degrees():
    (_, remedy), *_ = geo.problems(INVALID["metres"])
    assert "metres" in remedy
    (_, remedy), *_ = geo.problems(INVALID["latitude of 95"])
    assert "metres" not in remedy


@pytest.mark.parametrize("shape", SWAPPED.values(), ids=SWAPPED)
def test_swapped_axes_are_noticed(shape):
    assert geo.swapped_axes(shape, EXTENT) is True


@pytest.mark.parametrize("shape", VALID.values(), ids=VALID)
def test_axes_in_order_are_not_taken_for_swapped(shape):
    assert geo.swapped_axes(shape, EXTENT) is False


def test_what_is_far_from_everything_is_neither():
    assert geo.swapped_axes(shapely.Point(-70, 10), EXTENT) is None


@pytest.mark.parametrize("shape", [*VALID.values(), INVALID["clockwise"], INVALID["heights"]])
def test_normalised_geometries_have_no_problem_and_stay_as_they_are(shape):
    once = geo.normalised(shape)
    assert geo.problems(once) == []
    assert geo.normalised(once).equals_exact(once)


@given(st.floats(-179, 179), st.floats(-89, 89))
def test_rounding_leaves_what_json_writes_in_six_decimals(lon, lat):
    point = geo.normalised(shapely.Point(lon, lat))
    assert float(f"{lon:.6f}") == pytest.approx(point.x, abs=1e-6)
    assert geo.problems(point) == []


@pytest.mark.parametrize("shape", VALID.values(), ids=VALID)
def test_the_representative_point_lies_on_its_geometry(shape):
    point = geo.representative_point(shape)
    assert point.geom_type == "Point"
    assert shape.distance(point) < 1e-12


def test_the_representative_point_is_not_in_the_hole():
    ring = shapely.Polygon(HOLED.exterior, [HOLED.buffer(-0.001).exterior])
    assert ring.covers(geo.representative_point(ring))


def test_a_line_is_represented_by_its_middle():
    line = shapely.LineString([(2.30, 48.8), (2.32, 48.8)])
    assert geo.representative_point(line).equals_exact(shapely.Point(2.31, 48.8), 1e-12)


def test_areas_stand_before_lines_and_points():
    mixed = shapely.GeometryCollection([shapely.Point(2.9, 48.9), STREET, SQUARE])
    assert SQUARE.covers(geo.representative_point(mixed))


@pytest.mark.parametrize("nothing", [None, *EMPTY.values()])
def test_nothing_has_no_representative_point(nothing):
    assert geo.representative_point(nothing) is None


def test_bounds_skip_nulls():
    shapes = np.array([None, SQUARE, STREET], dtype=object)
    assert geo.bounds(shapes) == (2.30, 48.80, 2.31, 48.81)
    assert geo.bounds(np.array([None], dtype=object)) is None
