"""Does what is written on paper come in once, at the place that the printed map means?"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyproj import Transformer

from tests.state.conftest import state_of
from tests.state.forms import fields_of
from tests.state.test_facilitating import BOARD, SLUG, act, change, known_of, made  # noqa: F401
from tests.webmap.printed import Printed
from webmap.consultation import kept

PAPER = f"{BOARD}/saisie"
RING = "[[2.29,48.81],[2.31,48.81],[2.31,48.82],[2.29,48.82],[2.29,48.81]]"
AREA = f'{{"type":"Polygon","coordinates":[{RING}]}}'
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
project = Transformer.from_crs("OGC:CRS84", "EPSG:2154", always_xy=True).transform


@pytest.fixture
def team(made: FlaskClient) -> FlaskClient:  # noqa: F811
    """The browser of a team whose consultation is open, on an area of 1.5 km."""
    assert change(made, f"{BOARD}/modifier", area=AREA).status_code == 303
    act(made, f"{BOARD}/etape", de="draft", vers="open")
    return made


def type_in(client: FlaskClient, **typed: str) -> Any:
    form = fields_of(client.get(PAPER).text, "form card paper")
    form["category"] = "idee"
    for name, value in typed.items():
        form[name.replace("__", "-")] = value
    return client.post(PAPER, data=form)


def typed_in(app: Flask) -> list[kept.Kept]:
    return kept.listed(state_of(app), known_of(app), ("pending", "published", "rejected"))


def test_a_cell_gives_its_middle_and_its_size(app: Flask, team: FlaskClient) -> None:
    assert type_in(team, sheet="7", cell="b3", q__avis="Plus d’arbres").status_code == 303
    [one] = typed_in(app)
    assert (one.channel, one.sheet, one.precision_m) == ("paper", "7", 200)
    assert one.answers == {"avis": "Plus d’arbres"}
    x, y = project(*one.geometry["coordinates"])
    west, north = project(2.29, 48.82)
    for got in (x, y):
        assert got % 200 == pytest.approx(100, abs=0.2)
    assert 200 <= x - west // 200 * 200 <= 400
    assert -600 <= y - (north // 200 + 1) * 200 <= -400
    page = team.get(PAPER).text
    assert 'name="sheet" value="8"' in page
    assert "à 200 m près" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"cell": "Z9"}, "cell"),
        ({"position": "48,8"}, "position"),
        ({"position": "43,4 ; 5,05"}, "geometry"),
        ({"category": ""}, "category"),
        ({"sheet": "x" * 21, "cell": "A1"}, "sheet"),
        ({"q__avis": "x" * 2001}, "answers.avis"),
        ({}, "answers"),
    ],
)
def test_a_fault_is_told_and_what_was_typed_stays(
    app: Flask, team: FlaskClient, typed: dict[str, str], field: str
) -> None:
    answer = type_in(team, **{"q__avis": "" if field == "answers" else "Du banc", **typed})
    assert answer.status_code == 422
    assert "Rien n’est enregistré." in answer.text
    again = fields_of(answer.text, "form card paper")
    for name, value in typed.items():
        assert again[name.replace("__", "-")] == value
    assert typed_in(app) == []


def test_what_was_typed_in_can_be_taken_back_into_the_form(app: Flask, team: FlaskClient) -> None:
    type_in(team, sheet="7", cell="A1", q__avis="Plus d’arbres", place="rue-ouest")
    token = fields_of(team.get(PAPER).text, "form card paper")["csrf_token"]
    back = team.post(f"{PAPER}/annuler", data={"csrf_token": token, "number": "1"})
    form = fields_of(back.text, "form card paper")
    assert (form["sheet"], form["q-avis"], form["place"]) == ("7", "Plus d’arbres", "rue-ouest")
    assert (form["cell"], form["position"]) == ("A1", "")
    assert typed_in(app) == []
    again = team.post(f"{PAPER}/annuler", data={"csrf_token": token, "number": "1"})
    assert again.status_code == 409
    assert team.post(PAPER, data=form).status_code == 303
    assert [(one.number, one.precision_m) for one in typed_in(app)] == [(2, 200)]


def test_open_data_say_how_far_a_position_may_be_off(
    team: FlaskClient, anonymous: FlaskClient
) -> None:
    """The cell of the paper, the grid of publication, or nothing where nobody knows."""
    change(team, f"{BOARD}/modifier", moderation="after")
    for where in ({"cell": "B3"}, {"position": "48,8151 ; 2,3003"}, {"place": "rue-ouest"}):
        assert type_in(team, q__avis="Un banc", **where).status_code == 303
    assert precisions(anonymous) == {1: 200, 2: None, 3: None}
    change(team, f"{BOARD}/modifier", blur_m="50")
    assert precisions(anonymous) == {1: 250, 2: 50, 3: None}
    columns = anonymous.get(f"/consultations/{SLUG}/donnees").text
    assert "precision_m" in columns
    archive = zipfile.ZipFile(
        io.BytesIO(anonymous.get(f"/consultations/{SLUG}/contributions.zip?format=csv").data)
    )
    [name] = [name for name in archive.namelist() if name.endswith(".csv")]
    rows = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")), delimiter=";")
    told = {row["contribution"]: row["precision_m"] for row in rows}
    assert (float(told["1"]), float(told["2"]), told["3"]) == (250, 50, "")


def precisions(client: FlaskClient) -> dict[int, int | None]:
    found = client.get("/ogc/collections/contributions/items").get_json()["features"]
    told = [one["properties"] for one in found]
    return {one["contribution"]: one["precision_m"] for one in told}


def test_paper_comes_in_after_the_end_but_not_before_the_beginning(
    app: Flask,
    made: FlaskClient,  # noqa: F811
) -> None:
    assert type_in(made, cell="A1").status_code == 409
    for before, after in (("draft", "open"), ("open", "closed")):
        act(made, f"{BOARD}/etape", de=before, vers=after)
    assert type_in(made, cell="A1").status_code == 303
    assert typed_in(app)[0].state == "pending"
    act(made, f"{BOARD}/etape", de="closed", vers="archived")
    assert type_in(made, cell="A1").status_code == 409


def test_a_map_printed_before_the_area_changed_still_means_its_cells(
    app: Flask, team: FlaskClient
) -> None:
    type_in(team, sheet="1", cell="A1")
    change(team, f"{BOARD}/modifier", area=AREA.replace("48.81", "48.75"))
    page = team.get(PAPER).text
    assert re.findall(r'<option value="(\d)"[^>]*>n° \d, de A1', page) == ["3", "2", "1"]
    type_in(team, sheet="2", cell="A1", grid="2")
    type_in(team, sheet="3", cell="A1", grid="3")
    now, before, first = typed_in(app)
    assert before.geometry == first.geometry
    assert (now.precision_m, before.precision_m) == (1000, 200)


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_printed_cells_are_where_their_names_are_kept(
    app: Flask, team: FlaskClient, tmp_path: Path, paper: str
) -> None:
    """The lines of the map, placed by GDAL, around what the form keeps for a cell."""
    answer = team.get(f"{BOARD}/kit.pdf?format={paper}")
    assert answer.content_type == "application/pdf"
    path = tmp_path / "kit.pdf"
    path.write_bytes(answer.data)
    printed = Printed(path)
    known = known_of(app)
    assert known.code in printed.text
    assert "Que voulez-vous en dire" in printed.text
    assert f"http://localhost/c/{known.code}" in printed.text
    for name in ("A1", "B3"):
        assert name in printed.pages[0].extract_text()
    west, south = printed.neatline().min(axis=0)
    east, _north = printed.neatline().max(axis=0)
    left, bottom, right, top = printed.viewport_mm()
    lines = printed.segments_mm("Cases")
    metres = (east - west) / (right - left)
    xs = sorted({round(west + (ax - left) * metres) for (ax, _), (bx, _) in lines if ax == bx})
    ys = sorted({round(south + (ay - bottom) * metres) for (_, ay), (_, by) in lines if ay == by})
    assert {b - a for a, b in pairwise(xs)} == {200}
    type_in(team, cell="B3")
    x, y = project(*typed_in(app)[0].geometry["coordinates"])
    assert (x, y) == pytest.approx(((xs[1] + xs[2]) / 2, (ys[-3] + ys[-4]) / 2), abs=1)
    assert top > bottom


def test_every_sheet_of_a_kit_bears_its_number(team: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "kit.pdf"
    path.write_bytes(team.get(f"{BOARD}/kit.pdf?feuilles=3&premiere=11").data)
    _map, *sheets = [page.extract_text() for page in Printed(path).pages]
    assert [set(re.findall(r"\b1\d\b", text)) for text in sheets] == [{"11"}, {"12"}, {"13"}]
    for wrong in ("feuilles=0", "feuilles=101", "feuilles=x", "premiere=0"):
        assert team.get(f"{BOARD}/kit.pdf?{wrong}").status_code == 400


def test_a_sheet_that_comes_twice_is_told_and_can_be_kept(app: Flask, team: FlaskClient) -> None:
    first = fields_of(team.get(PAPER).text, "form card paper")
    for name, value in (("sheet", "12"), ("category", "idee"), ("q-avis", "Un banc")):
        first[name] = value
    for _ in range(2):  # the same form, sent twice: kept once, and no reason to ask
        assert team.post(PAPER, data=first).status_code == 303
    again = type_in(team, sheet="012", q__avis="Le banc, encore")
    assert again.status_code == 409
    assert "La feuille 12 a déjà été saisie (n° 1)." in again.text
    assert [one.answers["avis"] for one in typed_in(app)] == ["Un banc"]
    form = fields_of(again.text, "form card paper")
    assert form["q-avis"] == "Le banc, encore"
    assert team.post(PAPER, data=form).status_code == 409
    form["again"] = "12"
    assert team.post(PAPER, data=form).status_code == 303
    assert [(one.number, one.sheet) for one in typed_in(app)] == [(2, "12"), (1, "12")]
    assert type_in(team, sheet="", q__avis="Sans numéro").status_code == 303
    assert type_in(team, sheet="", q__avis="Sans numéro non plus").status_code == 303


def test_a_sheet_is_found_again_by_its_number(team: FlaskClient) -> None:
    for sheet, text in (("11", "Un banc"), ("13", "Une haie"), ("12", "Un arbre")):
        type_in(team, sheet=sheet, q__avis=text)
    assert 'name="sheet" value="14"' in team.get(PAPER).text
    found = team.get(f"{PAPER}?feuille=013").text
    assert "Une haie" in found
    assert "Un banc" not in found
    assert "La feuille 9 n’a pas été saisie." in team.get(f"{PAPER}?feuille=9").text
    queue = team.get(f"{BOARD}/moderation").text
    assert "feuille 13" in queue
