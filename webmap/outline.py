"""Which area does a request ask about? An outline or a place, and how far around it."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _

from layers.area import Area
from layers.crs import LAMBERT93, area_of_use
from layers.errors import ParameterError
from layers.given import MAX_PARTS, MAX_VERTICES, GeometryError, outline_text, read_outline
from layers.measure import area_m2, length_m
from layers.model import LinkKind
from layers.reach import MAX_DISTANCE_M
from webmap.labels import area, metres
from webmap.params import Parameter
from webmap.site import current_site

SHORT = 250
"""Positions of an outline that an address holds with ease."""
LONGEST_ADDRESS = 6000
"""Characters of an outline that addresses are made with; proxies take 8,000 for all of one."""


def _outline(text: str) -> Any:
    if not text.strip():
        return None
    boxes = [area.bbox for area in current_site().atlas.areas.values()]
    try:
        return read_outline(text.strip(), area_of_use(LAMBERT93), boxes)
    except GeometryError as error:
        raise ValueError(text) from error


def _allowed_outline() -> str:
    return _(
        "longitude,latitude;longitude,latitude…, du WKT ou du GeoJSON, en degrés, en France,"
        " %(positions)s positions et %(parts)s parties au plus, sans que le tracé se croise",
        positions=MAX_VERTICES,
        parts=MAX_PARTS,
    )


def _distance(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text, re.ASCII):
        raise ValueError(text)
    metres = float(text)
    if metres > MAX_DISTANCE_M:
        raise ValueError(text)
    return metres


def _kinds(text: str) -> tuple[LinkKind, ...]:
    asked = {LinkKind(word) for word in text.split(",")} if text else set(LinkKind)
    return tuple(kind for kind in LinkKind if kind in asked)


OUTLINE = Parameter("contour", _outline, _allowed_outline, None)
ABOUT = Parameter("lieu", str.strip, lambda: _("l’identifiant d’un lieu de l’atlas"), "")
DISTANCE = Parameter(
    "distance",
    _distance,
    lambda: _("un nombre de mètres de 0 à %(max)s", max=f"{MAX_DISTANCE_M:g}"),
    0.0,
)
LINK = Parameter("lien", _kinds, lambda: ", ".join(LinkKind), tuple(LinkKind))


def asked_area() -> Area | None:
    """The area that a request asks about by `OUTLINE` or `ABOUT`, `DISTANCE` and `LINK`.

    Raises
    ------
    NotFoundError
        If there is no such place.
    ParameterError
        If both, a place that nothing locates, or a distance from nothing is asked about.
    """
    place = ABOUT.value
    if place and OUTLINE.value is not None:
        raise ParameterError(ABOUT.name, place, _("« contour » ou « lieu », pas les deux"))
    geometry = current_site().atlas.territory_geometry(place) if place else OUTLINE.value
    if geometry is not None:
        return Area(geometry, DISTANCE.value, LINK.value, place)
    if place:
        raise ParameterError(ABOUT.name, place, _("un lieu qui a une position"))
    for parameter, name in ((DISTANCE, "distance"), (LINK, "lien")):
        if parameter.value != parameter.default:
            allowed = _("avec « contour » ou « lieu » seulement")
            raise ParameterError(name, _said(parameter.value), allowed)
    return None


def _said(value: float | tuple[LinkKind, ...]) -> str:
    return ",".join(value) if isinstance(value, tuple) else f"{value:g}"


def address_of(geometry: Any) -> str:
    """How an address writes an outline; empty when it is too long for one, or there is none."""
    text = "" if geometry is None else outline_text(geometry)
    return text if len(text) <= LONGEST_ADDRESS else ""


def field_of(geometry: Any) -> str:
    """How a form writes an outline, however long."""
    return "" if geometry is None else outline_text(geometry)


def outline_measure(geometry: Any) -> str:
    """The area of a surface, the length of a line; empty for points and for nothing."""
    surface, line = area_m2(geometry), length_m(geometry)
    return area(surface) if surface else metres(line) if line else ""
