"""When, and of when? The date at which content last changed, and the time that it covers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path

from layers.atlas import Atlas
from layers.catalogue import CATALOGUE
from layers.records import ENGAGEMENTS, INDICATORS

Period = tuple[datetime.date, datetime.date]


def _latest(paths: Iterable[Path]) -> datetime.date:
    seconds = max(path.stat().st_mtime for path in paths)
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()


def modified_dates(data_dir: Path, atlas: Atlas) -> dict[str, datetime.date]:
    """The day (UTC) on which the files of each collection were last written here.

    Of a layer these are its GeoJSON file and the catalogue; of the register, every file of
    ``commitments/``. To be read once, when the atlas is: later changes are not served.
    """
    catalogue = data_dir / CATALOGUE
    register = _latest(path for path in (data_dir / "commitments").iterdir() if path.is_file())
    dates = dict.fromkeys(atlas.features, register)
    for id in atlas.layers:
        dates[id] = _latest([catalogue, data_dir / "geo" / f"{id}.geojson"])
    return dates


def covered(atlas: Atlas, id: str) -> Period | None:
    """The time that a collection speaks of; None where nothing says it.

    Of a layer these are the years of its vintage, of commitments their due dates, of
    indicators the years that the texts give.
    """
    if id in atlas.layers:
        return years(atlas.layers[id].vintage)
    if id == INDICATORS:
        return years(" ".join(indicator.year for indicator in atlas.indicators.values()))
    if id != ENGAGEMENTS:
        return None
    known = sorted(c.due for c in atlas.commitments.values() if c.due is not None)
    return (known[0], known[-1]) if known else None


def years(text: str) -> Period | None:
    """The first and the last day of the years that a text names; None when it names none."""
    found = sorted(int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", text))
    if not found:
        return None
    return datetime.date(found[0], 1, 1), datetime.date(found[-1], 12, 31)
