"""Does what a device sends answer what the consultation asks? Each fault names its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from layers.atlas import Atlas
from layers.errors import LimitropheError
from layers.given import GeometryError, read_geometry
from layers.model import BBox
from webmap.consultation.plan import LONGEST_ANSWER, Plan, Question

KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
"""A UUID in lower case, as ``crypto.randomUUID`` makes it."""
SHAPE_OF = {"Point": "point", "LineString": "line", "Polygon": "area"}
MAX_POSITIONS = 500
"""Positions of a drawing; a finger draws fewer."""
MEMBERS = frozenset(
    {"key", "language", "category", "geometry", "place", "commitment", "territory", "answers"}
)


class SaidError(LimitropheError):
    """A contribution does not answer what is asked.

    Parameters
    ----------
    field
        Member of the contribution at fault; an answer is ``answers.<question id>``.
    reason
        Its name in `REASONS`.
    got
        The part at fault, or what is allowed, shortened.
    """

    def __init__(self, field: str, reason: str, got: str = "") -> None:
        self.field = field
        self.reason = reason
        self.got = got[:200]
        super().__init__(f"{field}: {reason}{f' ({self.got})' if got else ''}")


REASONS = (
    "malformed", "unknown", "missing", "too-long", "not-an-option", "not-on-the-scale",
    "shape", "geometry", "outside", "unprintable",
)  # fmt: skip
"""What can be wrong with a field; `webmap.consultation.words` says it to people."""


@dataclass(frozen=True)
class Said:
    """A contribution that answers what is asked.

    Parameters
    ----------
    key
        The device's own number for it.
    language
        ``fr`` or ``en``: what the interface was in.
    category
        Id of a category, empty where the consultation has none.
    geometry, box
        GeoJSON geometry (WGS84, lon lat) and its box in degrees; None where nothing was drawn.
    place, commitment, territory
        Ids of the atlas, or None.
    answers
        By question id: text, option id, list of option ids, or whole number.
    sheet, precision_m
        The paper sheet that it was on (empty: none), and the side of the printed map's cells in
        metres where its position is the middle of one; a device cannot say either.
    """

    key: str
    language: str
    category: str
    geometry: dict[str, Any] | None
    box: BBox | None
    place: str | None
    commitment: str | None
    territory: str | None
    answers: dict[str, Any]
    sheet: str = ""
    precision_m: int | None = None

    def has_place(self) -> bool:
        """Tell whether it says where."""
        return any((self.geometry, self.place, self.commitment, self.territory))


def read_said(sent: Any, plan: Plan, atlas: Atlas, within: BBox) -> Said:
    """Read a contribution.

    Parameters
    ----------
    sent
        Decoded JSON, as the device sent it: an object with the members of `Said`.
    plan
        What is asked.
    atlas
        The places, commitments and territories that there are.
    within
        Box in degrees, lon lat, that no drawing may leave.

    Raises
    ------
    SaidError
        With the first fault.
    """
    if not isinstance(sent, Mapping):
        raise SaidError("", "malformed")
    for name in sent:
        if name not in MEMBERS:
            raise SaidError(str(name), "unknown")
    key = sent.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise SaidError("key", "malformed", "UUID")
    language = sent.get("language", "fr")
    if language not in ("fr", "en"):
        raise SaidError("language", "not-an-option", "fr, en")
    geometry, box = _geometry(sent.get("geometry"), plan, within)
    said = Said(
        key=key,
        language=language,
        category=_category(sent.get("category"), plan),
        geometry=geometry,
        box=box,
        place=_id(sent, "place", atlas.places),
        commitment=_id(sent, "commitment", atlas.commitments),
        territory=_id(sent, "territory", atlas.places),
        answers=_answers(sent.get("answers", {}), plan),
    )
    if plan.where.required and not said.has_place():
        raise SaidError("geometry", "missing")
    if not said.has_place() and not said.answers:
        raise SaidError("answers", "missing")
    return said


def _category(found: Any, plan: Plan) -> str:
    known = [category.id for category in plan.categories]
    if not known:
        if found:
            raise SaidError("category", "unknown")
        return ""
    if not found:
        raise SaidError("category", "missing")
    if found not in known:
        raise SaidError("category", "not-an-option", ", ".join(known))
    return str(found)


def _id(sent: Mapping[Any, Any], name: str, known: Mapping[str, Any]) -> str | None:
    found = sent.get(name)
    if found is None or found == "":
        return None
    if not isinstance(found, str) or found not in known:
        raise SaidError(name, "not-an-option", str(found))
    return found


def _geometry(found: Any, plan: Plan, within: BBox) -> tuple[dict[str, Any] | None, BBox | None]:
    if found is None:
        return None, None
    shape = SHAPE_OF.get(found.get("type", "")) if isinstance(found, Mapping) else None
    if shape is None or shape not in plan.where.shapes:
        raise SaidError("geometry", "shape", ", ".join(plan.where.shapes))
    try:
        geometry = read_geometry(orjson.dumps(found), within)
    except GeometryError as error:
        outside = error.reason.name in ("OUTSIDE", "SWAPPED")
        raise SaidError("geometry", "outside" if outside else "geometry", str(error)) from error
    except (TypeError, orjson.JSONEncodeError) as error:
        raise SaidError("geometry", "malformed") from error
    plain: dict[str, Any] = orjson.loads(orjson.dumps(geometry.__geo_interface__))
    west, south, east, north = geometry.bounds
    if _positions(plain["coordinates"]) > MAX_POSITIONS:
        raise SaidError("geometry", "too-long", str(MAX_POSITIONS))
    return plain, (west, south, east, north)


def _positions(coordinates: Any) -> int:
    if not isinstance(coordinates[0], list):
        return 1
    return sum(_positions(part) for part in coordinates)


def _answers(found: Any, plan: Plan) -> dict[str, Any]:
    if not isinstance(found, Mapping):
        raise SaidError("answers", "malformed")
    for id in found:
        if plan.question(str(id)) is None:
            raise SaidError(f"answers.{id}", "unknown")
    answers = {}
    for question in plan.questions:
        answer = _answer(question, found.get(question.id))
        if answer is not None:
            answers[question.id] = answer
        elif question.required:
            raise SaidError(f"answers.{question.id}", "missing")
    return answers


def _answer(question: Question, found: Any) -> Any:
    """Return a valid answer, None for none."""
    field = f"answers.{question.id}"
    if found is None or found in ("", []):
        return None
    if question.kind == "text":
        return _text(field, found)
    if question.kind == "scale":
        if not isinstance(found, int) or isinstance(found, bool):
            raise SaidError(field, "not-on-the-scale", f"1–{question.steps}")
        if not 1 <= found <= question.steps:
            raise SaidError(field, "not-on-the-scale", f"1–{question.steps}")
        return found
    known = [option.id for option in question.options]
    chosen = found if question.kind == "multiple" else [found]
    if not isinstance(chosen, list) or any(option not in known for option in chosen):
        raise SaidError(field, "not-an-option", ", ".join(known))
    if question.kind == "single":
        return found
    return [option for option in known if option in chosen]


def _text(field: str, found: Any) -> str | None:
    if not isinstance(found, str):
        raise SaidError(field, "malformed")
    text = re.sub(r"\r\n?", "\n", found).strip()
    if len(text) > LONGEST_ANSWER:
        raise SaidError(field, "too-long", str(LONGEST_ANSWER))
    if any(not c.isprintable() and c not in "\n\t" for c in text):
        raise SaidError(field, "unprintable")
    return text or None
