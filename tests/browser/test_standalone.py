"""The map in one file, opened from disk with the network off, by keyboard and on paper."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import DESKTOP, PHONE, until

Open = Callable[..., Page]
READY = "[data-ready=true]"
HALO_IN_FRAME = """() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  const [frame, drawn] = [box(".map-region"), box("path.halo")];
  return frame.left <= drawn.left && drawn.right <= frame.right;
}"""
FOCUSED_PLACE = "document.activeElement.dataset.place || ''"


@pytest.fixture(scope="module")
def files(server: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The file as the service gives it, by language; and one with two layers."""
    folder = tmp_path_factory.mktemp("stick")
    queries = {"fr": "lang=fr", "en": "lang=en", "two": "lang=fr&couches=qpv,coulee-verte"}
    written = {}
    for name, query in queries.items():
        written[name] = folder / f"{name}.html"
        with urllib.request.urlopen(f"{server}/telecharger/limitrophe.html?{query}") as answer:
            written[name].write_bytes(answer.read())
    return written


@pytest.fixture
def disk(browser: Browser, files: dict[str, Path]) -> Iterator[Open]:
    """Open a file from disk, offline; at the end it must have asked nothing and failed nowhere."""
    contexts, trouble, asked = [], [], []

    own = tuple(path.as_uri() for path in files.values())

    def note(request: Request) -> None:
        if not request.url.startswith(("data:", "blob:", *own)):
            asked.append(request.url)

    def begin(
        name: str = "fr", *, size: dict[str, int] = DESKTOP, state: str = "", locale: str = "fr-FR"
    ) -> Page:
        context = browser.new_context(
            viewport=size, offline=True, locale=locale, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on(
            "console", lambda said: said.type in ("error", "warning") and trouble.append(said.text)
        )
        page.on("request", note)
        page.goto(files[name].as_uri() + state)
        page.wait_for_selector(READY, state="attached")
        return page

    yield begin
    for context in contexts:
        context.close()
    assert trouble == []
    assert asked == []


def sheet(page: Page, name: str = "Fiche"):
    return page.get_by_role("region", name=name)


def test_the_file_fits_on_any_stick(files: dict[str, Path]) -> None:
    assert all(path.stat().st_size < 3_000_000 for path in files.values())
    assert files["two"].stat().st_size < files["fr"].stat().st_size


def test_opening_it_asks_for_the_file_alone(browser: Browser, files: dict[str, Path]) -> None:
    context = browser.new_context(offline=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(files["fr"].as_uri())
    page.wait_for_selector(READY, state="attached")
    assert [url for url in asked if not url.startswith("data:")] == [files["fr"].as_uri()]
    assert page.evaluate("document.fonts.check('16px \"Atkinson Hyperlegible Next\"')")
    context.close()


def test_words_are_found_without_accents_and_a_place_opened_by_keyboard(disk: Open) -> None:
    page = disk()
    page.keyboard.press("/")
    page.keyboard.type("ecole fernand leger")
    expect(page.get_by_role("option").first).to_contain_text("Fernand-Léger")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    heading = sheet(page).get_by_role("heading", level=2)
    expect(heading).to_be_focused()
    expect(heading).to_contain_text("Fernand-Léger")
    page.keyboard.press("Escape")
    expect(sheet(page)).to_be_hidden()


def test_no_address_is_looked_for(disk: Open) -> None:
    page = disk()
    page.get_by_role("combobox").fill("12 rue de Rivoli")
    expect(page.get_by_role("search").get_by_role("status")).not_to_be_empty()
    assert page.get_by_text("géocodeur").count() == 0


def test_the_sheet_of_a_place_says_what_the_atlas_says(disk: Open) -> None:
    page = disk(state="#lieu=boulevard-adolphe-pinard")
    said = (
        "Longueur mesurée",
        "Précision",
        "Méthode",
        "Références",
        "1\u202f000 m",
        "Discordances",
    )
    for text in said:
        expect(sheet(page)).to_contain_text(text)
    title = page.get_by_role("heading", name=re.compile("Engagements qui nomment ce lieu"))
    count = int(re.search(r"\((\d+)\)", title.inner_text())[1])
    direct = sheet(page).locator("section").filter(has=title).locator("a.record-title")
    expect(direct).to_have_count(count)
    near = sheet(page).locator("details", has_text="À moins de 300 m")
    near.locator("summary").click()
    expect(near.locator(".record-meta").first).to_contain_text(re.compile(r", à \d+"))


def test_from_a_place_to_a_commitment_and_back_by_keyboard(disk: Open) -> None:
    page = disk(state="#lieu=square-julia-bartet")
    link = sheet(page).locator("a.record-title").first
    title = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    expect(sheet(page).get_by_role("heading", level=2)).to_have_text(title)
    expect(page.locator("path.halo").first).to_be_attached()
    assert "engagement=" in page.url
    page.go_back()
    expect(sheet(page).get_by_role("heading", level=2)).to_have_text(re.compile("Julia"))


def test_every_place_and_commitment_is_reached_from_the_search_or_the_register(disk: Open) -> None:
    page = disk()
    page.get_by_text(re.compile("^Tous les engagements")).click()
    documents = page.locator("[data-register] details")
    total = int(re.search(r"\((\d+)\)", page.get_by_text("Tous les engagements").inner_text())[1])
    for document in documents.all():
        document.locator("summary").click()
    expect(page.locator("[data-register] button")).to_have_count(total)
    page.locator("[data-register] button").last.focus()
    page.keyboard.press("Enter")
    expect(sheet(page).get_by_role("heading", level=2)).to_be_focused()


def test_drawn_places_have_names_and_answer_to_the_keyboard(disk: Open) -> None:
    page = disk()
    drawn = page.locator(".leaflet-pane [data-place]")
    names = drawn.evaluate_all("all => all.map((one) => one.getAttribute('aria-label') || '')")
    assert names and all(name.strip() for name in names)
    page.locator("path[data-place='boulevard-adolphe-pinard']").focus()
    page.keyboard.press("Enter")
    expect(sheet(page).get_by_role("heading", level=2)).to_contain_text("Adolphe")
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED_PLACE) == "boulevard-adolphe-pinard"


def test_layers_are_switched_and_the_address_keeps_it(disk: Open) -> None:
    page = disk(state="#zone=val-de-marne")
    box = page.get_by_role("checkbox", name=re.compile("Quartiers prioritaires"))
    expect(box).to_be_checked()
    before = page.locator("path.leaflet-interactive").count()
    box.uncheck()
    expect(page.locator("path[data-place^='qpv-']")).to_have_count(0)
    assert page.locator("path.leaflet-interactive").count() < before
    page.reload()
    page.wait_for_selector(READY, state="attached")
    expect(box).not_to_be_checked()


def test_the_legend_and_the_credits_are_inside(disk: Open) -> None:
    page = disk()
    expect(page.get_by_text("Trait tireté ou symbole creux")).to_be_visible()
    page.get_by_text("À propos de cette carte").click()
    expect(page.locator(".about")).to_contain_text("OpenStreetMap")
    expect(page.locator(".about")).to_contain_text("ODbL 1.0")


def test_a_file_of_two_layers_has_the_whole_register(disk: Open) -> None:
    page = disk("two", state="#engagement=malakoff-c-2-1")
    expect(page.locator("[name=couche]")).to_have_count(2)
    expect(sheet(page).locator("code").first).to_have_text("malakoff-c-2-1")
    assert sheet(page).locator("a[data-place]").count() == 0


def test_what_the_file_does_not_hold_is_said(disk: Open) -> None:
    page = disk(state="#lieu=disparu")
    expect(sheet(page)).to_contain_text("n’a pas ce que ce lien désigne")


def test_in_english_whatever_the_browser_speaks(disk: Open) -> None:
    page = disk("en", locale="fr-FR")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.keyboard.press("/")
    page.keyboard.type("julia bartet")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(sheet(page, "Sheet")).to_contain_text("Precision")
    expect(page.get_by_role("heading", name="Layers and legend")).to_be_visible()


def test_a_single_key_does_nothing_for_those_who_wish_so(disk: Open) -> None:
    page = disk()
    page.get_by_text("À propos de cette carte").click()
    page.get_by_label("Raccourcis d’une seule touche").uncheck()
    page.locator(".folium-map").focus()
    page.keyboard.press("/")
    expect(page.locator(".folium-map")).to_be_focused()
    page.get_by_label("Raccourcis d’une seule touche").check()
    page.locator(".folium-map").focus()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(disk: Open, size: dict[str, int]) -> None:
    page = disk(size=size, state="#lieu=boulevard-adolphe-pinard")
    expect(sheet(page)).to_be_visible()
    assert axe_faults(page) == []


def test_on_a_phone_the_sheet_takes_the_panel_s_place_and_gives_it_back(disk: Open) -> None:
    page = disk(size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Couches et lieux").click()
    place = page.locator("[data-in-view] button").first
    place.click()
    expect(sheet(page)).to_be_visible()
    expect(page.get_by_role("region", name="Couches et lieux")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(place).to_be_focused()


def test_on_paper_stand_the_map_its_legend_and_the_sheet(disk: Open) -> None:
    page = disk(state="#lieu=boulevard-adolphe-pinard")
    expect(sheet(page)).to_be_visible()
    until(page, HALO_IN_FRAME)
    before = page.url
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".layer-row[data-layer=voies-limitrophes]")).to_be_visible()
    expect(page.locator(".layer-row[data-layer=voies]")).to_be_hidden()
    expect(page.get_by_role("button", name="Imprimer cette vue")).to_be_hidden()
    until(page, HALO_IN_FRAME)
    frame = page.locator(".map-region").bounding_box()
    assert sheet(page).bounding_box()["y"] >= frame["y"] + frame["height"]
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    until(page, "before => location.href === before", before)
