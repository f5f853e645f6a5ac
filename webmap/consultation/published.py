"""What may everybody read of a consultation? Published contributions, blurred and suppressed.

Results, projector, report and open data all start from here, and from nothing else. In a room
something changes many times a second: what is published is then read again once a second.
"""

from __future__ import annotations

import datetime
import threading
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import orjson
from flask import current_app
from sqlalchemy import func, select

from layers.blur import blurred, position_of
from webmap.clock import PARIS, now
from webmap.consultation import kept, store
from webmap.consultation.counts import publishable
from webmap.consultation.plan import Plan, Question
from webmap.consultation.store import Known
from webmap.negotiation import GEOJSON
from webmap.responses import Body
from webmap.state import current_state
from webmap.state.consultations import Consultation
from webmap.state.database import Database

_MEMORY = "limitrophe_published"
CAPACITY = 20_000
"""Contributions whose published form is kept in memory."""
LONG = 200
"""Contributions beyond which a record is not made again at each change."""
REUSED_S = 1.0
"""Seconds for which such a record is what is published, whatever is said meanwhile."""
PUBLIC_STAGES = ("open", "paused", "closed")
"""Stages in which a consultation has readers."""


@dataclass(frozen=True, slots=True)
class Published:
    """A contribution as everybody may read it.

    Parameters
    ----------
    number
        Its number in the consultation.
    day
        The day that it was received, in France.
    language, category, place, commitment, territory
        See `webmap.consultation.said.Said`.
    geometry
        GeoJSON on the grid of the consultation, None when nothing was drawn.
    position
        Longitude and latitude of a point on it, None where there is none.
    precision_m
        How far, at most, it lies from what was pointed at, None where nobody knows or there is
        no position; see `precision_of`.
    answers
        By question id: what is shown; choices of too few are left out.
    redacted
        Whether the team has taken a part out.
    supports
        How many participants support it.
    """

    number: int
    day: datetime.date
    language: str
    category: str
    place: str | None
    commitment: str | None
    territory: str | None
    geometry: dict[str, Any] | None
    position: tuple[float, float] | None
    precision_m: int | None
    answers: dict[str, Any]
    redacted: bool
    supports: int

    def texts(self, plan: Plan) -> list[tuple[Question, str]]:
        """The free answers, each with its question."""
        asked = [question for question in plan.questions if question.kind == "text"]
        return [(q, self.answers[q.id]) for q in asked if self.answers.get(q.id)]


@dataclass(frozen=True, slots=True)
class Figures:
    """How a consultation was taken part in.

    ``states`` counts contributions by state; ``channels`` and ``participants`` count the browsers
    behind what is published, None where they are too few to say.
    """

    states: dict[str, int]
    channels: dict[str, int | None]
    participants: int | None
    supports: int


@dataclass(frozen=True)
class Record:
    """All that is published of a consultation.

    ``choices`` counts, by question and value (as text), the answers to questions with given
    answers; ``answered`` how many answered.
    """

    known: Known
    contributions: tuple[Published, ...]
    figures: Figures
    choices: dict[str, dict[str, int | None]]
    answered: dict[str, int]

    @cached_property
    def body(self) -> Body:
        """The contributions as GeoJSON, as devices and the projector are sent them."""
        return body_of(self.contributions)


def body_of(contributions: tuple[Published, ...]) -> Body:
    """Contributions as GeoJSON (EPSG:4326, longitude first), to be sent."""
    features = [
        {
            "type": "Feature",
            "id": one.number,
            "geometry": one.geometry,
            "properties": {
                "number": one.number,
                "day": one.day.isoformat(),
                "language": one.language,
                "category": one.category,
                "place": one.place,
                "commitment": one.commitment,
                "territory": one.territory,
                "answers": one.answers,
                "redacted": one.redacted,
                "supports": one.supports,
            },
        }
        for one in contributions
    ]
    return Body(orjson.dumps({"type": "FeatureCollection", "features": features}), GEOJSON)


def is_public(known: Known, moment: datetime.datetime | None = None) -> bool:
    """Tell whether everybody may read what was said: at once, or once it is over."""
    if known.stage not in PUBLIC_STAGES:
        return False
    return known.plan.visible or known.ended_at(moment or now()) is not None


class Records:
    """The newest record of each consultation, within a bound; one thread makes it for all.

    A new record takes the place of the one before, which `webmap.kept.Kept` would keep too.

    Parameters
    ----------
    capacity
        Contributions of all records together, that of one consultation alone excepted.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._newest: OrderedDict[int, tuple[Record, float]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, known: Known) -> Record:
        """The record of a consultation, made if need be."""
        found = self._usable(known)
        if found is not None:
            return found
        with self._lock:
            # Somebody may have made it meanwhile.
            found = self._usable(known)
            if found is None:
                began = time.monotonic()
                found = made(current_state(), known)
                self._keep(found, began)
            return found

    def _usable(self, known: Known) -> Record | None:
        record, began = self._newest.get(known.id, (None, 0.0))
        if record is None:
            return None
        if record.known.changes >= known.changes:
            return record
        same = (record.known.stage, record.known.version) == (known.stage, known.version)
        young = time.monotonic() - began < REUSED_S
        return record if same and young and len(record.contributions) > LONG else None

    def _keep(self, record: Record, began: float) -> None:
        self._newest[record.known.id] = (record, began)
        self._newest.move_to_end(record.known.id)
        while len(self._newest) > 1 and self._size() > self.capacity:
            self._newest.popitem(last=False)

    def _size(self) -> int:
        return sum(1 + len(record.contributions) for record, _began in self._newest.values())


def record_of(known: Known) -> Record:
    """Return what is published of a consultation.

    A short record is that of this moment; one of more than `LONG` contributions may be up to
    `REUSED_S` old.
    """
    records: Records = current_app.extensions.setdefault(_MEMORY, Records(CAPACITY))
    return records.of(known)


def made(database: Database, known: Known) -> Record:
    """Read what is published of a consultation from the database."""
    everything = kept.listed(database, known, ("published", "pending", "rejected", "withdrawn"))
    shown = [one for one in everything if one.state == "published"]
    raw = _raw_choices(known.plan, shown)
    least = known.plan.smallest_count
    choices = {id: publishable(counts, least) for id, counts in raw.items()}
    return Record(
        known,
        tuple(_published(known.plan, one, choices) for one in shown),
        _figures(known.plan, everything, shown),
        choices,
        {q.id: sum(q.id in one.published for one in shown) for q in known.plan.questions},
    )


def values_of(question: Question) -> list[str]:
    """The answers that a question offers, as texts; none for a free one."""
    if question.kind == "scale":
        return [str(step) for step in range(1, question.steps + 1)]
    return [option.id for option in question.options]


def chosen(answer: Any) -> list[str]:
    """The values that an answer to such a question chooses."""
    if answer is None:
        return []
    return [str(value) for value in (answer if isinstance(answer, list) else [answer])]


def _raw_choices(plan: Plan, shown: list[kept.Kept]) -> dict[str, dict[str, int]]:
    found = {}
    for question in plan.questions:
        if question.kind == "text":
            continue
        counts = Counter(v for one in shown for v in chosen(one.published.get(question.id)))
        found[question.id] = {value: counts[value] for value in values_of(question)}
    return found


def _published(plan: Plan, one: kept.Kept, choices: dict[str, dict[str, int | None]]) -> Published:
    drawn = orjson.dumps(one.geometry) if one.geometry else None
    geometry, position = _placed(drawn, plan.blur_m) if drawn else (None, None)
    return Published(
        number=one.number,
        day=one.received_at.astimezone(PARIS).date(),
        language=one.language,
        category=one.category,
        place=one.place,
        commitment=one.commitment,
        territory=one.territory,
        geometry=geometry,
        position=position,
        precision_m=precision_of(one, plan.blur_m),
        answers=_answers(plan, one.published, choices),
        redacted=one.shown is not None,
        supports=one.supports,
    )


@lru_cache(CAPACITY)
def _placed(drawn: bytes, blur_m: int) -> tuple[dict[str, Any], tuple[float, float]]:
    """A drawing (GeoJSON) on its grid, and a point on it: found once, read at each change."""
    geometry = blurred(orjson.loads(drawn), blur_m)
    return geometry, position_of(geometry)


def precision_of(one: kept.Kept, blur_m: int) -> int | None:
    """How far, at most, a published position lies from what was pointed at, in metres.

    The side of the cell of the printed map that was named, plus the side of the cell that the
    position was moved to the middle of: each moves it by no more than its own half diagonal.
    None for what was drawn on a screen and is shown as it was drawn.

    Parameters
    ----------
    one
        A contribution.
    blur_m
        Side of the grid that positions are published on in metres, 0 for none.
    """
    return (one.precision_m or 0) + blur_m or None if one.geometry else None


def _answers(
    plan: Plan, answers: dict[str, Any], choices: dict[str, dict[str, int | None]]
) -> dict[str, Any]:
    """The answers that may be shown with a contribution: a choice of too few is left out."""
    told: dict[str, Any] = {}
    for question in plan.questions:
        answer = answers.get(question.id)
        if answer is None:
            continue
        if question.kind == "text" or all(
            choices[question.id].get(value) is not None for value in chosen(answer)
        ):
            told[question.id] = answer
    return told


def _figures(plan: Plan, everything: list[kept.Kept], shown: list[kept.Kept]) -> Figures:
    people: dict[str, set[int]] = {channel: set() for channel in ("online", "room", "paper")}
    for one in shown:
        people[one.channel].add(one.participant)
    # Nobody knows how many filled in the sheets: they are counted by themselves.
    people["paper"] = {one.number for one in shown if one.channel == "paper"}
    channels = publishable({c: len(found) for c, found in people.items()}, plan.smallest_count)
    total = sum(map(len, people.values()))
    return Figures(
        states=dict(Counter(one.state for one in everything)),
        channels=channels,
        participants=total if total == 0 or total >= plan.smallest_count else None,
        supports=sum(one.supports for one in shown),
    )


def public_ones(database: Database) -> list[Known]:
    """The consultations whose contributions everybody may read, the oldest first."""
    moment = now()
    return sorted(
        (known for known in store.every(database, PUBLIC_STAGES) if is_public(known, moment)),
        key=lambda known: known.id,
    )


def newest_change(database: Database) -> tuple[int, int]:
    """What grows with each change of any consultation: the sum of all changes, and their number."""
    query = select(func.coalesce(func.sum(Consultation.changes), 0), func.count())
    with database.reading() as session:
        total, count = session.execute(query.select_from(Consultation)).one()
        return int(total), int(count)
