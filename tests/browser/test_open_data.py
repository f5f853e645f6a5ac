"""The open data pages in a real Chromium: the filter form, the map of a page, the copy button."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import DESKTOP, PHONE, Visit

Visits = Callable[..., Visit]
ITEMS = "/ogc/collections/interfaces/items?f=html"
PAGES = (
    ITEMS,
    "/ogc/collections/interfaces?f=html",
    "/ogc/collections/interfaces/queryables?f=html",
    "/ogc/collections/indicateurs/items?f=html",
    "/ogc/portee?f=html&lieu=boulevard-adolphe-pinard",
    "/ogc/api?f=html",
)


def test_a_filter_is_written_from_the_form_by_keyboard(visit: Visits) -> None:
    page = visit().open(ITEMS)
    page.get_by_label("Propriété", exact=True).select_option("name")
    page.get_by_label("Condition", exact=True).select_option("contains")
    page.get_by_label("Valeur", exact=True).fill("chatillon")
    page.get_by_role("button", name="Ajouter la condition").press("Enter")
    text = page.get_by_label("Filtre en CQL2")
    written = "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('%chatillon%'))"
    expect(text).to_have_value(written)
    expect(page.get_by_role("status").filter(has_text=written)).to_be_visible()
    page.get_by_role("button", name="Filtrer").press("Enter")
    expect(page.get_by_label("Filtre en CQL2")).to_have_value(written)
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("[data-small-map][data-ready]")).to_be_visible()


def test_a_missing_value_is_announced(visit: Visits) -> None:
    page = visit().open(ITEMS)
    page.get_by_role("button", name="Ajouter la condition").click()
    expect(page.get_by_text("Il manque une valeur.")).to_be_visible()
    expect(page.get_by_label("Valeur", exact=True)).to_be_focused()


def test_the_address_for_qgis_is_copied_and_announced(visit: Visits, server: str) -> None:
    page = visit().open("/ogc?f=html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copié.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{server}/ogc"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: Visits, path: str, size: dict[str, int]) -> None:
    page = visit(size=size).open(path)
    assert axe_faults(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_pages_reflow_at_320_pixels(visit: Visits, path: str) -> None:
    page = visit(size={"width": 320, "height": 640}).open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
