"""What do search engines read in our pages? schema.org descriptions, in the page's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from layers.model import BBox, Source
from webmap.i18n import language, localised
from webmap.metadata.records import Record, contact, publisher, record, records
from webmap.responses import Body, bodies
from webmap.site import current_site
from webmap.urls import absolute

CONTEXT = "https://schema.org"
JSON_LD = "application/ld+json"
Described = dict[str, Any]


def described_dataset(id: str) -> Markup:
    """`dataset` as JSON for a script element, made once for each language."""
    return _once(id, lambda: dataset(id))


def described_catalogue() -> Markup:
    """`data_catalogue` as JSON for a script element, made once for each language."""
    return _once("", data_catalogue)


def _once(id: str, make: Callable[[], Described]) -> Markup:
    key = ("schema.org", request.root_url, language(), id)
    body = bodies().get(key, lambda: Body(htmlsafe_json_dumps(make()).encode(), JSON_LD))
    return Markup(body.raw.decode())


def dataset(id: str) -> Described:
    """The description of one collection, for its own page.

    Raises
    ------
    layers.errors.NotFoundError
        If there is no such collection.
    """
    described = {**_dataset(record(id)), "includedInDataCatalog": _catalogue()}
    return {"@context": CONTEXT, **described}


def data_catalogue() -> Described:
    """The description of the whole catalogue, for the pages that list it.

    Of each dataset it says what its own page says, but for sources and forms.
    """
    listed = [_summary(each) for each in records()]
    return {"@context": CONTEXT, **_catalogue(), "dataset": listed}


def _catalogue() -> Described:
    return {
        "@type": "DataCatalog",
        "@id": absolute("metadata.catalogue", lang=None),
        "name": localised(current_site().atlas, "title"),
        "url": absolute("downloads.index", lang=None),
        "publisher": _publisher(),
    }


def _publisher() -> Described:
    described: Described = {"@type": "Organization", "name": publisher()}
    if contact():
        described["email" if "@" in contact() else "url"] = contact()
    return described


def _dataset(each: Record) -> Described:
    forms = [
        {
            "@type": "DataDownload",
            "name": form.title,
            "encodingFormat": form.package or form.mimetype,
            "contentUrl": form.address,
        }
        for form in each.texts[language()].forms
    ]
    sources = [_source(source) for source in each.sources]
    parts = {"isBasedOn": sources, "distribution": forms}
    return {**_summary(each), **{name: part for name, part in parts.items() if part}}


def _summary(each: Record) -> Described:
    text = each.texts[language()]
    described: Described = {
        "@type": "Dataset",
        "@id": each.uri,
        "identifier": each.uri,
        "name": text.title,
        "description": f"{text.description} {text.precision}",
        "url": absolute("ogc.collection", collection_id=each.id, f="html", lang=None),
        "keywords": list(text.keywords),
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "dateModified": each.modified.isoformat(),
        "creator": _publisher(),
        "license": each.licence_url,
        "creditText": each.credit,
        "temporalCoverage": "/".join(day.isoformat() for day in each.period or ()),
        "spatialCoverage": _place(each.bbox) if each.bbox else "",
    }
    return {name: value for name, value in described.items() if value != ""}


def _place(bbox: BBox) -> Described:
    """A box, latitude before longitude as schema.org has it."""
    west, south, east, north = bbox
    box = f"{south} {west} {north} {east}"
    return {"@type": "Place", "geo": {"@type": "GeoShape", "box": box}}


def _source(source: Source) -> Described:
    described = {
        "@type": "CreativeWork",
        "name": source.title,
        "creator": {"@type": "Organization", "name": source.producer},
        "creditText": source.attribution,
        "url": source.url,
    }
    return {name: value for name, value in described.items() if value}
