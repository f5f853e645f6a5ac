"""When is something, and how do two times lie to each other? Dates, timestamps, intervals.

A date is a whole day in UTC. Between dates, one day is one instant, so that the functions of
the standard (which compare first and last instants) count in days; beside a timestamp, a date
lasts from its first instant to its last. In a comparison (``=``, ``<`` …) a date beside a
timestamp counts as its first instant, as in SQL.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from layers.columns import Numbers, day_number
from layers.cql.values import Times, Truth, truth

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_DAY = datetime.timedelta(days=1)
OPEN = ("..", "")
"""How the open end of an interval is written."""

Bools = npt.NDArray[np.bool_]
Relation = Callable[[Numbers, Numbers, Numbers, Numbers], Bools]


def parse_date(text: str) -> Times:
    """Return a full-date. Raises ValueError."""
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    day = np.array(float(day_number(text)))
    return Times(day, day, whole_days=True)


def parse_timestamp(text: str) -> Times:
    """Return an RFC 3339 date-time. Raises ValueError."""
    if not _TIMESTAMP.fullmatch(text):
        raise ValueError(text)
    moment = datetime.datetime.fromisoformat(text.upper())
    instant = np.array((moment - _EPOCH) / _DAY)
    return Times(instant, instant, whole_days=False)


def parse_instant(text: str) -> Times:
    """Return a full-date or date-time. Raises ValueError."""
    return parse_date(text) if _DATE.fullmatch(text) else parse_timestamp(text)


def open_end(*, first: bool) -> Times:
    """Return an end of time."""
    instant = np.array(-math.inf if first else math.inf)
    return Times(instant, instant, whole_days=True)


def from_days(days: Numbers) -> Times:
    """Return days since 1970-01-01 as times."""
    return Times(days, days, whole_days=True)


def interval(first: Times, last: Times) -> Times:
    """Return what lasts from the beginning of one time to the end of another."""
    if first.whole_days and last.whole_days:
        return Times(first.start, last.end, whole_days=True)
    return Times(_instants(first).start, _instants(last).end, whole_days=False)


def _instants(times: Times) -> Times:
    if not times.whole_days:
        return times
    return Times(times.start, np.nextafter(times.end + 1, -math.inf), whole_days=False)


RELATIONS: Mapping[str, Relation] = {
    "t_after": lambda a, b, c, d: a > d,
    "t_before": lambda a, b, c, d: b < c,
    "t_contains": lambda a, b, c, d: (a < c) & (b > d),
    "t_disjoint": lambda a, b, c, d: (b < c) | (a > d),
    "t_during": lambda a, b, c, d: (a > c) & (b < d),
    "t_equals": lambda a, b, c, d: (a == c) & (b == d),
    "t_finishedby": lambda a, b, c, d: (a < c) & (b == d),
    "t_finishes": lambda a, b, c, d: (a > c) & (b == d),
    "t_intersects": lambda a, b, c, d: (a <= d) & (b >= c),
    "t_meets": lambda a, b, c, d: b == c,
    "t_metby": lambda a, b, c, d: a == d,
    "t_overlappedby": lambda a, b, c, d: (a > c) & (a < d) & (b > d),
    "t_overlaps": lambda a, b, c, d: (a < c) & (b > c) & (b < d),
    "t_startedby": lambda a, b, c, d: (a == c) & (b > d),
    "t_starts": lambda a, b, c, d: (a == c) & (b < d),
}
"""The functions of the standard (table 12), of the first and last instants of both operands."""


def relate(name: str, left: Times, right: Times) -> Truth:
    """Return the truth of a temporal function."""
    if not (left.whole_days and right.whole_days):
        left, right = _instants(left), _instants(right)
    parts = (left.start, left.end, right.start, right.end)
    return truth(RELATIONS[name](*parts), ~_any_missing(parts))


def _any_missing(parts: tuple[Numbers, ...]) -> Bools:
    missing = np.zeros((), dtype=bool)
    for part in parts:
        missing = missing | np.isnan(part)
    result: Bools = np.asarray(missing)
    return result
