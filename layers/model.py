"""What are the things that the atlas speaks of? The vocabulary shared by every module.

All classes are frozen: an atlas never changes after it has been read. Geometries are shapely
geometries in WGS84, longitude before latitude (OGC:CRS84), or ``None`` where nothing locates
the place. Ids are stable slugs.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

BBox = tuple[float, float, float, float]
"""``(west, south, east, north)`` in degrees, WGS84."""


class PositionMethod(StrEnum):
    """How the geometry of a place came to be."""

    SURVEYED = "surveyed reference"
    GENERALISED = "generalised from reference"
    DRAWN = "drawn from its description"
    COMPUTED = "computed"
    GEOCODED = "geocoded"
    UNLOCATED = "unlocated"


class CommitmentKind(StrEnum):
    """How binding an act is, as its own text puts it."""

    FIRM = "firm"
    STUDY = "study"
    REQUEST = "request"
    CONDITIONAL = "conditional"
    GOVERNANCE = "governance"


class LinkKind(StrEnum):
    """Why a commitment and a place belong together; never mixed in counts.

    ``DIRECT``: the text names the place. ``TERRITORIAL``: the place lies in the territory that
    the commitment holds for, or is a member of an ensemble that it names. ``NEAR``: the place
    lies within a stated distance of a place that the text names.
    """

    DIRECT = "direct"
    TERRITORIAL = "territorial"
    NEAR = "near"


class Severity(StrEnum):
    """How much a discrepancy weighs."""

    SUBSTANTIVE = "substantive"
    AMBIGUITY = "ambiguity"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a geometry comes from and how far it may be off (metres, ``None`` if unlocated)."""

    method: PositionMethod
    precision_m: float | None
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a document states of a place."""

    label: str
    value: str | int | float
    unit: str
    document: str
    section: str


@dataclass(frozen=True, slots=True)
class Place:
    """A feature of a layer.

    ``members`` lists the places that a composite territory is made of; ``within`` is the place
    that a document puts it in, whether or not anything locates it.
    """

    id: str
    layer: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    communes: tuple[str, ...]
    documents: tuple[str, ...]
    facts: tuple[Fact, ...]
    position: Position
    geometry: BaseGeometry | None
    members: tuple[str, ...] = ()
    within: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    length_m: float | None = None
    area_m2: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset that positions were looked up in, with the credit that it asks for."""

    id: str
    title: str
    producer: str
    licence: str
    licence_note: str
    attribution: str
    vintage: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """An extra property of a layer's features."""

    name: str
    type: str
    label_fr: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Layer:
    """What a layer is: an entry of ``data/geo/catalogue.toml``."""

    id: str
    title_fr: str
    title_en: str
    description_fr: str
    description_en: str
    geometry_type: str
    group: str
    order: int
    style: str
    visible: bool
    background: bool
    sources: tuple[str, ...]
    licence: str
    vintage: str
    tolerance_m: float
    max_scale: int
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the atlas that is one click away."""

    id: str
    title_fr: str
    title_en: str
    bbox: BBox


@dataclass(frozen=True, slots=True)
class CorridorEnd:
    """One end of a break in a corridor.

    ``place`` is the place that the text names as the end. ``stretch`` is the existing stretch
    that stops there; empty when the place itself is the end.
    """

    place: str
    stretch: str = ""


@dataclass(frozen=True, slots=True)
class CorridorPlan:
    """A corridor as the catalogue describes it, by place ids: a ``[[corridor]]`` table.

    ``ends`` go in pairs, one pair a break, in order along the corridor; without any, every gap
    between consecutive ``stretches`` is a break. ``stones`` are the places that may bridge it.
    ``whole`` is the place that is the corridor as a whole, ``alongside`` are lines that run
    beside it, and ``termini`` the names of its first and last end as a text gives them, where
    these lie beyond what is drawn; each may be empty.
    """

    id: str
    title_fr: str
    title_en: str
    layer: str
    stretches: tuple[str, ...]
    ends: tuple[CorridorEnd, ...]
    stones: tuple[str, ...]
    note: str = ""
    whole: str = ""
    alongside: tuple[str, ...] = ()
    termini: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a document; ``label_fr`` is its number and heading."""

    id: str
    label_fr: str


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs a document, for which party and in which role."""

    party: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Document:
    """A source document; whatever the text leaves blank is an empty string.

    ``period`` is the time that the text holds for, as an ISO 8601 interval of years or days
    (``2024/2030``), both included; empty where the text does not date it.
    """

    id: str
    title_fr: str
    title_en: str
    short_fr: str
    short_en: str
    type_fr: str
    status_fr: str
    parties: tuple[str, ...]
    object_fr: str
    object_en: str
    dates: str
    duration: str
    period: str
    renewal: str
    notice: str
    copies: str
    territory: tuple[str, ...]
    producer: str
    signatories: tuple[Signatory, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """A body that makes, shares or receives a commitment."""

    id: str
    name_fr: str
    name_en: str
    kind: str
    aliases: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Commitment:
    """One distinct act of a document. Empty values mean that the text does not say."""

    id: str
    document: str
    section: str
    also_in: tuple[str, ...]
    summary_fr: str
    summary_en: str
    lead: tuple[str, ...]
    partners: tuple[str, ...]
    kind: CommitmentKind
    theme: str
    horizon: str
    due: datetime.date | None
    recurrence: str
    figures: tuple[str, ...]
    places: tuple[str, ...]
    scope: tuple[str, ...]
    related: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure that a document states; ``value`` keeps the text where it is not a number."""

    id: str
    document: str
    section: str
    label_fr: str
    label_en: str
    territory: str
    value: str
    unit: str
    comparison_value: str
    comparison_territory: str
    gap: str
    year: str
    source: str
    note: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two values for one thing, in the sources or between a source and a measurement."""

    id: str
    severity: Severity
    subject_fr: str
    subject_en: str
    document_a: str
    section_a: str
    value_a: str
    document_b: str
    section_b: str
    value_b: str
    places: tuple[str, ...]
    commitments: tuple[str, ...]
    indicators: tuple[str, ...]
    note_fr: str
    note_en: str


@dataclass(frozen=True, slots=True)
class Link:
    """A tie between a commitment and a place.

    ``via`` is the territory or ensemble (territorial) or the directly named place (near) that
    makes the tie; ``distance_m`` is the planar Lambert-93 distance of a near link, else ``None``.
    """

    kind: LinkKind
    commitment: str
    place: str
    via: str = ""
    distance_m: float | None = None
