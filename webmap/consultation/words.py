"""How are consultations told to people? Stages, texts and letters, in their language."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from webmap.clock import now
from webmap.consultation.plan import Plan
from webmap.consultation.store import Known
from webmap.i18n import language, typeset

STAGE_NAMES = {
    "draft": _l("Brouillon"),
    "coming": _l("À venir"),
    "open": _l("Ouverte"),
    "paused": _l("En pause"),
    "ended": _l("Terminée"),
    "closed": _l("Terminée"),
    "archived": _l("Archivée"),
}


def situation(known: Known) -> str:
    """Where a consultation is for those who read: its stage and its dates together."""
    return known.phase(now())


def stage_label(stage: str) -> str:
    """The name of a stage."""
    return str(STAGE_NAMES[stage])


def text_of(part: object, field: str) -> str:
    """A text of a plan, or of a part of it, in the language of the request."""
    return typeset(part.text(field, language()))  # type: ignore[attr-defined]


def category_letter(plan: Plan, id: str) -> str:
    """The letter that tells a category without its colour."""
    ids = [category.id for category in plan.categories]
    return "ABCDEFGHIJKL"[ids.index(id)] if id in ids else ""


def register(app: Flask) -> None:
    """Let the templates of ``app`` say it."""
    app.jinja_env.filters["stage_label"] = stage_label
    app.jinja_env.globals.update(
        category_letter=category_letter, situation=situation, text_of=text_of
    )
