"""Which geometries does a filter give, and how do the features lie to them?

Geometries are given in the filter's reference system, in its own axis order; they are checked,
then turned into WGS84 (lon, lat), in which the features are. Predicates are planar on
degrees, as the coordinates stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely import GeometryCollection
from shapely.geometry.base import BaseGeometry

from layers.columns import Positions, Table
from layers.cql.errors import FilterError, Said, say
from layers.cql.values import FALSE, TRUE, UNKNOWN, Rows, Truth
from layers.errors import ParameterError
from layers.given import MAX_VERTICES, GeometryError, Reason, geometry_of
from layers.model import BBox
from layers.systems import CRS84, OutsideAreaError, System, in_degrees, region, systems

TYPES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)
GRID = 1e-6
"""Degrees between two positions that a feature may have."""
ON_GRID = 2e-8
"""Degrees (about 2 mm) within which a projected position is one of the grid: so what the service
gave in metres is found again by S_EQUALS, and shares its edges with its neighbours."""
LONG_EDGE_M = 1000.0
"""Metres above which the edges of a projected geometry are cut before they become degrees: the
straight line of a projection is off by less than 0.1 m over that length."""
MAX_CUTS = 2000
SMALL = 0.02
"""Part of the extent of a collection below which the index answers a box more quickly than the
bounds of all its features do; measured on 50,000 lines, where a fifth takes ten times as long."""
MARGIN = 0.5
"""Degrees around a collection within which swapped axes are recognised."""


def system_named(name: str | None) -> System:
    """Return the reference system of a filter.

    Raises
    ------
    FilterError
        If it is none of those that the service offers.
    """
    known = systems()
    wanted = CRS84 if name is None else name.strip("[]")
    for system in known.values():
        if wanted in (system.uri, system.code):
            return system
    raise FilterError(
        say(
            "the reference system %(name)r is not offered; use %(known)s",
            name=name,
            known=", ".join(known),
        )
    )


def given(literal: Mapping[str, Any], system: System, *, cut: bool = True) -> BaseGeometry:
    """Return a geometry of a filter in WGS84 (lon, lat).

    Parameters
    ----------
    literal
        A decoded GeoJSON geometry, or a ``bbox``, in the units and axis order of ``system``.
    system
        The reference system of the filter.
    cut
        Whether to put positions on long edges before they are turned into degrees; S_EQUALS
        compares the edges as they are.

    Raises
    ------
    FilterError
        If it is no sound geometry, or lies outside of the area of use of ``system``.
    """
    try:
        if "bbox" in literal:
            return _box(literal["bbox"], system)
        geometry = _geometry(literal)
        if not shapely.is_valid(geometry):
            where = say(" (%(got)s)", got=shapely.is_valid_reason(geometry))
            raise FilterError(
                say(
                    "the geometry is not valid: %(reason)s%(got)s",
                    reason=Reason.INVALID,
                    got=where,
                )
            )
        lines = _cut(geometry, system) if cut else geometry
        return _on_grid(in_degrees(lines, system, "geometry"), system)
    except GeometryError as error:
        got = say(" (%(got)s)", got=error.got) if error.got else ""
        raise FilterError(
            say("geometry: %(reason)s%(got)s", reason=error.reason, got=got)
        ) from None
    except OutsideAreaError as error:
        area, units = Within(error), _units(error)
        said = say("%(got)s is outside: %(area)s%(units)s", got=error.got, area=area, units=units)
        raise FilterError(said) from None
    except ParameterError as error:
        allowed = say(error.allowed)
        raise FilterError(say("%(got)s: %(allowed)s", got=error.got, allowed=allowed)) from None


@dataclass(frozen=True, slots=True)
class Within:
    """Where the positions of a geometry have to be, as an error tells it."""

    error: OutsideAreaError

    def __str__(self) -> str:
        return self.error.allowed


def is_swapped(geometry: BaseGeometry, extent: BBox) -> bool:
    """Tell whether a geometry misses an extent, and would lie in it with its axes exchanged.

    ``extent`` is west, south, east, north in degrees. A geometry of the world that only would
    reach into it is left alone: a question with no answer is no fault.
    """
    west, south, east, north = geometry.bounds
    if west <= extent[2] and east >= extent[0] and south <= extent[3] and north >= extent[1]:
        return False
    x, y = (extent[0] - MARGIN, extent[2] + MARGIN), (extent[1] - MARGIN, extent[3] + MARGIN)
    return bool(x[0] <= south and north <= x[1] and y[0] <= west and east <= y[1])


def _units(error: OutsideAreaError) -> Said:
    numbers = [abs(float(number)) for number in str(error.got).split()]
    if error.system.projected and max(numbers) <= 180:
        return say("; these look like degrees, but filter-crs is in metres")
    if not error.system.projected and max(numbers) > 1000:
        return say("; these look like metres: state their system in filter-crs")
    return say("")


def _geometry(literal: Mapping[str, Any]) -> BaseGeometry:
    kind = literal.get("type")
    if kind not in TYPES:
        raise FilterError(
            say("%(name)r is no type of geometry; use %(known)s", name=kind, known=", ".join(TYPES))
        )
    if kind != "GeometryCollection":
        return geometry_of(literal)
    members = literal.get("geometries")
    if not isinstance(members, list) or not members:
        raise FilterError(say("a geometry collection has a list of geometries"))
    for member in members:
        if not isinstance(member, dict) or member.get("type") not in TYPES[:-1]:
            raise FilterError(
                say("a member of a geometry collection is a geometry, not a collection")
            )
    shapes = [geometry_of(member) for member in members]
    if (count := int(shapely.get_num_coordinates(shapes).sum())) > MAX_VERTICES:
        raise FilterError(
            say(
                "the geometry has %(n)s positions; at most %(max)s are read",
                n=count,
                max=MAX_VERTICES,
            )
        )
    return GeometryCollection(shapes)


def _box(corners: Any, system: System) -> BaseGeometry:
    numeric = isinstance(corners, list) and all(
        isinstance(number, (int, float)) and not isinstance(number, bool) for number in corners
    )
    if not numeric or len(corners) not in (4, 6):
        raise FilterError(
            say("a bbox is four numbers (six with heights): lower corner, upper corner")
        )
    flat = [*corners[:2], *corners[3:5]] if len(corners) == 6 else corners
    return region(flat, system, "bbox")


def _cut(geometry: BaseGeometry, system: System) -> BaseGeometry:
    """Put positions on the long edges of a projected geometry."""
    if not system.projected:
        return geometry
    longest = max(LONG_EDGE_M, float(geometry.length) / MAX_CUTS)
    result: BaseGeometry = shapely.segmentize(geometry, longest)
    return result


def _on_grid(geometry: BaseGeometry, system: System) -> BaseGeometry:
    if not system.projected:
        return geometry

    def snap(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        near = np.round(xy, 6)
        return np.where(np.abs(near - xy) <= ON_GRID, near, xy)

    result: BaseGeometry = shapely.transform(geometry, snap)
    return result


_Asked = Literal["intersects", "within", "contains", "overlaps", "crosses", "touches"]
PREDICATES: Mapping[str, tuple[_Asked | None, str]] = {
    "s_intersects": ("intersects", "intersects"),
    "s_disjoint": ("intersects", "disjoint"),
    "s_equals": (None, "equals"),
    "s_touches": ("touches", "touches"),
    "s_crosses": ("crosses", "crosses"),
    "s_overlaps": ("overlaps", "overlaps"),
    "s_within": ("contains", "within"),
    "s_contains": ("within", "contains"),
}
"""For each function: what the index asks of the literal first, and what holds of the feature."""
DISJOINT = "s_disjoint"
MIRRORED = {"s_within": "s_contains", "s_contains": "s_within"}
"""The functions that say another thing when their operands change places."""


def lie(name: str, table: Table, literal: BaseGeometry, rows: Rows) -> Truth:
    """Return the truth of a spatial function of the features and a geometry (WGS84).

    Parameters
    ----------
    name
        The function, the features being its first operand.
    """
    if rows is not None and len(rows) * 8 < len(table):
        return between(name, table.geometries[rows], literal)
    elsewhere, there = (TRUE, FALSE) if name == DISJOINT else (FALSE, TRUE)
    result = np.full(len(table), elsewhere, dtype=np.int8)
    result[lying(name, table, literal)] = there
    if table.lacking:
        result[table.missing] = UNKNOWN
    return result if rows is None else result[rows]


def lying(name: str, table: Table, literal: BaseGeometry) -> Positions:
    """Return the positions of the features of which a function holds, ascending.

    Of ``s_disjoint``, those of which it does not hold; the parameters are those of `lie`.
    """
    query = PREDICATES[name][0]
    box = _as_box(literal) if query == "intersects" else None
    if box is not None and not _is_small(table, box):
        return np.flatnonzero(_in_box(table, box))
    found: Positions = np.sort(table.tree.query(literal, predicate=query))
    return found if query else found[shapely.equals(table.geometries[found], literal)]


def _as_box(geometry: BaseGeometry) -> BBox | None:
    """Return west, south, east and north of a geometry that is a box, None of any other."""
    if geometry.geom_type != "Polygon":
        return None
    numbers = shapely.get_coordinates(geometry)
    if len(numbers) != 5:
        return None
    (x0, y0), (x1, y1), (x2, y2), (x3, y3), _first = numbers.tolist()
    upright = x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0
    if not upright and not (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0):
        return None
    return min(x0, x2), min(y0, y2), max(x0, x2), max(y0, y2)


def _is_small(table: Table, box: BBox) -> bool:
    """Tell whether a box is such a small part of a collection's that the index is quicker."""
    west, south, east, north = table.features.bounds or (0.0, 0.0, 0.0, 0.0)
    area = (box[2] - box[0]) * (box[3] - box[1])
    return area < SMALL * (east - west) * (north - south)


def _in_box(table: Table, box: BBox) -> npt.NDArray[np.bool_]:
    """Tell which features meet a box; only those across its edge are looked at closely."""
    west, south, east, north = box
    least_x, least_y, most_x, most_y = table.bounds
    found = (most_x >= west) & (least_x <= east) & (most_y >= south) & (least_y <= north)
    within = (least_x >= west) & (most_x <= east) & (least_y >= south) & (most_y <= north)
    unsure = np.flatnonzero(found & ~within)
    surface = shapely.box(*box)
    shapely.prepare(surface)
    found[unsure] = shapely.intersects(surface, table.geometries[unsure])
    result: npt.NDArray[np.bool_] = found
    return result


def between(name: str, left: Any, right: Any) -> Truth:
    """Return the truth of a spatial function of two geometries, or arrays of them."""
    if isinstance(right, BaseGeometry):
        shapely.prepare(right)
    if name in MIRRORED:  # the prepared geometry comes first
        holds = getattr(shapely, PREDICATES[MIRRORED[name]][1])(right, left)
    else:
        holds = getattr(shapely, PREDICATES[name][1])(right, left)
    missing = shapely.is_missing(left) | shapely.is_missing(right)
    result: Truth = np.where(missing, UNKNOWN, np.where(holds, TRUE, FALSE)).astype(np.int8)
    return result
