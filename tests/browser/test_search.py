"""Search on the map: keyboard first, tolerant, grouped; addresses only when they are asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, Visit, until

Visits = Callable[..., Visit]

ADDRESS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [2.3, 48.82]},
            "properties": {"label": "1 Place du 11 Novembre 92240 Malakoff", "context": "92"},
        }
    ],
}


def box(page: Page):
    return page.get_by_role("combobox")


def options(page: Page):
    return page.get_by_role("listbox").get_by_role("option")


@pytest.mark.parametrize("words", ["pinard", "PINARD boulevard", "pinnard", "bd pinard"])
def test_a_place_is_found_from_the_keyboard(visit: Visits, words: str) -> None:
    page = visit().open()
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type(words)
    expect(options(page).first).to_contain_text("Boulevard Adolphe")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    active = box(page).get_attribute("aria-activedescendant")
    assert active == options(page).first.get_attribute("id")
    page.keyboard.press("Enter")
    sheet = page.get_by_role("region", name="Fiche")
    expect(sheet.get_by_role("heading", level=2)).to_contain_text("Boulevard Adolphe")


def test_a_key_acts_on_the_words_as_they_stand(visit: Visits) -> None:
    """Enter follows the last letter at once, without waiting for the list to be drawn."""
    page = visit().open()
    box(page).fill("malakoff")
    expect(options(page).first).to_be_visible()
    box(page).fill("pinard")
    page.keyboard.press("Enter")
    sheet = page.get_by_role("region", name="Fiche")
    expect(sheet.get_by_role("heading", level=2)).to_contain_text("Boulevard Adolphe")


def test_results_are_grouped_and_counted(visit: Visits) -> None:
    page = visit().open()
    box(page).fill("malakoff")
    for group in ("Lieux", "Communes et territoires", "Engagements", "Documents", "Acteurs"):
        expect(page.get_by_role("group", name=re.compile(rf"{group} \(\d+\)"))).to_be_visible()
    expect(page.locator("[data-search] [role=status]")).to_contain_text(
        re.compile(r"\d+ résultats")
    )


def test_escape_closes_the_list_and_keeps_the_words(visit: Visits) -> None:
    page = visit().open()
    box(page).fill("brancion")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box(page)).to_have_value("brancion")


def test_an_address_is_asked_of_the_geocoder_only_on_demand(visit: Visits) -> None:
    v = visit()
    page = v.open()
    answer = json.dumps(ADDRESS)
    page.route(
        "https://data.geopf.fr/**",
        lambda route: route.fulfill(
            status=200,
            content_type="application/json",
            headers={"Access-Control-Allow-Origin": "*"},
            body=answer,
        ),
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    box(page).fill("1 place du 11 novembre malakoff")
    choice = page.get_by_role("option", name=re.compile("Chercher l’adresse"))
    expect(choice).to_be_visible()
    assert not [url for url in asked if "geopf" in url]
    choice.click()
    page.get_by_role("option", name=re.compile("92240 Malakoff")).click()
    until(page, "() => map_carte.distance(map_carte.getCenter(), [48.82, 2.3]) < 50")
    expect(page.locator(".leaflet-tooltip")).to_contain_text("92240 Malakoff")
    assert [url for url in asked if "geopf" in url and "q=1+place" in url]


def test_without_network_the_address_search_says_so(visit: Visits) -> None:
    def refuse(route: Route) -> None:
        route.abort("internetdisconnected")

    page = visit(tiles=False).open()
    page.route("https://data.geopf.fr/**", refuse)
    box(page).fill("10 rue de Paris")
    page.get_by_role("option", name=re.compile("Chercher l’adresse")).click()
    expect(page.locator(".search-note")).to_contain_text("sans réseau")


def test_search_works_on_a_phone_and_in_english(visit: Visits) -> None:
    page = visit(size=PHONE, locale="en-GB").open()
    box(page).fill("green corridor")
    expect(options(page).first).to_be_visible()
    options(page).first.click()
    expect(page.get_by_role("region", name="Sheet")).to_be_visible()
