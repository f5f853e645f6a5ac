"""Which features does a request get? Pages of a collection and single features.

An answer has no ``timeStamp``: it would make the content, and so its ETag, depend on the clock.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from flask import Response
from flask_babel import gettext as _

from layers.atlas import ENGAGEMENTS
from layers.encode import collection_bytes
from layers.errors import NotFoundError, closest
from layers.model import BBox
from layers.query import DEFAULT_LIMIT, MAX_LIMIT, Page, parse_bbox, positions_in
from webmap.negotiation import GEOJSON, HTML, F, wants_html
from webmap.ogc.answer import data, page
from webmap.ogc.collections import Collection, collection
from webmap.ogc.links import both_forms, link, own_links
from webmap.ogc.temporal import Interval, dues, parse_datetime, selected
from webmap.ogc.words import shown_properties
from webmap.params import Parameter, takes, whole_number
from webmap.site import current_site
from webmap.urls import absolute, here, here_absolute


def _limit(text: str) -> int:
    """Parse ``limit``; what is above the maximum is taken as the maximum (7.15.2)."""
    number = whole_number(text)
    if number < 1:
        raise ValueError(text)
    return min(number, MAX_LIMIT)


def _bbox(text: str) -> BBox:
    if not re.fullmatch(r"[-+0-9.eE, ]*", text, re.ASCII):
        raise ValueError(text)
    return parse_bbox(text)


LIMIT = Parameter(
    "limit", _limit, lambda: _("un nombre entier de 1 à %(max)s", max=MAX_LIMIT), DEFAULT_LIMIT
)
OFFSET = Parameter("offset", whole_number, lambda: _("un nombre entier à partir de 0"), 0)
BBOX: Parameter[BBox | None] = Parameter(
    "bbox",
    _bbox,
    lambda: _(
        "ouest,sud,est,nord : quatre nombres finis en degrés (ou six, avec les hauteurs),"
        " longitude de -180 à 180, latitude de -90 à 90, sud au plus égal à nord"
    ),
    None,
)
DATETIME: Parameter[Interval | None] = Parameter(
    "datetime",
    parse_datetime,
    lambda: _(
        "une date (2022-12-31), une date et heure avec fuseau (2022-12-31T00:00:00Z), ou un"
        " intervalle début/fin dont un côté peut être « .. »"
    ),
    None,
)


def select(subject: Collection, bbox: BBox | None, interval: Interval | None) -> npt.NDArray[Any]:
    """The positions of the features of a collection that a box and an interval select."""
    count = len(subject.features)
    positions = np.arange(count) if bbox is None else positions_in(subject.features, bbox)
    if interval is not None and subject.id == ENGAGEMENTS:
        positions = positions[selected(dues(current_site().atlas), interval)[positions]]
    return positions


def page_of(subject: Collection) -> Page:
    """The page of a collection that the current request asks for."""
    positions = select(subject, BBOX.value, DATETIME.value)
    chosen = positions[OFFSET.value : OFFSET.value + LIMIT.value].tolist()
    features = subject.features
    return Page(
        encoded=tuple(features.encoded[position] for position in chosen),
        matched=len(positions),
        returned=len(chosen),
        ids=tuple(features.ids[position] for position in chosen),
    )


def neighbours(found: Page) -> dict[str, int | None]:
    """The offsets of the pages before (``prev``) and after (``next``), where there are any."""
    offset, limit = OFFSET.value, LIMIT.value
    steps: dict[str, int | None] = {}
    if offset > 0:
        last_start = max(found.matched - 1, 0) // limit * limit
        steps["prev"] = min(max(offset - limit, 0), last_start) or None
    if offset + found.returned < found.matched and found.returned:
        steps["next"] = offset + limit
    return steps


def _page_bytes(subject: Collection) -> bytes:
    found = page_of(subject)
    paging = [
        link(rel, here_absolute(f="json", offset=offset), GEOJSON)
        for rel, offset in neighbours(found).items()
    ]
    parent = both_forms("collection", "ogc.collection", subject.title, collection_id=subject.id)
    links = [*own_links(GEOJSON), *paging, *parent]
    return collection_bytes(found.encoded, links, found.matched, found.returned)


@takes(BBOX, DATETIME, LIMIT, OFFSET, F)
def show_page(collection_id: str) -> Response:
    """Answer ``/ogc/collections/<id>/items``."""
    subject = collection(collection_id)
    if not wants_html():
        return data(GEOJSON, lambda: _page_bytes(subject))
    found = page_of(subject)
    return page(
        "items",
        subject=subject,
        features=[orjson.loads(feature)["properties"] for feature in found.encoded],
        found=found,
        first=OFFSET.value + 1,
        paging={rel: here(offset=offset) for rel, offset in neighbours(found).items()},
        filtered=BBOX.value is not None or DATETIME.value is not None,
        geojson=here(f="json"),
    )


def feature_bytes(subject: Collection, feature_id: str) -> bytes:
    """Return the encoded feature of a collection.

    Raises
    ------
    layers.errors.NotFoundError
        With the ids of the collection that resemble it.
    """
    features = subject.features
    if feature_id not in features.index:
        raise NotFoundError("feature", feature_id, closest(feature_id, features.ids))
    return features.encoded[features.index[feature_id]]


@takes(F)
def show(collection_id: str, feature_id: str) -> Response:
    """Answer ``/ogc/collections/<id>/items/<id>``."""
    subject = collection(collection_id)
    encoded = feature_bytes(subject, feature_id)
    if wants_html():
        feature = orjson.loads(encoded)
        shown = shown_properties(feature["properties"])
        geojson = here(f="json")
        return page("item", subject=subject, feature=feature, shown=shown, geojson=geojson)

    def linked() -> bytes:
        parent = [
            link("collection", absolute("ogc.collection", f=form, collection_id=subject.id), type)
            for form, type in (("json", "application/json"), ("html", HTML))
        ]
        links = orjson.dumps([*own_links(GEOJSON), *parent])
        return encoded[:-1] + b',"links":' + links + b"}"

    return data(GEOJSON, linked)
