"""Which features does a request get? Pages of a collection and single features.

An answer has no ``timeStamp``: it would make the content, and so its ETag, depend on the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

from layers.encode import collection_bytes, geometry_texts, with_geometry, with_properties
from layers.errors import NotFoundError, closest
from layers.query import Page
from layers.schemas import queryables
from layers.systems import CRS84, System, written
from webmap.i18n import language
from webmap.negotiation import GEOJSON, HTML, F, wants_html
from webmap.ogc.answer import data, page
from webmap.ogc.collections import Collection, collection
from webmap.ogc.links import both_forms, link, own_links
from webmap.ogc.parameters import (
    BBOX,
    BBOX_CRS,
    CRS,
    DATETIME,
    FILTER,
    FILTER_CRS,
    FILTER_LANG,
    LIMIT,
    OFFSET,
    PROPERTIES,
    SORTBY,
)
from webmap.ogc.selecting import in_order, select, system_of, wanted_properties
from webmap.ogc.words import places_of, shown_properties
from webmap.params import takes
from webmap.urls import absolute, here, here_absolute

ITEMS = (
    *(BBOX, BBOX_CRS, DATETIME, FILTER, FILTER_LANG, FILTER_CRS),
    *(CRS, SORTBY, PROPERTIES, LIMIT, OFFSET, F),
)
"""What a page of features takes."""


@dataclass(frozen=True, slots=True)
class Form:
    """How features are written: in which reference system, with which properties."""

    system: System
    properties: tuple[str, ...] | None = None

    def of(self, subject: Collection, positions: Iterable[int]) -> tuple[bytes, ...]:
        """The encoded features at some positions of a collection."""
        chosen = list(positions)
        features = subject.features
        encoded = [features.encoded[i] for i in chosen]
        if self.system.uri != CRS84:
            texts = geometry_texts(written(features.geometries[chosen], self.system))
            encoded = [with_geometry(e, text) for e, text in zip(encoded, texts, strict=True)]
        if self.properties is not None:
            encoded = [with_properties(e, self.properties) for e in encoded]
        return tuple(encoded)


def page_of(subject: Collection) -> Page:
    """The page of a collection that the current request asks for."""
    form = Form(system_of(subject, CRS), wanted_properties(subject))
    positions = in_order(subject, select(subject))
    chosen = list(map(int, positions[OFFSET.value : OFFSET.value + LIMIT.value]))
    return Page(
        encoded=form.of(subject, chosen),
        matched=len(positions),
        returned=len(chosen),
        ids=tuple(subject.features.ids[position] for position in chosen),
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


def _in_system(response: Response) -> Response:
    """State the reference system of the coordinates (18-058r1, 6.5)."""
    response.headers["Content-Crs"] = f"<{CRS.value.uri}>"
    return response


@takes(*ITEMS)
def show_page(collection_id: str) -> Response:
    """Answer ``/ogc/collections/<id>/items``."""
    subject = collection(collection_id)
    if not wants_html():
        return _in_system(data(GEOJSON, lambda: _page_bytes(subject), changes=subject.changes))
    found = page_of(subject)
    narrowing = (BBOX, DATETIME, FILTER)
    return page(
        "items",
        subject=subject,
        features=[orjson.loads(feature)["properties"] for feature in found.encoded],
        found=found,
        first=OFFSET.value + 1,
        paging={rel: here(offset=offset) for rel, offset in neighbours(found).items()},
        filtered=any(parameter.value is not None for parameter in narrowing),
        chosen=PROPERTIES.value,
        queryables=queryables(subject.table, language=language())["properties"],
        asked=FILTER.value or "",
        places=places_of(subject.id, found.ids),
        geojson=here(f="json"),
    )


def position_of(subject: Collection, feature_id: str) -> int:
    """Return the position of a feature in a collection.

    Raises
    ------
    layers.errors.NotFoundError
        With the ids of the collection that resemble it.
    """
    features = subject.features
    if feature_id not in features.index:
        raise NotFoundError("feature", feature_id, closest(feature_id, features.ids))
    return features.index[feature_id]


@takes(CRS, PROPERTIES, F)
def show(collection_id: str, feature_id: str) -> Response:
    """Answer ``/ogc/collections/<id>/items/<id>``."""
    subject = collection(collection_id)
    position = position_of(subject, feature_id)
    form = Form(system_of(subject, CRS), wanted_properties(subject))
    (encoded,) = form.of(subject, [position])
    if wants_html():
        return _page(subject, orjson.loads(encoded))
    return _in_system(data(GEOJSON, lambda: _linked(subject, encoded), changes=subject.changes))


def _page(subject: Collection, feature: dict[str, Any]) -> Response:
    return page(
        "item",
        subject=subject,
        feature=feature,
        shown=shown_properties(feature["properties"]),
        places=places_of(subject.id, [feature["id"]]),
        geojson=here(f="json"),
    )


def _linked(subject: Collection, encoded: bytes) -> bytes:
    """A feature with the links of its own resource."""
    parent = [
        link("collection", absolute("ogc.collection", f=form, collection_id=subject.id), type)
        for form, type in (("json", "application/json"), ("html", HTML))
    ]
    return encoded[:-1] + b',"links":' + orjson.dumps([*own_links(GEOJSON), *parent]) + b"}"
