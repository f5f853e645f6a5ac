"""Three consultations from beginning to end: a month online, an evening in a room, the closing."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pyproj import Transformer

from tests.browser.axe import axe_faults
from tests.browser.conftest import PHONE, ROOT, Visit, add_editor, until
from tests.browser.test_facilitating import PASSWORD, begin, tab_to
from tests.browser.test_taking_part import answer, contribute, own
from webmap.config import read_settings
from webmap.consultation import kept, store
from webmap.state import Database, open_state

Visits = Callable[..., Visit]
NAME = "Service de la concertation"
GRID_M = 50
PLANE = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
SENT = 60_000
"""Milliseconds for a contribution: whoever has only just joined is asked to wait, and the queue
then sends it again by itself."""


@pytest.fixture(scope="module")
def database(server: str) -> Iterator[Database]:
    """The state of the service, with the account of a facilitator."""
    add_editor(NAME, PASSWORD)
    found, _secret = open_state(read_settings(os.environ))
    yield found
    found.engine.dispose()


def opened(page: Page, title: str, moderation: str) -> str:
    """Make a consultation in the browser of a facilitator and open it; the address of its board."""
    begin(page, NAME)
    page.get_by_label("Titre", exact=True).fill(title)
    page.locator("summary", has_text="Questions").click()
    page.get_by_label("Question", exact=True).fill("Votre avis")
    page.locator("summary", has_text="Règles et données").click()
    page.get_by_label("Modération").select_option(moderation)
    page.get_by_label("Positions publiées").select_option(str(GRID_M))
    page.get_by_role("button", name="Créer le brouillon").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    page.get_by_text("Ouvrir…").click()
    page.get_by_role("button", name="Oui, ouvrir").click()
    expect(page.get_by_text("Ouverte", exact=True)).to_be_visible()
    return page.url


def short_link(board: Page) -> str:
    """The path of the address that the board gives for invitations."""
    link = board.get_by_role("link", name="/c/").inner_text()
    return link[link.index("/c/") :]


def phone(visit: Visits, path: str) -> Visit:
    """A phone that joins by a link, as far as the map."""
    v = visit(size=PHONE, has_touch=True, is_mobile=True)
    v.open(path).get_by_role("button", name="Participer sur la carte").tap()
    v.page.wait_for_selector("[data-ready=true]", state="attached")
    return v


def forgive(v: Visit) -> None:
    """Forget what the browser reports of answers that ask to wait, or that refuse."""
    v.trouble[:] = [
        one for one in v.trouble if "the server responded with a status of 4" not in one
    ]


def said(database: Database, slug: str) -> list[kept.Kept]:
    known = store.by_slug(database, slug)
    assert known
    return kept.listed(database, known, ("pending", "published", "rejected"))


def published(server: str, slug: str) -> list[dict[str, Any]]:
    """What GDAL, as a client of the data service, finds of a consultation."""
    found = pyogrio.read_dataframe(f"OAPIF:{server}/ogc", layer="contributions")
    return [row for row in found.to_dict("records") if row["consultation"] == slug]


def test_a_month_online(visit: Visits, server: str, database: Database, tmp_path: Path) -> None:
    team = visit().open("/connexion?suite=/animation")
    board = opened(team, "Un mois sur la place", "before")
    slug, link = board.rpartition("/")[2], short_link(team)
    by_point, by_list = phone(visit, link), phone(visit, link)
    contribute(by_point.page, "Un banc à l’ombre")
    by_list.page.get_by_role("button", name="Je contribue").tap()
    by_list.page.locator("summary", has_text="Sans la carte").tap()
    by_list.page.get_by_role("combobox").fill("pinard")
    by_list.page.get_by_role("option").first.tap()
    expect(by_list.page.locator("[data-chosen] li")).to_have_count(1)
    answer(by_list.page, "Hors de propos")
    for one in (by_point, by_list):
        expect(own(one.page).first).to_contain_text("sera lue avant", timeout=SENT)
        forgive(one)
    reader = visit()
    results = f"/consultations/{slug}/resultats"
    expect(reader.open(results).get_by_text("Rien n’est encore publié.").first).to_be_visible()
    assert published(server, slug) == []

    team.get_by_role("link", name="Modération").click()
    queue = team.get_by_role("article")
    queue.filter(has_text="Un banc").get_by_role("button", name="Accepter").click()
    expect(queue).to_have_count(1)
    refused = queue.filter(has_text="Hors de propos")
    refused.get_by_text("Rejeter ou masquer une partie").click()
    refused.get_by_label("Raison (publique)").select_option("off-topic")
    refused.get_by_role("button", name="Rejeter", exact=True).click()
    expect(queue).to_have_count(0)
    page = reader.open(results)
    expect(page.locator("#contributions .said")).to_have_text(["Un banc à l’ombre"])

    page.get_by_role("link", name="Données", exact=True).click()
    page.get_by_label("Format").select_option("gpkg")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Télécharger (ZIP)").click()
    zipfile.ZipFile(coming.value.path()).extractall(tmp_path)
    [file] = tmp_path.glob("*.gpkg")
    [row] = pyogrio.read_dataframe(file).to_crs(2154).to_dict("records")
    assert (row["text"], row["category"]) == ("Un banc à l’ombre", "idee")
    [drawn] = [one for one in said(database, slug) if one.state == "published"]
    assert_blurred(row["geometry"], drawn.geometry)


def assert_blurred(shown: Any, drawn: Any) -> None:
    """The point is the middle of the cell of the grid in which it was drawn."""
    there = PLANE.transform(*drawn["coordinates"])
    for got, true in zip((shown.x, shown.y), there, strict=True):
        assert got == pytest.approx(true // GRID_M * GRID_M + GRID_M / 2, abs=0.2)


def test_an_evening_in_a_room(visit: Visits, database: Database) -> None:
    team = visit().open("/connexion?suite=/animation")
    board = opened(team, "Une soirée à la mairie", "after")
    slug = board.rpartition("/")[2]
    wall = visit(size={"width": 1920, "height": 1080}).open(f"/consultations/{slug}/projection")
    total, newest = wall.locator("[data-total]"), wall.locator("[data-newest] li")
    expect(total).to_have_text("0")
    code = team.locator(".room-code").inner_text()
    v = visit(size={"width": 820, "height": 1180}, has_touch=True)
    tablet = v.open("/consultations/rejoindre")
    tablet.get_by_label("Code").fill(code.lower())
    tablet.get_by_role("button", name="Rejoindre").tap()
    tablet.get_by_role("button", name="Participer sur la carte").tap()
    tablet.wait_for_selector("[data-ready=true]", state="attached")
    until(tablet, "() => document.querySelector('[data-take-part]').dataset.kept === 'true'")

    tablet.context.set_offline(True)
    expect(tablet.get_by_text("Hors réseau")).to_be_visible()
    contribute(tablet, "Dit sans réseau")
    expect(own(tablet).first).to_contain_text("en attente d’envoi")
    assert said(database, slug) == []
    tablet.context.set_offline(False)
    expect(own(tablet).first).to_contain_text("envoyée et publiée", timeout=SENT)
    expect(newest).to_contain_text(["Dit sans réseau"])
    expect(total).to_have_text("1")

    team.get_by_role("link", name="Saisir des feuilles papier").press("Enter")
    expect(team.get_by_label("Case de la carte")).to_be_focused()
    team.keyboard.insert_text("b2")
    tab_to(team, "Catégorie (tapez sa lettre)")
    team.keyboard.type("A")
    team.keyboard.press("Tab")
    team.keyboard.insert_text("Écrit sur une feuille")
    team.keyboard.press("Tab")
    team.keyboard.press("Enter")
    expect(team.get_by_role("heading", name="1 saisie")).to_be_visible()
    expect(newest).to_contain_text(["Écrit sur une feuille", "Dit sans réseau"])
    expect(total).to_have_text("2")
    assert sorted(one.channel for one in said(database, slug)) == ["paper", "room"]
    forgive(v)


def test_the_closing(visit: Visits, server: str, database: Database) -> None:
    team = visit().open("/connexion?suite=/animation")
    board = opened(team, "Le carrefour, pour finir", "after")
    slug, link = board.rpartition("/")[2], short_link(team)
    v = phone(visit, link)
    contribute(v.page, "Un feu plus long")
    expect(own(v.page).first).to_contain_text("envoyée et publiée", timeout=SENT)
    v.page.get_by_role("button", name="Fermer").tap()
    team.get_by_text("Clore…").click()
    team.get_by_role("button", name="Oui, clore").click()
    expect(team.get_by_text("Terminée", exact=True)).to_be_visible()
    contribute(v.page, "Trop tard")
    expect(own(v.page).first).to_contain_text("Cette concertation est terminée", timeout=SENT)
    forgive(v)
    late = visit(size=PHONE).open(link)
    expect(late.get_by_text("est terminée depuis").first).to_be_visible()
    expect(late.get_by_role("button", name="Participer")).to_have_count(0)

    public = f"/consultations/{slug}"
    late.goto(f"{server}{public}/bilan")
    expect(late.get_by_role("listitem").filter(has_text="contribution publiée")).to_have_text(
        "1 contribution publiée"
    )
    expect(late.locator(".said")).to_have_text(["Un feu plus long"])
    assert axe_faults(late) == []
    pdf = late.request.get(f"{server}{public}/bilan.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.body())).pages)
    told = " ".join(text.split())
    for words in ("Le carrefour, pour finir", "Un feu plus long"):
        assert words in told
    assert "Trop tard" not in told
    assert [row["text"] for row in published(server, slug)] == ["Un feu plus long"]

    for open_page in (v.page, team):
        open_page.close()  # what they ask for by themselves is about to be gone
    erase = [sys.executable, "-m", "webmap.consultation", "erase", slug, "--yes"]
    subprocess.run(erase, cwd=ROOT, check=True, capture_output=True)
    for end in ("", "/bilan", "/resultats"):
        assert late.request.get(f"{server}{public}{end}").status == 404
    assert store.by_slug(database, slug) is None
    assert published(server, slug) == []
