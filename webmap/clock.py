"""What day is it where the atlas is read? The one place that asks the clock."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def today() -> datetime.date:
    """The day of the calendar in France."""
    return datetime.datetime.now(PARIS).date()
