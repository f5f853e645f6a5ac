"""How do many geometries become one that may be asked with? United, simplified, made valid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.crs import to_lambert93, to_wgs84
from layers.geometry import DECIMALS
from layers.given import MAX_PARTS, MAX_VERTICES
from layers.importers.faults import FileFault, Reason
from layers.importers.reading import Geometries

STEPS_M = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
"""Metres by which a geometry may be simplified, tried in turn."""
FINEST_M = 1.0
"""Metres by which one is simplified so that an address may hold it: what the places of the atlas
are drawn to is several times coarser."""
_GRID = 10.0**-DECIMALS


@dataclass(frozen=True, slots=True)
class Fit:
    """One geometry in WGS84 (lon, lat), and the metres by which it was simplified."""

    geometry: BaseGeometry
    tolerance_m: float


def fitted(geometries: Geometries, short: int) -> Fit:
    """Return geometries of one dimension as one.

    Parameters
    ----------
    geometries
        Points, lines or polygons in WGS84, flat.
    short
        How many positions an address may hold: a geometry that needs no more than `FINEST_M` to
        come down to them is simplified so far.

    Raises
    ------
    FileFault
        If it keeps too many positions or parts, or vanishes.
    """
    united = _united(to_lambert93(geometries))
    best: Fit | None = None
    for tolerance in STEPS_M:
        if best and tolerance > FINEST_M:
            break
        found = Fit(_written(_simplified(united, tolerance)), tolerance)
        if found.geometry.is_empty:
            raise FileFault(Reason.NO_GEOMETRY)
        if _fits(found.geometry, short):
            return found
        if best is None and _fits(found.geometry, MAX_VERTICES):
            best = found
    if best is None:
        parts, positions = shapely.get_num_geometries(united), shapely.get_num_coordinates(united)
        raise FileFault(Reason.SHAPES, f"{parts} / {positions}")
    return best


def _fits(geometry: BaseGeometry, positions: int) -> bool:
    few = shapely.get_num_geometries(geometry) + _holes(geometry) <= MAX_PARTS
    return bool(few and shapely.get_num_coordinates(geometry) <= positions)


def _holes(geometry: BaseGeometry) -> int:
    return int(shapely.get_num_interior_rings(shapely.get_parts(geometry)).sum())


def _united(planar: Geometries) -> BaseGeometry:
    """Return the union of polygons, lines joined end to end, or points once each."""
    dimension = int(shapely.get_dimensions(planar[0]))
    if dimension == 2:
        return shapely.union_all(_surfaces(planar))
    united = shapely.union_all(planar)
    return shapely.line_merge(united) if dimension == 1 else united


def _surfaces(planar: Geometries) -> Geometries:
    """Return polygons made valid, without the lines and points that mending leaves."""
    valid = shapely.make_valid(planar)
    parts = shapely.get_parts(shapely.get_parts(valid))
    found: Geometries = parts[shapely.get_dimensions(parts) == 2]
    return found


def _simplified(planar: BaseGeometry, tolerance_m: float) -> BaseGeometry:
    if not tolerance_m:
        return planar
    simple = shapely.simplify(planar, tolerance_m)
    if shapely.get_dimensions(planar) == 2:
        return shapely.union_all(_surfaces(np.array([simple], dtype=object)))
    return simple


def _written(planar: BaseGeometry) -> BaseGeometry:
    """Return a planar geometry in degrees, to the decimals of the atlas, still valid."""
    lonlat = shapely.set_precision(to_wgs84(planar), _GRID)
    result: BaseGeometry = shapely.orient_polygons(lonlat, exterior_cw=False)
    return result
