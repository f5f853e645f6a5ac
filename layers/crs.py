"""In which reference system are coordinates, and how do they get into another one?

The only module that transforms coordinates. Exchange and disk are WGS84 longitude/latitude;
planar work is done in Lambert-93 (EPSG:2154); CC49 (EPSG:3949) is offered to exports. None of
the transformations needs a grid file; RGF93 and WGS84 are taken as one datum, as EPSG:1671
does (a few centimetres to decimetres, far below the precision of any layer).
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Proj, Transformer
from pyproj.exceptions import CRSError

from layers.errors import CRSMismatchError, ParameterError

WGS84 = "OGC:CRS84"
"""Longitude, latitude in degrees, in this order."""
LAMBERT93 = "EPSG:2154"
"""Easting, northing in metres, metropolitan France."""
CC49 = "EPSG:3949"
"""Easting, northing in metres, conic conformal zone 8 (around 49° N)."""
WEB_MERCATOR = "EPSG:3857"
"""What web maps are drawn in; nothing is ever measured in it."""

Geometry = TypeVar("Geometry", bound=Any)


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _transform(geometry: Geometry, source: str, target: str) -> Geometry:
    transformer = _transformer(source, target)

    def project(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x, y = transformer.transform(coordinates[:, 0], coordinates[:, 1])
        return np.column_stack((x, y))

    result: Geometry = shapely.transform(geometry, project)
    return result


def to_lambert93(geometry: Geometry) -> Geometry:
    """Project from WGS84 (lon, lat in degrees) to Lambert-93 (easting, northing in metres).

    Parameters
    ----------
    geometry
        A shapely geometry, ``None``, or a numpy array of them; ``None`` stays ``None``.
    """
    return _transform(geometry, WGS84, LAMBERT93)


def to_wgs84(geometry: Geometry) -> Geometry:
    """Project from Lambert-93 (metres) to WGS84 (lon, lat in degrees); see `to_lambert93`."""
    return _transform(geometry, LAMBERT93, WGS84)


def to_cc49(geometry: Geometry) -> Geometry:
    """Project from WGS84 (lon, lat in degrees) to CC49 (metres); see `to_lambert93`."""
    return _transform(geometry, WGS84, CC49)


def from_wgs84(geometry: Geometry, crs: str) -> Geometry:
    """Project from WGS84 (lon, lat) to ``crs``, x before y whatever its own axis order.

    See `to_lambert93` for ``geometry``.
    """
    return _transform(geometry, WGS84, crs)


def into_wgs84(geometry: Geometry, crs: str) -> Geometry:
    """Project from ``crs``, x before y whatever its own axis order, to WGS84 (lon, lat)."""
    return _transform(geometry, crs, WGS84)


def area_of_use(crs: str) -> tuple[float, float, float, float]:
    """Return ``(west, south, east, north)`` in degrees: where the registry says to use ``crs``.

    Raises
    ------
    ParameterError
        If the registry does not say.
    """
    area = _crs_of(crs).area_of_use
    if area is None:
        raise ParameterError("crs", crs, "a reference system with an area of use")
    return area.west, area.south, area.east, area.north


def is_north_first(crs: str) -> bool:
    """Tell whether ``crs`` writes latitude or northing before longitude or easting."""
    return _crs_of(crs).axis_info[0].direction == "north"


def frame_to(frame: Any, target: str) -> Any:
    """Reproject a GeoDataFrame to ``target``.

    Raises
    ------
    ParameterError
        If the frame states no reference system: nothing is assumed.
    """
    if frame.crs is None:
        raise ParameterError("frame", None, "a frame that states its reference system")
    return frame.to_crs(target)


def _crs_of(thing: object) -> CRS:
    stated = thing if isinstance(thing, (str, CRS)) else getattr(thing, "crs", None)
    if stated is None:
        raise ParameterError("crs", stated, "a reference system, or a frame that states its own")
    try:
        return CRS.from_user_input(stated)
    except CRSError as error:
        raise ParameterError("crs", stated, "an identifier such as EPSG:2154") from error


def same_crs(left: object, right: object) -> None:
    """Do nothing if both are in one reference system, whatever the axis order it is written in.

    Parameters
    ----------
    left, right
        An identifier (``"EPSG:2154"``), a ``pyproj.CRS``, or anything with a ``crs`` attribute
        such as a GeoDataFrame.

    Raises
    ------
    CRSMismatchError
        If they differ; the message names both.
    ParameterError
        If one of them states no reference system.
    """
    first, second = _crs_of(left), _crs_of(right)
    if not first.equals(second, ignore_axis_order=True):
        raise CRSMismatchError(_label(first), _label(second))


def _label(crs: CRS) -> str:
    authority = crs.to_authority()
    return f"{':'.join(authority)} ({crs.name})" if authority else crs.name


def identifier(text: str) -> str:
    """Return the identifier of a reference system that is given as WKT, a URN or a code.

    Its WKT when no registry has it; empty when ``text`` is no reference system.
    """
    try:
        known = CRS.from_user_input(text)
    except CRSError:
        return ""
    authority = known.to_authority()
    return ":".join(authority) if authority else text


def system_name(crs: str) -> str:
    """Return the name of a reference system, as its registry writes it."""
    return str(_crs_of(crs).name)


def lambert93_factors(lon: float, lat: float) -> tuple[float, float]:
    """Return the scale factor of Lambert-93 at a point, and where true north is.

    Parameters
    ----------
    lon, lat
        Degrees, WGS84.

    Returns
    -------
    scale_factor : float
        Metres of the plane for one metre on the ellipsoid; the same in every direction.
    true_north_deg : float
        Azimuth of true north in degrees, clockwise from the north of the grid.
    """
    factors = Proj(LAMBERT93).get_factors(lon, lat)
    return float(factors.meridional_scale), -float(factors.meridian_convergence)


def projjson(crs: str) -> dict[str, Any]:
    """Return a reference system as PROJJSON."""
    found: dict[str, Any] = CRS.from_user_input(crs).to_json_dict()
    return found


def wkt2(crs: str) -> str:
    """Return a reference system as WKT 2:2019, as QGIS projects hold it."""
    text: str = CRS.from_user_input(crs).to_wkt()
    return text


def wkt1(crs: str) -> str:
    """Return a reference system as the WKT that ``.prj`` files hold (ESRI's dialect)."""
    text: str = CRS.from_user_input(crs).to_wkt("WKT1_ESRI")
    return text
