"""A corpus of awkward geometries, for every test that takes any geometry.

All are in WGS84, longitude before latitude, near the 48.8° parallel.
"""

from __future__ import annotations

import shapely
from shapely import (
    GeometryCollection,
    LinearRing,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)

SQUARE = Polygon([(2.30, 48.80), (2.31, 48.80), (2.31, 48.81), (2.30, 48.81)])
HOLED = Polygon(
    [(2.30, 48.80), (2.34, 48.80), (2.34, 48.83), (2.30, 48.83)],
    [[(2.31, 48.81), (2.31, 48.82), (2.32, 48.82), (2.32, 48.81)]],
)
STREET = LineString([(2.30, 48.80), (2.31, 48.805), (2.31, 48.81)])

VALID = {
    "point": Point(2.3, 48.8),
    "multipoint": MultiPoint([(2.3, 48.8), (2.31, 48.81)]),
    "line": STREET,
    "multiline": MultiLineString([STREET, LineString([(2.33, 48.8), (2.33, 48.82)])]),
    "closed line": LinearRing([(2.30, 48.80), (2.31, 48.80), (2.31, 48.81)]),
    "square": SQUARE,
    "square with a hole": HOLED,
    "multipolygon": MultiPolygon([SQUARE, Polygon([(2.33, 48.8), (2.34, 48.8), (2.34, 48.81)])]),
    "sliver": Polygon([(2.30, 48.80), (2.34, 48.80), (2.34, 48.800001)]),
    "duplicate vertex": LineString([(2.30, 48.80), (2.30, 48.80), (2.31, 48.81)]),
    "collection": GeometryCollection([Point(2.3, 48.8), STREET, SQUARE]),
    "nested collection": GeometryCollection([GeometryCollection([HOLED]), Point(2.3, 48.8)]),
}
"""What the atlas accepts."""

EMPTY = {
    "empty point": Point(),
    "empty polygon": Polygon(),
    "empty collection": GeometryCollection(),
}

INVALID = {
    "heights": shapely.from_wkt("POINT Z (2.3 48.8 35)"),
    "bow tie": Polygon([(2.30, 48.80), (2.31, 48.81), (2.31, 48.80), (2.30, 48.81)]),
    "self-touching ring": Polygon(
        [(2.30, 48.80), (2.32, 48.80), (2.31, 48.81), (2.32, 48.82), (2.30, 48.82), (2.31, 48.81)]
    ),
    "hole outside": Polygon(SQUARE.exterior, [[(2.4, 48.8), (2.4, 48.81), (2.41, 48.81)]]),
    "clockwise": SQUARE.reverse(),
    "hole the wrong way": Polygon(HOLED.exterior, [list(reversed(HOLED.interiors[0].coords))]),
    "too many decimals": Point(2.3000001, 48.8),
    "not a number": Point(float("nan"), 48.8),
    "infinite": LineString([(2.3, 48.8), (float("inf"), 48.8)]),
    "metres": Point(651_000.0, 6_861_000.0),
    "latitude of 95": Point(2.3, 95.0),
    **EMPTY,
}
"""What the atlas refuses; each for one reason of its own."""

SWAPPED = {
    "swapped point": Point(48.8, 2.3),
    "swapped street": shapely.transform(STREET, lambda xy: xy[:, ::-1]),
}
"""Latitude before longitude."""
