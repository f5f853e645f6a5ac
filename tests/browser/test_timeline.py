"""The cursor of due dates on the map and on its page, by keyboard, and what it keeps."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import DESKTOP, PHONE, Visit, until

Visits = Callable[..., Visit]


def asked_day(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("jusqu-au", [])


def open_due_dates(page: Page) -> Locator:
    section = page.locator("[data-timeline]")
    section.locator("summary").click()
    return section


def test_the_cursor_filters_the_map_and_the_address_keeps_it(visit: Visits) -> None:
    v = visit()
    page = v.open()
    section = open_due_dates(page)
    section.get_by_role("button", name="Échéance suivante").click()
    expect(section.get_by_role("status")).to_have_text(
        "31 décembre 2021 : 1 sur 4 engagements datés"
    )
    section.get_by_role("button", name="Échéance suivante").click()
    summary = page.locator("[data-summary]")
    expect(summary).to_contain_text("3 engagements, 1 lieu")
    assert asked_day(page) == ["2022-12-31"]
    page.reload()
    expect(summary).to_contain_text("3 engagements, 1 lieu")
    expect(section.get_by_role("slider", name="Échéance jusqu’au")).to_have_attribute(
        "aria-valuetext", re.compile("31 décembre 2022")
    )
    summary.get_by_role("link", name="Voir la liste").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("3 engagements")
    expect(page.get_by_label("Échéance jusqu’au")).to_have_value("2022-12-31")


def test_the_slider_obeys_the_keyboard_and_can_be_cleared(visit: Visits) -> None:
    page = visit().open()
    section = open_due_dates(page)
    slider = section.get_by_role("slider", name="Échéance jusqu’au")
    slider.press("Home")
    expect(section.get_by_role("status")).to_contain_text("31 janvier 2016 : 0")
    expect(page.locator("[data-summary]")).to_contain_text("0 engagement")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("29 février 2016"))
    section.get_by_role("button", name="Toutes les dates").press("Enter")
    expect(page.locator("[data-summary]")).to_be_hidden()
    until(page, "() => !location.search.includes('jusqu-au')")


def test_a_mark_opens_the_sheet_of_its_commitment(visit: Visits) -> None:
    page = visit().open()
    section = open_due_dates(page)
    section.get_by_role("link", name=re.compile("31 décembre 2024, échéance passée")).press("Enter")
    sheet = page.get_by_role("region", name="Fiche")
    expect(sheet).to_contain_text("ivry-a-2-i-4")
    expect(sheet).to_contain_text("échéance passée")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_cursor_of_the_page_filters_its_table(visit: Visits, size: dict[str, int]) -> None:
    page = visit(size=size, locale="en-GB").open("/echeancier")
    rows = page.locator("tr[data-due]:visible")
    expect(rows).to_have_count(4)
    page.get_by_role("button", name="Next due date").click()
    expect(rows).to_have_count(1)
    expect(page.get_by_label("Due by", exact=True).first).to_have_value("2021-12-31")
    assert asked_day(page) == ["2021-12-31"]
    assert axe_faults(page) == []
    page.get_by_role("link", name="See in the register").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("1 commitment")


def test_the_panel_with_its_cursor_is_accessible_on_a_phone(visit: Visits) -> None:
    page = visit(size=PHONE).open("/?jusqu-au=2022-12-31")
    page.get_by_role("button", name="Couches et lieux").click()
    section = page.locator("[data-timeline]")
    expect(section.get_by_role("slider", name="Échéance jusqu’au")).to_be_visible()
    assert axe_faults(page) == []
