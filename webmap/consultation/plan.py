"""What does a facilitator prepare? The plan of a consultation, and the rules that it keeps.

A plan is data: it is kept as JSON, each change as a new version (`webmap.consultation.store`).
Questions, options and categories have ids that never change, so that answers given earlier keep
their meaning when a text is corrected.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

MAX_QUESTIONS = 20
MAX_OPTIONS = 20
MAX_CATEGORIES = 12
LONGEST_LINE = 200
LONGEST_TEXT = 5000
LONGEST_ANSWER = 2000
"""Characters of a free answer."""
LICENCES = ("etalab-2.0", "ODbL-1.0", "CC-BY-4.0")
BLURS_M = (0, 25, 50, 100, 250, 500)
"""Sides of the grid, in metres, that published positions may be blurred to; 0 leaves them."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_LINE)]
FilledLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LINE)
]
Paragraphs = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Shape = Literal["point", "line", "area"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def text(self, field: str, language: str) -> str:
        """The text of a field in a language, in French where there is none in English."""
        found: str = getattr(self, f"{field}_{language}", "")
        return found or getattr(self, f"{field}_fr")


class Category(_Part):
    """A kind of contribution, with its colour on the map and the letter that tells it without."""

    id: Id
    name_fr: FilledLine
    name_en: Line = ""
    colour: Colour


class Option(_Part):
    """One of the answers that a question offers."""

    id: Id
    label_fr: FilledLine
    label_en: Line = ""


class Question(_Part):
    """A question: free text, one or several of its options, or a whole number on a scale.

    A scale goes from 1 to ``steps``; ``low`` and ``high`` say what its ends mean.
    """

    id: Id
    kind: Literal["text", "single", "multiple", "scale"]
    label_fr: FilledLine
    label_en: Line = ""
    help_fr: Line = ""
    help_en: Line = ""
    required: bool = False
    options: tuple[Option, ...] = Field(default=(), max_length=MAX_OPTIONS)
    steps: int = Field(default=5, ge=2, le=10)
    low_fr: Line = ""
    low_en: Line = ""
    high_fr: Line = ""
    high_en: Line = ""

    @model_validator(mode="after")
    def _check_options(self) -> Question:
        if self.kind in ("single", "multiple") and len(self.options) < 2:
            raise ValueError("options: a choice needs at least two")
        _check_distinct("options", (option.id for option in self.options))
        return self


class Where(_Part):
    """The question of the place: what may be drawn, and whether an answer must have a place.

    Whoever does not draw may always choose a place, a commitment, a commune or coordinates.
    """

    label_fr: FilledLine = "Où ?"
    label_en: Line = "Where?"
    shapes: tuple[Shape, ...] = ("point",)
    required: bool = True


class Plan(_Part):
    """All that a facilitator decides of a consultation.

    Parameters
    ----------
    title_fr, title_en, text_fr, text_en
        What it is about; English may be missing.
    organiser, contact
        Who asks, and where somebody can write to them.
    purpose_fr, purpose_en
        What the contributions will be used for; shown before anybody takes part.
    opens, closes
        Moments (UTC) between which contributions are taken while it is open; None: not set.
    territories
        Ids of territories of the atlas that it is about.
    area
        The area as a GeoJSON polygon or multipolygon in WGS84, or None for the territories.
    layers, commitments
        Ids shown on its map and in its list; those that the atlas has lost are passed over.
    moderation
        ``before``: published once accepted; ``after``: published at once, looked at later.
    visible
        Whether participants see what others have said before it closes.
    supports
        Whether participants may support contributions of others.
    edit_minutes
        How long a contribution may be corrected or withdrawn from the device that made it.
    late_hours
        How long after the end contributions are taken that a device had queued.
    blur_m
        Side of the grid that published positions are moved to the centres of, metres.
    smallest_count
        Counts of participants below this are not published.
    retention_days
        Days after the end when everything that is not published is erased.
    """

    title_fr: FilledLine
    title_en: Line = ""
    text_fr: Paragraphs = ""
    text_en: Paragraphs = ""
    organiser: Line = ""
    contact: Line = ""
    purpose_fr: Paragraphs = ""
    purpose_en: Paragraphs = ""
    opens: datetime.datetime | None = None
    closes: datetime.datetime | None = None
    territories: tuple[str, ...] = Field(default=(), max_length=20)
    area: dict[str, Any] | None = None
    layers: tuple[str, ...] = Field(default=(), max_length=40)
    commitments: tuple[str, ...] = Field(default=(), max_length=200)
    categories: tuple[Category, ...] = Field(default=(), max_length=MAX_CATEGORIES)
    where: Where = Where()
    questions: tuple[Question, ...] = Field(default=(), max_length=MAX_QUESTIONS)
    languages: tuple[Literal["fr", "en"], ...] = ("fr",)
    moderation: Literal["before", "after"] = "before"
    visible: bool = True
    supports: bool = True
    edit_minutes: int = Field(default=60, ge=0, le=60 * 24 * 31)
    late_hours: int = Field(default=48, ge=0, le=24 * 14)
    blur_m: Literal[0, 25, 50, 100, 250, 500] = 0
    smallest_count: int = Field(default=5, ge=1, le=20)
    licence: Literal["etalab-2.0", "ODbL-1.0", "CC-BY-4.0"] = "etalab-2.0"
    retention_days: int = Field(default=365, ge=1, le=365 * 5)

    @model_validator(mode="after")
    def _check_parts(self) -> Plan:
        _check_distinct("categories", (category.id for category in self.categories))
        _check_distinct("questions", (question.id for question in self.questions))
        for name in ("opens", "closes"):
            moment = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{name}: a moment must have a time zone")
        if self.opens and self.closes and self.closes <= self.opens:
            raise ValueError("closes: it must come after opens")
        return self

    def category(self, id: str) -> Category | None:
        """The category of an id, None when there is none."""
        return next((c for c in self.categories if c.id == id), None)

    def question(self, id: str) -> Question | None:
        """The question of an id, None when there is none."""
        return next((q for q in self.questions if q.id == id), None)


def _check_distinct(name: str, ids: Iterable[str]) -> None:
    seen = list(ids)
    twice = sorted({id for id in seen if seen.count(id) > 1})
    if twice:
        raise ValueError(f"{name}: {', '.join(twice)} comes twice")
