"""From which day to which does a document hold, and when are its commitments due?"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from layers.model import Commitment, Document

Days = tuple[datetime.date, datetime.date]
_END = re.compile(r"\d{4}(-\d{2}-\d{2})?", re.ASCII)


def period_days(period: str) -> Days | None:
    """Return the first and the last day of a period, both included; ``None`` of an empty one.

    Parameters
    ----------
    period
        An ISO 8601 interval whose ends are years or days: ``2024/2030``, ``2024-10-14/2030``.

    Raises
    ------
    ValueError
        If it is no such interval, or ends before it starts.
    """
    if not period:
        return None
    first, _, last = period.partition("/")
    if not (_END.fullmatch(first) and _END.fullmatch(last)):
        raise ValueError(period)
    days = (
        datetime.date.fromisoformat(first if len(first) > 4 else f"{first}-01-01"),
        datetime.date.fromisoformat(last if len(last) > 4 else f"{last}-12-31"),
    )
    if days[0] > days[1]:
        raise ValueError(period)
    return days


@dataclass(frozen=True, slots=True)
class Timeline:
    """What commitments and documents say of time, between two days.

    ``first`` is the 1st of January of the earliest year that anything is in, ``last`` the 31st
    of December of the latest; the day ``today`` is between them. ``dated`` are the commitments
    to which their text gives a date, the earliest first; ``worded`` those of which it only says
    a horizon in words; ``silent`` those of which it says neither. ``validities`` are the
    documents with the days they hold for, ``None`` where the text does not date them.
    """

    first: datetime.date
    last: datetime.date
    today: datetime.date
    dated: tuple[Commitment, ...]
    worded: tuple[Commitment, ...]
    silent: tuple[Commitment, ...]
    validities: tuple[tuple[Document, Days | None], ...]

    def share(self, day: datetime.date) -> float:
        """Return how far the end of a day is from the start of ``first``: 0 to 1."""
        return ((day - self.first).days + 1) / ((self.last - self.first).days + 1)

    @property
    def years(self) -> range:
        """The years, the last included."""
        return range(self.first.year, self.last.year + 1)


def timeline(
    commitments: Iterable[Commitment], documents: Iterable[Document], today: datetime.date
) -> Timeline:
    """Return what commitments and documents say of time; nothing is dated that no text dates."""
    every = tuple(commitments)
    days = {c.id: c.due for c in every if c.due is not None}
    validities = tuple((document, period_days(document.period)) for document in documents)
    known = [today, *days.values(), *(day for _, span in validities for day in span or ())]
    undated = [c for c in every if c.due is None]
    return Timeline(
        first=datetime.date(min(known).year, 1, 1),
        last=datetime.date(max(known).year, 12, 31),
        today=today,
        dated=tuple(sorted((c for c in every if c.id in days), key=lambda c: days[c.id])),
        worded=tuple(c for c in undated if c.horizon),
        silent=tuple(c for c in undated if not c.horizon),
        validities=validities,
    )
