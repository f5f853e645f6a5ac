"""The map by keyboard alone, and by accessible name: what axe cannot see."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

Visits = Callable[..., Visit]
FOCUSED_PLACE = "document.activeElement.dataset ? document.activeElement.dataset.place || '' : ''"


def located(page: Page) -> set[str]:
    return set(
        page.evaluate(
            "[...document.querySelectorAll('.leaflet-pane [data-place]')]"
            ".map((drawn) => drawn.dataset.place)"
        )
    )


def test_every_drawn_place_has_a_name_and_is_reached_by_tab(visit: Visits) -> None:
    page = visit().open("/?zone=paris-sud-ouest")
    drawn = page.locator(".leaflet-pane [data-place]")
    names = drawn.evaluate_all("all => all.map((e) => e.getAttribute('aria-label') || '')")
    assert names and all(name.strip() for name in names)
    assert set(drawn.evaluate_all("all => all.map((e) => e.getAttribute('role'))")) == {"button"}
    expected = located(page)
    page.locator(".folium-map").focus()
    reached: set[str] = set()
    for _ in range(len(names) + 20):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(FOCUSED_PLACE))
        if expected <= reached:
            break
    assert expected <= reached


def test_enter_opens_the_sheet_escape_closes_it_and_the_focus_returns(visit: Visits) -> None:
    page = visit().open("/?zone=paris-sud-ouest")
    place = page.locator("path[data-place='boulevard-adolphe-pinard']")
    place.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("region", name="Fiche")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert page.evaluate(FOCUSED_PLACE) == "boulevard-adolphe-pinard"


def test_the_list_of_visible_places_is_a_second_way_to_each_of_them(visit: Visits) -> None:
    page = visit().open("/?zone=blagis")
    page.get_by_role("link", name="Aller à la liste des lieux visibles").focus()
    page.keyboard.press("Enter")
    listed = page.locator("[data-in-view] button")
    listed.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Fiche").get_by_role("heading", level=2)).to_be_focused()


def test_a_commitment_is_reached_from_the_sheet_by_keyboard(visit: Visits) -> None:
    page = visit().open("/?lieu=boulevard-adolphe-pinard")
    sheet = page.get_by_role("region", name="Fiche")
    first = sheet.locator("a.record-title").first
    title = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    expect(sheet.get_by_role("heading", level=2)).to_have_text(title)


def test_a_single_key_does_nothing_for_those_who_wish_so(visit: Visits) -> None:
    v = visit()
    page = v.page
    search = page.get_by_role("combobox", name="Chercher un lieu")
    hint = page.get_by_title("Touche pour chercher")
    for wanted in (False, True):
        v.open("/accessibilite")
        page.get_by_label("Raccourcis d’une seule touche").set_checked(wanted)
        v.open("/")
        page.locator(".folium-map").focus()
        page.keyboard.press("/")
        expect(search if wanted else page.locator(".folium-map")).to_be_focused()
        expect(hint).to_be_visible(visible=wanted)


def test_the_focus_is_always_seen(visit: Visits) -> None:
    page = visit().open("/engagements")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return [s.outlineStyle, parseFloat(s.outlineWidth)] })()"
        )
        assert outline[0] != "none"
        assert outline[1] >= 2
