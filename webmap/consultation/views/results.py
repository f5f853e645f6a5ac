"""Results of a consultation: map, bars, words, places, days, and every published contribution."""

from __future__ import annotations

import textwrap
from typing import Any

import orjson
from flask import Blueprint, Response, abort, current_app, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from layers.atlas import Atlas
from webmap import errors
from webmap.accounts import personal
from webmap.consultation import results, wording
from webmap.consultation.access import runs, shown
from webmap.consultation.plan import Plan
from webmap.consultation.published import Published, Record, is_public, public_ones, record_of
from webmap.consultation.store import Known
from webmap.consultation.words import category_letter
from webmap.i18n import language, localised
from webmap.negotiation import JSON
from webmap.params import Parameter, takes, text, whole_number
from webmap.responses import AtlasResponse, Body, bodies
from webmap.site import current_site
from webmap.state import current_state, has_state

blueprint = Blueprint("results", __name__)

LONGEST_SUBJECT = 60
"""Characters of a commitment where contributions are listed in a line each."""

PAGE = 30
"""Contributions on a page."""
NEWEST = 6
"""Contributions that the projector shows as the newest."""
TEXT, CATEGORY, PLACE, COMMITMENT, TERRITORY = (
    text(name) for name in ("q", "categorie", "lieu", "engagement", "territoire")
)
CONTRIBUTION = Parameter("contribution", whole_number, lambda: _("le numéro d’une contribution"), 0)
PAGE_NUMBER = Parameter("page", whole_number, lambda: _("un nombre entier à partir de 1"), 1)


def readable(slug: str) -> tuple[Known, Record]:
    """Return a consultation and what is published of it.

    Raises
    ------
    layers.errors.NotFoundError
        If there is none.
    werkzeug.exceptions.HTTPException
        403 where contributions are not shown before the end, except to those who run it.
    """
    known = shown(slug)
    if not is_public(known):
        if not runs(known):
            detail = _("Les contributions de cette concertation ne sont pas montrées avant sa fin.")
            abort(errors.tell(errors.Problem("acces-reserve", 403, detail)))
        personal()
    return known, record_of(known)


blueprint.add_app_template_global(is_public)


@blueprint.get("/consultations/<slug>/resultats")
@takes(TEXT, CATEGORY, PLACE, COMMITMENT, TERRITORY, CONTRIBUTION, PAGE_NUMBER)
def show(slug: str) -> str:
    """Answer with the page of results."""
    known, record = readable(slug)
    found = results.matching(
        record,
        TEXT.value,
        category=CATEGORY.value,
        place=PLACE.value,
        commitment=COMMITMENT.value,
        territory=TERRITORY.value,
    )
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(_page_of(found), 1), pages)
    return render_template(
        "consultation/results.html",
        **summary(record),
        known=known,
        found=found[(page - 1) * PAGE : page * PAGE],
        matched=len(found),
        page=page,
        pages=pages,
        asked={p.name: p.value for p in (TEXT, CATEGORY, PLACE, COMMITMENT, TERRITORY)},
        public=is_public(known),
    )


def _page_of(found: list[Published]) -> int:
    """The page that is asked for, or that a contribution is on."""
    asked = CONTRIBUTION.value
    place = next((i for i, one in enumerate(found) if one.number == asked), None)
    return PAGE_NUMBER.value if place is None else place // PAGE + 1


def summary(record: Record) -> dict[str, Any]:
    """What the templates of results need, counted."""
    atlas = current_site().atlas
    contributions = record.contributions
    return {
        "record": record,
        "wording": wording,
        "period_text": wording.period_text,
        "categories": results.by_category(record, language()),
        "questions": results.by_question(record, language()),
        "places": [(atlas.places[id], n) for id, n in results.counted_by(contributions, "place")
                   if id in atlas.places],
        "commitments": [
            (atlas.commitments[id], n)
            for id, n in results.counted_by(contributions, "commitment")
            if id in atlas.commitments
        ],
        "territories": [
            (atlas.places[id], n)
            for id, n in results.counted_by(contributions, "territory")
            if id in atlas.places
        ],
        "days": results.over_time(contributions),
        "located": sum(one.position is not None for one in contributions),
    }  # fmt: skip


@blueprint.get("/consultations/<slug>/resultats.json")
def live(slug: str) -> Response:
    """Answer with the results as maps and projectors show them; 304 while nothing has changed."""
    known, record = readable(slug)
    key = ("results", known.id, known.changes, is_public(known), language())
    body = bodies().get(key, lambda: Body(_live(known, record), JSON))
    return renewed(body)


def renewed(body: Body) -> AtlasResponse:
    """Answer with a body that is asked for again and again: it may have changed each time."""
    response = AtlasResponse(body.raw, content_type=body.mimetype)
    response.body = body
    response.cache_control.no_cache = True
    return response


def _live(known: Known, record: Record) -> bytes:
    plan, atlas = known.plan, current_site().atlas
    cells = results.grid(record)
    newest = record.contributions[:NEWEST]
    return orjson.dumps(
        {
            "total": len(record.contributions),
            "participants": record.figures.participants,
            "categories": [
                {"id": bar.id, "name": bar.label, "count": bar.count,
                 "letter": category_letter(plan, bar.id), "colour": category.colour}
                for bar, category in zip(
                    results.by_category(record, language()), plan.categories, strict=True
                )
            ],
            "questions": [_question(found) for found in results.by_question(record, language())],
            "newest": [
                {"number": one.number, "category": one.category,
                 "where": _where(one, atlas), "text": _first_text(one, plan)}
                for one in newest
            ],
            "features": [
                [one.number, one.category, *(one.position or ()),
                 one.geometry if one.geometry and one.geometry["type"] != "Point" else None]
                for one in record.contributions if one.position
            ],
            "grid": {
                "side": cells.side_m,
                "cells": [{"outline": outline["coordinates"][0], "counts": counts}
                          for outline, counts in cells.cells],
            },
            "box": _box(record),
        }
    )  # fmt: skip


def _question(found: results.Answered) -> dict[str, Any]:
    return {
        "id": found.question.id,
        "label": found.question.text("label", language()),
        "answered": found.answered,
        "bars": [{"label": bar.label, "count": bar.count} for bar in found.bars],
        "words": [{"word": bar.label, "count": bar.count} for bar in found.words],
    }


def _where(one: Published, atlas: Atlas) -> str:
    id = one.place or one.territory or ""
    if id in atlas.places:
        return atlas.places[id].name
    known = atlas.commitments.get(one.commitment or "")
    if known is None:
        return ""
    return textwrap.shorten(localised(known, "summary"), LONGEST_SUBJECT, placeholder="…")


def _first_text(one: Published, plan: Plan) -> str:
    return next((answer for _question, answer in one.texts(plan)), "")


def _box(record: Record) -> list[float]:
    """The box that holds what has a position, else the area of the consultation, else the atlas."""
    at = [one.position for one in record.contributions if one.position]
    if at:
        lons, lats = [p[0] for p in at], [p[1] for p in at]
        return [min(lons), min(lats), max(lons), max(lats)]
    return list(next(iter(current_site().atlas.areas.values())).bbox)


@blueprint.app_template_global()
def said_about(field: str, id: str) -> list[tuple[Known, int, str]]:
    """The consultations in which residents spoke of a place or a commitment, with counts.

    Parameters
    ----------
    field
        ``place`` or ``commitment``.
    id
        Its id in the atlas.

    Returns
    -------
    list of tuple
        Consultation, number of published contributions, address of the contributions; empty
        where there is no state, or while it is away.
    """
    if not has_state():
        return []
    parameter = "lieu" if field == "place" else "engagement"
    try:
        counts = [
            (known, sum(getattr(one, field) == id for one in record_of(known).contributions))
            for known in public_ones(current_state())
        ]
    except SQLAlchemyError:
        current_app.logger.exception("what residents say cannot be read")
        return []
    return [
        (known, n, url_for("results.show", slug=known.slug, _anchor="contributions",
                           **{parameter: id}))
        for known, n in counts if n
    ]  # fmt: skip
