"""Is a geometry fit for the atlas, and which point stands for it?

Checks and small constructions on WGS84 geometries (longitude before latitude, degrees).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from layers.model import BBox

DECIMALS = 6
"""Decimals of a degree that are kept on disk: about 0.1 m."""

Geometries = npt.NDArray[np.object_]


def problems(geometry: BaseGeometry) -> list[tuple[str, str]]:
    """Return what keeps a geometry from being a valid RFC 7946 geometry of the atlas.

    Parameters
    ----------
    geometry
        A shapely geometry in WGS84.

    Returns
    -------
    list of (problem, remedy)
        Empty when there is nothing to say. The place of an invalidity is given as lon lat.
    """
    if geometry.is_empty:
        return [("the geometry is empty", "Draw it, or write null and say why")]
    found: list[tuple[str, str]] = []
    coordinates = shapely.get_coordinates(geometry)
    if geometry.has_z:
        found.append(("the geometry has heights", "Keep longitude and latitude only (2D)"))
    if not np.isfinite(coordinates).all():
        return [*found, ("a coordinate is not a finite number", "Correct the coordinate")]
    if (np.abs(coordinates) > (180, 90)).any():
        x, y = coordinates[(np.abs(coordinates) > (180, 90)).any(axis=1)][0]
        remedy = (
            "Reproject to WGS84 longitude/latitude: these look like metres"
            if max(abs(x), abs(y)) > 1000
            else "Write longitude, then latitude, in degrees"
        )
        return [*found, (f"the position {x:g}, {y:g} lies outside WGS84", remedy)]
    return [*found, *_form_problems(geometry, coordinates)]


def _form_problems(
    geometry: BaseGeometry, coordinates: npt.NDArray[np.float64]
) -> list[tuple[str, str]]:
    """Return what is wrong with a geometry whose coordinates are in WGS84."""
    found: list[tuple[str, str]] = []
    rounded = np.round(coordinates, DECIMALS)
    if (rounded != coordinates).any():
        x, y = coordinates[(rounded != coordinates).any(axis=1)][0].tolist()
        found.append(
            (
                f"the position {x!r}, {y!r} has more than {DECIMALS} decimals",
                f"Round to {DECIMALS} decimals",
            )
        )
    if not shapely.is_valid(geometry):
        reason = shapely.is_valid_reason(geometry)
        found.append((f"the geometry is not valid: {reason}", "Correct it there (lon lat)"))
    elif not is_right_handed(geometry):
        found.append(
            (
                "a ring turns the wrong way for RFC 7946",
                "Outer rings anticlockwise, holes clockwise",
            )
        )
    return found


def sound(geometries: Geometries) -> npt.NDArray[np.bool_]:
    """Tell of each geometry of an array whether `problems` would find nothing, all at once.

    ``None`` is not sound.
    """
    coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
    with np.errstate(invalid="ignore"):
        fits = (np.abs(coordinates) <= (180, 90)) & (np.round(coordinates, DECIMALS) == coordinates)
    result = ~shapely.is_empty(geometries) & ~shapely.has_z(geometries)
    result[owner[~fits.all(axis=1)]] = False
    result[shapely.is_missing(geometries)] = False
    result[result] = shapely.is_valid(geometries[result])
    turned = shapely.orient_polygons(geometries[result], exterior_cw=False)
    result[result] = shapely.equals_identical(geometries[result], turned)
    found: npt.NDArray[np.bool_] = result
    return found


def swapped_axes(
    geometry: BaseGeometry, extent: tuple[BBox, ...], margin: float = 0.5
) -> bool | None:
    """Tell whether latitude was written before longitude.

    Parameters
    ----------
    geometry
        A non-empty geometry, supposed to be lon/lat.
    extent
        Boxes ``(west, south, east, north)`` that the atlas speaks of.
    margin
        Degrees by which the boxes are enlarged.

    Returns
    -------
    bool or None
        False when the geometry meets a box, True when only its swapped copy does, None when
        neither does.
    """
    west, south, east, north = shapely.bounds(geometry)
    for flipped, (w, s, e, n) in (
        (False, (west, south, east, north)),
        (True, (south, west, north, east)),
    ):
        for bw, bs, be, bn in extent:
            if w <= be + margin and e >= bw - margin and s <= bn + margin and n >= bs - margin:
                return flipped
    return None


def is_right_handed(geometry: BaseGeometry) -> bool:
    """Tell whether outer rings run anticlockwise and holes clockwise (RFC 7946, 3.1.6)."""
    for polygon in shapely.get_parts(geometry):
        if polygon.geom_type == "GeometryCollection":
            if not all(is_right_handed(part) for part in polygon.geoms):
                return False
        elif polygon.geom_type == "Polygon":
            turns = shapely.is_ccw(shapely.get_rings(polygon))
            if not turns[0] or turns[1:].any():
                return False
    return True


def normalised(geometry: BaseGeometry, decimals: int = DECIMALS) -> BaseGeometry:
    """Return the geometry as it is written to disk: 2D, rounded, rings turned for RFC 7946."""

    def rounding(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.round(coordinates, decimals)

    flat = shapely.transform(shapely.force_2d(geometry), rounding)
    result: BaseGeometry = shapely.orient_polygons(flat, exterior_cw=False)
    return result


def representative_point(geometry: BaseGeometry | None) -> BaseGeometry | None:
    """Return one point that stands for a geometry and lies on it.

    The middle of the longest line; a point inside the largest polygon; the first point. Of a
    collection, polygons come before lines and lines before points. ``None`` and empty
    geometries have none.
    """
    if geometry is None or geometry.is_empty:
        return None
    parts = shapely.get_parts(geometry)
    while any(part.geom_type == "GeometryCollection" for part in parts):
        parts = np.concatenate([shapely.get_parts(part) for part in parts])
    parts = shapely.get_parts(parts)
    dimensions = shapely.get_dimensions(parts)
    parts = parts[dimensions == dimensions.max()]
    point: BaseGeometry = parts[0]
    if dimensions.max() == 2:
        point = shapely.point_on_surface(parts[np.argmax(shapely.area(parts))])
    elif dimensions.max() == 1:
        longest = parts[np.argmax(shapely.length(parts))]
        point = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    return point


def bounds(geometries: Geometries) -> BBox | None:
    """Return ``(west, south, east, north)`` of an array of geometries, None if none is there."""
    if not len(geometries):
        return None
    west, south, east, north = shapely.total_bounds(geometries).tolist()
    return None if np.isnan(west) else (west, south, east, north)
