"""The timeline: which commitments are due when, and from when to when each document holds."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template

from layers.model import Commitment, Document
from layers.periods import Days, Timeline, timeline
from webmap.choices import UNTIL
from webmap.clock import today
from webmap.labels import facet_options
from webmap.params import takes
from webmap.site import current_site
from webmap.views.dashboard import DOCUMENT

blueprint = Blueprint("timeline", __name__)

MARK_WIDTH = 9.0
"""Percent of the width that a mark keeps for itself, so that it can be pressed on a phone."""
FEW_YEARS = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A dated commitment on the timeline: ``x`` in percent of the width, ``lane`` its row."""

    commitment: Commitment
    day: datetime.date
    x: float
    lane: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A timeline laid out; everything across is in percent of the width.

    ``bars`` are the documents with the start and the width of their bar, ``None`` where the text
    does not date them. ``years`` are the starts of years, with whether a narrow chart names them.
    """

    timeline: Timeline
    marks: tuple[Mark, ...]
    bars: tuple[tuple[Document, tuple[float, float] | None], ...]
    years: tuple[tuple[int, float, bool], ...]
    lanes: int
    today_x: float

    @property
    def stops(self) -> tuple[str, ...]:
        """The days on which anything is due, in order."""
        return tuple(sorted({mark.day.isoformat() for mark in self.marks}))

    @property
    def months(self) -> int:
        """How many months the timeline has."""
        return 12 * len(self.timeline.years)

    def month(self, day: datetime.date | None) -> int:
        """The month that a day is in, from 1; the last one without a day."""
        if day is None:
            return self.months
        months = 12 * (day.year - self.timeline.first.year) + day.month
        return min(max(months, 1), self.months)


def chart(commitments: Iterable[Commitment], documents: Iterable[Document]) -> Chart:
    """Lay the timeline of some commitments and documents out."""
    found = timeline(commitments, documents, today())
    marks = tuple(_marks(found))
    years = found.years
    return Chart(
        timeline=found,
        marks=marks,
        bars=tuple((document, _bar(found, days)) for document, days in found.validities),
        years=tuple(
            (year, _start(found, datetime.date(year, 1, 1)), not year % 5 or len(years) < FEW_YEARS)
            for year in years
        ),
        lanes=max((mark.lane for mark in marks), default=0) + 1,
        today_x=100 * found.share(found.today),
    )


def _start(found: Timeline, day: datetime.date) -> float:
    before = day - datetime.timedelta(days=1)
    return 100 * found.share(before)


def _bar(found: Timeline, days: Days | None) -> tuple[float, float] | None:
    if days is None:
        return None
    start = _start(found, days[0])
    return start, 100 * found.share(days[1]) - start


def _marks(found: Timeline) -> Iterator[Mark]:
    """Give every dated commitment a row in which it touches no other."""
    reached: list[float] = []
    for commitment in found.dated:
        if commitment.due is None:
            continue
        x = 100 * found.share(commitment.due)
        x = min(max(x, MARK_WIDTH / 2), 100 - MARK_WIDTH / 2)
        free = (lane for lane, end in enumerate(reached) if end <= x - MARK_WIDTH / 2)
        lane = next(free, len(reached))
        reached[lane : lane + 1] = [x + MARK_WIDTH / 2]
        yield Mark(commitment, commitment.due, x, lane)


def whole_chart() -> Chart:
    """The timeline of the whole atlas."""
    atlas = current_site().atlas
    return chart(atlas.commitments.values(), atlas.documents.values())


@blueprint.get("/echeancier")
@takes(DOCUMENT, UNTIL)
def index() -> str:
    """Answer with the timeline of all documents, or of one, up to a day if one is asked."""
    atlas = current_site().atlas
    asked = DOCUMENT.value
    found = chart(
        [c for c in atlas.commitments.values() if asked in ("", c.document)],
        [d for d in atlas.documents.values() if asked in ("", d.id)],
    )
    return render_template(
        "timeline.html",
        chart=found,
        document=asked,
        until=UNTIL.value,
        document_options=facet_options(
            Counter(c.document for c in atlas.commitments.values()), "document"
        ),
        horizons=_horizons(found.timeline.worded),
    )


def _horizons(commitments: Iterable[Commitment]) -> Mapping[str, list[Commitment]]:
    """The commitments by the words that give their horizon, the most frequent first."""
    groups: dict[str, list[Commitment]] = defaultdict(list)
    for commitment in commitments:
        groups[commitment.horizon].append(commitment)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))
