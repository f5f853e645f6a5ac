"""Do results, report and open data tell what is published, all of it, and nothing else?"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from pyproj import Transformer

from tests.state.conftest import state_of
from tests.state.speaking import ATTACK, FORMULA, POINT, begin, say
from webmap.consultation import contributions, store
from webmap.consultation.moderation import Order, decide
from webmap.consultation.store import Known

PAGES = ("resultats", "bilan", "projection", "donnees", "journal")
BASE = "/consultations/essai/"
ITEMS = "/ogc/collections/contributions/items"
PLANE = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def spoken(app: Flask) -> Known:
    """Seven contributions, one rejected, one that waits, one that was taken back."""
    known = begin(app)
    for n in range(4):
        say(app, known, f"Des arbres {n}", geometry=POINT, answers={"note": 3})
    say(app, known, "Du bruit la nuit", category="gene", place="rue-ouest",
        channel="room", answers={"note": 1, "usages": ["velo"]})  # fmt: skip
    say(app, known, "À cacher")
    say(app, known, "Les arbres du square", commitment="convention-a-1", channel="paper")
    person = store.Person(1, "Service voirie", "editor")
    with app.app_context():
        decide(state_of(app), known, Order(6, "reject", 1, 1, "insult"), person)
    return known


def pdf_text(answer: Any) -> str:
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.usefixtures("spoken")
def test_without_the_map_too_a_commitment_is_called_by_what_it_says(anonymous: FlaskClient) -> None:
    page = anonymous.get(BASE + "mes-contributions").text
    assert ">Acte convention-a-1</a>" in page
    assert ">Act convention-a-1</a>" in anonymous.get(BASE + "mes-contributions?lang=en").text


def test_every_page_tells_what_is_published(
    app: Flask, spoken: Known, anonymous: FlaskClient
) -> None:
    for page in PAGES:
        answer = anonymous.get(BASE + page)
        assert answer.status_code == 200, page
        assert "À cacher" not in answer.text
        assert "no-cache" in answer.headers["Cache-Control"]
    report = pdf_text(anonymous.get(f"{BASE}bilan.pdf"))
    results = anonymous.get(f"{BASE}resultats").text
    for said in ("Des arbres 3", "Du bruit la nuit", "Les arbres du square"):
        assert said in results
        assert said in report
    assert "À cacher" not in report
    for said in ("Ville d’essai", "Préparer le projet", "représentatifs", "Par catégorie",
                 "Licence Ouverte", "Rejetée", "Injurie"):  # fmt: skip
        assert said in report.replace("\xa0", " ")


def test_counts_are_those_of_what_was_said(
    app: Flask, spoken: Known, anonymous: FlaskClient
) -> None:
    told = anonymous.get(f"{BASE}resultats.json").get_json()
    assert told["total"] == 6
    assert told["participants"] == 6
    assert {c["id"]: c["count"] for c in told["categories"]} == {"idee": 5, "gene": 1}
    avis, note, usages = told["questions"]
    assert avis["words"] == [{"word": "arbres", "count": 5}]
    # One answer "1" would be read off the rest, so that "3" is not told either.
    assert [bar["count"] for bar in note["bars"]] == [None, 0, None]
    assert [bar["count"] for bar in usages["bars"]] == [0, None]
    assert [one["number"] for one in told["newest"]] == [7, 5, 4, 3, 2, 1]
    assert len(told["features"]) == 4
    east, north = PLANE.transform(*told["features"][0][2:4])
    assert abs(east % 50 - 25) < 0.2
    assert abs(north % 50 - 25) < 0.2
    [cell] = told["grid"]["cells"]
    assert cell["counts"] == {"idee": 4}


def test_live_results_cost_nothing_while_nothing_changes(
    app: Flask, spoken: Known, anonymous: FlaskClient
) -> None:
    first = anonymous.get(f"{BASE}resultats.json")
    asked = {"If-None-Match": first.headers["ETag"]}
    assert anonymous.get(f"{BASE}resultats.json", headers=asked).status_code == 304
    say(app, spoken, "Encore un arbre")
    fresh = anonymous.get(f"{BASE}resultats.json", headers=asked)
    assert fresh.status_code == 200
    assert fresh.get_json()["newest"][0]["text"] == "Encore un arbre"


@sqlite
def test_what_is_hidden_until_the_end_is_hidden(
    app: Flask, anonymous: FlaskClient, editor: FlaskClient
) -> None:
    known = begin(app, visible=False)
    say(app, known, "Trop tôt", place="rue-ouest")
    for page in ("resultats", "bilan", "projection", "donnees", "resultats.json", "bilan.pdf",
                 "contributions.zip"):  # fmt: skip
        assert anonymous.get(BASE + page).status_code == 403, page
        told = editor.get(BASE + page)
        assert told.status_code == 200, page
        assert page == "contributions.zip" or "private" in told.headers["Cache-Control"]
    assert anonymous.get(ITEMS).get_json()["numberMatched"] == 0
    assert "Ce que les habitants" not in anonymous.get("/lieux/rue-ouest").text
    store.move(state_of(app), known, "closed")
    assert "Trop tôt" in anonymous.get(f"{BASE}resultats").text
    assert anonymous.get(ITEMS).get_json()["numberMatched"] == 1
    assert "Ce que les habitants" in anonymous.get("/lieux/rue-ouest").text


@sqlite
@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("q=ARBRES", [7, 4, 3, 2, 1]),
        ("q=arbres+square", [7]),
        ("q=absent", []),
        ("categorie=gene", [5]),
        ("lieu=rue-ouest", [5]),
        ("engagement=convention-a-1", [7]),
        ("contribution=2", [7, 5, 4, 3, 2, 1]),
    ],
)
def test_contributions_are_found(
    app: Flask, spoken: Known, anonymous: FlaskClient, query: str, numbers: list[int]
) -> None:
    page = anonymous.get(f"{BASE}resultats?{query}").text
    found = [int(part.split('"')[0]) for part in page.split('<li id="c')[1:]]
    assert found == numbers


def test_the_collection_joins_the_atlas(app: Flask, spoken: Known, anonymous: FlaskClient) -> None:
    about = anonymous.get("/ogc/collections/contributions").get_json()
    assert about["numberOfItems"] == 6
    found = anonymous.get(f"{ITEMS}?filter=place%20IS%20NOT%20NULL").get_json()
    [one] = found["features"]
    said = one["properties"]
    assert one["id"] == "essai-5"
    assert (said["place"], said["category"], said["text"]) == (
        "rue-ouest", "gene", "Du bruit la nuit",
    )  # fmt: skip
    assert said["answers"] == ["Votre avis : Du bruit la nuit"]
    assert said["licence"] == "etalab-2.0"
    assert len(said["day"]) == 10
    for resource in ("schema", "queryables", "sortables"):
        told = anonymous.get(f"/ogc/collections/contributions/{resource}").get_json()
        assert "commitment" in told["properties"]
    for path in ("", "/items", "/items/essai-5", "/schema"):
        page = anonymous.get(f"/ogc/collections/contributions{path}?f=html")
        assert page.status_code == 200, path
    listed = anonymous.get("/ogc/collections").get_json()["collections"]
    assert [c for c in listed if c["id"] == "contributions"]
    say(app, spoken, "Une de plus")
    assert anonymous.get(ITEMS).get_json()["numberMatched"] == 7


@sqlite
@pytest.mark.parametrize("form", ["gpkg", "geojson", "fgb", "csv", "parquet", "shp", "kml"])
def test_the_files_open_in_gdal(
    app: Flask, spoken: Known, anonymous: FlaskClient, tmp_path: Path, form: str
) -> None:
    answer = anonymous.get(f"{BASE}contributions.zip?format={form}")
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    readme = archive.read("README.txt").decode("utf-8-sig")
    assert "Licence Ouverte" in readme
    assert "50 m" in readme
    archive.extractall(tmp_path)
    files = [p for p in tmp_path.iterdir() if p.suffix == f".{form}"]
    if form == "parquet":
        import geopandas

        frames = [geopandas.read_parquet(path) for path in files]
    else:
        frames = [pyogrio.read_dataframe(path) for path in files]
    assert sum(map(len, frames)) == 6
    if form == "gpkg":
        points = frames[0].to_crs(2154).geometry.dropna()
        assert ((shapely.get_coordinates(points.values) % 50 - 25).__abs__() < 0.2).all()


@sqlite
def test_no_text_is_markup_nor_a_formula_anywhere(
    app: Flask, anonymous: FlaskClient, tmp_path: Path
) -> None:
    texts = {"title_fr": ATTACK, "organiser": ATTACK, "text_fr": ATTACK, "purpose_fr": ATTACK}
    named = {"categories": [{"id": "idee", "name_fr": ATTACK, "colour": "#0055aa"}]}
    known = begin(app, **texts, **named)
    say(app, known, ATTACK, geometry=POINT, place="rue-ouest")
    say(app, known, FORMULA)
    for path in (*(BASE + page for page in PAGES), "/lieux/rue-ouest",
                 f"{ITEMS}?f=html", f"{ITEMS}/essai-1?f=html"):  # fmt: skip
        page = anonymous.get(path)
        assert page.status_code == 200
        assert ATTACK not in page.text, path
    assert json.loads(anonymous.get(f"{BASE}resultats.json").text)["newest"][1]["text"] == ATTACK
    assert "json" in anonymous.get(f"{BASE}resultats.json").content_type
    assert ATTACK in pdf_text(anonymous.get(f"{BASE}bilan.pdf"))
    table = anonymous.get(f"{BASE}contributions.zip?format=csv")
    archive = zipfile.ZipFile(io.BytesIO(table.data))
    name = next(n for n in archive.namelist() if n.endswith(".csv"))
    cells = archive.read(name).decode("utf-8-sig")
    assert FORMULA.replace('"', '""') in cells
    assert not any(cell.lstrip('"').startswith("=") for cell in cells.replace("\n", ";").split(";"))


@sqlite
def test_withdrawing_takes_it_from_everywhere(app: Flask, anonymous: FlaskClient) -> None:
    known = begin(app)
    from webmap.consultation.participants import new_guest

    with app.app_context():
        guest = new_guest(known, "online")
    one = say(app, known, "Je retire ceci", guest)
    assert "Je retire ceci" in anonymous.get(f"{BASE}resultats").text
    contributions.withdraw(state_of(app), known, guest, one.key)
    for path in (f"{BASE}resultats", f"{BASE}resultats.json", f"{BASE}bilan", ITEMS):
        assert "Je retire ceci" not in anonymous.get(path).text
