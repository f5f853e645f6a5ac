"""What does a layer look like in one square of a web map? Whole pixels, made for drawing.

A layer of many thousands of features is drawn square by square: each square holds what meets
it, projected, generalised to what its scale can show, cut a little outside its edge and
rounded. The squares are those of every web map (EPSG:3857, halved at each zoom); one is
`PIXELS` wide on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from layers.crs import WEB_MERCATOR, from_wgs84, into_wgs84
from layers.query import FeatureSet, positions_in

EXTENT = 4096
"""Units from one edge of a square to the other."""
PIXELS = 512
"""Width of a square on the screen, in CSS pixels: a zoom less than that of 256-pixel tiles."""
DEEPEST = 16
"""Zoom of the smallest squares (about 400 m at 48°); beyond, they are drawn larger."""
MARGIN = 256
"""Units beyond the edge that a square holds too: half a wide line, half a symbol."""
MOST = 40_000
"""Features of a square beyond which one of those that share two pixels stands for them all."""
_HALF_PIXEL = EXTENT / PIXELS / 2
_WORLD = 2 * 20037508.342789244
"""Width of the world in EPSG:3857, in metres."""
POINT, LINE, AREA = 0, 1, 2
_KINDS = np.array([POINT, LINE, LINE, AREA, POINT, LINE, AREA, AREA])
"""Kind of each shapely type id; a collection counts as an area."""

Integers = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Square:
    """What a square holds, features in the order in which they are drawn: the large ones first.

    Attributes
    ----------
    positions
        Of the features, in their `FeatureSet`.
    kinds
        `POINT`, `LINE` or `AREA`, of each feature.
    paths
        How many paths (points, lines, rings) each feature has.
    sizes
        How many positions each path has.
    steps
        From each position to the next over all paths, the first from (0, 0): array (n, 2) of
        units, x to the east, y to the south of the square's north-west corner.
    matched
        How many features meet the square; more than ``positions`` when they were too many.
    """

    positions: Integers
    kinds: Integers
    paths: Integers
    sizes: Integers
    steps: Integers
    matched: int


def exists(z: int, x: int, y: int) -> bool:
    """Tell whether there is such a square; ``z`` from 0 to `DEEPEST`."""
    return 0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z


def square(features: FeatureSet, z: int, x: int, y: int) -> Square:
    """Return what a square holds of a collection.

    Parameters
    ----------
    features
        The collection.
    z, x, y
        Zoom, column from the west, row from the north: `exists`.
    """
    side = _WORLD / 2**z
    west, north = x * side - _WORLD / 2, _WORLD / 2 - y * side
    scale = EXTENT / side
    frame = _frame(west, north, side, MARGIN / scale)
    found = positions_in(features, into_wgs84(frame, WEB_MERCATOR).bounds)
    matched = len(found)
    if matched > MOST:
        found = found[_one_a_spot(features.geometries[found], side)]
    shapes = shapely.transform(
        from_wgs84(features.geometries[found], WEB_MERCATOR),
        lambda at: np.column_stack(((at[:, 0] - west) * scale, (north - at[:, 1]) * scale)),
    )
    if z < DEEPEST:
        shapes = shapely.simplify(shapes, _HALF_PIXEL)
    shapes = _cut(shapes)
    left = ~shapely.is_empty(shapes)
    # What only the box of a feature meets is not in the square.
    return _drawn(found[left], shapes[left], matched - int((~left).sum()))


def _frame(west: float, north: float, side: float, margin: float) -> shapely.Polygon:
    """A square with its margin, as far as it lies in the world."""
    edges = (west - margin, north - side - margin, west + side + margin, north + margin)
    frame: shapely.Polygon = shapely.box(*np.clip(edges, -_WORLD / 2, _WORLD / 2))
    return frame


def _one_a_spot(geometries: Geometries, side: float) -> Integers:
    """Positions of one geometry for each spot of two by two pixels, by the middle of its box."""
    box = shapely.bounds(from_wgs84(geometries, WEB_MERCATOR))
    spots = np.floor((box[:, :2] + box[:, 2:]) / (4 * side / PIXELS)).astype(np.int64)
    _spots, first = np.unique(spots, axis=0, return_index=True)
    return np.sort(first)


def _cut(shapes: Geometries) -> Geometries:
    """Cut what reaches beyond the margin; what does not is left as it is."""
    box = shapely.bounds(shapes)
    beyond = (box[:, :2] < -MARGIN).any(axis=1) | (box[:, 2:] > EXTENT + MARGIN).any(axis=1)
    cut = shapes.copy()
    edges = (-MARGIN, -MARGIN, EXTENT + MARGIN, EXTENT + MARGIN)
    cut[beyond] = shapely.clip_by_rect(shapes[beyond], *edges)
    return cut


def _drawn(positions: Integers, shapes: Geometries, matched: int) -> Square:
    box = shapely.bounds(shapes).reshape(-1, 4)
    order = np.argsort(-np.prod(box[:, 2:] - box[:, :2], axis=1), kind="stable")
    shapes = shapes[order]
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    plain = np.flatnonzero(shapely.get_type_id(parts) != shapely.GeometryType.POLYGON)
    of_part = np.concatenate((ring_part, plain))
    sequence = np.argsort(of_part, kind="stable")
    paths = np.concatenate((rings, parts[plain]))[sequence]
    at, of_path = shapely.get_coordinates(paths, return_index=True)
    rounded = np.rint(at).astype(np.int64)
    again = np.zeros(len(rounded), dtype=bool)
    again[1:] = (rounded[1:] == rounded[:-1]).all(axis=1) & (of_path[1:] == of_path[:-1])
    kept, of_path = rounded[~again], of_path[~again]
    return Square(
        positions=positions[order],
        kinds=_KINDS[shapely.get_type_id(shapes)],
        paths=np.bincount(owner[of_part[sequence]], minlength=len(shapes)),
        sizes=np.bincount(of_path, minlength=len(paths)),
        steps=np.diff(kept, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)),
        matched=matched,
    )
