"""What does the form of a consultation hold? What was typed, kept whatever its faults.

A draft has the shape of `webmap.consultation.plan.Plan`, with texts as they were typed. The names
of the form's fields are its paths: ``questions-0-options-1-label_fr``. Structural changes (add,
take away, move) are done here, so that they work without JavaScript.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from webmap.clock import PARIS
from webmap.consultation.plan import Plan
from webmap.consultation.store import slug_of

TEXTS = (
    "title_fr", "title_en", "text_fr", "text_en", "organiser", "contact", "purpose_fr",
    "purpose_en", "opens", "closes", "area", "moderation", "edit_minutes", "late_hours",
    "blur_m", "smallest_count", "licence", "retention_days",
)  # fmt: skip
SEVERAL = ("territories", "layers", "commitments")
FLAGS = ("visible", "supports", "english")
WHERE = ("label_fr", "label_en")
CATEGORY = ("id", "name_fr", "name_en", "colour")
OPTION = ("id", "label_fr", "label_en")
QUESTION = (
    "id", "kind", "label_fr", "label_en", "help_fr", "help_en", "steps",
    "low_fr", "low_en", "high_fr", "high_en",
)  # fmt: skip
KINDS = ("text", "single", "multiple", "scale")
PALETTE = (
    "#0b5fa5", "#b3400f", "#00704a", "#7a3e9d", "#6b4a1f", "#b02a6b",
    "#00687a", "#a11d21", "#5b6300", "#1d2f6f", "#505a5f", "#1d2626",
)  # fmt: skip
"""Colours on which white letters have a contrast of 4.5 or more, and which stay apart."""
MOST_ROWS = 100
START = Plan.model_validate(
    {
        "title_fr": "À nommer",
        "purpose_fr": "Les contributions sont lues par l’équipe, publiées avec le bilan de la"
        " concertation, et ne servent à rien d’autre.",
        "purpose_en": "The contributions are read by the team, published with the report on the"
        " consultation, and used for nothing else.",
        "categories": [
            {"id": "idee", "name_fr": "Idée", "name_en": "Idea", "colour": PALETTE[0]},
            {"id": "gene", "name_fr": "Gêne", "name_en": "Trouble", "colour": PALETTE[1]},
            {"id": "garder", "name_fr": "À garder", "name_en": "To keep", "colour": PALETTE[2]},
        ],
        "questions": [
            {
                "id": "avis",
                "kind": "text",
                "label_fr": "Que voulez-vous en dire ?",
                "label_en": "What would you like to say about it?",
                "required": True,
            }
        ],
    }
)
"""What a new consultation begins with, so that a title is enough to open one."""


class Form(Protocol):
    """The fields of a form that was sent, as Werkzeug reads them."""

    def get(self, name: str, default: str) -> str:
        """The first value of a field."""

    def getlist(self, name: str) -> Sequence[str]:
        """Every value of a field."""

    def __iter__(self) -> Iterator[str]:
        """The names of the fields."""


@dataclass
class Draft:
    """A plan as it is typed.

    Parameters
    ----------
    tree
        Texts, lists of ids and rows, by the names of `Plan`.
    faults
        What is wrong, by the name of the form's field.
    focus
        Name of the field where whoever types goes on; empty for the beginning.
    """

    tree: dict[str, Any]
    faults: dict[str, str] = field(default_factory=dict)
    focus: str = ""

    def rows(self, path: str) -> list[dict[str, Any]]:
        """The rows of a list, ``categories`` or ``questions-1-options``."""
        found: Any = self.tree
        for part in path.split("-"):
            found = found[int(part) if part.isdigit() else part]
        rows: list[dict[str, Any]] = found
        return rows

    def at_fault(self, *starts: str) -> bool:
        """Tell whether a field is at fault, or in focus, whose name starts so."""
        return any(name.startswith(starts) for name in (*self.faults, self.focus) if name)


def of_plan(plan: Plan) -> Draft:
    """The draft of a plan."""
    tree: dict[str, Any] = orjson.loads(plan.model_dump_json())
    for name in TEXTS:
        tree[name] = "" if tree[name] is None else str(tree[name])
    tree["opens"], tree["closes"] = _local(plan.opens), _local(plan.closes)
    tree["area"] = orjson.dumps(plan.area).decode() if plan.area else ""
    tree["english"] = "en" in plan.languages
    for question in tree["questions"]:
        question["steps"] = str(question["steps"])
    return Draft(tree)


def _local(moment: datetime.datetime | None) -> str:
    return moment.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M") if moment else ""


def starting() -> Draft:
    """The draft of a new consultation: all but its title."""
    draft = of_plan(START)
    draft.tree["title_fr"] = ""
    return draft


def of_form(form: Form) -> Draft:
    """The draft that a form sends."""
    tree: dict[str, Any] = {name: form.get(name, "") for name in TEXTS}
    tree |= {name: list(dict.fromkeys(form.getlist(name))) for name in SEVERAL}
    tree |= {name: bool(form.get(name, "")) for name in FLAGS}
    tree["where"] = {name: form.get(f"where-{name}", "") for name in WHERE} | {
        "shapes": list(form.getlist("where-shapes")),
        "required": bool(form.get("where-required", "")),
    }
    tree["categories"] = [_row(form, path, CATEGORY) for path in _paths(form, "categories")]
    tree["questions"] = []
    for path in _paths(form, "questions"):
        question = _row(form, path, QUESTION)
        question["required"] = bool(form.get(f"{path}-required", ""))
        options = _paths(form, f"{path}-options")
        question["options"] = [_row(form, option, OPTION) for option in options]
        tree["questions"].append(question)
    return Draft(tree)


def _paths(form: Form, start: str) -> list[str]:
    pattern = re.compile(rf"{start}-(\d{{1,3}})-id", re.ASCII)
    found = {int(match[1]) for name in form if (match := pattern.fullmatch(name))}
    return [f"{start}-{number}" for number in sorted(found)[:MOST_ROWS]]


def _row(form: Form, path: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: form.get(f"{path}-{name}", "") for name in names}


# Structural changes


def change(draft: Draft, order: str) -> None:
    """Do what a button of the form asks for, as ``add:categories`` or ``up:questions-2``.

    An order that makes no sense any more changes nothing.
    """
    verb, _, path = order.partition(":")
    if not re.fullmatch(r"(categories|questions(-\d{1,3}-options)?)(-\d{1,3}|\.\w+)?", path):
        return
    try:
        if verb == "add":
            _add(draft, path)
        else:
            _rearrange(draft, verb, path)
    except (IndexError, ValueError, KeyError):
        return


def _add(draft: Draft, path: str) -> None:
    path, _, kind = path.partition(".")
    rows = draft.rows(path)
    if path == "categories":
        used = {row["colour"] for row in rows}
        colour = next((one for one in PALETTE if one not in used), PALETTE[0])
        rows.append(dict.fromkeys(CATEGORY, "") | {"colour": colour})
        draft.focus = f"categories-{len(rows) - 1}-name_fr"
    elif path == "questions":
        options = [dict.fromkeys(OPTION, "") for _ in range(2)]
        empty = dict.fromkeys(QUESTION, "") | {"required": False, "steps": "5"}
        choice = kind in ("single", "multiple")
        rows.append(empty | {"kind": kind, "options": options if choice else []})
        draft.focus = f"questions-{len(rows) - 1}-label_fr"
    else:
        rows.append(dict.fromkeys(OPTION, ""))
        draft.focus = f"{path}-{len(rows) - 1}-label_fr"


def _rearrange(draft: Draft, verb: str, path: str) -> None:
    start, _, last = path.rpartition("-")
    rows, number = draft.rows(start), int(last)
    name = "name_fr" if start == "categories" else "label_fr"
    row = rows[number]
    if verb == "remove":
        rows.remove(row)
        left = min(number, len(rows) - 1)
        draft.focus = f"{start}-{left}-{name}" if rows else f"{start}-more"
    elif verb in ("up", "down"):
        to = max(number - 1, 0) if verb == "up" else min(number + 1, len(rows) - 1)
        rows.insert(to, rows.pop(number))
        draft.focus = f"{start}-{to}-{name}"


# Ids


def give_ids(tree: dict[str, Any], taken: set[str]) -> None:
    """Give each new row an id that no version of the plan has had; others keep theirs."""
    taken = taken | {row["id"] for row in _every_row(tree)}
    for row in _every_row(tree):
        if not row["id"]:
            row["id"] = _free(slug_of(row.get("name_fr") or row.get("label_fr") or ""), taken)
            taken.add(row["id"])


def _every_row(tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    questions = tree["questions"]
    return [*tree["categories"], *questions, *(o for q in questions for o in q["options"])]


def _free(wanted: str, taken: set[str]) -> str:
    short = wanted[:34].strip("-")
    return next(
        name
        for name in (short, *(f"{short}-{n}" for n in range(2, len(taken) + 3)))
        if name not in taken
    )


def ids_of(plan: Plan) -> set[str]:
    """The ids of all categories, questions and options of a plan."""
    return {row["id"] for row in _every_row(plan.model_dump())}


def changed_fields(before: Plan, after: Plan) -> list[str]:
    """The names of the fields of a plan that differ between two versions."""
    return [name for name in Plan.model_fields if getattr(before, name) != getattr(after, name)]
