"""The guided tour as a projector shows it: arrow keys, views, history, large type."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visit, until

Visits = Callable[..., Visit]
TOUR = "/visite/cinq-documents"


def card(page: Page):
    return page.get_by_role("region", name="Visite guidée")


def near(page: Page, lat: float, lon: float, metres: int) -> None:
    until(
        page,
        "([lat, lon, metres]) => map_carte.distance(map_carte.getCenter(), [lat, lon]) < metres",
        [lat, lon, metres],
    )


def test_arrow_keys_lead_through_the_tour_and_move_the_map(visit: Visits) -> None:
    page = visit().open(TOUR)
    titles = [card(page).get_by_role("heading", level=2).inner_text()]
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        titles.append(card(page).get_by_role("heading", level=2).inner_text())
    assert len(set(titles)) == 4
    assert page.url.endswith("etape=4")
    near(page, 48.8252, 2.3015, 1500)
    expect(page.locator("path.halo").first).to_be_attached()
    page.keyboard.press("ArrowLeft")
    expect(card(page).get_by_role("heading", level=2)).to_have_text(titles[2])
    page.keyboard.press("End")
    expect(card(page)).to_contain_text("11 / 11")


def test_a_step_of_another_town_goes_there(visit: Visits) -> None:
    page = visit().open(f"{TOUR}?etape=9")
    near(page, 48.785, 2.44, 14_000)
    page.get_by_role("button", name="Suivant").click()
    near(page, 43.405, 5.05, 6000)


def test_the_browser_goes_back_a_step(visit: Visits) -> None:
    page = visit().open(TOUR)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.go_back()
    expect(card(page)).to_contain_text("2 / 11")


def test_the_type_is_large_on_a_projector_and_the_card_stays_on_a_phone(visit: Visits) -> None:
    wide = visit(size={"width": 1920, "height": 1080}).open(TOUR)
    text = card(wide).locator("article:visible p").last
    size = text.evaluate("shown => parseFloat(getComputedStyle(shown).fontSize)")
    assert size >= 26
    phone = visit(size=PHONE).open(f"{TOUR}?etape=9")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    near(phone, 48.785, 2.44, 14_000)


def test_the_tour_is_left_for_the_map(visit: Visits) -> None:
    page = visit().open(TOUR)
    page.get_by_role("link", name="Quitter la visite").click()
    expect(page.get_by_role("region", name="Couches et lieux")).to_be_visible()
