"""The page of a corridor: lengths, order and commitments, against the files and pyproj's Geod."""

from __future__ import annotations

import csv
import html
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyproj import Geod

DATA = Path(__file__).parents[2] / "data"
GEOD = Geod(ellps="GRS80")
PAGE = "/corridors/coulee-verte"
STONES = ["square-julia-bartet", "jardin-anna-marly", "dalle-garamond"]


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def stretch_m() -> float:
    features = json.loads((DATA / "geo" / "coulee-verte.geojson").read_bytes())["features"]
    line = next(f for f in features if f["id"] == "coulee-verte-montparnasse-brune")["geometry"]
    lons, lats = zip(*line["coordinates"], strict=True)
    return GEOD.line_length(lons, lats)


def items(page: str) -> list[str]:
    return re.findall(
        r'<li data-part="ruban-\d+".*?</li>(?=\s*(?:<li data-part|</ol>))', page, re.S
    )


def lines(page: str) -> list[list[tuple[float, float]]]:
    found = re.findall(r'data-part-line="([^"]*)"', page)
    return [[tuple(map(float, pair.split(","))) for pair in text.split()] for text in found]


def test_the_list_gives_each_part_in_order_with_its_length(atlas_client: FlaskClient) -> None:
    page = atlas_client.get(PAGE).text
    order = [id for item in items(page) for id in re.findall(r'data-part-place="([^"]+)"', item)]
    assert order == [
        "coulee-verte-montparnasse-brune",
        *STONES,
        "coulee-verte-plateau-de-vanves-sud",
    ]
    measured = [GEOD.line_length(*zip(*line, strict=True)) for line in lines(page) if line]
    assert measured[0] == pytest.approx(stretch_m(), abs=0.5)
    stated = re.findall(
        r"<strong>([\d\s,\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+)m</strong>", page
    )
    metres = [float(re.sub(r"\s", "", text)) for text in stated]
    assert metres == pytest.approx(measured, abs=0.6)
    hops = [
        m for m, item in zip(metres, items(page), strict=False) if "data-part-place" not in item
    ]
    assert f"{sum(hops):.0f}"[:2] == "56"
    assert re.search(r"560\s?m restants en 4 sauts, par 3 pierres de gué", text_of(page))


def test_the_strip_is_to_scale(atlas_client: FlaskClient) -> None:
    """Percent of the width go with metres, but for what is not drawn."""
    page = atlas_client.get(PAGE).text
    drawn_part = r'<g class="piece piece-(stretch|stone|hop)[^>]*>.*?<rect x="([\d.]+)%"'
    widths = re.findall(drawn_part + r'[^>]*width="([\d.]+)%"', page, re.S)
    drawn = [line for line in lines(page) if line]
    assert len(widths) == len(drawn) == 8
    ratios = [
        float(width) / GEOD.line_length(*zip(*line, strict=True))
        for (_look, _x, width), line in zip(widths, drawn, strict=True)
    ]
    assert ratios == pytest.approx([ratios[0]] * 8, rel=0.02)
    for (_a, x, width), (_b, following, _w) in pairwise(widths):
        assert float(x) + float(width) == pytest.approx(float(following), abs=0.01)


def test_what_no_reference_draws_is_said_and_not_drawn(atlas_client: FlaskClient) -> None:
    page = atlas_client.get(PAGE).text
    assert (
        len(re.findall(r'class="piece piece-undrawn', page)) == 2
    )  # before the first, and the south
    text = text_of(page)
    assert "Tronçon non dessiné : aucun tracé n’a été trouvé" in text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "gare Montparnasse" in text
    assert "Massy" in text
    assert re.search(r"Le texte dit 14\s?km", text)


def test_each_part_lists_the_commitments_that_name_it(atlas_client: FlaskClient) -> None:
    page = atlas_client.get(PAGE).text
    rows = [
        row
        for path in (DATA / "commitments").glob("*.csv")
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        if "summary_fr" in row
    ]
    for item in items(page):
        for place in re.findall(r'data-part-place="([^"]+)"', item):
            naming = {row["id"] for row in rows if place in row["places"].split("|")}
            assert set(re.findall(r'/engagements/([\w-]+)"', item)) == naming
    whole = {row["id"] for row in rows if "coulee-verte-sud-parisien" in row["places"].split("|")}
    assert whole <= set(re.findall(r'data-commitment="([\w-]+)"', page))


@pytest.mark.parametrize(
    ("place", "marked"), [("dalle-garamond", 1), ("coulee-verte-rupture", 7), ("inconnu", 0)]
)
def test_the_address_marks_a_place(atlas_client: FlaskClient, place: str, marked: int) -> None:
    page = atlas_client.get(f"{PAGE}?lieu={place}").text
    assert page.count('aria-current="true"') == marked


def test_the_sheet_of_a_part_has_the_strip_and_that_of_another_place_has_not(
    atlas_client: FlaskClient,
) -> None:
    sheet = atlas_client.get("/lieux/jardin-anna-marly/fiche").text
    assert f'href="{PAGE}?lieu=jardin-anna-marly"' in sheet
    assert 'class="strip"' in sheet
    assert "piece-current" in sheet
    assert 'class="strip"' not in atlas_client.get("/lieux/place-ecochard/fiche").text


def test_it_is_in_english(atlas_client: FlaskClient) -> None:
    text = text_of(atlas_client.get(f"{PAGE}?lang=en").text)
    assert re.search(r"560\s?m left in 4 hops, by 3 stepping stones", text)


def test_an_unknown_corridor_helps(atlas_client: FlaskClient) -> None:
    answer = atlas_client.get("/corridors/coulee-vert")
    assert answer.status_code == 404
    assert f'href="{PAGE}"' in answer.text


def test_a_corridor_without_termini_has_no_undrawn_end(client: FlaskClient) -> None:
    page = client.get("/corridors/coulee").text
    assert "piece-undrawn" not in page
    assert len(re.findall(r'class="piece piece-stretch', page)) == 2
