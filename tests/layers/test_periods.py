"""Is anything dated that no text dates? Periods of documents and due dates on one scale."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.atlas import Atlas
from layers.errors import DataFaults
from layers.periods import period_days, timeline

DATA = Path(__file__).parents[2] / "data" / "commitments"
DAY = datetime.date(2026, 5, 4)


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2024/2030", ("2024-01-01", "2030-12-31")),
        ("2016/2016", ("2016-01-01", "2016-12-31")),
        ("2024-10-14/2030", ("2024-10-14", "2030-12-31")),
        ("2024/2025-02-28", ("2024-01-01", "2025-02-28")),
    ],
)
def test_a_period_holds_both_its_ends(period: str, days: tuple[str, str]) -> None:
    assert period_days(period) == tuple(map(datetime.date.fromisoformat, days))


@pytest.mark.parametrize(
    "period", ["2030/2024", "2024", "2024-2030", "2024/", "2024-13-01/2030", "٢٠٢٤/2030", "x/y"]
)
def test_what_is_no_period_is_named(content, tmp_path, period: str) -> None:
    content.documents = content.documents.replace(
        'duration = "cinq ans"', f'duration = "cinq ans"\nperiod = "{period}"'
    )
    with pytest.raises(DataFaults, match="is not a period"):
        Atlas.load(content.write(tmp_path))


def test_a_document_that_no_text_dates_has_no_days(real: Atlas) -> None:
    found = timeline(real.commitments.values(), real.documents.values(), DAY)
    spans = {document.id: days for document, days in found.validities}
    assert {id for id, days in spans.items() if days is None} == {"malakoff", "ivry", "blagis"}
    assert (found.first, found.last) == (datetime.date(2016, 1, 1), datetime.date(2030, 12, 31))


def test_the_register_is_shared_out(real: Atlas) -> None:
    found = timeline(real.commitments.values(), real.documents.values(), DAY)
    rows = []
    for id in real.documents:
        with (DATA / f"{id}.csv").open(encoding="utf-8") as file:
            rows += csv.DictReader(file)
    assert [c.due.isoformat() for c in found.dated] == sorted(r["due"] for r in rows if r["due"])
    assert {c.id for c in found.worded} == {r["id"] for r in rows if r["horizon"] and not r["due"]}
    assert len(found.dated) + len(found.worded) + len(found.silent) == len(rows)


@given(st.lists(st.dates(datetime.date(1950, 1, 1), datetime.date(2100, 1, 1)), min_size=2))
def test_the_scale_keeps_the_order_of_days(days) -> None:
    found = timeline((), (), max(days))
    early = timeline((), (), min(days))
    assert found.share(found.last) == early.share(early.last) == 1
    assert 0 < found.share(found.first) <= found.share(found.today) <= 1
    shares = [found.share(day) for day in sorted(days)]
    assert shares == sorted(shares)
