"""What is to be drawn on a sheet of paper, and where on it?

The geometries of an atlas, reprojected to Lambert-93 once, clipped to a sheet and given in
millimetres of its page, so that whoever draws needs no geometry arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from layers.atlas import Atlas
from layers.crs import to_lambert93, to_wgs84
from layers.errors import ParameterError
from layers.model import BBox, Place
from layers.sheets import Extent, Sheet
from layers.vicinity import Vicinity

Path = npt.NDArray[np.float64]
"""Positions on a page: an array of shape (n, 2), millimetres from its lower left corner."""

BLEED_MM = 15.0
"""How far beyond the frame geometries are kept, so that no outline runs along the frame."""
INSET_MM = 4.0
"""How far inside the frame names and numbers are put."""
SMOOTH_MM = 0.03
"""Detail finer than this, in millimetres of paper, is left out."""
STRAIGHT_MM = 1.2
"""How far a line may leave its chord, in millimetres, for a name to be written along it."""
METROPOLE: BBox = (-10.0, 38.0, 15.0, 54.0)
"""Where Lambert-93 is used here: metropolitan France and its surroundings, in degrees."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a sheet shows of a place.

    ``dimension`` is 0 for points, 1 for lines, 2 for areas. ``paths`` are the points, one a
    path, the lines, or the rings of the areas (inside by the even-odd rule). ``anchor`` is a
    position on the visible part, in millimetres; ``angle`` is how a line runs there, in degrees
    anticlockwise from the right, -90 to 90, and ``length`` how far it goes straight on, in
    millimetres.
    """

    place: Place
    dimension: int
    paths: tuple[Path, ...]
    anchor: tuple[float, float]
    angle: float = 0.0
    length: float = 0.0


class Plane:
    """The layers of an atlas in the plane of Lambert-93."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._layers = {
            id: Vicinity(features.geometries) for id, features in atlas.features.items()
        }

    def shapes(self, layer_id: str, sheet: Sheet) -> list[Shape]:
        """Return what a sheet shows of a layer, in file order; places out of sight are not."""
        frame = shapely.box(*sheet.extent)
        places = self._atlas.places_in(layer_id)
        shapes = []
        for position, planar in self._layers[layer_id].meeting(frame):
            shapes.extend(_shapes(places[position], planar, sheet))
        return shapes

    def count(self, layer_ids: Iterable[str], extent: Extent) -> int:
        """Return how many places of some layers meet an extent (Lambert-93 metres)."""
        frame = shapely.box(*extent)
        return sum(len(self._layers[id].meeting(frame)) for id in layer_ids)


def extent_of_box(bbox_lonlat: BBox) -> Extent:
    """Return the Lambert-93 extent (metres) of a box in degrees.

    Raises
    ------
    ParameterError
        If the box is empty or not in metropolitan France, where Lambert-93 has its meaning.
    """
    west, south, east, north = bbox_lonlat
    inside = METROPOLE[0] <= west < east <= METROPOLE[2]
    if not (inside and METROPOLE[1] <= south < north <= METROPOLE[3]):
        raise ParameterError(
            "bbox",
            ",".join(f"{number:g}" for number in bbox_lonlat),
            f"west below east, south below north, in {','.join(f'{n:g}' for n in METROPOLE)}",
        )
    outline = shapely.segmentize(shapely.box(*bbox_lonlat), max((east - west) / 50, 1e-6))
    return _bounds(to_lambert93(outline))


def extent_of_places(geometries: Iterable[BaseGeometry | None], around_m: float) -> Extent | None:
    """Return the Lambert-93 extent of some WGS84 geometries and what lies around them.

    Parameters
    ----------
    geometries
        Geometries in degrees; ``None`` are passed over.
    around_m
        Metres that are added on every side; an eighth of the larger side when that is more.

    Returns
    -------
    tuple of float or None
        ``(west, south, east, north)`` in metres; None when nothing is located.
    """
    located = [geometry for geometry in geometries if geometry is not None]
    if not located:
        return None
    west, south, east, north = shapely.total_bounds(
        to_lambert93(np.array(located, dtype=object))
    ).tolist()
    around = max(around_m, (east - west) / 8, (north - south) / 8)
    return west - around, south - around, east + around, north + around


def lonlat_of(positions: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the longitude and latitude, in degrees, of positions in Lambert-93 metres."""
    points = shapely.points(np.array(list(positions), dtype=float))
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(to_wgs84(points))]


def _bounds(geometry: BaseGeometry) -> Extent:
    west, south, east, north = (float(number) for number in shapely.bounds(geometry))
    return west, south, east, north


def _shapes(place: Place, planar: BaseGeometry, sheet: Sheet) -> list[Shape]:
    bleed, inset = BLEED_MM / sheet.mm_per_m, INSET_MM / sheet.mm_per_m
    parts = _leaves(planar)
    shapes = []
    for dimension in (2, 1, 0):
        mine = [part for part in parts if shapely.get_dimensions(part) == dimension]
        drawn = _clipped(mine, _grown(sheet.extent, bleed), dimension)
        seen = _clipped(mine, sheet.extent, dimension)
        inner = _clipped(mine, _grown(sheet.extent, -inset), dimension)
        if not seen:
            continue
        smooth = shapely.simplify(drawn, SMOOTH_MM / sheet.mm_per_m)
        paths = [path for part in smooth for path in _paths(part, sheet)]
        anchor, angle, length = _anchor(inner or seen, dimension, sheet)
        shapes.append(Shape(place, dimension, tuple(paths), anchor, angle, length))
    return shapes


def _grown(extent: Extent, by: float) -> Extent:
    west, south, east, north = extent
    return west - by, south - by, east + by, north + by


def _leaves(geometry: Any) -> list[Any]:
    if hasattr(geometry, "geoms"):
        return [leaf for part in geometry.geoms for leaf in _leaves(part)]
    return [] if geometry.is_empty else [geometry]


def _clipped(parts: list[BaseGeometry], extent: Extent, dimension: int) -> list[BaseGeometry]:
    clipped = [leaf for part in parts for leaf in _leaves(shapely.clip_by_rect(part, *extent))]
    return [leaf for leaf in clipped if shapely.get_dimensions(leaf) == dimension]


def _paths(part: BaseGeometry, sheet: Sheet) -> list[Path]:
    rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
    return [_on_page(shapely.get_coordinates(ring), sheet) for ring in rings]


def _on_page(coordinates: Path, sheet: Sheet) -> Path:
    west, south, _east, _north = sheet.extent
    origin = np.array([sheet.frame.x, sheet.frame.y])
    page: Path = (coordinates - (west, south)) * sheet.mm_per_m + origin
    return page


def _anchor(
    parts: list[Any], dimension: int, sheet: Sheet
) -> tuple[tuple[float, float], float, float]:
    """Return where to write: a position in millimetres, the angle there, the line's length."""
    if dimension == 1:
        return _line_anchor(parts, sheet)
    point: Any = parts[0]
    if dimension == 2:
        largest = max(parts, key=lambda part: float(part.area))
        circle = shapely.maximum_inscribed_circle(largest, math.sqrt(largest.area) / 20)
        point = shapely.get_point(circle, 0)
    return sheet.to_page(float(point.x), float(point.y)), 0.0, 0.0


def _line_anchor(parts: list[Any], sheet: Sheet) -> tuple[tuple[float, float], float, float]:
    """Return the middle of the longest line, and how the straight stretch around it runs."""
    merged = _leaves(shapely.line_merge(shapely.multilinestrings(parts)))
    longest = max(merged, key=lambda part: float(part.length))
    middle = float(longest.length) / 2
    for share in (1.0, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1):
        stretch = substring(longest, middle * (1 - share), middle * (1 + share))
        (ax, ay), (bx, by) = shapely.get_coordinates(stretch)[[0, -1]]
        chord = shapely.linestrings([(ax, ay), (bx, by)])
        if float(shapely.hausdorff_distance(stretch, chord)) * sheet.mm_per_m <= STRAIGHT_MM:
            break
    angle = math.degrees(math.atan2(by - ay, bx - ax))
    angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
    point = shapely.line_interpolate_point(longest, middle)
    position = sheet.to_page(float(point.x), float(point.y))
    return position, angle, float(chord.length) * sheet.mm_per_m
