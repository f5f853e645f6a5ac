"""A layer too large to fetch whole: only what is in view is asked for, and all of it works."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import shapely
from playwright.sync_api import Locator, Page, Request, Route, expect

from benchmarks.service_data import TEXTS, Dataset, features, ours
from tests.browser.conftest import DESKTOP, PHONE, ROOT, Visit, until
from tests.browser.fills import assert_hatched, views
from tests.browser.pictures import (
    hold_leaflet,
    let_leaflet_come,
    share_that_differs,
    shot,
    until_painted,
)
from tests.webmap.conftest import serving

Visits = Callable[..., Visit]

LINES = Dataset("essai-rues", 3000, "LineString", 4)
WHOLE = 30
"""Layers of more features come by squares: the seeded one, and some of the project's own."""
LAYER = f"""
[[layer]]
id = "{LINES.id}"
title_fr = "Rues d’essai"
title_en = "Trial streets"
description_fr = "Essai"
description_en = "Trial"
geometry_type = "LineString"
group = "projets"
order = 99
style = "voies-limitrophes"
visible = false
background = false
sources = ["anct-qpv2024"]
licence = "etalab-2.0"
vintage = "2026"
tolerance_m = 5
max_scale = 5000
"""
PROPERTY = """
[[layer.property]]
name = "{name}"
type = "string"
label_fr = "{name}"
label_en = "{name}"
"""
VIEW = "/?couches=essai-rues&vue=48.8300,2.3300,15"
SQUARES = re.compile(r"/carte/carreaux/([a-z-]+)/(\d+)/([\d.,]+)\.json")
SHOWN = "[data-in-view] button span"


def line_features() -> list[dict]:
    return [ours(feature, "anct-qpv2024") for feature in features(LINES)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The project's own data with one more layer, and a low threshold."""
    folder = tmp_path_factory.mktemp("dense") / "data"
    shutil.copytree(ROOT / "data", folder)
    with (folder / "geo" / "catalogue.toml").open("a", encoding="utf-8") as catalogue:
        catalogue.write(LAYER + "".join(PROPERTY.format(name=name) for name in TEXTS))
    collection = {"type": "FeatureCollection", "features": line_features()}
    target = folder / "geo" / f"{LINES.id}.geojson"
    target.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIMITROPHE_WHOLE_LAYER", str(WHOLE))
        with serving(folder) as address:
            yield address


def asked_for(page: Page) -> list[str]:
    """The addresses of squares and items that the page asks for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/carte/carreaux/" in request.url or "/items" in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


def squares_of(asked: list[str]) -> list[tuple[str, str, str]]:
    """The layer, zoom and name of each square that is asked for."""
    found = [SQUARES.search(url) for url in asked if "carreaux" in url]
    return [(one[1], one[2], name) for one in found for name in one[3].split(",")]


def names_in(page: Page) -> set[str]:
    """The lines whose box meets the view, by the project's own files."""
    view = page.evaluate("map_carte.getBounds().toBBoxString()")
    west, south, east, north = map(float, view.split(","))
    found = set()
    for feature in line_features():
        lon, lat = zip(*feature["geometry"]["coordinates"], strict=True)
        if min(lon) <= east and max(lon) >= west and min(lat) <= north and max(lat) >= south:
            found.add(feature["properties"]["name"])
    return found


def listed(page: Page, count: int) -> set[str]:
    expect(page.locator("[data-in-view-count]")).to_have_text(str(count))
    return set(page.locator(SHOWN).all_inner_texts())


def sheet(page: Page):
    return page.get_by_role("region", name="Fiche")


def edges(element: Locator) -> tuple[float, float, float, float]:
    box = element.bounding_box()
    assert box
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def test_only_squares_in_view_are_asked_for_and_a_move_adds_to_them(visit: Visits) -> None:
    v = visit()
    asked = asked_for(v.page)
    page = v.open(VIEW)
    expected = names_in(page)
    assert 20 < len(expected) < 60
    assert listed(page, len(expected)) == expected
    squares = squares_of(asked)
    assert {layer for layer, _zoom, _name in squares} == {LINES.id}
    assert 0 < len(squares) <= 12
    assert len([url for url in asked if "carreaux" in url]) == 1
    assert not any(f"/{LINES.id}/items" in url for url in asked)
    before = len(asked)
    page.evaluate("() => void map_carte.panBy([700, 0], {animate: false})")
    moved = names_in(page)
    assert moved != expected
    assert listed(page, len(moved)) == moved
    assert len(asked) > before
    squares = squares_of(asked)
    assert len(squares) == len(set(squares))


VIEWS = ["48.8300,2.3300,15", "48.8300,2.3300,14.5", "48.8300,2.3300,18", "48.8712,2.2487,13"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_squares_of_the_address_are_asked_for_before_the_scripts_have_come(
    visit: Visits, view: str, size: dict[str, int]
) -> None:
    v = visit(size=size)
    asked = asked_for(v.page)
    held: list[Route] = []
    v.page.route("**/js/map-page.js", lambda route: held.append(route))
    with v.page.expect_response("**/carte/carreaux/**") as answer:
        v.page.goto(f"{v.server}/?couches={LINES.id}&vue={view}", wait_until="commit")
    assert answer.value.ok
    known = set(asked)
    v.page.unroute("**/js/map-page.js")
    held[0].continue_()
    v.page.wait_for_selector("[data-ready=true]", state="attached")
    expected = names_in(v.page)
    expect(v.page.locator("[data-in-view-count]")).to_have_text(str(len(expected)))
    assert {url for url in asked if "carreaux" in url} == {u for u in known if "carreaux" in u}


def edges_of_all(page: Page, selector: str) -> np.ndarray:
    """West, north, east and south of each element, in pixels of the window, sorted."""
    found: list[list[float]] = page.locator(selector).evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect())"
        ".map(({ x, y, right, bottom }) => [x, y, right, bottom])"
    )
    return np.array(sorted(found))


@pytest.mark.parametrize("size", [DESKTOP, {"width": 1365, "height": 767}], ids=["even", "odd"])
@pytest.mark.parametrize("zoom", ["15", "14.5"])
def test_squares_are_painted_once_and_taken_over(
    visit: Visits, zoom: str, size: dict[str, int]
) -> None:
    v = visit(size=size, color_scheme="light")
    page = v.page
    held = hold_leaflet(page)
    address = f"{v.server}/?couches={LINES.id}&vue=48.8300,2.3300,{zoom}"
    page.goto(address, wait_until="domcontentloaded")
    until_painted(page)
    picture = shot(page)
    marked = page.evaluate(
        "() => [...document.querySelectorAll('.first-picture canvas')]"
        ".map((one) => (one.dataset.early = 'yes')).length"
    )
    places = edges_of_all(page, ".first-picture canvas[data-early] ~ canvas")
    let_leaflet_come(page, held)
    # All but the canvas of the layers that are sent whole.
    expect(page.locator(".leaflet-tile[data-early]")).to_have_count(marked - 1)
    assert marked > 4
    # Between two whole zooms Leaflet scales what it places at the next one, and rounds that.
    off = np.abs(edges_of_all(page, ".leaflet-tile[data-early]") - places).max()
    assert off < (0.01 if zoom == "15" else 0.5)
    assert share_that_differs(picture, shot(page)) < 0.02


WHOLE_TILES = """(least) => {
  const tiles = [...document.querySelectorAll(".leaflet-tile-loaded")];
  return tiles.length >= least && tiles.every((one) => one.width === 512 && one.height === 512);
}"""


def dragged(page: Page) -> None:
    page.mouse.move(1000, 500)
    page.mouse.down()
    page.mouse.move(700, 300, steps=3)
    page.mouse.up()


def widened(page: Page) -> None:
    page.set_viewport_size({"width": 1800, "height": 1000})


@pytest.mark.parametrize("move", [dragged, widened])
def test_squares_are_painted_as_far_as_the_window_shows_them_and_then_whole(
    visit: Visits, move: Callable[[Page], None]
) -> None:
    v = visit(color_scheme="light")
    page = v.open(VIEW)
    tiles = page.locator(".leaflet-tile")
    pixels = tiles.evaluate_all("all => all.reduce((sum, one) => sum + one.width * one.height, 0)")
    assert 0 < pixels < 1.25 * DESKTOP["width"] * DESKTOP["height"]
    before = page.url
    move(page)
    until(page, "(before) => location.href !== before || innerWidth === 1800", before)
    other = visit(size=page.viewport_size, color_scheme="light")
    there = other.open(page.url.removeprefix(v.server)).locator(".leaflet-tile").count()
    until(page, WHOLE_TILES, there)
    assert share_that_differs(shot(page), shot(other.page)) < 0.02


def test_squares_are_hatched_as_the_map_is(visit: Visits) -> None:
    v = visit()
    asked = asked_for(v.page)
    for view in views("qpv"):
        assert_hatched(v.open(view.address), view)
    assert {layer for layer, _zoom, _name in squares_of(asked)} == {"qpv"}


def test_a_zoom_in_shows_what_is_at_hand_and_the_next_one_asks_again(visit: Visits) -> None:
    v = visit()
    page = v.open(VIEW)
    listed(page, len(names_in(page)))
    asked = asked_for(v.page)
    page.evaluate("() => void map_carte.setZoom(16, {animate: false})")
    expected = names_in(page)
    assert len(expected) > 0
    assert listed(page, len(expected)) == expected
    assert asked == []
    page.evaluate("() => void map_carte.panBy([1500, 0], {animate: false})")
    expected = names_in(page)
    assert listed(page, len(expected)) == expected
    page.evaluate("() => void map_carte.setZoom(17, {animate: false})")
    expected = names_in(page)
    assert listed(page, len(expected)) == expected
    assert {zoom for _layer, zoom, _name in squares_of(asked)} == {"15", "16"}


def test_too_many_are_counted_and_those_that_are_near_are_listed(visit: Visits) -> None:
    page = visit().open("/?couches=essai-rues&vue=48.8500,2.3500,11")
    note = page.locator("[data-in-view] .muted")
    expect(note).to_have_text(re.compile(r"Rues d’essai : 3.000 lieux, rapprochez la vue"))
    assert page.locator(SHOWN).count() == 0
    page.evaluate("() => void map_carte.setView([48.83, 2.33], 16, {animate: false})")
    expected = names_in(page)
    assert listed(page, len(expected)) == expected
    expect(note).to_have_count(0)


def test_a_place_is_opened_from_the_list_by_keyboard_and_gets_its_halo(visit: Visits) -> None:
    page = visit().open(VIEW)
    first = page.locator("[data-in-view] button").first
    name = first.locator("span").inner_text()
    first.focus()
    page.keyboard.press("Enter")
    expect(sheet(page).get_by_role("heading", level=2)).to_have_text(name)
    expect(page.locator("path.halo")).to_have_count(1)
    assert "lieu=essai-rues-" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("path.halo")).to_have_count(0)


def test_the_pointer_names_a_line_and_a_click_opens_it(visit: Visits) -> None:
    page = visit().open("/?couches=essai-rues&vue=48.8300,2.3300,17")
    count = len(names_in(page))
    name = sorted(listed(page, count))[0]
    line = next(f for f in line_features() if f["properties"]["name"] == name)
    lon, lat = line["geometry"]["coordinates"][1]
    page.evaluate(f"() => void map_carte.setView([{lat}, {lon}], 19, {{animate: false}})")
    expect(page.locator(SHOWN).filter(has_text=name)).to_be_visible()
    box = page.locator(".folium-map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    expect(page.locator(".leaflet-tooltip")).to_have_text(name)
    page.mouse.click(x, y)
    expect(sheet(page).get_by_role("heading", level=2)).to_have_text(name)


def test_a_commitment_shows_its_place_in_a_layer_that_is_not_fetched_whole(visit: Visits) -> None:
    v = visit()
    asked = asked_for(v.page)
    page = v.open("/?lieu=qpv-qn01320i")
    expect(sheet(page).get_by_role("heading", level=2)).to_contain_text("Mas de Pouane")
    expect(page.locator("path.halo")).to_have_count(1)
    until(page, "() => map_carte.getBounds().contains([43.40, 5.05]) || map_carte.getZoom() > 12")
    whole = [url for url in asked if "/qpv/items" in url and "filter=" not in url]
    assert whole == []


def test_a_place_and_its_row_light_up_together(visit: Visits) -> None:
    qpv = json.loads((ROOT / "data" / "geo" / "qpv.geojson").read_text(encoding="utf-8"))
    place = next(f for f in qpv["features"] if f["id"] == "qpv-qn01320i")
    inside = shapely.geometry.shape(place["geometry"]).representative_point()
    # Seen above the table.
    view = f"vue={inside.y - 0.004:.5f},{inside.x:.5f},15"
    page = visit().open(f"/?couches=qpv&{view}&document=martigues&tableau=lieux")
    row = page.locator(f"[data-map-table] tr[data-id={place['id']}]")
    named = page.locator(f"[data-in-view] button[data-place={place['id']}]")
    expect(row).to_have_count(1)
    expect(named).to_be_visible()
    x, y = page.evaluate(
        "at => { const {x, y} = map_carte.latLngToContainerPoint(at);"
        " const {left, top} = map_carte.getContainer().getBoundingClientRect();"
        " return [left + x, top + y]; }",
        [inside.y, inside.x],
    )
    page.mouse.move(x, y)
    expect(row).to_have_class("lit")
    page.mouse.move(x + 1, y)
    expect(page.locator(".leaflet-tooltip")).to_have_text(place["properties"]["name"])
    expect(row).to_have_class("lit")
    row.get_by_role("link").hover()
    expect(page.locator("path.halo-passing").first).to_be_attached()
    expect(row).not_to_have_class("lit")
    named.focus()
    expect(row).to_have_class("lit")


def test_the_filters_hold_for_it(visit: Visits) -> None:
    page = visit().open("/?couches=qpv&vue=43.4050,5.0500,13&document=martigues")
    kept = page.locator(SHOWN)
    expect(kept.filter(has_text="Mas de Pouane")).to_be_visible()
    page.goto(page.url.replace("document=martigues", "document=ivry"))
    expect(page.locator("[data-in-view-count]")).to_have_text("0")


def test_a_lost_network_is_told_and_asked_again(visit: Visits) -> None:
    page = visit().open(VIEW)
    listed(page, len(names_in(page)))
    page.route("**/carte/carreaux/**", lambda route: route.abort("internetdisconnected"))
    page.evaluate("() => void map_carte.panBy([2000, 0], {animate: false})")
    expect(page.get_by_role("alert")).to_contain_text("Rues d’essai")
    address = page.url
    page.unroute("**/carte/carreaux/**")
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator("[data-notice]")).to_be_hidden()
    expected = names_in(page)
    assert listed(page, len(expected)) == expected
    assert page.url == address


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_map_whose_scripts_do_not_come_says_so(visit: Visits, size: dict[str, int]) -> None:
    v = visit(size=size)
    v.page.route("**/js/map-page.js", lambda route: route.abort("internetdisconnected"))
    v.page.goto(v.server + "/")
    notice = v.page.get_by_role("alert")
    expect(notice).to_contain_text("Rechargez la page")
    told = shapely.box(*edges(notice))
    assert shapely.box(0, 0, size["width"], size["height"]).contains(told)
    for covered in (v.page.get_by_role("search"), v.page.locator(".map-tools")):
        assert not told.intersects(shapely.box(*edges(covered)))


@pytest.mark.parametrize("name", ["start.js", "leaflet.js"])
def test_a_map_without_its_first_scripts_says_so_too(visit: Visits, name: str) -> None:
    v = visit()
    v.page.route(f"**/{name}", lambda route: route.abort("internetdisconnected"))
    v.page.goto(v.server + "/")
    expect(v.page.get_by_role("alert")).to_contain_text("Rechargez la page")
    # What follows cannot do without Leaflet.
    v.trouble = [line for line in v.trouble if line != "L is not defined"]


def test_a_ground_that_was_lost_comes_when_the_network_is_back(visit: Visits) -> None:
    v = visit()
    v.page.route("**/collections/contexte/**", lambda route: route.abort("internetdisconnected"))
    page = v.open(VIEW)
    expect(page.get_by_role("alert")).to_contain_text("n’est pas arrivée")
    page.unroute("**/collections/contexte/**")
    page.evaluate("() => void window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.locator(".ground-name").first).to_be_attached()
