"""How is a drawing shown without telling exactly where it was drawn? On a grid of Lambert-93.

The cells of a grid of side ``s`` metres go from ``i·s`` to ``(i+1)·s`` on both axes of
EPSG:2154; every position in a cell becomes its centre.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from layers.crs import to_lambert93, to_wgs84
from layers.encode import geometry_text
from layers.geometry import normalised, representative_point

SIDES_M = (50, 100, 250, 500, 1000, 2500, 5000, 10_000)
"""Sides of cells that contributions are counted in, in metres."""
ACROSS = 14
"""Cells that an area is divided into at most, from one side to the other."""
Drawing = Mapping[str, Any]
"""A geometry as decoded GeoJSON (WGS84, longitude before latitude)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid, and how many positions of each kind lie in it."""

    column: int
    row: int
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many positions lie in it."""
        return sum(self.counts.values())

    def outline(self, side_m: float) -> dict[str, Any]:
        """Return the cell as a GeoJSON polygon in WGS84, for a grid of this side in metres."""
        west, south = self.column * side_m, self.row * side_m
        return _drawing(to_wgs84(shapely.box(west, south, west + side_m, south + side_m)))


def blurred(drawing: Drawing, side_m: float) -> dict[str, Any]:
    """Return a drawing of which every position is the centre of its cell.

    What is too small for the grid becomes the point that is left of it; 0 leaves it as it is.

    Parameters
    ----------
    drawing
        GeoJSON geometry in WGS84.
    side_m
        Side of the cells of the grid in Lambert-93 metres.
    """
    if side_m <= 0:
        return dict(drawing)
    planar = to_lambert93(_geometry(drawing))

    def to_centres(positions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        centres: npt.NDArray[np.float64] = np.floor(positions / side_m) * side_m + side_m / 2
        return centres

    moved = shapely.transform(planar, to_centres)
    return _drawing(to_wgs84(_of_same_kind(moved)))


def _of_same_kind(moved: BaseGeometry) -> BaseGeometry:
    """A moved geometry without what has fallen together; a point where nothing else is left."""
    first = shapely.Point(shapely.get_coordinates(moved)[0])
    if moved.geom_type == "LineString":
        line = shapely.remove_repeated_points(moved)
        return first if line.length == 0 else line
    if moved.geom_type == "Polygon":
        if moved.area == 0:
            return first
        whole = shapely.make_valid(moved)
        parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
        return parts[0] if len(parts) == 1 else shapely.union_all(parts)
    return moved


def position_of(drawing: Drawing) -> tuple[float, float]:
    """Return longitude and latitude of a point that lies on a drawing."""
    point = representative_point(_geometry(drawing))
    if point is None:
        raise ValueError("an empty drawing lies nowhere")
    lon, lat = shapely.get_coordinates(point)[0].tolist()
    return lon, lat


def grid_side(positions: Sequence[tuple[float, float]], least_m: float = 0) -> int:
    """Return the side in metres of the cells that positions are best counted in.

    Parameters
    ----------
    positions
        Longitude and latitude of each.
    least_m
        A side that the cells must be a multiple of, or 0: the grid the positions lie on.
    """
    sides = [s for s in SIDES_M if s >= least_m and (not least_m or s % least_m == 0)]
    if not positions:
        return sides[0]
    planar = _planar(positions)
    spread = float((planar.max(axis=0) - planar.min(axis=0)).max())
    return next((side for side in sides if spread / side <= ACROSS), sides[-1])


def counted(
    positions: Sequence[tuple[float, float]], kinds: Iterable[str], side_m: float
) -> list[Cell]:
    """Return the cells of a grid that hold positions, with how many of each kind they hold.

    Parameters
    ----------
    positions
        Longitude and latitude of each.
    kinds
        The kind of each.
    side_m
        Side of the cells in Lambert-93 metres.
    """
    if not positions:
        return []
    found: dict[tuple[int, int], Counter[str]] = {}
    for (x, y), kind in zip(_planar(positions), kinds, strict=True):
        cell = math.floor(x / side_m), math.floor(y / side_m)
        found.setdefault(cell, Counter())[kind] += 1
    return [Cell(*at, counts) for at, counts in sorted(found.items())]


def _planar(positions: Sequence[tuple[float, float]]) -> npt.NDArray[np.float64]:
    planar: npt.NDArray[np.float64] = shapely.get_coordinates(
        to_lambert93(shapely.points(np.asarray(positions, dtype=float)))
    )
    return planar


def _geometry(drawing: Drawing) -> BaseGeometry:
    return shapely.from_geojson(orjson.dumps(dict(drawing)))


def _drawing(geometry: BaseGeometry) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(geometry_text(normalised(geometry)))
    return found


def geometries_of(drawings: Iterable[Drawing | None]) -> npt.NDArray[np.object_]:
    """Return drawings as an array of shapely geometries, None where there is none."""
    return np.array([None if d is None else _geometry(d) for d in drawings], dtype=object)
