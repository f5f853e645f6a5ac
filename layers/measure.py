"""How long, how large, how far? Lengths and areas on the GRS80 ellipsoid.

Every function takes WGS84 coordinates, longitude before latitude, in degrees. Method: Karney,
C. F. F. (2013), "Algorithms for geodesics", Journal of Geodesy 87, 43-55, as implemented by
`pyproj.Geod`.
"""

from __future__ import annotations

import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

GRS80 = Geod(ellps="GRS80")
SIMPLE = {"Point": 0, "LineString": 1, "LinearRing": 1, "Polygon": 2}
"""Dimension of the types that have no parts."""


def _parts(geometry: BaseGeometry | None, dimension: int) -> list[BaseGeometry]:
    if geometry is None or geometry.is_empty:
        return []
    if hasattr(geometry, "geoms"):
        return [part for child in geometry.geoms for part in _parts(child, dimension)]
    return [geometry] if SIMPLE.get(geometry.geom_type) == dimension else []


def length_m(geometry: BaseGeometry | None) -> float:
    """Return the geodesic length of the lines of a geometry, in metres.

    Points and polygons have no length (a perimeter is asked for with `perimeter_m`); ``None``
    and empty geometries measure 0.
    """
    return float(sum(_line_m(line) for line in _parts(geometry, 1)))


def perimeter_m(geometry: BaseGeometry | None) -> float:
    """Return the geodesic length of all rings of the polygons of a geometry, in metres."""
    polygons = _parts(geometry, 2)
    return float(sum(_line_m(ring) for polygon in polygons for ring in _rings(polygon)))


def _rings(polygon: BaseGeometry) -> list[BaseGeometry]:
    return list(shapely.get_rings(polygon))


def _line_m(line: BaseGeometry) -> float:
    lons, lats = shapely.get_coordinates(line).T
    return float(GRS80.line_length(lons, lats))


def area_m2(geometry: BaseGeometry | None) -> float:
    """Return the geodesic area of the polygons of a geometry, in square metres.

    Holes are subtracted and the direction of the rings does not matter. Points, lines, ``None``
    and empty geometries measure 0.
    """
    total = 0.0
    for polygon in _parts(geometry, 2):
        shell, *holes = (abs(_ring_area_m2(ring)) for ring in _rings(polygon))
        total += shell - sum(holes)
    return total


def _ring_area_m2(ring: BaseGeometry) -> float:
    lons, lats = shapely.get_coordinates(ring).T
    return float(GRS80.polygon_area_perimeter(lons, lats)[0])


def distance_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Return the geodesic distance between two points, in metres."""
    return float(GRS80.inv(lon_a, lat_a, lon_b, lat_b)[2])
