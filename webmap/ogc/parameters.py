"""What may a page of features be asked? The query parameters of the collections."""

from __future__ import annotations

import re

from flask import has_request_context, request
from flask_babel import gettext as _

from layers.query import DEFAULT_LIMIT, MAX_LIMIT, parse_bbox
from layers.systems import CRS84, System, systems
from webmap.ogc.temporal import Interval, parse_datetime
from webmap.params import Parameter, choice, whole_number

MAX_NAMES = 100
"""Names that a list of properties may have."""
LANGUAGES = ("cql2-text", "cql2-json")
"""Encodings of CQL2, the default first."""
_BBOX_CRS = "bbox-crs"
_NAME = re.compile(r"[^,+\-\s][^,]{0,99}")

Corners = tuple[float, float, float, float]
Sorting = tuple[tuple[str, bool], ...]
"""Names of properties, each with whether it descends; the first weighs most."""


def _limit(text: str) -> int:
    """Parse ``limit``; what is above the maximum is taken as the maximum (17-069r4, 7.15.2)."""
    number = whole_number(text)
    if number < 1:
        raise ValueError(text)
    return min(number, MAX_LIMIT)


def _system(text: str) -> System:
    found = systems().get(text)
    if found is None:
        raise ValueError(text)
    return found


def _bbox(text: str) -> Corners:
    """Parse ``bbox``: four numbers, or six with heights, which are passed over.

    Without ``bbox-crs`` they are degrees, and checked at once; with it the view checks them,
    because only it knows all of the query.
    """
    if not re.fullmatch(r"[-+0-9.eE, ]*", text, re.ASCII):
        raise ValueError(text)
    if not has_request_context() or request.args.get(_BBOX_CRS, CRS84) == CRS84:
        return parse_bbox(text)
    numbers = [float(part) for part in text.split(",")]
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(abs(number) < 1e12 for number in numbers):
        raise ValueError(text)
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if len(names) > MAX_NAMES or not all(map(_NAME.fullmatch, names)):
        raise ValueError(text)
    return names


def _sorting(text: str) -> Sorting:
    """Parse ``sortby``; a ``+`` that came unescaped has become a space."""
    parts = text.split(",")
    names = tuple(part[1:] if part[:1] in ("+", "-", " ") else part for part in parts)
    if len(names) > MAX_NAMES or not all(map(_NAME.fullmatch, names)):
        raise ValueError(text)
    return tuple((name, part.startswith("-")) for name, part in zip(names, parts, strict=True))


def _system_allowed() -> str:
    return _("un des systèmes que la collection annonce : %(uris)s", uris=", ".join(systems()))


def _system_parameter(name: str) -> Parameter[System]:
    return Parameter(name, _system, _system_allowed, systems()[CRS84])


LIMIT = Parameter(
    "limit", _limit, lambda: _("un nombre entier de 1 à %(max)s", max=MAX_LIMIT), DEFAULT_LIMIT
)
OFFSET = Parameter("offset", whole_number, lambda: _("un nombre entier à partir de 0"), 0)
BBOX: Parameter[Corners | None] = Parameter(
    "bbox",
    _bbox,
    lambda: _(
        "ouest,sud,est,nord : quatre nombres finis en degrés (ou six, avec les hauteurs),"
        " longitude de -180 à 180, latitude de -90 à 90, sud au plus égal à nord ; avec bbox-crs,"
        " dans les unités et l’ordre des axes de ce système"
    ),
    None,
)
BBOX_CRS = _system_parameter(_BBOX_CRS)
CRS = _system_parameter("crs")
FILTER_CRS = _system_parameter("filter-crs")
DATETIME: Parameter[Interval | None] = Parameter(
    "datetime",
    parse_datetime,
    lambda: _(
        "une date (2022-12-31), une date et heure avec fuseau (2022-12-31T00:00:00Z), ou un"
        " intervalle début/fin dont un côté peut être « .. »"
    ),
    None,
)
FILTER: Parameter[str | None] = Parameter("filter", str, lambda: _("un filtre CQL2"), None)
"""Read by the view: only it knows the language, the reference system and the collection."""
FILTER_LANG = choice("filter-lang", LANGUAGES, LANGUAGES[0])
SORTBY: Parameter[Sorting | None] = Parameter(
    "sortby",
    _sorting,
    lambda: _(
        "des noms de propriétés séparés par des virgules, chacun précédé de + (croissant) ou de"
        " - (décroissant)"
    ),
    None,
)
PROPERTIES: Parameter[tuple[str, ...] | None] = Parameter(
    "properties",
    _names,
    lambda: _("des noms de propriétés séparés par des virgules, %(max)s au plus", max=MAX_NAMES),
    None,
)
