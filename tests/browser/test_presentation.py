"""A presentation made on the map: saved, ordered, shown, taken away as a file and opened again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from layers.atlas import Atlas
from tests.browser.axe import axe_faults
from tests.browser.conftest import PHONE, Visit, until
from webmap.tours import read_tours

Visits = Callable[..., Visit]
ROAD = "/?lieu=boulevard-adolphe-pinard&couches=voies-limitrophes&vue=48.82200,2.30600,16"
MARTIGUES = "/?zone=martigues&couches=qpv&document=martigues"


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Ma présentation")


def card(page: Page) -> Locator:
    return page.get_by_role("region", name="Visite guidée")


def titles(page: Page) -> list[str]:
    return dialog(page).locator("li strong").all_inner_texts()


def press(page: Page, button: Locator) -> None:
    """Use a button as those do who have no pointer."""
    button.focus()
    page.keyboard.press("Enter")


def ready(page: Page) -> None:
    """Wait for the scripts of the map and of the dialog."""
    page.wait_for_selector("[data-map-page][data-ready=true]", state="attached")
    until(page, "() => document.querySelector('[name=presentation]')?.value")


def begin(page: Page) -> None:
    """Open the dialog from the panel."""
    ready(page)
    press(page, page.get_by_role("button", name="Ma présentation", exact=True))


def add(page: Page, title: str, text: str) -> None:
    """Save the view that is shown as a step, from the dialog that shares it, by keyboard."""
    ready(page)
    press(page, page.get_by_role("button", name="Partager", exact=True))
    press(page, page.get_by_role("button", name="Ajouter cette vue à ma présentation"))
    expect(dialog(page).get_by_label("Titre de l’étape")).to_be_focused()
    page.keyboard.type(title)
    page.keyboard.press("Tab")
    page.keyboard.type(text)
    press(page, dialog(page).get_by_role("button", name="Enregistrer l’étape"))
    expect(dialog(page).get_by_role("status")).to_contain_text(title)


def centre(page: Page, lat: float, lon: float, metres: int) -> None:
    until(
        page,
        "([lat, lon, metres]) => map_carte.distance(map_carte.getCenter(), [lat, lon]) < metres",
        [lat, lon, metres],
    )


def shown(page: Page) -> None:
    """The presentation plays with arrow keys: Martigues, then the road."""
    page.wait_for_selector("[data-ready=true]", state="attached")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Martigues")
    expect(card(page)).to_contain_text("1 / 2")
    centre(page, 43.405, 5.05, 6000)
    page.keyboard.press("ArrowRight")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Le boulevard <b>")
    expect(card(page)).to_contain_text("Qui répare ?")
    centre(page, 48.822, 2.306, 60)
    assert page.evaluate("map_carte.getZoom()") == 16
    expect(page.locator("path.halo").first).to_be_attached()
    page.keyboard.press("ArrowLeft")
    expect(card(page)).to_contain_text("1 / 2")


def test_views_become_a_presentation_that_comes_back_from_its_file(
    visit: Visits, tmp_path: Path, real: Atlas
) -> None:
    v = visit()
    page = v.open(ROAD)
    add(page, "Le boulevard", "Qui nettoie ?")
    page = v.open(MARTIGUES)
    add(page, "Martigues", "")
    press(page, dialog(page).get_by_role("button", name="Modifier l’étape 1"))
    page.keyboard.type("Le boulevard <b>")
    dialog(page).get_by_label("Texte (facultatif)").fill("Qui répare ?")
    page.keyboard.press("Tab")
    press(page, dialog(page).get_by_role("button", name="Enregistrer l’étape"))
    expect(dialog(page).get_by_role("button", name="Modifier l’étape 1")).to_be_focused()
    press(page, dialog(page).get_by_role("button", name="Monter l’étape 2"))
    expect(dialog(page).get_by_role("button", name="Monter l’étape 1")).to_be_focused()
    assert titles(page) == ["Martigues", "Le boulevard <b>"]
    dialog(page).get_by_label("Titre de la présentation").fill("Réunion d’été")
    page.keyboard.press("Tab")

    with page.expect_download() as started:
        press(page, dialog(page).get_by_role("button", name="Télécharger le fichier"))
    file = tmp_path / "tours" / started.value.suggested_filename
    started.value.save_as(file)
    assert file.name == "reunion-d-ete.json"
    tour = read_tours(tmp_path, real)["reunion-d-ete"]
    assert tour.language == "fr"
    assert [step.title_fr for step in tour.steps] == ["Martigues", "Le boulevard <b>"]

    press(page, dialog(page).get_by_role("link", name="Présenter"))
    shown(page)

    page.get_by_role("link", name="Quitter la visite").click()
    expect(card(page)).to_have_count(0)
    begin(page)
    press(page, dialog(page).get_by_role("button", name="Tout effacer"))
    expect(dialog(page)).to_contain_text("Elle n’a pas encore d’étape")
    dialog(page).get_by_label("Ouvrir un fichier de présentation").set_input_files(file)
    expect(dialog(page).get_by_role("status")).to_contain_text("2 étapes")
    press(page, dialog(page).get_by_role("link", name="Présenter"))
    shown(page)


STEP = {"title": "A", "text": "a", "view": "couches=qpv"}


def keep(page: Page, *steps: dict[str, str]) -> None:
    """Put a presentation where the browser keeps it, and open the page anew."""
    kept = json.dumps({"lang": "fr", "title": "Essai", "step": steps or [STEP]})
    page.evaluate("kept => localStorage.setItem('limitrophe.presentation', kept)", kept)
    page.reload()
    ready(page)


def test_a_step_is_removed_and_comes_back(visit: Visits) -> None:
    page = visit().open()
    keep(page, STEP, {**STEP, "title": "B"})
    begin(page)
    press(page, dialog(page).get_by_role("button", name="Enlever l’étape 1"))
    assert titles(page) == ["B"]
    expect(dialog(page).get_by_role("button", name="Enlever l’étape 1")).to_be_focused()
    press(page, dialog(page).get_by_role("button", name="Annuler la modification"))
    assert titles(page) == ["A", "B"]
    expect(dialog(page).get_by_role("status")).to_have_text("La dernière modification est annulée.")


def test_a_bad_file_says_what_is_wrong_and_where_and_changes_nothing(
    visit: Visits, tmp_path: Path
) -> None:
    page = visit().open()
    keep(page)
    begin(page)
    field = dialog(page).get_by_label("Ouvrir un fichier de présentation")
    bad = {"lang": "fr", "title": "x", "step": [STEP, {**STEP, "title": "", "view": "vitesse=1"}]}
    said = {
        json.dumps(bad): ["Étape 2 : « title » manque", "Étape 2 : « view » contient « vitesse »"],
        "title_fr = 'Visite'": ["ce n’est pas du JSON"],
        '{"type": "FeatureCollection"}': ["pas de liste d’étapes"],
        " " * 1_000_001: ["trop gros"],
    }
    for content, words in said.items():
        file = tmp_path / "presentation.json"
        file.write_text(content, encoding="utf-8")
        field.set_input_files(file)
        for word in words:
            expect(dialog(page).get_by_role("alert")).to_contain_text(word)
        assert titles(page) == ["A"]


def test_what_is_gone_is_said_and_the_rest_of_the_view_is_shown(visit: Visits) -> None:
    v = visit()
    page = v.open()
    gone = {**STEP, "view": "lieu=place-disparue&couches=qpv,tramways&vue=43.405,5.05,14"}
    keep(page, STEP, gone)
    page.goto(v.server + "/presentation")
    page.wait_for_selector("[data-ready=true]", state="attached")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("alert")).to_contain_text("« place-disparue »")
    expect(page.get_by_role("alert")).to_contain_text("« couches=tramways »")
    centre(page, 43.405, 5.05, 60)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("alert")).to_be_hidden()
    # The browser notes the missing sheet by itself.
    assert len(v.trouble) == 1
    assert "404" in v.trouble.pop()


def test_nothing_to_present_says_how_to_begin(visit: Visits) -> None:
    page = visit().open("/presentation?etape=3")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Votre présentation est vide")


@pytest.mark.parametrize(("locale", "name"), [("fr-FR", "Ma présentation"), ("en-GB", "My pres")])
def test_axe_finds_nothing_and_a_phone_holds_it(visit: Visits, locale: str, name: str) -> None:
    page = visit(size={**PHONE, "width": 320}, locale=locale).open()
    keep(page, STEP, {**STEP, "title": "Longtemps" * 13})
    page.evaluate("() => document.querySelector('[data-presentation-open]').click()")
    expect(page.get_by_role("dialog", name=name)).to_be_visible()
    page.locator("[data-act=edit]").first.click()
    assert axe_faults(page) == []
    box = page.get_by_role("dialog").evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert box[0] <= box[1]
