"""The dashboard counts what the register holds, and every figure leads to its list."""

from __future__ import annotations

import csv
import datetime
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from layers.atlas import Atlas
from layers.join import Join
from layers.selection import Register, Selection, due_state

DATA = Path(__file__).parents[2] / "data" / "commitments"
DOCUMENTS = ("malakoff", "ivry", "blagis", "val-de-marne", "martigues")


def rows(document: str) -> list[dict[str, str]]:
    with (DATA / f"{document}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def heading_count(page: str) -> int:
    found = re.search(r'id="titre-resultats">(\d+)', page)
    assert found
    return int(found[1])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_counts_are_those_of_the_files(atlas_client: FlaskClient, document: str) -> None:
    page = atlas_client.get(f"/tableau-de-bord?document={document}").text
    assert f"<strong>{len(rows(document))}</strong>" in page


def test_every_figure_leads_to_a_list_of_that_length(atlas_client: FlaskClient) -> None:
    page = atlas_client.get("/tableau-de-bord?document=ivry").text
    cells = re.findall(
        r'<a href="(/engagements\?[^"]+)">[^<]+</a></th><td class="number">(\d+)</td>', page
    )
    assert len(cells) > 20
    tally = re.findall(r'<strong>(\d+)</strong> <a href="(/engagements[^"]+)">', page)
    assert len(tally) == 2
    cells += [(address, count) for count, address in tally]
    for address, count in cells:
        listed = atlas_client.get(address.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert heading_count(listed.text) == int(count), address


def test_an_unknown_document_is_refused_with_those_that_exist(atlas_client: FlaskClient) -> None:
    answer = atlas_client.get("/tableau-de-bord?document=lyon")
    assert answer.status_code == 400
    assert "malakoff" in answer.text


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2020-06-01", "later"),
        ("2022-01-01", "this-year"),
        ("2022-12-31", "this-year"),
        ("2023-01-01", "overdue"),
    ],
)
def test_a_date_passes_on_the_day_after(real: Atlas, day: str, state: str) -> None:
    dated = [c for c in real.commitments.values() if c.due == datetime.date(2022, 12, 31)]
    assert dated
    assert {due_state(c, datetime.date.fromisoformat(day)) for c in dated} == {state}


def test_the_states_of_due_dates_share_the_register_out(real: Atlas) -> None:
    register = Register(Join(real))
    today = datetime.date(2022, 6, 1)
    counts = register.commitment_counts(Selection(today=today))["due"]
    assert sum(counts.values()) == len(real.commitments)
    for state, count in counts.items():
        selection = Selection(choices={"due": state}, today=today)
        assert len(register.commitments(selection)) == count
