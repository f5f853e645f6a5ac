"""Printing, as somebody does it: from the map to the form to the PDF, by roles and labels."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import DESKTOP, PHONE, Visit

Visits = Callable[..., Visit]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_form_is_accessible_and_fits(visit: Visits, size: dict[str, int]) -> None:
    page = visit(size=size).open("/imprimer?lieu=boulevard-adolphe-pinard&echelle=5000")
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("tiles", [True, False], ids=["tiles", "no-tiles"])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr-FR", ("Imprimer à l’échelle", "Un rectangle", "Voies limitrophes")),
        ("en-GB", ("Print to scale", "A rectangle", "Boundary roads")),
    ],
)
def test_the_view_of_the_map_is_what_the_form_offers(
    visit: Visits, language: str, words: tuple[str, ...], tiles: bool
) -> None:
    page = visit(locale=language, tiles=tiles).open(
        "/?vue=48.82200,2.30000,16&couches=voies-limitrophes"
    )
    link, rectangle, layer = words
    page.get_by_role("link", name=link).click()
    expect(page.get_by_role("radio", name=rectangle)).to_be_checked()
    box = page.locator("input[name=bbox]").input_value()
    west, south, east, north = map(float, box.split(","))
    assert west < 2.3 < east
    assert south < 48.822 < north
    ticked = page.get_by_role("checkbox").filter(visible=True)
    assert [c.get_attribute("value") for c in ticked.all() if c.is_checked()] == [
        "voies-limitrophes"
    ]
    expect(page.get_by_role("checkbox", name=layer)).to_be_checked()


def test_the_form_is_filled_in_by_keyboard_and_the_pdf_comes(visit: Visits) -> None:
    page = visit().open("/imprimer")
    page.get_by_label("Lieu", exact=True).select_option("boulevard-adolphe-pinard")
    expect(page.get_by_role("radio", name="Un lieu")).to_be_checked()
    page.get_by_label("Échelle 1:").fill("5000")
    page.get_by_label("Format").select_option("A3")
    page.get_by_label("Titre").fill("Réunion")
    page.get_by_role("button", name="Vérifier le découpage").press("Enter")
    expect(page.get_by_text("au 1:5")).to_be_visible()
    expect(page.get_by_label("Titre")).to_have_value("Réunion")
    wanted = page.evaluate(
        "new URLSearchParams(new FormData(document.querySelector('[data-print-form]'))).toString()"
    )
    answer = page.request.get(f"{page.url.partition('?')[0]}/carte.pdf?{wanted}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-1.7")
