"""How are reference systems and their areas of use told to people?"""

from __future__ import annotations

from flask_babel import gettext as _

from layers.systems import OutsideAreaError, System, systems


def system_names() -> dict[str, str]:
    """The reference systems by URI, in words."""
    words = {
        "OGC:CRS84": _("WGS84, longitude puis latitude, en degrés (CRS84)"),
        "EPSG:4326": _("WGS84, latitude puis longitude, en degrés (EPSG:4326)"),
        "EPSG:2154": _("Lambert-93, est puis nord, en mètres (EPSG:2154)"),
        "EPSG:3949": _("CC49, est puis nord, en mètres (EPSG:3949)"),
        "EPSG:3857": _("Mercator du Web, est puis nord, en mètres (EPSG:3857)"),
    }
    return {system.uri: words[system.code] for system in systems().values()}


def area_in_words(system: System) -> str:
    """Where a system may be used, in the language of the request."""
    west, south, east, north = system.area
    return _(
        "longitude de %(west)s à %(east)s, latitude de %(south)s à %(north)s",
        west=f"{west:g}",
        south=f"{south:g}",
        east=f"{east:g}",
        north=f"{north:g}",
    )


def outside_in_words(error: OutsideAreaError) -> str:
    """What would do where a position lies outside of an area of use."""
    allowed = _(
        "des positions dans le domaine d’usage de %(code)s : %(area)s",
        code=error.system.code,
        area=area_in_words(error.system),
    )
    if error.swapped:
        return _("%(allowed)s ; les deux axes semblent échangés", allowed=allowed)
    return allowed
