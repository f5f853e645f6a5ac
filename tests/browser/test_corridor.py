"""The strip of a corridor and the map point at each other, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import DESKTOP, PHONE, Visit, until

Visits = Callable[..., Visit]
PAGE = "/corridors/coulee-verte"
HALOS = "document.querySelectorAll('.leaflet-halo-pane path').length"


def halos(page: Page, count: int) -> None:
    until(page, f"() => {HALOS} === {count}")


def place_in_address(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("lieu", [])


def test_a_part_chosen_in_the_list_is_shown_on_the_map_and_kept(visit: Visits) -> None:
    page = visit().open(PAGE)
    halos(page, 0)
    page.get_by_role("button", name="Montrer sur la carte : Jardin Anna-Marly", exact=True).press(
        "Enter"
    )
    expect(page.get_by_role("status").filter(has_text="Jardin Anna-Marly")).to_be_attached()
    expect(page.locator('li[aria-current="true"]')).to_contain_text("Jardin Anna-Marly")
    assert place_in_address(page) == ["jardin-anna-marly"]
    page.reload()
    expect(page.locator('li[aria-current="true"]')).to_contain_text("Jardin Anna-Marly")


def test_what_is_pointed_at_is_marked_on_the_map(visit: Visits) -> None:
    page = visit().open(PAGE)
    page.get_by_role("link", name="Square Julia-Bartet").first.focus()
    halos(page, 1)
    page.get_by_role("heading", level=1).hover()
    page.locator("li[data-part]").filter(has_text="Jardin Anna-Marly → Dalle Garamond").hover()
    halos(page, 1)
    page.get_by_role("heading", level=1).hover()
    halos(page, 0)


def test_a_place_chosen_on_the_map_is_marked_in_the_strip(visit: Visits) -> None:
    page = visit().open(PAGE)
    page.locator('[data-small-map] [data-place="dalle-garamond"]').first.focus()
    page.keyboard.press("Enter")
    expect(page.locator('li[aria-current="true"]')).to_contain_text("Dalle Garamond")
    assert place_in_address(page) == ["dalle-garamond"]
    expect(page.get_by_role("heading", level=1)).to_have_text("Coulée verte du sud parisien")


def test_the_strip_of_the_map_opens_sheets_and_follows_them(visit: Visits) -> None:
    page = visit().open()
    panel = page.get_by_role("region", name="Couches et lieux")
    panel.locator("summary").filter(has_text="Coulée verte du sud parisien").click()
    panel.locator("summary").filter(has_text="Les éléments, dans l’ordre").click()
    panel.get_by_role("button", name="Montrer sur la carte : Dalle Garamond", exact=True).click()
    sheet = page.get_by_role("region", name="Fiche")
    expect(sheet.get_by_role("heading", level=2)).to_have_text("Dalle Garamond")
    expect(panel.locator('li[aria-current="true"]')).to_contain_text("Dalle Garamond")
    sheet.locator("summary").filter(has_text="Les éléments, dans l’ordre").click()
    sheet.get_by_role(
        "button", name="Montrer sur la carte : Square Julia-Bartet", exact=True
    ).click()
    expect(sheet.get_by_role("heading", level=2)).to_have_text("Square Julia-Bartet")
    expect(panel.locator('li[aria-current="true"]')).to_contain_text("Square Julia-Bartet")


def test_a_hop_is_shown_on_the_map_though_it_has_no_sheet(visit: Visits) -> None:
    page = visit().open("/?zone=blagis")
    panel = page.get_by_role("region", name="Couches et lieux")
    panel.locator("summary").filter(has_text="Coulée verte du sud parisien").click()
    panel.locator("summary").filter(has_text="Les éléments, dans l’ordre").click()
    name = re.compile("Montrer sur la carte : Dalle Garamond →")
    panel.get_by_role("button", name=name).click()
    until(page, "() => /vue=48[.]82/.test(location.search)")
    halos(page, 1)
    expect(page.get_by_role("region", name="Fiche")).to_be_hidden()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_is_accessible_in_english(visit: Visits, size: dict[str, int]) -> None:
    page = visit(size=size, locale="en-GB").open(PAGE)
    drawing = page.get_by_role("img", name=re.compile("as a strip: 560.m left in 4 hops"))
    expect(drawing).to_be_visible()
    page.get_by_role("button", name="Show on the map: Jardin Anna-Marly", exact=True).click()
    expect(page.locator('li[aria-current="true"]')).to_contain_text("Jardin Anna-Marly")
    assert axe_faults(page) == []


def test_the_page_prints_its_strip_and_not_its_buttons(visit: Visits) -> None:
    page = visit().open(PAGE)
    page.emulate_media(media="print")
    expect(page.get_by_role("img", name=re.compile("en ruban"))).to_be_visible()
    expect(page.locator("[data-part-show]").first).to_be_hidden()
