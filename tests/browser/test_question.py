"""What is promised here: for a drawn outline, for a commune, by pointer and without the map."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import Visit

Visits = Callable[..., Visit]


def test_a_drawn_outline_answers_with_the_commitments_that_name_what_it_meets(
    visit: Visits,
) -> None:
    v = visit()
    page = v.open("/?vue=48.8231,2.3056,15")
    page.get_by_role("button", name="Mesurer").click()
    expect(page.locator('[data-value="dms"]')).not_to_be_empty()
    for written in ("48,8215 2,3040", "48,8260 2,3040", "48,8260 2,3080", "48,8215 2,3080"):
        page.get_by_label("Aller à des coordonnées").fill(written)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Ajouter le centre").press("Enter")
    page.get_by_role("button", name="Que promet-on ici").press("Enter")
    sheet = page.get_by_role("region", name="Fiche")
    expect(sheet.get_by_role("heading", level=2)).to_have_text("La surface dessinée")
    expect(sheet).to_contain_text("Nommé par le texte")
    expect(sheet.get_by_role("link", name="Boulevard Adolphe-Pinard").first).to_be_attached()
    outline = parse_qs(urlsplit(page.url).query)["contour"][0]
    assert len(outline.split(";")) == 4
    again = v.open(f"/?contour={outline}")
    expect(again.get_by_role("region", name="Fiche").get_by_role("heading", level=2)).to_have_text(
        "La surface dessinée"
    )


def test_a_commune_is_asked_about_without_the_map(visit: Visits) -> None:
    page = visit().open("/question")
    page.get_by_label("Commune ou arrondissement").select_option(label="Malakoff")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Malakoff")
    expect(page.locator(".lead").first).to_contain_text(re.compile(r"[1-9]\d* engagements"))


def test_an_outline_that_crosses_itself_is_refused_with_what_is_allowed(visit: Visits) -> None:
    v = visit()
    v.page.goto(v.server + "/question?contour=2.3,48.82;2.31,48.83;2.31,48.82;2.3,48.83")
    expect(v.page.locator("main")).to_contain_text("sans que le tracé se croise")
    v.trouble.clear()  # the browser reports the 400 that is asked for
