"""Which properties has a collection, to filter by, to sort by, and to return? JSON Schemas.

Queryables are a resource of Part 3, the schema and the sortables of Part 5.
"""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import gettext as _

from layers.order import sortables
from layers.schemas import queryables, schema
from webmap.i18n import language
from webmap.negotiation import SCHEMA, F
from webmap.ogc.answer import document
from webmap.ogc.collections import Collection, collection
from webmap.params import takes
from webmap.urls import absolute


def _address(name: str, subject: Collection) -> str:
    """The address of a schema, without any query: its identifier."""
    return absolute(f"ogc.{name}", collection_id=subject.id, lang=None)


def _described(found: dict[str, Any], subject: Collection) -> dict[str, Any]:
    return {**found, "title": subject.title, "description": subject.description}


def queryables_document(subject: Collection) -> dict[str, Any]:
    """What features may be filtered by (19-079r2, 6.2)."""
    address = _address("queryables", subject)
    return _described(queryables(subject.table, address, language()), subject)


def schema_document(subject: Collection) -> dict[str, Any]:
    """What features have (23-058r1, returnables)."""
    address = _address("schema", subject)
    return _described(schema(subject.table, address, language()), subject)


def sortables_document(subject: Collection) -> dict[str, Any]:
    """What features may be sorted by (23-058r1, sortables)."""
    table = subject.table
    found = queryables(table, _address("sortables", subject), language())
    known = sortables(table)
    kept = {name: value for name, value in found["properties"].items() if name in known}
    return _described({**found, "properties": kept}, subject)


def _show(subject: Collection, title: str, make: Any) -> Response:
    return document(
        "fields",
        lambda: make(subject),
        SCHEMA,
        changes=subject.changes,
        subject=subject,
        heading=title,
    )


@takes(F)
def show_queryables(collection_id: str) -> Response:
    """Answer ``/ogc/collections/<id>/queryables``."""
    return _show(collection(collection_id), _("Propriétés pour filtrer"), queryables_document)


@takes(F)
def show_schema(collection_id: str) -> Response:
    """Answer ``/ogc/collections/<id>/schema``."""
    return _show(collection(collection_id), _("Propriétés des objets"), schema_document)


@takes(F)
def show_sortables(collection_id: str) -> Response:
    """Answer ``/ogc/collections/<id>/sortables``."""
    return _show(collection(collection_id), _("Propriétés pour trier"), sortables_document)
