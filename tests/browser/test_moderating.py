"""The team at work in a real browser: the queue by keyboard, the projector live, the results."""

from __future__ import annotations

import itertools
import os
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import DESKTOP, PHONE, Visit, until
from tests.state.speaking import plan
from webmap.accounts import people
from webmap.config import read_settings
from webmap.consultation import contributions, kept, store
from webmap.consultation.participants import Guest
from webmap.consultation.said import Said
from webmap.consultation.store import Known
from webmap.state import Database, open_state

Visits = Callable[..., Visit]
PASSWORD = "agrafe cheval pile correct"
ATTACK = '<img src=x onerror="document.title=1">'
PERSONAL = "Appelez Mme Lefèvre au 06 12 34 56 78"
_numbers = itertools.count()


@pytest.fixture(scope="module")
def database(server: str) -> Iterator[Database]:
    """The state of the service that is tested, with an administrator."""
    found, _secret = open_state(read_settings(os.environ))
    people.add(found, f"Modération {uuid.uuid4().hex[:8]}", "administrator", PASSWORD)
    yield found
    found.engine.dispose()


@pytest.fixture
def known(database: Database) -> Known:
    made = store.create(database, plan(), None, slug=f"salle-{uuid.uuid4().hex[:8]}")
    return store.move(database, made, "open")


def say(database: Database, known: Known, text: str, **changes: Any) -> None:
    """Let a browser of its own say something."""
    lon = 2.3 + next(_numbers) / 1000
    point = {"type": "Point", "coordinates": [lon, 48.82]}
    plain: dict[str, Any] = {
        "key": str(uuid.uuid4()), "language": "fr", "category": "idee", "geometry": point,
        "box": (lon, 48.82, lon, 48.82), "place": None, "commitment": None, "territory": None,
        "answers": {"avis": text},
    }  # fmt: skip
    guest = Guest(uuid.uuid4().hex, "online")
    contributions.submit(database, known, guest, Said(**{**plain, **changes}))


def log_in(v: Visit, database: Database) -> Page:
    name = next(u.name for u in people.all_accounts(database) if u.name.startswith("Modération"))
    page = v.open("/connexion")
    page.get_by_label("Nom du compte").fill(name)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_label("Mot de passe")).to_have_count(0)
    return page


def states(database: Database, known: Known) -> dict[int, tuple[str, str]]:
    found = kept.listed(database, known, ("pending", "published", "rejected"))
    return {one.number: (one.state, one.published.get("avis", "")) for one in found}


def test_the_queue_is_worked_through_by_keyboard(database: Database, visit: Visits) -> None:
    made = store.create(
        database, plan(moderation="before"), None, slug=f"file-{uuid.uuid4().hex[:8]}"
    )
    known = store.move(database, made, "open")
    for text in ("Un banc ici", "Vous êtes nuls", PERSONAL, ATTACK):
        say(database, known, text)
    v = visit()
    page = log_in(v, database)
    v.open(f"/animation/{known.slug}/moderation")
    page.wait_for_selector(".moderation[data-ready=true]")
    assert axe_faults(page) == []
    page.keyboard.press("j")
    expect(page.locator("#n1")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#n2")).to_be_focused()
    page.keyboard.press("r")
    page.keyboard.press("i")
    expect(page.locator("#reason-2")).to_have_value("insult")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#n3")).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#reason-3").select_option("personal")
    page.get_by_role("button", name="Masquer et publier").first.press("Enter")
    expect(page.locator("#n4")).to_be_focused()
    expect(page.locator("#n4 .said")).to_have_text(ATTACK)
    page.get_by_label("Raccourcis d’une seule touche").uncheck()
    page.locator("#n4").focus()
    page.keyboard.press("a")
    page.reload()
    page.wait_for_selector(".moderation[data-ready=true]")
    expect(page.get_by_label("Raccourcis d’une seule touche")).not_to_be_checked()
    assert states(database, known) == {
        1: ("published", "Un banc ici"),
        2: ("rejected", "Vous êtes nuls"),
        3: ("published", "Appelez […] au […]"),
        4: ("pending", ATTACK),
    }


def test_the_projector_shows_what_arrives(database: Database, known: Known, visit: Visits) -> None:
    say(database, known, "Le premier banc")
    say(database, known, "Un autre banc")
    v = visit(size={"width": 1920, "height": 1080})
    page = v.open(f"/consultations/{known.slug}/projection")
    expect(page.locator("[data-newest]")).to_contain_text("Le premier banc")
    say(database, known, ATTACK)
    expect(page.locator("[data-newest] li").first).to_contain_text(ATTACK, timeout=15_000)
    expect(page.locator("[data-total]")).to_have_text("3")
    until(page, "() => document.querySelectorAll('.wall-map .said-mark').length >= 1")
    page.get_by_role("button", name="Votre avis").click()
    assert axe_faults(page) == []
    page.get_by_role("button", name="Mettre en pause").click()
    expect(page.locator("[data-state]")).to_contain_text("En pause")
    say(database, known, "Pendant la pause")
    page.get_by_role("button", name="Reprendre").click()
    expect(page.locator("[data-newest]")).to_contain_text("Pendant la pause")


@pytest.mark.parametrize(("motion", "moves"), [("reduce", "none"), ("no-preference", "arriving")])
def test_what_arrives_glides_in_unless_less_motion_is_asked_for(
    database: Database, known: Known, visit: Visits, motion: str, moves: str
) -> None:
    say(database, known, "Le premier banc")
    page = visit(reduced_motion=motion).open(f"/consultations/{known.slug}/projection")
    newest = page.locator("[data-newest] li").first
    expect(newest).to_contain_text("Le premier banc")
    say(database, known, "Un autre banc")
    expect(newest).to_contain_text("Un autre banc")
    expect(newest).to_have_css("animation-name", moves)


@pytest.mark.parametrize("size", [DESKTOP, PHONE, {"width": 320, "height": 568}])
def test_results_for_everyone(
    database: Database, known: Known, visit: Visits, size: dict[str, int]
) -> None:
    say(database, known, "Un banc ici")
    say(database, known, "Du bruit", category="gene", answers={"avis": "Du bruit", "note": 2})
    v = visit(size=size)
    page = v.open(f"/consultations/{known.slug}/resultats")
    page.wait_for_selector("[data-said-map][data-ready=true]")
    expect(page.get_by_role("button", name="Contribution n° 1, Idée")).to_be_visible()
    page.get_by_label("Gêne", exact=True).uncheck()
    expect(page.locator(".said-mark")).to_have_count(1)
    page.get_by_label("Cases, selon leur nombre").check()
    expect(page.locator(".said-count")).to_have_count(1)
    page.get_by_role("radio", name="Contributions").check()
    for path in ("resultats", "bilan", "donnees", "journal"):
        v.open(f"/consultations/{known.slug}/{path}")
        assert axe_faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    v.open(f"/consultations/{known.slug}/resultats")
    page.wait_for_selector("[data-said-map][data-ready=true]")
    page.get_by_role("button", name="Contribution n° 1, Idée").press("Enter")
    expect(page).to_have_url(re.compile("contribution=1#c1$"))
