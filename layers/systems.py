"""Which reference systems is the atlas offered in, in which axis order, and where may each be used?

Identifiers are the URIs of OGC API - Features Part 2. The area of use and the axis order are
those of the EPSG registry; coordinates outside of it are refused, not extrapolated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from layers.crs import WGS84, area_of_use, from_wgs84, into_wgs84, is_north_first
from layers.errors import ParameterError
from layers.model import BBox

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""Longitude, latitude: how the atlas is stored, and the default of every parameter."""
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CODES = ("4326", "2154", "3949", "3857")
STEPS = 100
"""Pieces that an edge of a projected box is cut into before it is turned into degrees: over
100 km they are off by 2 cm at most."""
MILLIMETRES = 3
"""Decimals of a metre that are written."""

Geometries = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.float64]
"""Positions, one a row."""


@dataclass(frozen=True, slots=True)
class System:
    """A reference system.

    Attributes
    ----------
    uri, code
        Its identifier in the service, and its authority and code.
    north_first
        Whether positions are written latitude (northing) first.
    projected
        Whether positions are in metres; in degrees otherwise.
    area
        ``(west, south, east, north)`` in degrees, WGS84: where it may be used.
    """

    uri: str
    code: str
    north_first: bool
    projected: bool
    area: BBox

    def covers(self, bounds: BBox | None) -> bool:
        """Tell whether bounds in degrees (None: of nothing) lie in the area of use."""
        if bounds is None:
            return True
        west, south, east, north = self.area
        return west <= bounds[0] and south <= bounds[1] and bounds[2] <= east and bounds[3] <= north


class OutsideAreaError(ParameterError):
    """A position lies outside of the area of use of the system that it is given in.

    ``system`` is that system; ``swapped`` is true when the position would lie inside with its
    two numbers exchanged.
    """

    def __init__(self, parameter: str, got: object, system: System, *, swapped: bool) -> None:
        self.system = system
        self.swapped = swapped
        west, south, east, north = system.area
        order = "; its axes seem to be swapped" if swapped else ""
        super().__init__(
            parameter,
            got,
            f"positions in the area of use of {system.code}: longitude {west:g} to {east:g}, "
            f"latitude {south:g} to {north:g}{order}",
        )


@cache
def systems() -> Mapping[str, System]:
    """Return the systems by URI, the default first."""
    found = [System(CRS84, WGS84, False, False, (-180.0, -90.0, 180.0, 90.0))]
    for number in CODES:
        code = f"EPSG:{number}"
        found.append(
            System(
                uri=_EPSG + number,
                code=code,
                north_first=is_north_first(code),
                projected=number != "4326",
                area=area_of_use(code),
            )
        )
    return MappingProxyType({system.uri: system for system in found})


def offered(bounds: BBox | None) -> tuple[System, ...]:
    """Return the systems whose area of use holds bounds in degrees (None: of nothing)."""
    return tuple(system for system in systems().values() if system.covers(bounds))


def written(geometries: Geometries, system: System) -> Geometries:
    """Return WGS84 geometries as ``system`` writes them: its units, its axis order.

    Metres are rounded to millimetres. ``None`` stays ``None``.
    """
    if system.uri == CRS84:
        return geometries
    found = from_wgs84(geometries, system.code) if system.projected else geometries
    result: Geometries = shapely.transform(found, lambda xy: _as_written(xy, system))
    return result


def _as_written(xy: Numbers, system: System) -> Numbers:
    ordered = xy[:, ::-1] if system.north_first else xy
    return np.round(ordered, MILLIMETRES) if system.projected else ordered


def in_degrees(geometry: BaseGeometry, system: System, parameter: str) -> BaseGeometry:
    """Return a geometry that is written in ``system`` in WGS84 (lon, lat).

    Parameters
    ----------
    geometry
        Positions in the units and the axis order of ``system``.
    parameter
        What the geometry came in, for the error.

    Raises
    ------
    ParameterError
        If a number is not finite.
    OutsideAreaError
        If a position lies outside of the area of use.
    """
    numbers = shapely.get_coordinates(geometry)
    if not np.isfinite(numbers).all():
        raise ParameterError(parameter, "NaN", "finite numbers")
    outside = _outside(numbers, system)
    if outside.any():
        first = numbers[outside][0]
        swapped = not _outside(first[None, ::-1], system).any()
        raise OutsideAreaError(parameter, f"{first[0]:g} {first[1]:g}", system, swapped=swapped)
    if system.uri == CRS84:
        return geometry
    result: BaseGeometry = shapely.transform(geometry, lambda xy: _unprojected(xy, system))
    return result


def _unprojected(numbers: Numbers, system: System) -> Numbers:
    xy = numbers[:, ::-1] if system.north_first else numbers
    if not system.projected:
        return xy
    found: Numbers = shapely.get_coordinates(into_wgs84(shapely.points(xy), system.code))
    return found


def _outside(numbers: Numbers, system: System) -> npt.NDArray[np.bool_]:
    """Tell which positions do not lie in the area of use.

    Metres far outside come back from the projection as degrees somewhere else, so what is not
    found again where it was lies outside too.
    """
    lonlat = _unprojected(numbers, system)
    west, south, east, north = system.area
    inside = ((lonlat >= (west, south)) & (lonlat <= (east, north))).all(axis=1)
    if system.projected:
        again = shapely.get_coordinates(from_wgs84(shapely.points(lonlat), system.code))
        inside &= (np.abs(again - numbers) < 1).all(axis=1)
    result: npt.NDArray[np.bool_] = np.logical_not(inside)
    return result


def region(corners: Sequence[float], system: System, parameter: str = "bbox") -> BaseGeometry:
    """Return a box of ``system`` as a geometry in WGS84 (lon, lat).

    Parameters
    ----------
    corners
        Lower and upper corner, in the units and the axis order of ``system``. In degrees, a
        west above the east means that the box crosses the antimeridian (RFC 7946, 5.2).
    parameter
        What the box came in, for the error.

    Raises
    ------
    ParameterError
        If a number is not finite, or the lower corner is above the upper one.
    OutsideAreaError
        If the box reaches outside of the area of use.
    """
    low, high = list(corners[:2]), list(corners[2:])
    if system.north_first:
        low, high = low[::-1], high[::-1]
    crosses = not system.projected and low[0] > high[0]
    if low[1] > high[1] or (low[0] > high[0] and not crosses):
        raise ParameterError(parameter, _numbers(corners), "lower corner first, upper corner then")
    spans = [(low[0], 180.0), (-180.0, high[0])] if crosses else [(low[0], high[0])]
    _check_corners(corners, system, parameter)
    boxes: list[Any] = [
        _box(west, low[1], east, high[1], system, parameter) for west, east in spans
    ]
    result: BaseGeometry = boxes[0] if len(boxes) == 1 else MultiPolygon(boxes)
    return result


def _box(
    west: float, south: float, east: float, north: float, system: System, parameter: str
) -> BaseGeometry:
    """Return a box (x, y in the units of ``system``) in degrees, its edges cut for projection."""
    box = shapely.box(west, south, east, north)
    if system.projected:
        longest = max(east - west, north - south)
        box = shapely.segmentize(box, longest / STEPS) if longest > 0 else box
    if system.north_first:
        box = shapely.transform(box, lambda xy: xy[:, ::-1])
    return in_degrees(box, system, parameter)


def _check_corners(corners: Sequence[float], system: System, parameter: str) -> None:
    in_degrees(shapely.multipoints([corners[:2], corners[2:]]), system, parameter)


def _numbers(corners: Sequence[float]) -> str:
    return ",".join(f"{number:g}" for number in corners)
