"""Can a draft become a plan? Each fault is told at the field that has it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

import orjson
from flask_babel import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from layers.atlas import Atlas
from layers.drawing import METROPOLE
from layers.given import GeometryError, read_geometry
from webmap.clock import PARIS
from webmap.consultation.drafting import Draft, give_ids
from webmap.consultation.kept import Kept
from webmap.consultation.plan import Plan
from webmap.geometry_words import GEOMETRY_FAULTS
from webmap.labels import number

_MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%d")
LARGEST_AREA = 2000
"""Positions of the area."""


def plan_of(draft: Draft, atlas: Atlas, taken: Iterable[str] = ()) -> Plan | None:
    """The plan of a draft; None when it has faults, which the draft then holds.

    Parameters
    ----------
    draft
        What was typed; new rows are given their ids.
    atlas
        The territories, layers and commitments that there are.
    taken
        Ids that earlier versions have used.
    """
    give_ids(draft.tree, set(taken))
    tree = {name: value for name, value in draft.tree.items() if name != "english"}
    tree["languages"] = ["fr", "en"] if draft.tree["english"] else ["fr"]
    tree["opens"], tree["closes"] = _moment(draft, "opens"), _moment(draft, "closes")
    tree["area"] = _area(draft)
    tree["blur_m"] = int(tree["blur_m"]) if tree["blur_m"].isdecimal() else tree["blur_m"]
    tree["categories"] = [row | {"colour": row["colour"].lower()} for row in tree["categories"]]
    tree["questions"] = [_question(row) for row in tree["questions"]]
    _check(draft, atlas)
    try:
        plan = Plan.model_validate(tree)
    except ValidationError as error:
        for detail in error.errors():
            field = re.match(r"Value error, (\w+):", detail["msg"])
            name = "-".join(map(str, detail["loc"])) or (field[1] if field else "title_fr")
            draft.faults.setdefault(name, _words(detail))
        return None
    return None if draft.faults else plan


def _question(row: dict[str, Any]) -> dict[str, Any]:
    scale = row["kind"] == "scale"
    return row | {"steps": row["steps"] if scale else 5}


def _moment(draft: Draft, name: str) -> datetime.datetime | None:
    """A moment as browsers send it, or as people write it, in French time."""
    text = draft.tree[name].strip()
    if not text:
        return None
    for form in _MOMENTS:
        try:
            return datetime.datetime.strptime(text, form).replace(tzinfo=PARIS)
        except ValueError:
            continue
    draft.faults[name] = _("Un jour et une heure, par exemple 31/12/2026 18:00.")
    return None


def _area(draft: Draft) -> dict[str, Any] | None:
    text = draft.tree["area"].strip()
    if not text:
        return None
    try:
        geometry = read_geometry(text.encode(), METROPOLE)
    except GeometryError as error:
        draft.faults["area"] = _(
            "Ce périmètre ne peut pas servir : %(fault)s.", fault=GEOMETRY_FAULTS[error.reason]
        )
        return None
    plain: dict[str, Any] = orjson.loads(orjson.dumps(geometry.__geo_interface__))
    if plain["type"] not in ("Polygon", "MultiPolygon"):
        draft.faults["area"] = _("Le périmètre est une surface : Polygon ou MultiPolygon.")
        return None
    if len(re.findall(r"\[[-\d]", orjson.dumps(plain).decode())) > LARGEST_AREA:
        draft.faults["area"] = _(
            "Ce périmètre est trop détaillé : %(n)s positions au plus.", n=LARGEST_AREA
        )
        return None
    return plain


def _check(draft: Draft, atlas: Atlas) -> None:
    """Note what the plan itself cannot know, and what it would say less well."""
    tree, faults = draft.tree, draft.faults
    known: dict[str, Iterable[str]] = {
        "territories": atlas.places, "layers": atlas.layers, "commitments": atlas.commitments
    }  # fmt: skip
    for name, ids in known.items():
        unknown = [id for id in tree[name] if id not in ids]
        if unknown:
            faults[name] = _("L’atlas ne connaît pas : %(ids)s.", ids=", ".join(unknown)[:200])
    if not tree["purpose_fr"].strip():
        faults["purpose_fr"] = _("À remplir : c’est montré à chacun avant de participer.")
    if not tree["where"]["shapes"]:
        faults["where-shapes"] = _("Cochez au moins un genre de dessin.")
    for at, row in enumerate(tree["questions"]):
        if row["kind"] in ("single", "multiple") and len(row["options"]) < 2:
            faults[f"questions-{at}-label_fr"] = _("Proposez au moins deux réponses.")


def _words(detail: ErrorDetails) -> str:
    """What is wrong, from the checker's own name for it."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "string_too_short" | "missing":
            return _("À remplir.")
        case "string_too_long":
            return _("%(n)s caractères au plus.", n=number(context["max_length"]))
        case "too_long":
            return _("%(n)s au plus.", n=context["max_length"])
        case "greater_than_equal":
            return _("Au moins %(n)s.", n=number(context["ge"]))
        case "less_than_equal":
            return _("Au plus %(n)s.", n=number(context["le"]))
        case "int_parsing" | "int_from_float" | "int_type":
            return _("Un nombre entier.")
        case "value_error" if "closes" in str(detail["msg"]):
            return _("La fin vient après le début.")
        case _:
            return _("Cette valeur n’est pas permise.")


def answers_lost(before: Plan, after: Plan, said: Iterable[Kept]) -> list[tuple[str, int]]:
    """The categories, questions and options that a change takes away though they have answers.

    Returns
    -------
    list of tuple
        The name of each in French, and how many contributions have it.
    """
    every = list(said)
    lost = [
        (category.name_fr, sum(one.category == category.id for one in every))
        for category in before.categories
        if after.category(category.id) is None
    ]
    for question in before.questions:
        now = after.question(question.id)
        if now is None:
            lost.append((question.label_fr, sum(question.id in one.answers for one in every)))
            continue
        left = {option.id for option in now.options}
        for option in question.options:
            if option.id not in left:
                chosen = (one.answers.get(question.id) for one in every)
                count = sum(
                    option.id == a or (isinstance(a, list) and option.id in a) for a in chosen
                )
                lost.append((option.label_fr, count))
    return [(name, count) for name, count in lost if count]
