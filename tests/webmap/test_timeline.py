"""The timeline and its cursor: dates, counts and places on the scale, against the files."""

from __future__ import annotations

import csv
import datetime
import html
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from layers.atlas import Atlas
from layers.join import Join
from layers.selection import Register, Selection
from tests.webmap.conftest import trial_content
from webmap import create_app

DATA = Path(__file__).parents[2] / "data" / "commitments"
DOCUMENTS = ("malakoff", "ivry", "blagis", "val-de-marne", "martigues")
DAY = datetime.date(2023, 6, 15)


def rows() -> list[dict[str, str]]:
    texts = [(DATA / f"{name}.csv").read_text(encoding="utf-8") for name in DOCUMENTS]
    return [row for text in texts for row in csv.DictReader(text.splitlines())]


DATED = {row["id"]: row["due"] for row in rows() if row["due"]}


@pytest.fixture(autouse=True)
def that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("webmap.views.timeline", "webmap.choices", "webmap.views.commitments"):
        monkeypatch.setattr(f"{module}.today", lambda: DAY)


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def marks(page: str) -> dict[str, float]:
    found = re.findall(r'<a class="mark[^>]*data-commitment="([^"]+)".*?cx="([\d.]+)%"', page, re.S)
    return {id: float(x) for id, x in found}


def test_each_dated_commitment_is_on_the_scale_where_its_day_is(atlas_client: FlaskClient) -> None:
    drawn = marks(atlas_client.get("/echeancier").text)
    first, end = datetime.date(2016, 1, 1), datetime.date(2031, 1, 1)  # Martigues to Val-de-Marne
    for id, due in DATED.items():
        passed = datetime.date.fromisoformat(due) + datetime.timedelta(days=1) - first
        assert drawn.pop(id) == pytest.approx(100 * passed / (end - first), abs=0.01)
    assert not drawn


def test_the_validity_of_documents_is_drawn_only_where_the_text_dates_it(
    atlas_client: FlaskClient,
) -> None:
    page = atlas_client.get("/echeancier").text
    bars = re.findall(r'class="validity" x="([\d.]+)%" width="([\d.]+)%"', page)
    years = 100 * 365.25 / (datetime.date(2031, 1, 1) - datetime.date(2016, 1, 1)).days
    expected = [8 * years, 7 * years, 0, 4 * years]
    assert [float(x) for bar in bars for x in bar] == pytest.approx(expected, abs=0.05)
    assert page.count('class="unknown"') == 3
    for name in ("Paris–Malakoff", "Paris–Ivry", "Les Blagis"):
        assert f"{name} · dates inconnues" in text_of(page)


def test_a_date_that_is_past_is_said_to_be_past_and_no_more(atlas_client: FlaskClient) -> None:
    page = atlas_client.get("/echeancier").text
    states = re.findall(r'<tr data-due="([^"]+)".*?<span class="chip[^>]*>([^<]+)<', page, re.S)
    assert states == [
        (due, "Échéance passée" if due < DAY.isoformat() else "Échéance à venir")
        for due in sorted(DATED.values())
    ]
    assert "non réalisé" not in text_of(page)
    sheet = atlas_client.get("/engagements/ivry-a-2-i-6/fiche").text
    assert "31 décembre 2021" in sheet
    assert "échéance passée" in sheet
    assert "échéance passée" not in atlas_client.get("/engagements/ivry-a-2-i-4/fiche").text


def test_what_no_text_dates_is_counted_and_listed(atlas_client: FlaskClient) -> None:
    page = atlas_client.get("/echeancier").text
    undated = [row for row in rows() if not row["due"]]
    assert f"<strong>{len(undated)}</strong>" in page
    horizons = page.partition('id="horizons"')[2]
    listed = set(re.findall(r'data-commitment="([^"]+)"', horizons))
    assert listed == {row["id"] for row in undated if row["horizon"]}
    register = atlas_client.get("/engagements?echeance=sans").text
    assert re.search(rf'id="titre-resultats">{len(undated)} ', register)


@pytest.mark.parametrize("until", ["2021-12-30", "2021-12-31", "2023-01-01", "2024-12-31"])
def test_the_register_and_the_map_stop_at_the_same_day(
    atlas_client: FlaskClient, until: str
) -> None:
    due = {id for id, day in DATED.items() if day <= until}
    named = {p for row in rows() if row["id"] in due for p in row["places"].split("|") if p}
    answer = atlas_client.get(f"/carte/filtre.json?jusqu-au={until}").get_json()
    assert set(answer["places"]) == named
    assert answer["summary"].startswith(f"{len(due)} ")
    assert parse_qs(urlsplit(answer["list"]).query) == {"jusqu-au": [until]}
    page = atlas_client.get(answer["list"]).text
    assert f'value="{until}"' in page
    listed = page.partition('id="titre-resultats"')[2]
    assert set(re.findall(r'data-commitment="([^"]+)"', listed)) == due
    chart = atlas_client.get(f"/echeancier?jusqu-au={until}").text
    hidden = re.findall(r'<tr data-due="([^"]+)" hidden', chart)
    assert sorted(hidden) == sorted(day for day in DATED.values() if day > until)


def test_an_empty_result_says_that_the_date_may_be_dropped(atlas_client: FlaskClient) -> None:
    page = atlas_client.get("/engagements?document=ivry&jusqu-au=2000-01-01").text
    assert "toutes les dates" in page
    answer = atlas_client.get("/carte/filtre.json?document=ivry&jusqu-au=2000-01-01").get_json()
    assert "jusqu-au" in {name for name, _label, _count in answer["freeing"]}


@pytest.mark.parametrize("path", ["/echeancier", "/engagements", "/carte/filtre.json"])
@pytest.mark.parametrize("day", ["demain", "2022-02-30", "20221231", "2022-W01-1", "2022"])
def test_what_is_no_date_is_refused_with_an_example(
    atlas_client: FlaskClient, path: str, day: str
) -> None:
    answer = atlas_client.get(f"{path}?jusqu-au={day}")
    assert answer.status_code == 400
    assert "2024-12-31" in answer.text
    assert atlas_client.get(f"{path}?jusqu-au=").status_code == 200


def test_one_document_has_its_own_timeline(atlas_client: FlaskClient) -> None:
    page = atlas_client.get("/echeancier?document=martigues").text
    assert not marks(page)
    assert "Aucun texte ne donne de date à ces engagements." in page
    assert atlas_client.get("/echeancier?document=lyon").status_code == 400


def test_it_is_in_english(atlas_client: FlaskClient) -> None:
    text = text_of(atlas_client.get("/echeancier?lang=en").text)
    assert "31 December 2021" in text
    assert "due date passed" in text
    assert "Paris–Ivry · dates unknown" in text


def test_marks_of_one_day_do_not_cover_each_other(tmp_path: Path) -> None:
    content = trial_content()
    for row in content.tables["convention"]:
        row["due"] = "2022-12-31"
    app = create_app({"LIMITROPHE_DATA": content.write(tmp_path), "TESTING": True})
    page = app.test_client().get("/echeancier").text
    dots = re.findall(r'class="mark-dot" cx="([\d.]+)%" cy="(\d+)"', page)
    assert len(dots) == len(set(dots)) == len(content.tables["convention"])


def test_a_later_day_never_leaves_less(real: Atlas) -> None:
    register = Register(Join(real))
    register.prepare()

    @given(st.dates(datetime.date(2015, 1, 1), datetime.date(2031, 1, 1)), st.integers(0, 3000))
    def holds(day: datetime.date, more: int) -> None:
        later = day + datetime.timedelta(days=more)
        first, second = (register.commitments(Selection(until=d)) for d in (day, later))
        assert {c.id for c in first} <= {c.id for c in second}
        assert all(c.due is not None and c.due <= day for c in first)

    holds()
