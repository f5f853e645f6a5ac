"""What is seen of the map before Leaflet has come: what the map shows then, and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE, Visit, until
from tests.browser.fills import View, assert_hatched, views
from tests.browser.pictures import (
    hold,
    hold_leaflet,
    let_leaflet_come,
    share_that_differs,
    shot,
    until_painted,
)

Visits = Callable[..., Visit]


def compare(v: Visit, path: str) -> float:
    held = hold_leaflet(v.page)
    v.page.goto(v.server + path, wait_until="domcontentloaded")
    return compared(v.page, held)


def compared(page: Page, held: list[Route]) -> float:
    """How much the picture differs from the map that follows it."""
    until_painted(page)
    picture = shot(page)
    assert page.locator(".leaflet-container").count() == 0
    let_leaflet_come(page, held)
    expect(page.locator(".first-picture")).to_have_count(0)
    return share_that_differs(picture, shot(page))


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/", DESKTOP),
        ("/", PHONE),
        ("/?zone=martigues", DESKTOP),
        ("/?vue=48.8205,2.3105,14.5", PHONE),
        ("/integrer?couches=interfaces,voies&vue=48.82,2.31,16", DESKTOP),
    ],
    ids=["home", "phone", "area", "view", "embedded"],
)
def test_the_picture_is_what_the_map_shows_then(
    visit: Visits, path: str, size: dict[str, int]
) -> None:
    assert compare(visit(size=size), path) < 0.02


@pytest.mark.parametrize(
    "path", ["/?theme=mobilites", "/?tableau=engagements", "/visite/cinq-documents"]
)
def test_what_is_decided_otherwise_is_not_painted(visit: Visits, path: str) -> None:
    v = visit()
    page = v.page
    hold_leaflet(page)
    page.goto(v.server + path, wait_until="domcontentloaded")
    page.wait_for_selector("head script[src$='/leaflet.js']", state="attached")
    assert page.locator(".first-picture canvas").count() == 0


@pytest.mark.parametrize("view", views("qpv"), ids=lambda view: view.look["value"])
def test_hatchings_stay_where_they_are(visit: Visits, view: View) -> None:
    v = visit()
    held = hold_leaflet(v.page)
    v.page.goto(v.server + view.address, wait_until="domcontentloaded")
    until_painted(v.page)
    assert_hatched(v.page, view)
    let_leaflet_come(v.page, held)
    assert_hatched(v.page, view)


@pytest.mark.parametrize("path", ["/", "/?theme=mobilites", "/visite/cinq-documents"])
def test_the_page_waits_for_nothing_that_does_not_come(visit: Visits, path: str) -> None:
    page = visit().open(path)
    awaited = page.locator("link[rel=expect][blocking=render]").get_attribute("href")
    assert page.locator(awaited).count() == 1


def test_a_foreign_ground_is_not_covered_by_our_own(visit: Visits) -> None:
    v = visit()
    page = v.page
    hold_leaflet(page)
    shares = []
    for path in ("/", "/?fond=plan"):
        page.goto(v.server + path, wait_until="domcontentloaded")
        until_painted(page)
        shares.append(
            page.locator(".first-picture canvas").evaluate(
                "(one) => { const { data } = one.getContext('2d').getImageData(0, 0, one.width,"
                " one.height); return data.filter((v, i) => i % 4 === 3 && v).length * 4"
                " / data.length; }"
            )
        )
    own, foreign = shares
    assert own > 0.9
    assert 0.001 < foreign < 0.2


def test_a_map_does_not_wait_long_for_its_picture(visit: Visits) -> None:
    v = visit()
    page = v.page
    held = hold(page, "**/premieres-couches.json")
    page.goto(v.server, wait_until="domcontentloaded")
    expect(page.locator(".leaflet-container")).to_be_visible()
    assert page.locator("[data-ready=true]").count() == 0
    held[0].continue_()
    page.wait_for_selector("[data-ready=true]", state="attached")
    expect(page.locator(".first-picture")).to_have_count(0)
    assert page.locator("path.leaflet-interactive").count() > 0


def test_the_page_does_not_wait_long_for_the_script_that_paints(visit: Visits) -> None:
    v = visit()
    page = v.page
    held = hold(page, "**/js/start.js")
    page.goto(v.server, wait_until="commit")
    expect(page.get_by_role("heading", name="Fond de carte")).to_be_visible()
    assert page.locator(".first-picture").count() == 0
    held[0].continue_()
    page.wait_for_selector("[data-ready=true]", state="attached")


def test_the_panel_follows_the_map_and_all_is_written_in_the_typeface_at_once(
    visit: Visits,
) -> None:
    v = visit()
    page = v.page
    layers = hold(page, "**/premieres-couches.json")
    # What waits for a time or for a frame waits until the clock goes on.
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.goto(v.server, wait_until="domcontentloaded")
    until(page, "() => [...document.fonts].some((face) => face.status === 'loaded')")
    heading = page.get_by_role("heading", name="Fond de carte")
    brand = page.get_by_role("link", name="Limitrophe", exact=True)
    assert not brand.is_visible()
    layers[0].continue_()
    until_painted(page)
    expect(brand).to_be_visible()
    assert not heading.is_visible()
    page.clock.resume()
    expect(heading).to_be_visible()
    page.wait_for_selector("[data-ready=true]", state="attached")


def test_the_picture_waits_for_the_style_sheet(visit: Visits) -> None:
    v = visit()
    page = v.page
    sheets = hold(page, "**/css/map-page.css")
    held = hold_leaflet(page)
    with page.expect_response("**/premieres-couches.json"), page.expect_response("**/js/start.js"):
        page.goto(v.server, wait_until="commit")
    # By now the panel has been opened, and the script that would measure it has run.
    expect(page.locator("[data-panel]")).to_be_attached()
    page.evaluate("() => new Promise((resolve) => setTimeout(resolve))")
    sheets[0].continue_()
    page.wait_for_load_state("domcontentloaded")
    assert compared(page, held) < 0.02
