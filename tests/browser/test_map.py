"""The map as a planner uses it, by pointer: areas, layers, places, commitments, grounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visit, until

Visits = Callable[..., Visit]

AREAS = {
    "Paris sud-ouest": (48.825, 2.305),
    "Paris sud-est": (48.815, 2.39),
    "Val-de-Marne": (48.78, 2.46),
    "Les Blagis": (48.786, 2.305),
    "Martigues": (43.405, 5.05),
}
PINARD = "/?lieu=boulevard-adolphe-pinard"


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def centre(page: Page) -> tuple[float, float]:
    return page.evaluate("[map_carte.getCenter().lat, map_carte.getCenter().lng]")


def sheet(page: Page):
    return page.get_by_role("region", name="Fiche")


def test_nothing_is_asked_of_a_third_party_until_a_basemap_is_chosen(visit: Visits) -> None:
    v = visit()
    page = v.open()
    assert v.foreign == []
    page.get_by_role("radio", name="Plan IGN").check()
    until(page, "() => document.querySelectorAll('.leaflet-tile-loaded').length > 0")
    assert v.foreign
    assert {urlsplit(url).hostname for url in v.foreign} == {"data.geopf.fr"}
    assert query(page)["fond"] == ["plan"]


def test_without_network_the_chosen_ground_gives_way_to_the_atlas_own(visit: Visits) -> None:
    v = visit(tiles=False)
    page = v.open("/?fond=plan")
    expect(page.get_by_role("alert")).to_contain_text("Le fond choisi ne répond pas")
    assert page.evaluate("getComputedStyle(map_carte.getPane('ground')).display") != "none"
    assert page.locator("path.leaflet-interactive").count() > 10


@pytest.mark.parametrize("area", AREAS)
def test_each_area_is_one_click_away(visit: Visits, area: str) -> None:
    page = visit().open()
    page.get_by_role("link", name=area, exact=True).click()
    expect(page.get_by_role("link", name=area, exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    until(
        page,
        "([lat, lng]) => map_carte.distance(map_carte.getCenter(), [lat, lng]) < 12000",
        list(AREAS[area]),
    )
    expect(page.locator("[data-in-view] button").first).to_be_visible()


def test_a_click_on_a_place_opens_its_sheet_with_commitments_and_sources(visit: Visits) -> None:
    page = visit().open("/?vue=48.8237,2.3072,17&couches=voies-limitrophes")
    page.locator("path[aria-label^='Boulevard Adolphe']").dispatch_event("click")
    expect(sheet(page).get_by_role("heading", level=2)).to_contain_text("Boulevard Adolphe")
    for text in ("Longueur mesurée", "Précision", "Méthode", "Références", "1 000 m"):
        expect(sheet(page)).to_contain_text(text.replace(" 000", "\u202f000"))
    expect(
        sheet(page).get_by_role("heading", name=re.compile("Engagements qui nomment"))
    ).to_be_visible()
    expect(sheet(page)).to_contain_text("cantonnement")
    assert query(page)["lieu"] == ["boulevard-adolphe-pinard"]


def test_hovering_names_a_place(visit: Visits) -> None:
    page = visit().open("/?vue=48.8237,2.3072,17&couches=voies-limitrophes")
    page.locator("path[aria-label^='Boulevard Adolphe']").dispatch_event("mouseover")
    expect(page.locator(".leaflet-tooltip")).to_contain_text("Boulevard Adolphe")


def test_a_commitment_highlights_and_shows_all_its_places(visit: Visits) -> None:
    page = visit().open("/?lieu=square-julia-bartet")
    sheet(page).get_by_role("link", name=re.compile("rupture|coulée verte", re.I)).first.click()
    expect(sheet(page).locator(".overline")).to_have_text("Engagement")
    places = sheet(page).locator("[data-highlight]")
    named = places.evaluate_all("all => all.map((one) => one.dataset.highlight)")
    assert {"square-julia-bartet", "dalle-garamond", "jardin-anna-marly"} <= set(named)
    assert page.locator("path.halo").count() >= 3
    view = page.evaluate("map_carte.getBounds().toBBoxString()")
    west, south, east, north = (float(number) for number in view.split(","))
    assert west < 2.3020 < east
    assert south < 48.8250 < north


def test_the_browser_goes_back_from_commitment_to_place(visit: Visits) -> None:
    page = visit().open(PINARD)
    place = sheet(page).get_by_role("heading", level=2).inner_text()
    sheet(page).locator("a.record-title").first.click()
    expect(sheet(page).locator(".overline")).to_have_text("Engagement")
    page.go_back()
    expect(sheet(page).get_by_role("heading", level=2)).to_have_text(place)
    page.go_forward()
    expect(sheet(page).locator(".overline")).to_have_text("Engagement")


def test_the_break_of_the_green_corridor_says_what_remains_to_be_crossed(visit: Visits) -> None:
    page = visit().open("/?lieu=coulee-verte-rupture")
    for name in ("Square Julia", "Dalle Garamond", "Jardin Anna", "En ligne droite"):
        expect(sheet(page)).to_contain_text(name)


def test_layers_can_be_hidden_and_the_address_keeps_it(visit: Visits) -> None:
    v = visit()
    page = v.open("/?zone=val-de-marne")
    box = page.get_by_role("checkbox", name=re.compile("Quartiers"))
    before = page.locator("path.leaflet-interactive").count()
    box.uncheck()
    until(page, "n => document.querySelectorAll('path.leaflet-interactive').length < n", before)
    assert "qpv" not in query(page)["couches"][0].split(",")
    again = v.open("/" + "?" + urlsplit(page.url).query)
    expect(again.get_by_role("checkbox", name=re.compile("Quartiers"))).not_to_be_checked()


def test_every_layer_can_be_shown_at_once(visit: Visits) -> None:
    page = visit().open()
    for box in page.locator("input[name=couche]").all():
        box.check()
    boxes = page.locator("input[name=couche]").count()
    expect(page.locator("[data-layer][data-state=ready]")).to_have_count(boxes)


def test_a_place_without_position_is_listed_and_keeps_its_sheet(visit: Visits) -> None:
    page = visit().open()
    page.get_by_text(re.compile(r"Lieux non situés")).click()
    page.locator("a[data-place='site-tam-witchitz']").click()
    expect(sheet(page)).to_contain_text("non situé")
    expect(sheet(page)).to_contain_text("Ivry-sur-Seine")


def test_a_link_to_something_gone_says_so_and_keeps_the_rest(visit: Visits) -> None:
    v = visit()
    v.page.goto(v.server + "/?lieu=disparu&zone=blagis")
    expect(v.page.get_by_role("alert")).to_contain_text("disparu")
    v.page.wait_for_selector("[data-ready=true]", state="attached")
    until(v.page, "() => map_carte.distance(map_carte.getCenter(), [48.786, 2.305]) < 5000")


@pytest.mark.parametrize(
    ("query_string", "words"),
    [
        ("couches=qpv,tramways&zone=blagis", ["« couches=tramways »"]),
        ("vue=48.786&couches=qpv&zone=blagis&fond=neige", ["« vue=48.786 »", "« fond=neige »"]),
        ("lieu=disparu&couches=qpv,tramways&zone=blagis", ["« disparu »", "« couches=tramways »"]),
    ],
)
def test_a_link_that_asks_for_what_is_not_there_says_so_and_keeps_the_rest(
    visit: Visits, query_string: str, words: list[str]
) -> None:
    page = visit().open(f"/?{query_string}")
    for word in words:
        expect(page.get_by_role("alert")).to_contain_text(word)
    until(page, "() => map_carte.distance(map_carte.getCenter(), [48.786, 2.305]) < 5000")
    until(page, "() => new URLSearchParams(location.search).get('couches') === 'qpv'")
    assert not {"fond", "lieu"} & set(query(page))
    page.get_by_role("alert").get_by_role("button", name="Fermer").press("Enter")
    expect(page.get_by_role("alert").first).to_be_hidden()
    expect(page.locator(".folium-map")).to_be_focused()
    page.reload()
    page.wait_for_selector("[data-ready=true]", state="attached")
    expect(page.get_by_role("alert").first).to_be_hidden()


def test_a_lost_network_is_told_and_the_map_stays(visit: Visits) -> None:
    v = visit()
    page = v.open()
    page.route("**/fiche*", lambda route: route.abort("internetdisconnected"))
    page.locator("[data-in-view] button").first.click()
    expect(sheet(page)).to_contain_text("réseau")
    assert page.locator("path.leaflet-interactive").count() > 0


def test_on_a_phone_the_panel_is_a_drawer_and_the_sheet_rises_from_below(visit: Visits) -> None:
    page = visit(size=PHONE).open()
    panel = page.get_by_role("region", name="Couches et lieux")
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="Couches et lieux").click()
    expect(panel).to_be_visible()
    page.locator("[data-in-view] button").first.click()
    expect(sheet(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_map_speaks_english(visit: Visits) -> None:
    page = visit(locale="en-GB").open("/?lieu=boulevard-adolphe-pinard")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("region", name="Sheet")).to_contain_text("Measured length")
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert query(page)["lang"] == ["fr"]
