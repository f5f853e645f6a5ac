"""Guided tours: read strictly, served in both languages, open at any step."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from layers.atlas import Atlas
from layers.errors import DataFaults
from webmap.choices import ON_THE_MAP
from webmap.tours import FREE, read_tours

DATA = Path(__file__).parents[2] / "data"
TOUR = "/visite/cinq-documents"


def broken(tmp_path: Path, old: str, new: str) -> Path:
    shutil.copytree(DATA / "tours", tmp_path / "tours")
    path = tmp_path / "tours" / "cinq-documents.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "lieu=boulevard-adolphe-pinard",
            "lieu=boulevard-adolphe-pinar",
            "boulevard-adolphe-pinard",
        ),
        ("couches=coulee-verte", "couches=coulee-vertes", "coulee-verte"),
        ("zone=blagis", "zone=bagnolet", "bagnolet"),
        ("zone=blagis", "vitesse=vite", "vitesse"),
        ('title_en = "Les Blagis: a town that asks"\n', "", "title_en"),
        ("[[step]]", "[[step", "TOML"),
    ],
)
def test_a_broken_tour_stops_the_start_and_says_where(
    tmp_path: Path, real: Atlas, old: str, new: str, said: str
) -> None:
    with pytest.raises(DataFaults) as raised:
        read_tours(broken(tmp_path, old, new), real)
    assert "tours/cinq-documents.toml" in str(raised.value)
    assert said in str(raised.value)


def test_an_atlas_without_tours_is_whole(tmp_path: Path, real: Atlas) -> None:
    assert dict(read_tours(tmp_path, real)) == {}


@pytest.mark.parametrize(
    ("step", "shown"), [("", 1), ("?etape=4", 4), ("?etape=0", 1), ("?etape=99", 11)]
)
def test_the_tour_opens_at_the_step_of_the_address(
    atlas_client: FlaskClient, step: str, shown: int
) -> None:
    page = atlas_client.get(TOUR + step).text
    articles = page.split("<article")[1:]
    visible = [
        n for n, article in enumerate(articles, start=1) if " hidden" not in article.split(">")[0]
    ]
    assert visible == [shown]


def test_a_step_that_is_no_number_and_an_unknown_tour_are_refused(
    atlas_client: FlaskClient,
) -> None:
    assert atlas_client.get(f"{TOUR}?etape=deux").status_code == 400
    missing = atlas_client.get("/visite/cinq-document")
    assert missing.status_code == 404
    assert "cinq-documents" in missing.text


def test_the_tour_is_told_in_english(atlas_client: FlaskClient) -> None:
    page = atlas_client.get(f"{TOUR}?lang=en").text
    assert "The green corridor is broken" in page
    assert "La coulée verte est rompue" not in page


STEP = {"title": "Who repairs?", "text": "", "view": "lieu=boulevard-adolphe-pinard&vue=48,2,9"}


def presentation(tmp_path: Path, **changed: Any) -> Path:
    """A data folder with one presentation, as the map writes it."""
    folder = tmp_path / "tours"
    folder.mkdir()
    made = {"lang": "en", "title": "A meeting", "step": [STEP], **changed}
    (folder / "meeting.json").write_text(json.dumps(made), encoding="utf-8")
    return tmp_path


def test_a_presentation_is_a_tour_in_its_own_language(tmp_path: Path, real: Atlas) -> None:
    tour = read_tours(presentation(tmp_path), real)["meeting"]
    assert (tour.language, tour.title_fr, tour.title_en) == ("en", "A meeting", "A meeting")
    assert [(step.title_fr, step.view) for step in tour.steps] == [(STEP["title"], STEP["view"])]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lang": "de"}, "lang"),
        ({"step": []}, "no step"),
        ({"step": ["two"]}, "step"),
        ({"step": [{**STEP, "title": 3}]}, "step 1, title"),
        ({"step": [STEP, {**STEP, "view": "lieu=boulevard-adolphe-pinar"}]}, "step 2, view"),
        ({"step": [{**STEP, "view": "tableau=lieux"}]}, "'tableau' is no part of a view"),
    ],
)
def test_a_broken_presentation_stops_the_start_and_says_where(
    tmp_path: Path, real: Atlas, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(DataFaults) as raised:
        read_tours(presentation(tmp_path, **changed), real)
    assert "tours/meeting.json" in str(raised.value)
    assert said in str(raised.value)


@pytest.mark.parametrize("text", ["{", "[]", "\udcff"])
def test_a_file_that_is_no_json_object_is_told(tmp_path: Path, real: Atlas, text: str) -> None:
    path = presentation(tmp_path) / "tours" / "meeting.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataFaults, match="JSON"):
        read_tours(tmp_path, real)


def test_two_tours_have_two_names(tmp_path: Path, real: Atlas) -> None:
    folder = presentation(tmp_path) / "tours"
    shutil.copy(DATA / "tours" / "cinq-documents.toml", folder / "meeting.toml")
    with pytest.raises(DataFaults, match="second tour"):
        read_tours(tmp_path, real)


def test_the_parts_of_a_view_are_those_of_the_address_and_of_the_scripts() -> None:
    script = (DATA.parent / "webmap" / "static" / "js" / "state.js").read_text(encoding="utf-8")
    listed = re.search(r"VIEW_PARTS = \[(.*?), \.\.\.FILTERS\]", script)
    assert listed
    parts = re.findall(r'"([^"]+)"', listed[1])
    filters = [parameter.name for parameter in ON_THE_MAP]
    assert {*parts, *filters} == {*FREE, "lieu", "engagement", "zone", "couches"}


def test_the_own_presentation_needs_no_account_and_no_state(atlas_client: FlaskClient) -> None:
    page = atlas_client.get("/presentation?lang=en")
    assert page.status_code == 200
    assert "Your presentation is empty" in page.text
    assert atlas_client.get("/presentation?etape=deux").status_code == 400
