"""Taking part in a real browser: by touch, by keyboard, without script, without a network."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import DESKTOP, PHONE, Visit, until
from tests.state.taking_part import PLAN
from webmap.config import read_settings
from webmap.consultation import kept, store
from webmap.consultation.participants import SHORTEST
from webmap.consultation.plan import Plan
from webmap.consultation.store import Known
from webmap.state import Database, open_state

Visits = Callable[..., Visit]
HERE = {"territories": [], "layers": ["voies-limitrophes"], "commitments": ["malakoff-a-1-1-1"]}
ATTACK = '<script>document.title="volé"</script>"><img src=x onerror="document.title=1">'
SMALLEST = {"width": 320, "height": 568}
_numbers = itertools.count()


@pytest.fixture(scope="module")
def database(server: str) -> Iterator[Database]:
    """The state of the service that is tested."""
    found, _secret = open_state(read_settings(os.environ))
    yield found
    found.engine.dispose()


@pytest.fixture
def known(database: Database) -> Known:
    """A consultation of its own for each test."""
    plan = Plan.model_validate({**PLAN, **HERE})
    made = store.create(database, plan, None, slug=f"rue-{next(_numbers)}")
    return store.move(database, made, "open")


def path(known: Known, end: str = "") -> str:
    return f"/consultations/{known.slug}{end}"


def join(v: Visit, known: Known) -> Page:
    """Join by the landing page, as far as the map."""
    page = v.open(path(known))
    page.get_by_role("button", name="Participer sur la carte").click()
    page.wait_for_selector("[data-ready=true]", state="attached")
    # The service takes nothing from whoever has only just joined.
    until(page, "() => performance.now() > 4000")
    return page


def said(database: Database, known: Known) -> list[dict[str, Any]]:
    return [one.answers for one in reversed(kept.listed(database, known))]


def answer(page: Page, text: str) -> None:
    """Go through the steps after the place."""
    page.get_by_role("button", name="Suivant").click()
    page.get_by_role("radio", name="Idée").check()
    page.get_by_role("button", name="Suivant").click()
    page.get_by_label("Votre avis").fill(text)
    page.get_by_role("button", name="Suivant").click()
    expect(page.locator("[data-summary]")).to_contain_text(text)
    page.get_by_role("button", name="Envoyer").click()


def contribute(page: Page, text: str) -> None:
    """Put a point at the centre of the map and say something."""
    page.get_by_role("button", name="Je contribue").click()
    page.get_by_role("button", name="Poser ici").click()
    answer(page, text)


def own(page: Page) -> Any:
    return page.locator('[data-list="mine"] > li')


def test_a_phone_by_touch(visit: Visits, database: Database, known: Known) -> None:
    v = visit(size=PHONE, has_touch=True, is_mobile=True)
    page = join(v, known)
    page.get_by_role("button", name="Je contribue").tap()
    page.get_by_text("Un trait").tap()
    area = page.locator("#map_petite").bounding_box()
    assert area
    for part in (0.3, 0.7):
        page.touchscreen.tap(area["x"] + area["width"] * part, area["y"] + area["height"] * 0.3)
    expect(page.locator("[data-chosen]")).to_contain_text("un trait")
    sizes = page.locator("button:visible, .choice-large:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    answer(page, ATTACK)
    expect(own(page).first).to_contain_text("envoyée et publiée")
    [one] = kept.listed(database, known)
    assert one.geometry is not None
    assert (one.geometry["type"], len(one.geometry["coordinates"])) == ("LineString", 2)
    expect(own(page).first.locator("dd")).to_have_text(ATTACK)
    neighbour = join(visit(size=SMALLEST), known)
    neighbour.get_by_role("button", name="Contributions").click()
    first = neighbour.locator('[data-list="others"] > li').first
    expect(first.locator("dd")).to_have_text(ATTACK)
    first.get_by_role("button", name="Soutenir").click()
    expect(first).to_contain_text("Soutiens : 1")
    first.get_by_role("button", name="Signaler").click()
    neighbour.get_by_label("Pourquoi l’équipe").fill("Un essai d’attaque")
    neighbour.get_by_role("dialog").get_by_role("button", name="Signaler").click()
    expect(neighbour.get_by_role("status").filter(has_text="Signalée à l’équipe")).to_be_visible()
    assert neighbour.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
    assert "volé" not in page.title() + neighbour.title()
    page.get_by_role("button", name="Corriger").tap()
    page.get_by_role("button", name="Suivant").tap()
    page.get_by_role("button", name="Suivant").tap()
    page.get_by_label("Votre avis").fill("Un trottoir plus large")
    page.get_by_role("button", name="Suivant").tap()
    page.get_by_role("button", name="Envoyer").tap()
    expect(own(page).first.locator("dd")).to_have_text("Un trottoir plus large")
    expect(own(page).first).to_contain_text("envoyée et publiée")
    assert said(database, known) == [{"avis": "Un trottoir plus large"}]
    page.get_by_role("button", name="Passer l’appareil").tap()
    expect(page.get_by_role("status").filter(has_text="la personne suivante")).to_be_visible()
    page.get_by_role("button", name="Les miennes").tap()
    expect(own(page).first).to_contain_text("Aucune")
    assert said(database, known) == [{"avis": "Un trottoir plus large"}]


def test_keyboard_alone_and_without_the_map(
    visit: Visits, database: Database, known: Known
) -> None:
    page = join(visit(size=DESKTOP), known)
    page.get_by_role("button", name="Je contribue").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Où ?")).to_be_focused()
    page.get_by_role("button", name="Suivant").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Dites où")
    page.locator(".part-other > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox").focus()
    page.keyboard.insert_text("pinard")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-chosen] li")).to_have_count(1)
    page.get_by_label("Des coordonnées").focus()
    page.keyboard.insert_text("48,8196 ; 2,3052")
    page.keyboard.press("Enter")
    expect(page.locator("[data-chosen] li")).to_have_count(2)
    assert axe_faults(page) == []
    page.get_by_role("button", name="Suivant").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Catégorie")).to_be_focused()
    page.get_by_role("radio", name="Gêne").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_label("Votre avis").focus()
    page.keyboard.insert_text("On ne passe pas à deux")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Suivant").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Envoyer").focus()
    page.keyboard.press("Enter")
    expect(own(page).first).to_contain_text("envoyée et publiée")
    assert axe_faults(page) == []
    [one] = kept.listed(database, known)
    assert (one.category, one.answers) == ("gene", {"avis": "On ne passe pas à deux"})
    assert one.geometry == {"type": "Point", "coordinates": [2.3052, 48.8196]}
    assert one.place
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Je contribue")).to_be_visible()
    assert axe_faults(page) == []


def test_the_position_of_the_device_is_read_when_it_is_asked_for_and_then_alone(
    visit: Visits, known: Known
) -> None:
    v = visit()
    v.page.add_init_script(
        "window.read = 0; for (const name of ['getCurrentPosition', 'watchPosition'])"
        " navigator.geolocation[name] = (found) => { window.read += 1;"
        " found({ coords: { longitude: 2.31, latitude: 48.81 } }); };"
    )
    page = join(v, known)
    page.get_by_role("button", name="Je contribue").click()
    page.locator("summary").filter(has_text="ma position").click()
    assert page.evaluate("window.read") == 0
    page.get_by_role("button", name="Ma position").click()
    expect(page.locator("[data-chosen]")).to_contain_text("un point")
    assert page.evaluate("window.read") == 1


def test_the_map_leads_whoever_has_not_joined_to_where_one_joins(
    visit: Visits, known: Known
) -> None:
    """And the browser reports nothing amiss, as `visit` sees to."""
    v = visit(size=PHONE)
    v.page.goto(v.server + path(known, "/carte"))
    expect(v.page).to_have_url(re.compile(rf"{path(known)}\?lang=fr$"))
    expect(v.page.get_by_role("button", name="Participer sur la carte")).to_be_visible()


def test_without_javascript(visit: Visits, database: Database, known: Known) -> None:
    v = visit(size=PHONE, java_script_enabled=False)
    page = v.open(f"/consultations/rejoindre?code={known.code.lower()}")
    expect(page.get_by_text("Préparer les travaux de la rue.")).to_be_visible()
    page.get_by_role("button", name="Participer sans la carte").click()
    page.get_by_label("Un lieu").select_option(index=1)
    page.get_by_role("radio", name="Idée").check()
    page.get_by_label("Votre avis").fill("Un banc à l’ombre")
    expect(page.get_by_label("Laissez ce champ vide")).not_to_be_in_viewport()
    page.get_by_role("button", name="Envoyer").click()
    kept_now, too_soon = page.get_by_text("C’est enregistré."), page.get_by_text("trop vite")
    expect(kept_now.or_(too_soon)).to_be_visible()
    if too_soon.count():  # for a person: the form comes back filled in, and is sent again
        expect(page.get_by_label("Votre avis")).to_have_value("Un banc à l’ombre")
        page.wait_for_timeout(SHORTEST.total_seconds() * 1000)
        page.get_by_role("button", name="Envoyer").click()
    expect(kept_now).to_be_visible()
    assert said(database, known) == [{"avis": "Un banc à l’ombre"}]
    v.trouble.clear()  # the browser reports the 422 of what came too soon


def test_the_network_is_cut_and_comes_back(visit: Visits, database: Database, known: Known) -> None:
    v = visit(size=PHONE)
    page = join(v, known)
    until(page, "() => document.querySelector('[data-take-part]').dataset.kept === 'true'")
    page.context.set_offline(True)
    expect(page.get_by_text("Hors réseau")).to_be_visible()
    contribute(page, "Première, hors réseau")
    expect(own(page).first).to_contain_text("en attente d’envoi")
    page.get_by_role("button", name="Fermer").click()
    contribute(page, "Seconde, hors réseau")
    expect(own(page)).to_have_count(2)
    page.reload()
    page.wait_for_selector("[data-ready=true]", state="attached")
    page.get_by_role("button", name="Les miennes").click()
    expect(own(page)).to_have_count(2)
    expect(own(page).first).to_contain_text("Seconde, hors réseau")
    expect(own(page).first).to_contain_text("en attente d’envoi")
    assert said(database, known) == []
    page.context.set_offline(False)
    for one in (own(page).first, own(page).last):
        expect(one).to_contain_text("envoyée et publiée", timeout=40_000)
    assert said(database, known) == [
        {"avis": "Première, hors réseau"},
        {"avis": "Seconde, hors réseau"},
    ]
    v.trouble.clear()  # the browser reports what it could not load


def test_a_page_closed_in_the_middle_of_sending_sends_once(
    visit: Visits, database: Database, known: Known
) -> None:
    v = visit(size=PHONE, service_workers="block")
    page = join(v, known)

    def swallow(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
        route.abort("connectionreset")

    page.route(f"**{path(known, '/contributions')}*", swallow)
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        contribute(page, "Dite une fois")
    expect(own(page).first).to_contain_text("en attente d’envoi")
    assert said(database, known) == [{"avis": "Dite une fois"}]
    again = page.context.new_page()
    page.close()
    again.goto(v.server + path(known, "/carte"))
    again.wait_for_selector("[data-ready=true]", state="attached")
    again.get_by_role("button", name="Les miennes").click()
    expect(own(again).first).to_contain_text("envoyée et publiée")
    assert said(database, known) == [{"avis": "Dite une fois"}]
    again.get_by_role("button", name="Retirer").click()
    expect(own(again).first).to_contain_text("Aucune")
    assert said(database, known) == []
    v.trouble.clear()


def test_a_consultation_that_has_closed_gives_the_text_back(
    visit: Visits, database: Database, known: Known
) -> None:
    v = visit()
    page = join(v, known)
    store.move(database, known, "closed")
    contribute(page, "Trop tard, mais pas perdu")
    expect(own(page).first).to_contain_text("refusée : Cette concertation est terminée")
    expect(own(page).first.get_by_role("button", name="Copier le texte")).to_be_visible()
    page.reload()
    expect(page.get_by_text("est terminée depuis").first).to_be_visible()
    expect(page.get_by_role("button", name="Je contribue")).to_be_hidden()
    page.get_by_role("button", name="Les miennes").click()
    expect(own(page).first).to_contain_text("Trop tard, mais pas perdu")
    v.trouble.clear()  # the browser reports the refusal


@pytest.mark.parametrize("size", [DESKTOP, SMALLEST], ids=["desktop", "smallest"])
def test_every_page_is_for_everybody(visit: Visits, known: Known, size: dict[str, int]) -> None:
    v = visit(size=size, locale="en-GB")
    for end in ("", "/contribuer", "/mes-contributions"):
        page = v.open(path(known, end))
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_role("link", name="Contribute without the map").click()
    page.get_by_role("button", name="Take part without the map").click()
    for there in (path(known, "/contribuer"), "/consultations/rejoindre", path(known, "/carte")):
        page = v.open(there)
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
