"""Guided tours: read strictly, served in both languages, open at any step."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from layers.atlas import Atlas
from layers.errors import DataFaults
from webmap.tours import read_tours

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
