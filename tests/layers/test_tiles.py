"""Does a square of the map hold what lies there, where it lies, at the scale that it is for?"""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers import tiles
from layers.query import feature_set
from layers.tiles import AREA, DEEPEST, EXTENT, LINE, MARGIN, POINT, square


def features(*geometries):
    ids = tuple(f"f-{n}" for n in range(len(geometries)))
    return feature_set(ids, tuple(b"{}" for _ in ids), np.array(geometries, dtype=object))


def at(lon: float, lat: float, z: int) -> tuple[float, float]:
    """Column and row of a position, with fractions: the formula of the slippy map."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    return x, y


def holding(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    return z, *(math.floor(value) for value in at(lon, lat, z))


def in_squares(geometry, z: int):
    """A geometry in columns and rows."""
    return shapely.transform(geometry, lambda c: np.array([at(*one, z) for one in c]))


def paths_of(found) -> list[list[np.ndarray]]:
    """The paths of each feature, in units."""
    positions = np.cumsum(found.steps, axis=0)
    paths = np.split(positions, np.cumsum(found.sizes)[:-1])
    counts = zip(found.paths, np.cumsum(found.paths), strict=True)
    return [list(paths[end - count : end]) for count, end in counts]


LON = st.floats(-179.9, 179.9)
LAT = st.floats(-84.9, 84.9)


@given(LON, LAT, st.integers(0, DEEPEST))
def test_a_point_stands_where_web_mercator_has_it(lon, lat, z):
    z, x, y = holding(lon, lat, z)
    found = square(features(shapely.Point(lon, lat), None), z, x, y)
    [[[point]]] = paths_of(found)
    column, row = at(lon, lat, z)
    assert found.positions.tolist() == [0]
    assert found.kinds.tolist() == [POINT]
    assert np.abs(point - np.array([(column - x) * EXTENT, (row - y) * EXTENT])).max() <= 1


def test_the_squares_of_a_zoom_hold_every_feature_that_meets_them():
    random = np.random.default_rng(7)
    starts = random.uniform((2.2, 48.7), (2.5, 48.9), (300, 2))
    lines = [shapely.LineString([a, a + random.normal(0, 0.01, 2)]) for a in starts]
    collection = features(*lines)
    plane = [in_squares(line, 12) for line in lines]
    y = int(at(2.3, 48.8, 12)[1])
    for x in range(int(at(2.2, 48.8, 12)[0]), int(at(2.5, 48.8, 12)[0]) + 1):
        found = set(square(collection, 12, x, y).positions)
        frame = shapely.box(x, y, x + 1, y + 1)
        assert {n for n, line in enumerate(plane) if line.intersects(frame)} <= found
        far = {n for n, line in enumerate(plane) if line.distance(frame) > 1.5 * MARGIN / EXTENT}
        assert not far & found


def test_lines_areas_and_holes_keep_their_shape():
    ring = shapely.box(2.31, 48.81, 2.33, 48.83)
    holed = ring.difference(shapely.box(2.315, 48.815, 2.32, 48.82))
    two = shapely.MultiLineString(
        [[(2.311, 48.811), (2.312, 48.812)], [(2.32, 48.82), (2.321, 48.821)]]
    )
    found = square(features(two, holed), *holding(2.32, 48.82, 11))
    # The area first: it is the larger one.
    assert found.positions.tolist() == [1, 0]
    assert found.kinds.tolist() == [AREA, LINE]
    assert found.paths.tolist() == [2, 2]
    (outer, hole), (first, second) = paths_of(found)
    size = shapely.Polygon(outer, [hole]).area / EXTENT**2
    assert size == pytest.approx(in_squares(holed, 11).area, rel=0.01)
    assert [len(first), len(second)] == [2, 2]


def test_what_reaches_far_beyond_is_cut_a_little_outside():
    z, x, y = holding(2.35, 48.85, 14)
    found = square(features(shapely.box(-5, 42, 8, 51)), z, x, y)
    [[ring]] = paths_of(found)
    assert ring.min() == -MARGIN
    assert ring.max() == EXTENT + MARGIN


def test_a_small_scale_has_fewer_positions_and_none_twice():
    angle = np.linspace(0, 2 * np.pi, 400)
    circle = shapely.Polygon(
        np.column_stack((2.35 + 0.004 * np.cos(angle), 48.85 + 0.003 * np.sin(angle)))
    )
    far, near = (square(features(circle), *holding(2.35, 48.85, z)) for z in (9, 14))
    assert far.sizes.sum() < 20 < near.sizes.sum()
    [[ring]] = paths_of(far)
    assert (np.diff(ring, axis=0) != 0).any(axis=1).all()


def test_too_many_in_a_square_are_thinned_out_and_counted(monkeypatch):
    monkeypatch.setattr(tiles, "MOST", 50)
    near, away = [(2.35, 48.85)] * 90, [(2.4, 48.8)] * 10
    found = square(features(*map(shapely.Point, near + away)), 8, *holding(2.35, 48.85, 8)[1:])
    assert found.matched == 100
    assert found.positions.tolist() == [0, 90]


def test_what_only_the_box_of_a_feature_meets_is_not_counted():
    diagonal = shapely.LineString([(2.0, 48.5), (2.7, 49.2)])
    found = square(features(diagonal), *holding(2.6, 48.6, 14))
    assert found.matched == 0
    assert square(features(diagonal), *holding(2.0, 48.5, 14)).matched == 1


def test_an_empty_square_is_empty():
    found = square(features(shapely.Point(2.35, 48.85)), *holding(-60, 10, 12))
    assert found.matched == 0
    assert [len(part) for part in (found.positions, found.paths, found.sizes, found.steps)] == [
        0
    ] * 4


@pytest.mark.parametrize(
    ("z", "x", "y", "there"),
    [(0, 0, 0, True), (3, 7, 7, True), (3, 8, 0, False), (3, 0, 8, False),
     (DEEPEST + 1, 0, 0, False), (10**30, 0, 0, False)],
)  # fmt: skip
def test_which_squares_there_are(z, x, y, there):
    assert tiles.exists(z, x, y) is there
