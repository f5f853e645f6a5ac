"""Preparing and opening a consultation by keyboard alone, its pages by axe, on desk and phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import DESKTOP, PHONE, Visit, add_editor, until

Visits = Callable[..., Visit]
NAME, PASSWORD = "Maison du projet", "agrafe cheval pile correct"


@pytest.fixture(scope="module")
def account(server: str) -> str:
    """The name of an account of the service that is tested."""
    add_editor(NAME, PASSWORD)
    return NAME


def tab_to(page: Page, name: str) -> None:
    """Go on by Tab to the link, button or field of a name."""
    for _step in range(120):
        page.keyboard.press("Tab")
        # What a screen reader says: the label of a field, else the words of the element.
        found = page.evaluate(
            """() => {
              const e = document.activeElement;
              return (e.labels?.[0]?.textContent ?? e.textContent).trim().replace(/\\s+/g, " ");
            }"""
        )
        if found == name:
            return
    raise AssertionError(f"Tab never comes to {name!r}")


def begin(page: Page, name: str) -> None:
    """Log in and come to the form of a new consultation, by keyboard."""
    tab_to(page, "Nom du compte")
    page.keyboard.insert_text(name)
    tab_to(page, "Mot de passe")
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mes concertations")).to_be_visible()
    tab_to(page, "Nouvelle concertation")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nouvelle concertation")).to_be_visible()


def check(page: Page, width: int) -> None:
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_consultation_is_made_and_opened_by_keyboard(
    visit: Visits, account: str, size: dict[str, int]
) -> None:
    title, width = f"La place vue sur {size['width']} points", size["width"]
    page = visit(size=size).open("/connexion?suite=/animation")
    begin(page, account)
    check(page, width)
    tab_to(page, "Titre")
    page.keyboard.insert_text(title)
    page.locator("summary", has_text="Questions").focus()
    page.keyboard.press("Enter")
    tab_to(page, "Un choix")
    page.keyboard.press("Enter")
    question = page.locator("#questions-1-label_fr")
    expect(question).to_be_focused()
    page.keyboard.insert_text("Comment venez-vous ?")
    for number, answer in ((1, "À pied"), (2, "À vélo")):
        tab_to(page, f"Réponse {number}")
        page.keyboard.insert_text(answer)
    check(page, width)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    check(page, width)
    board = page.url
    tab_to(page, "Ouvrir…")
    page.keyboard.press("Enter")
    tab_to(page, "Oui, ouvrir")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ouverte", exact=True)).to_be_visible()
    for end in ("/modifier", "/apercu", "/versions", "/saisie"):
        page.goto(board + end)
        check(page, width)
    resident = visit(size=size)
    resident.open("/consultations").get_by_role("link", name=title).click()
    expect(resident.page.get_by_role("button", name=re.compile("Participer")).first).to_be_visible()


def test_sheets_are_typed_in_without_leaving_the_keys(visit: Visits, account: str) -> None:
    page = visit().open("/connexion?suite=/animation")
    begin(page, account)
    tab_to(page, "Titre")
    page.keyboard.insert_text("Feuilles")
    page.keyboard.press("Enter")
    page.get_by_text("Ouvrir…").click()
    page.get_by_role("button", name="Oui, ouvrir").click()
    page.get_by_role("link", name="Saisir des feuilles papier").click()
    for number, letter in ((1, "A"), (2, "C")):
        expect(page.get_by_label("Case de la carte")).to_be_focused()
        page.keyboard.insert_text("b2")
        tab_to(page, "Catégorie (tapez sa lettre)")
        page.keyboard.type(letter)
        page.keyboard.press("Tab")
        page.keyboard.insert_text(f"Feuille {number}, lue à haute voix")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=f"{number} saisie")).to_be_visible()
    newest = page.locator("#n-2")
    expect(newest).to_contain_text(re.compile(r"Feuille 2\s+n° 2 · C · à \d+ m près"))


def test_the_area_is_drawn_by_keyboard_and_by_click(visit: Visits, account: str) -> None:
    page = visit().open("/connexion?suite=/animation")
    begin(page, account)
    page.locator("summary", has_text="Territoire et carte").click()
    page.get_by_text("Dessiner le périmètre sur une carte").click()
    until(page, "() => document.querySelector('[data-area-map]').dataset.ready")
    page.get_by_role("button", name="Ajouter le centre de la carte").press("Enter")
    frame = page.locator("#map_petite").bounding_box()
    assert frame is not None
    for right, down in ((0.7, 0.5), (0.7, 0.8)):
        page.mouse.click(frame["x"] + frame["width"] * right, frame["y"] + frame["height"] * down)
    drawn = page.locator("#area")
    expect(drawn).to_have_value(
        re.compile(r'^\{"type":"Polygon","coordinates":\[\[(\[[\d.,]+\],?){4}')
    )
    assert axe_faults(page) == []
    page.get_by_role("button", name="Retirer le dernier sommet").click()
    expect(drawn).to_have_value("")
