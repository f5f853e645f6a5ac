"""Which features does ``datetime`` select? Parsing and matching (17-069r4, 7.15.4).

Only the register has a temporal property, ``due``: a day, taken whole, in UTC. A commitment
whose text gives no date is never selected. The layers have no temporal property at all: there
the parameter is checked and selects every feature.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from layers.atlas import Atlas

Interval = tuple[float, float]
"""First and last second, counted from 1970-01-01T00:00:00Z; infinite where it is open."""

DAY_S = 86_400.0
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)


def _moment(text: str) -> Interval:
    """The seconds of an RFC 3339 date-time, or the first and last second of a full-date."""
    if _DATE.fullmatch(text):
        start = day_s(datetime.date.fromisoformat(text))
        return start, math.nextafter(start + DAY_S, -math.inf)
    if not _DATE_TIME.fullmatch(text):
        raise ValueError(text)
    moment = datetime.datetime.fromisoformat(text.upper())
    seconds = (moment - _EPOCH).total_seconds()
    return seconds, seconds


def day_s(day: datetime.date) -> float:
    """The first second of a day in UTC."""
    return (day - _EPOCH.date()).total_seconds()


def parse_datetime(text: str) -> Interval:
    """Parse an instant or an interval, open (``..`` or nothing) on one side at most.

    Raises
    ------
    ValueError
        If it is neither, or ends before it begins.
    """
    parts = text.split("/")
    if len(parts) == 1:
        return _moment(text)
    if len(parts) != 2 or all(part in ("", "..") for part in parts):
        raise ValueError(text)
    start = -math.inf if parts[0] in ("", "..") else _moment(parts[0])[0]
    end = math.inf if parts[1] in ("", "..") else _moment(parts[1])[1]
    if start > end:
        raise ValueError(text)
    return start, end


def dues(atlas: Atlas) -> list[datetime.date | None]:
    """The due date of every commitment, in the order of the collection."""
    return [commitment.due for commitment in atlas.commitments.values()]


def selected(days: Iterable[datetime.date | None], interval: Interval) -> npt.NDArray[np.bool_]:
    """Tell for each day whether it meets an interval; no day never does."""
    start, end = interval
    firsts = np.array([math.nan if day is None else day_s(day) for day in days])
    return (firsts <= end) & (firsts + DAY_S > start)


def temporal_extent(days: Iterable[datetime.date | None]) -> list[str] | None:
    """First and last moment of some days as date-times, None when there is none."""
    known = sorted(day for day in days if day is not None)
    if not known:
        return None
    return [f"{known[0].isoformat()}T00:00:00Z", f"{known[-1].isoformat()}T23:59:59Z"]
