"""How are consultations told to people? Stages, texts and letters, in their language."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

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

PLAN_FIELDS = {
    "title": _l("titre"),
    "text": _l("présentation"),
    "organiser": _l("organisateur"),
    "contact": _l("contact"),
    "purpose": _l("finalité"),
    "opens": _l("début"),
    "closes": _l("fin"),
    "territories": _l("territoires"),
    "area": _l("périmètre"),
    "layers": _l("couches montrées"),
    "commitments": _l("engagements montrés"),
    "categories": _l("catégories"),
    "where": _l("question du lieu"),
    "questions": _l("questions"),
    "languages": _l("langues"),
    "moderation": _l("modération"),
    "visible": _l("visibilité des contributions"),
    "supports": _l("soutiens"),
    "edit_minutes": _l("temps de correction"),
    "late_hours": _l("envois en retard"),
    "blur_m": _l("flou des positions"),
    "smallest_count": _l("plus petit nombre publié"),
    "licence": _l("licence"),
    "retention_days": _l("durée de conservation"),
}
"""What the fields of a plan are called; a text in two languages has one name."""


def field_names(fields: Iterable[str]) -> list[str]:
    """What fields of a plan are called, each once."""
    bare = (name.removesuffix("_fr").removesuffix("_en") for name in fields)
    return [str(PLAN_FIELDS[name]) for name in dict.fromkeys(bare)]


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


def span_words(minutes: int) -> str:
    """A span of time in the largest unit that tells it whole."""
    if minutes % (24 * 60) == 0:
        return ngettext("%(num)s jour", "%(num)s jours", minutes // (24 * 60))
    if minutes % 60 == 0:
        return ngettext("%(num)s heure", "%(num)s heures", minutes // 60)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def register(app: Flask) -> None:
    """Let the templates of ``app`` say it."""
    app.jinja_env.filters["stage_label"] = stage_label
    app.jinja_env.globals.update(
        category_letter=category_letter,
        situation=situation,
        span_words=span_words,
        text_of=text_of,
    )
