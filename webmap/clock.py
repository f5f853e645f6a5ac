"""What time is it, and what day where the atlas is read? The one place that asks the clock."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime.datetime:
    """The moment, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def today() -> datetime.date:
    """The day of the calendar in France."""
    return datetime.datetime.now(PARIS).date()
