"""Which representation of a resource does the client want? ``f`` decides, else ``Accept``."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import NotAcceptable

from webmap.params import choice

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
PROBLEM = "application/problem+json"

F = choice("f", ("json", "html"))
"""The representation asked for by name, whatever ``Accept`` says."""

_JSON_TYPES = (JSON, GEOJSON, OPENAPI, "application/vnd.oai.openapi+json", SCHEMA, PROBLEM)
OPEN_DATA = "/ogc"
"""Path below which the service speaks to programs first."""


def wants_html() -> bool:
    """Tell whether a resource that has both forms is to be answered as HTML.

    Raises
    ------
    werkzeug.exceptions.NotAcceptable
        If the client accepts neither JSON nor HTML.
    """
    if F.value:
        return F.value == "html"
    accepted = request.accept_mimetypes
    if not accepted:
        return False
    best = accepted.best_match([*_JSON_TYPES, HTML])
    if best is None:
        raise NotAcceptable
    return best == HTML


def prefers_problem_json() -> bool:
    """Tell whether an error is to be told as problem+json rather than as a page.

    Programs get JSON: everywhere when they prefer it, and below `OPEN_DATA` unless they ask
    for HTML as a browser does. Never raises, whatever the request holds.
    """
    below = request.path == OPEN_DATA or request.path.startswith(f"{OPEN_DATA}/")
    asked = request.args.get(F.name, "")
    if below and asked in ("json", "html"):
        return asked == "json"
    offers = [*_JSON_TYPES, HTML] if below else [HTML, *_JSON_TYPES]
    return request.accept_mimetypes.best_match(offers, offers[0]) != HTML
