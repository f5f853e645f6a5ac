"""Is every position on the grid, and none of them where it was drawn? Checked with pyproj."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import mapping, shape

from layers.blur import blurred, counted, grid_side, position_of

PLANE = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
CM = 0.12  # positions are written to the sixth decimal of a degree, 11 cm
lon, lat = st.floats(1.0, 6.0), st.floats(43.2, 49.5)
sides = st.sampled_from([25, 50, 100, 250, 500])


def planar(drawing: dict[str, Any]) -> list[tuple[float, float]]:
    return [PLANE.transform(*at) for at in shapely.get_coordinates(shape(drawing)).tolist()]


def off_centre(x: float, side: float) -> float:
    return abs((x % side) - side / 2)


@given(lon, lat, sides)
def test_a_point_goes_to_the_centre_of_its_cell(x: float, y: float, side: int) -> None:
    [(east, north)] = planar(blurred({"type": "Point", "coordinates": [x, y]}, side))
    assert off_centre(east, side) < CM
    assert off_centre(north, side) < CM
    before = PLANE.transform(x, y)
    assert abs(east - before[0]) <= side / 2 + CM
    assert abs(north - before[1]) <= side / 2 + CM


small = st.tuples(st.floats(2.30, 2.31), st.floats(48.82, 48.83))


@given(st.lists(small, min_size=2, max_size=12, unique=True), sides)
def test_lines_stay_on_the_grid(positions: list[tuple[float, float]], side: int) -> None:
    drawn = blurred({"type": "LineString", "coordinates": positions}, side)
    assert drawn["type"] in ("LineString", "Point")
    assert shape(drawn).is_valid
    assert all(off_centre(v, side) < CM for at in planar(drawn) for v in at)


@given(st.lists(small, min_size=3, max_size=12, unique=True), sides)
def test_areas_stay_valid(positions: list[tuple[float, float]], side: int) -> None:
    hull = shapely.MultiPoint(positions).convex_hull
    if hull.geom_type == "Polygon" and hull.is_valid:
        drawn = blurred(mapping(hull), side)
        assert drawn["type"] in ("Polygon", "MultiPolygon", "Point")
        assert shape(drawn).is_valid
        west, south, east, north = shape(drawn).buffer(1e-7).bounds
        x, y = position_of(drawn)
        assert west <= x <= east
        assert south <= y <= north


def test_no_grid_leaves_a_drawing_as_it_is() -> None:
    line = {"type": "LineString", "coordinates": [[2.3, 48.8], [2.31, 48.81]]}
    assert blurred(line, 0) == line


@given(st.lists(small, max_size=40), sides)
def test_every_position_is_counted_in_its_cell(positions: list[Any], side: int) -> None:
    kinds = ["ab"[i % 2] for i in range(len(positions))]
    cells = counted(positions, kinds, side)
    assert sum(cell.total for cell in cells) == len(positions)
    for at in positions:
        east, north = PLANE.transform(*at)
        near = [c for c in cells if abs(c.column * side + side / 2 - east) <= side / 2 + CM
                and abs(c.row * side + side / 2 - north) <= side / 2 + CM]  # fmt: skip
        assert near
    for cell in cells:
        corners = planar(cell.outline(side))
        assert abs(min(x for x, _ in corners) - cell.column * side) < CM
        assert abs(max(y for _, y in corners) - (cell.row + 1) * side) < CM


@pytest.mark.parametrize(
    ("spread", "blur", "side"),
    [(0.0, 0, 50), (0.02, 0, 250), (0.0, 25, 50), (0.02, 100, 500), (2.0, 0, 10_000)],
)
def test_cells_are_as_large_as_the_area_asks(spread: float, blur: int, side: int) -> None:
    assert grid_side([(2.3, 48.8), (2.3, 48.8 + spread)], blur) == side


def test_no_position_has_no_cell() -> None:
    assert counted([], [], 50) == []
    assert grid_side([]) == 50
