"""In which reference system are coordinates that do not say it, or say it wrongly?

A system is a candidate when all coordinates, read in it, lie in its area of use in France. The
systems are those in which French municipalities work: WGS84, Lambert-93, and the nine conic
zones, whose northings are a million metres apart. Each is tried with its axes swapped too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj.exceptions import CRSError, ProjError
from shapely import MultiPoint
from shapely.geometry.base import BaseGeometry

from layers.crs import LAMBERT93, WGS84, area_of_use, identifier, into_wgs84, system_name
from layers.errors import ParameterError
from layers.importers.faults import FileFault, Reason
from layers.importers.reading import Geometries
from layers.systems import System, in_degrees

ZONES = tuple(f"EPSG:{code}" for code in range(3942, 3951))
"""The conic conformal zones CC42 to CC50."""
RECOGNISED = (WGS84, LAMBERT93, *ZONES)
GEOGRAPHIC = frozenset({WGS84, "EPSG:4326"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading of coordinates that makes sense.

    Attributes
    ----------
    system, name
        The identifier of the reference system (WKT if it has none) and its name.
    swapped
        Whether the file writes latitude or northing first.
    stated
        Whether the file states this system.
    """

    system: str
    name: str
    swapped: bool
    stated: bool


def candidates(geometries: Geometries, stated: str) -> tuple[Candidate, ...]:
    """Return every reading that lies in France: the one that the file states comes first.

    Parameters
    ----------
    geometries
        As the file has them.
    stated
        What the file states, or empty.

    Raises
    ------
    FileFault
        If there is no such reading; ``got`` has the bounds of the coordinates.
    """
    around = shapely.convex_hull(MultiPoint(shapely.get_coordinates(geometries)))
    hull = MultiPoint(shapely.get_coordinates(around))
    said = identifier(stated) if stated else ""
    found = list(_stated(hull, said))
    for system in RECOGNISED:
        for swapped in (False, True):
            if _fits(hull, system, swapped) and not (found and _same(system, said)):
                known = Candidate(system, system_name(system), swapped, _same(system, said))
                found.append(known)
    if not found:
        bounds = ",".join(f"{number:.10g}" for number in shapely.bounds(hull))
        raise FileFault(Reason.SYSTEM, bounds)
    return tuple(found)


def _same(system: str, said: str) -> bool:
    return system == said or {system, said} <= GEOGRAPHIC


def _stated(hull: BaseGeometry, said: str) -> Iterator[Candidate]:
    """Yield the reading that the file states, if it lies in France."""
    if not said:
        return
    try:
        lonlat = shapely.get_coordinates(into_wgs84(hull, said))
    except (CRSError, ProjError, ParameterError):
        return
    west, south, east, north = area_of_use(LAMBERT93)
    if ((lonlat >= (west, south)) & (lonlat <= (east, north))).all():
        yield Candidate(said, system_name(said), swapped=False, stated=True)


def _fits(hull: BaseGeometry, system: str, swapped: bool) -> bool:
    """Tell whether positions lie in the area of use of a system, and in France."""
    area = area_of_use(LAMBERT93 if system == WGS84 else system)
    tried = System("", system, north_first=False, projected=system != WGS84, area=area)
    try:
        in_degrees(_turned(hull) if swapped else hull, tried, "fichier")
    except ParameterError:
        return False
    return True


def in_wgs84(geometries: Geometries, read_as: Candidate) -> Geometries:
    """Return geometries in WGS84 (lon, lat), read as a candidate says."""
    turned = _turned(geometries) if read_as.swapped else geometries
    if read_as.system in GEOGRAPHIC:
        return np.asarray(turned, dtype=object)
    return np.asarray(into_wgs84(turned, read_as.system), dtype=object)


def _turned(geometry: Any) -> Any:
    """Return a geometry, or an array of them, with the two numbers of each position exchanged."""
    return shapely.transform(geometry, lambda xy: xy[:, ::-1])
