"""Which commitments concern a place or a drawn geometry? A resource beyond the standard.

The answer is a GeoJSON feature collection of commitments, those of the collection
``engagements``, each once, with what ties it: ``link`` (direct, territorial, near),
``link_place``, ``link_via`` and ``link_distance_m``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
from flask import Response, request
from flask_babel import gettext as _
from werkzeug.exceptions import UnsupportedMediaType

from layers.atlas import ENGAGEMENTS
from layers.encode import collection_bytes, geometry_text, with_more_properties
from layers.errors import ParameterError
from layers.given import read_geometry
from layers.model import Link, LinkKind
from layers.reach import MAX_DISTANCE_M
from layers.systems import systems
from webmap.negotiation import GEOJSON, JSON, F, wants_html
from webmap.ogc.answer import data, page
from webmap.ogc.links import Link as LinkObject
from webmap.ogc.links import both_forms, own_links
from webmap.ogc.state import open_data
from webmap.params import Parameter, takes
from webmap.responses import AtlasResponse
from webmap.site import current_site
from webmap.urls import here

MAX_BODY = 262_144
"""Bytes that a geometry may be sent in."""
DEFAULT_DISTANCE_M = 300.0
PLANE = "EPSG:2154"
"""Distances are measured in this system; no geometry may lie outside of its area of use."""


def _distance(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text, re.ASCII):
        raise ValueError(text)
    metres = float(text)
    if metres > MAX_DISTANCE_M:
        raise ValueError(text)
    return metres


PLACE = Parameter("lieu", str.strip, lambda: _("l’identifiant d’un lieu de l’atlas"), "")
DISTANCE = Parameter(
    "distance",
    _distance,
    lambda: _(
        "un nombre de mètres de 0 à %(max)s, trois décimales au plus", max=f"{MAX_DISTANCE_M:g}"
    ),
    DEFAULT_DISTANCE_M,
)


def counts(links: Sequence[Link]) -> dict[str, int]:
    """How many commitments there are by kind of link, every kind told."""
    found = Counter(link.kind for link in links)
    return {str(kind): found[kind] for kind in LinkKind}


def _encoded(links: Sequence[Link], own: list[LinkObject], asked: dict[str, Any]) -> bytes:
    """The commitments of links as a feature collection."""
    features = current_site().atlas.collection(ENGAGEMENTS)
    tied = [
        with_more_properties(
            features.encoded[features.index[link.commitment]],
            {
                "link": link.kind,
                "link_place": link.place,
                "link_via": link.via,
                "link_distance_m": link.distance_m,
            },
        )
        for link in links
    ]
    parent = both_forms("collection", "ogc.collection", _("Engagements"), collection_id=ENGAGEMENTS)
    members = {"asked": asked, "counts": counts(links)}
    return collection_bytes(tied, [*own, *parent], len(tied), len(tied), members)


@takes(PLACE, DISTANCE, F)
def show() -> Response:
    """Answer ``GET /ogc/portee``: the reach of a place; for people, with a form."""
    html = wants_html()
    if not PLACE.value:
        if html and PLACE.name not in request.args:
            return _page((), "")
        raise ParameterError(PLACE.name, "", PLACE.allowed())
    links = open_data().reach.of_place(PLACE.value, DISTANCE.value)
    if html:
        return _page(links, PLACE.value)
    asked = {"lieu": PLACE.value, "distance": DISTANCE.value}
    return data(GEOJSON, lambda: _encoded(links, own_links(GEOJSON), asked))


def _page(links: Sequence[Link], place_id: str) -> Response:
    atlas = current_site().atlas
    by_kind = {
        str(kind): [atlas.commitments[link.commitment] for link in links if link.kind is kind]
        for kind in LinkKind
    }
    return page(
        "reach",
        by_kind=by_kind,
        distances={k.commitment: k.distance_m for k in links if k.distance_m is not None},
        place=atlas.places.get(place_id),
        distance=DISTANCE.value,
        max_distance=MAX_DISTANCE_M,
        places=current_site().join.places,
        geojson=here(f="json"),
    )


@takes(DISTANCE)
def draw() -> Response:
    """Answer ``POST /ogc/portee``: the reach of the geometry in the body."""
    request.max_content_length = MAX_BODY
    if request.mimetype not in (GEOJSON, JSON):
        raise UnsupportedMediaType
    state = open_data()
    area = next(system.area for system in systems().values() if system.code == PLANE)
    extent = [area.bbox for area in state.atlas.areas.values()]
    geometry = read_geometry(request.get_data(), area, extent)
    links = state.reach.of_geometry(geometry, DISTANCE.value)
    asked = {"geometry": orjson.Fragment(geometry_text(geometry)), "distance": DISTANCE.value}
    return AtlasResponse(_encoded(links, [], asked), content_type=GEOJSON)
