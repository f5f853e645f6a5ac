"""What does the table beside the map show? One page of commitments or of places, as plain texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from layers.model import Commitment, Place
from layers.selection import Selection
from webmap.choices import ON_THE_MAP, chosen, freeing
from webmap.params import choice, takes, text
from webmap.responses import AtlasResponse, Body, respond
from webmap.site import current_site
from webmap.tables import (
    ASCENDING,
    COLUMNS,
    COMMITMENTS,
    PAGE,
    PER_PAGE,
    PLACES,
    SORT,
    TABLES,
    Layout,
    Page,
    Table,
    page_of,
)

blueprint = Blueprint("table", __name__)

TABLE = choice("tableau", tuple(table.name for table in TABLES), COMMITMENTS.name)
MARK = text("repere")
"""The commitment or place whose page is wanted, whatever ``page`` says."""


@blueprint.get("/carte/tableau.json")
@takes(*ON_THE_MAP, TABLE, SORT, COLUMNS, PAGE, MARK)
def show() -> AtlasResponse:
    """Answer with a page of the table: its columns, its rows, the places of each row."""
    selection = chosen()
    if TABLE.value == PLACES.name:
        answer = _answer(PLACES, places_of(selection), selection)
    else:
        found = current_site().register.commitments(selection)
        answer = _answer(COMMITMENTS, found, selection)
    return respond(Body(orjson.dumps(answer), "application/json"))


def places_of(selection: Selection) -> Sequence[Place]:
    """The places that the map shows for a selection, out of those in its extent."""
    register = current_site().register
    places = register.places(Selection(within=selection.within))
    everywhere = replace(selection, within=None)
    if not everywhere.asks:
        return places
    tied = register.tied(register.commitments(everywhere), everywhere)
    return [place for place in places if place.id in tied]


def _answer(table: Table[Any], items: Sequence[Any], selection: Selection) -> dict[str, Any]:
    layout = table.layout(SORT.value, COLUMNS.value)
    arranged = layout.arranged(items, table)
    page = page_of(arranged, _page_with(arranged, MARK.value, selection) or PAGE.value)
    return {
        "columns": [
            {
                "name": column.name,
                "title": str(column.title),
                "shown": column in layout.columns,
                "sort": layout.direction if column.name == layout.sorted_by else "",
                "number": column.number,
            }
            for column in table.columns
        ],
        "rows": [
            {
                "id": item.id,
                "cells": [column.text(item) for column in layout.columns],
                "places": list(_tied(item, selection)),
            }
            for item in page.items
        ],
        "page": page.number,
        "pages": page.pages,
        "status": _status(table, layout, page),
        "address": url_for("places.show" if table is PLACES else "commitments.show", id="__ID__"),
        "freeing": [] if items else freeing(selection),
    }


def _tied(item: Commitment | Place, selection: Selection) -> Sequence[str]:
    """The places that a row speaks of."""
    if isinstance(item, Place):
        return (item.id,)
    return tuple(current_site().register.linked(item, selection["link"]))


def _page_with(items: Sequence[Any], id: str, selection: Selection) -> int:
    """The page that has the row of an id, or else the first that speaks of it; 0 for none."""
    if not id:
        return 0
    own = (rank for rank, item in enumerate(items) if item.id == id)
    speaking = (rank for rank, item in enumerate(items) if id in _tied(item, selection))
    rank = next(own, next(speaking, None))
    return 0 if rank is None else rank // PER_PAGE + 1


def _status(table: Table[Any], layout: Layout[Any], page: Page[Any]) -> str:
    """What is shown, in a sentence for eyes and for screen readers."""
    if table is PLACES:
        said = ngettext("%(num)s lieu", "%(num)s lieux", page.total)
    else:
        said = ngettext("%(num)s engagement", "%(num)s engagements", page.total)
    if page.pages > 1:
        rows = _("lignes %(first)s à %(last)s", first=page.first, last=page.last)
        said = f"{said}, {rows}"
    if layout.sorted_by:
        words = (
            _("ordre croissant : %(column)s")
            if layout.direction == ASCENDING
            else _("ordre décroissant : %(column)s")
        )
        said = f"{said}, {words % {'column': table.by_name[layout.sorted_by].title}}"
    return str(said)
