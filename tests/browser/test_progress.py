"""Recording progress by keyboard, in a real browser: logging in, the form, its faults, by axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import DESKTOP, PHONE, Visit, add_editor

Visits = Callable[..., Visit]
PASSWORD = "agrafe cheval pile correct"
COMMITMENT = "/engagements/malakoff-a-1-1-1"


@pytest.fixture(scope="module")
def account(server: str) -> str:
    """The name of an account of the service that is tested."""
    name = "Service voirie"
    add_editor(name, PASSWORD)
    return name


def press(page: Page, text: str, then: str) -> None:
    page.keyboard.insert_text(text)
    page.keyboard.press(then)


def log_in(page: Page, name: str) -> None:
    """Log in by keyboard alone, from the link of a commitment."""
    page.get_by_role("link", name=re.compile("personnes autorisées")).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Nom du compte").focus()
    press(page, name, "Tab")
    press(page, PASSWORD, "Enter")
    expect(page.get_by_role("heading", name="Consigner l’avancement")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_progress_is_recorded_by_keyboard_and_read_by_everyone(
    visit: Visits, account: str, size: dict[str, int]
) -> None:
    v = visit(size=size)
    page = v.open(COMMITMENT)
    log_in(page, account)
    assert axe_faults(page) == []
    note = f"Plateau livré, vu sur écran de {size['width']} points"
    page.get_by_label("Lien vers une preuve").focus()
    press(page, "https://exemple.fr/preuve", "Tab")
    page.keyboard.insert_text(note)
    page.get_by_role("combobox", name="Avancement").select_option("Réalisé")
    page.get_by_role("button", name="Consigner").focus()
    page.keyboard.press("Enter")
    history = page.get_by_role("region", name="Avancement", exact=True)
    expect(history).to_contain_text(note)
    expect(history.get_by_role("link", name="https://exemple.fr/preuve").first).to_be_visible()
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    reader = visit(size=size)
    expect(reader.open(COMMITMENT).locator("#avancement")).to_contain_text(note)
    follow_up = reader.open("/tableau-de-bord?document=malakoff")
    expect(follow_up.get_by_role("link", name="Réalisé").first).to_be_visible()
    assert reader.page.context.cookies() == []


def test_a_fault_is_announced_and_leads_to_its_field(visit: Visits, account: str) -> None:
    v = visit()
    page = v.open(COMMITMENT)
    log_in(page, account)
    page.get_by_role("combobox", name="Avancement").select_option("Réalisé")
    link = page.get_by_label("Lien vers une preuve")
    link.fill("http://exemple.fr/")
    page.get_by_label("Note").fill("Ce texte reste")
    page.get_by_role("button", name="Consigner").click()
    alert = page.get_by_role("alert").filter(has_text="À corriger")
    expect(alert).to_be_visible()
    alert.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_focused()
    expect(link).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Note")).to_have_value("Ce texte reste")
    assert axe_faults(page) == []
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Record progress")).to_be_visible()
    v.trouble.clear()  # the browser reports the 422 that is asked for
