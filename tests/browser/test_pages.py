"""The pages that are read: found, filtered, linked to each other, in both languages, by axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import DESKTOP, PHONE, Visit

Visits = Callable[..., Visit]

MAPS = ("/?", "/visite")
PAGES = (
    "/",
    "/?lieu=boulevard-adolphe-pinard",
    "/engagements",
    "/engagements?q=piste",
    "/lieux",
    "/lieux/boulevard-adolphe-pinard",
    "/lieux/coulee-verte-rupture",
    "/lieux/site-tam-witchitz",
    "/corridors/coulee-verte",
    "/documents",
    "/documents/malakoff",
    "/documents/val-de-marne",
    "/discordances",
    "/tableau-de-bord",
    "/echeancier",
    "/echeancier?jusqu-au=2022-12-31",
    "/visite/cinq-documents",
    "/question",
    "/question?commune=commune-malakoff",
    "/tableau-de-bord?document=ivry",
    "/sources",
    "/telecharger",
    "/accessibilite",
    "/connexion",
    "/engagements/malakoff-a-1-1-1",
    "/page-qui-manque",
    "/ogc/?f=html",
    "/ogc/collections/qpv/items?f=html",
)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: Visits, path: str, size: dict[str, int]) -> None:
    v = visit(size=size)
    page = v.open(path)
    assert axe_faults(page) == []
    if path == "/page-qui-manque":
        v.trouble.clear()  # the browser reports the 404 that is asked for


@pytest.mark.parametrize("path", [p for p in PAGES if not p.startswith(MAPS) and p != "/"])
def test_pages_reflow_at_320_pixels(visit: Visits, path: str) -> None:
    v = visit(size={"width": 320, "height": 640})
    page = v.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if path == "/page-qui-manque":
        v.trouble.clear()


def test_filters_narrow_the_register_and_an_empty_result_says_which_to_drop(visit: Visits) -> None:
    page = visit().open("/engagements")
    everything = int(re.search(r"\d+", page.get_by_role("heading", level=2).first.inner_text())[0])
    page.get_by_label("Document").select_option("malakoff")
    page.get_by_label("Nature").select_option("study")
    page.get_by_role("button", name="Filtrer").click()
    narrowed = int(re.search(r"\d+", page.get_by_role("heading", level=2).first.inner_text())[0])
    assert 0 < narrowed < everything
    page.get_by_label("Mots").fill("zzzz introuvable")
    page.get_by_role("button", name="Filtrer").click()
    way_out = page.get_by_role("link", name=re.compile("sans les mots"))
    way_out.click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(str(narrowed))


def test_words_are_found_without_accents_or_case(visit: Visits) -> None:
    page = visit().open("/engagements?q=COULEE%20verte")
    expect(page.locator(".record-title").first).to_be_visible()
    hits = page.get_by_role("heading", level=2).first.inner_text()
    accented = visit().open("/engagements?q=coul%C3%A9e%20VERTE")
    assert accented.get_by_role("heading", level=2).first.inner_text() == hits


def test_from_document_to_commitment_to_place_and_back(visit: Visits) -> None:
    page = visit().open("/documents/malakoff")
    page.locator("#c-2 a.record-title").first.click()
    page.get_by_role("link", name=re.compile("Boulevard Adolphe")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Boulevard Adolphe")
    page.locator("a.record-title").first.click()
    expect(page.get_by_text("malakoff-", exact=False).first).to_be_visible()


def test_both_values_of_a_discrepancy_are_shown(visit: Visits) -> None:
    page = visit().open("/discordances?document=martigues")
    expect(page.locator("main")).to_contain_text(re.compile("484.960,57"))
    expect(page.locator("main")).to_contain_text(re.compile("488.960,57"))


PINARD, CHUM = "/?lieu=boulevard-adolphe-pinard", "/?lieu=chum-ivry"


@pytest.mark.parametrize(
    ("locale", "path", "warning", "values"),
    [
        ("fr-FR", PINARD, "Les sources se contredisent (3)", ["2m", "4m"]),
        ("en-GB", PINARD, "The sources contradict each other (3)", ["2m", "4m"]),
        ("fr-FR", CHUM, "Les sources se contredisent (2)", ["depuis 2017", "janvier 2016"]),
    ],
)
def test_a_sheet_warns_of_what_the_sources_do_not_agree_on(
    visit: Visits, locale: str, path: str, warning: str, values: list[str]
) -> None:
    page = visit(locale=locale).open(path)
    notice = page.locator("[data-sheet] .notice-warning", has_text=warning)
    expect(notice).to_be_in_viewport()
    notice.get_by_text(warning).click()
    for value in values:
        expect(notice.get_by_text(value, exact=True)).to_be_in_viewport()


def test_the_sheet_of_a_commitment_shows_both_values_of_its_discrepancy(visit: Visits) -> None:
    page = visit().open("/?engagement=malakoff-a-1-1-3")
    notice = page.locator("[data-sheet] .notice-warning")
    expect(notice).to_contain_text("Les sources se contredisent (1)")
    for value in ("2m", "4m"):
        expect(notice.get_by_text(value, exact=True)).to_be_visible()


def test_a_sheet_that_is_scrolled_is_closed_by_its_button(visit: Visits) -> None:
    sheet = visit().open(PINARD).get_by_role("region", name="Fiche")
    sheet.get_by_role("heading", name="Position", exact=True).scroll_into_view_if_needed()
    sheet.get_by_role("button", name="Fermer la fiche").click()
    expect(sheet).to_be_hidden()


def test_a_sheet_compares_what_a_text_states_with_what_is_drawn(visit: Visits) -> None:
    sheet = visit().open(PINARD).locator("[data-sheet]")
    # The convention says a kilometre; a warning would be an alarm for nothing.
    expect(sheet.locator(".notice:not(.notice-warning)")).to_contain_text(
        re.compile(r"1\s?000\sm, le tracé mesure 990\sm")
    )


def test_a_wrong_address_helps(visit: Visits) -> None:
    v = visit()
    page = v.open("/lieux/boulevard-adolphe-pinar")
    expect(page.get_by_role("link", name=re.compile("Boulevard Adolphe"))).to_be_visible()
    v.trouble.clear()  # the browser reports the 404 that is asked for
