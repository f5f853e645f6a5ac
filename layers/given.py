"""Is a geometry that somebody hands in fit to be asked with? Reads GeoJSON (RFC 7946), strictly.

Every fault has a reason of its own, so that whoever asked can be told which it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from layers.errors import LimitropheError
from layers.geometry import DECIMALS, swapped_axes
from layers.model import BBox

MAX_VERTICES = 10_000
"""Positions that a geometry may have."""
MAX_PARTS = 1000
"""Parts that a geometry may have."""
DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How deep the positions of each type are nested."""


class Reason(StrEnum):
    """What is wrong with a geometry."""

    NOT_JSON = "it is not JSON (NaN and infinity are none)"
    NOT_GEOJSON = "it is not a GeoJSON geometry"
    NOT_WKT = "it is not WKT"
    NO_GEOMETRY = "the feature has no geometry"
    POSITION = "a position is not two or three finite numbers"
    EMPTY = "it is empty"
    TOO_LARGE = "it has too many positions or parts"
    OPEN_RING = "a ring is not closed: its last position must repeat its first"
    SHORT = "a line needs two positions, a ring four"
    INVALID = "it crosses or touches itself"
    SWAPPED = "latitude seems to be written before longitude"
    OUTSIDE = "it lies outside of where it may be asked about"


class GeometryError(LimitropheError):
    """A geometry cannot be used.

    ``reason`` says why; ``got`` is the part at fault, shortened, or empty.
    """

    def __init__(self, reason: Reason, got: str = "") -> None:
        self.reason = reason
        self.got = got
        super().__init__(f"geometry: {reason}{f' ({got})' if got else ''}")


def read_geometry(body: bytes, area: BBox, extent: Sequence[BBox] = ()) -> BaseGeometry:
    """Return the geometry of a GeoJSON geometry, or feature with a geometry.

    Parameters
    ----------
    body
        UTF-8 JSON; positions are longitude, latitude in degrees; heights are passed over.
    area
        ``(west, south, east, north)`` in degrees that no position may lie outside of.
    extent
        Boxes that the atlas speaks of, to tell swapped axes by.

    Raises
    ------
    GeometryError
        With the first fault found.
    """
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise GeometryError(Reason.NOT_JSON, str(error)) from error
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
        if found is None:
            raise GeometryError(Reason.NO_GEOMETRY)
    geometry = geometry_of(found)
    _check_area(geometry, area, extent)
    if not shapely.is_valid(geometry):
        raise GeometryError(Reason.INVALID, shapely.is_valid_reason(geometry))
    return geometry


def read_outline(text: str, area: BBox, extent: Sequence[BBox] = ()) -> BaseGeometry:
    """Return the geometry that a person writes: short enough for an address, or GeoJSON.

    Parameters
    ----------
    text
        ``lon,lat;lon,lat;…`` in degrees (one position is a point, two are a line, more a
        surface), WKT, or GeoJSON.
    area, extent
        See `read_geometry`.

    Raises
    ------
    GeometryError
        With the first fault found.
    """
    if text.startswith("{"):
        return read_geometry(text.encode(), area, extent)
    if text[:1].isalpha():
        try:
            written = shapely.to_geojson(shapely.force_2d(shapely.from_wkt(text)))
        except shapely.errors.ShapelyError as error:
            raise GeometryError(Reason.NOT_WKT, str(error)) from error
        return read_geometry(written.encode(), area, extent)
    try:
        positions = [[float(number) for number in part.split(",")] for part in text.split(";")]
    except ValueError as error:
        raise GeometryError(Reason.POSITION, str(error)) from error
    closed = [*positions, positions[0]]
    kinds = {1: ("Point", positions[0]), 2: ("LineString", positions)}
    kind, coordinates = kinds.get(len(positions), ("Polygon", [closed]))
    body = {"type": kind, "coordinates": coordinates}
    return read_geometry(orjson.dumps(body), area, extent)


def outline_text(geometry: BaseGeometry) -> str:
    """Return how an address writes a geometry: the shortest form that `read_outline` reads.

    Positions keep the decimals of the atlas.
    """
    numbers = shapely.get_coordinates(geometry).tolist()
    simple = {"Point": numbers, "LineString": numbers if len(numbers) == 2 else None}
    if geometry.geom_type == "Polygon" and not shapely.get_num_interior_rings(geometry):
        simple["Polygon"] = numbers[:-1]
    positions = simple.get(geometry.geom_type)
    if positions is None:
        return str(shapely.to_wkt(geometry, rounding_precision=DECIMALS)).replace(", ", ",")
    return ";".join(",".join(f"{round(n, DECIMALS)!r}" for n in pair) for pair in positions)


def geometry_of(found: Any) -> BaseGeometry:
    """Return the geometry that a decoded GeoJSON geometry stands for, without heights.

    Its form is checked; where it lies and whether it crosses itself is not. Raises
    `GeometryError`.
    """
    kind = found.get("type") if isinstance(found, dict) else None
    if not isinstance(kind, str) or kind not in DEPTHS:
        raise GeometryError(Reason.NOT_GEOJSON, _shown(kind))
    coordinates = found.get("coordinates")
    depth = DEPTHS[kind]
    parts = list(_parts(coordinates, max(depth - 1, 0)))
    if len(parts) > MAX_PARTS:
        raise GeometryError(Reason.TOO_LARGE, f"{len(parts)} > {MAX_PARTS}")
    lines = [parts] if depth == 0 else parts
    positions = [position for line in lines for position in line]
    if len(positions) > MAX_VERTICES:
        raise GeometryError(Reason.TOO_LARGE, f"{len(positions)} > {MAX_VERTICES}")
    if not positions:
        raise GeometryError(Reason.EMPTY)
    for position in positions:
        _check_position(position)
    if kind.endswith(("LineString", "Polygon")):
        for line in lines:
            _check_line(line, ring=kind.endswith("Polygon"))
    flat = {"type": kind, "coordinates": _flat(coordinates, depth)}
    geometry: BaseGeometry = shapely.from_geojson(orjson.dumps(flat))
    return geometry


def _flat(coordinates: list[Any], depth: int) -> list[Any]:
    """Return coordinates without heights, as floats."""
    if depth:
        return [_flat(part, depth - 1) for part in coordinates]
    return [float(number) for number in coordinates[:2]]


def _parts(coordinates: Any, depth: int) -> Iterator[Any]:
    """Yield the lists of positions (for a point, the position), nested so many times."""
    if not isinstance(coordinates, list):
        raise GeometryError(Reason.NOT_GEOJSON, _shown(coordinates))
    if depth == 0:
        yield coordinates
        return
    if not coordinates:
        raise GeometryError(Reason.EMPTY)
    for part in coordinates:
        yield from _parts(part, depth - 1)


def _check_position(position: Any) -> None:
    sound = isinstance(position, list) and len(position) in (2, 3)
    if not sound or not all(_is_number(number) for number in position):
        raise GeometryError(Reason.POSITION, _shown(position))


def _is_number(value: Any) -> bool:
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    return numeric and abs(value) < 1e300 and math.isfinite(value)


def _check_line(line: list[Any], *, ring: bool) -> None:
    if ring and line and line[0] != line[-1]:
        raise GeometryError(Reason.OPEN_RING, f"{_shown(line[0])} … {_shown(line[-1])}")
    if len(line) < (4 if ring else 2):
        raise GeometryError(Reason.SHORT, _shown(line))


def _check_area(geometry: BaseGeometry, area: BBox, extent: Sequence[BBox]) -> None:
    swapped = swapped_axes(geometry, tuple(extent)) if extent else None
    if swapped:
        raise GeometryError(Reason.SWAPPED)
    west, south, east, north = shapely.bounds(geometry).tolist()
    if west < area[0] or south < area[1] or east > area[2] or north > area[3]:
        raise GeometryError(Reason.OUTSIDE, f"{west:g},{south:g},{east:g},{north:g}")


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
