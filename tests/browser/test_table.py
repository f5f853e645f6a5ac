"""The table beside the map: the same choices, selection and address, by hand and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import shapely
from playwright.sync_api import Locator, Page, expect
from shapely.geometry import shape

from tests.browser.axe import axe_faults
from tests.browser.conftest import PHONE, Visit, until
from tests.browser.test_filters import register
from tests.webmap.test_choices import FEATURES

Visits = Callable[..., Visit]
ROWS = register()
CHANGED = "(was) => (new URLSearchParams(location.search).get('bbox') ?? was) !== was"
"""The visible extent is in the address, and another than it was."""


def table(page: Page, name: str = "Tableau") -> Locator:
    return page.get_by_role("region", name=name).first


def said(page: Page, name: str = "Tableau") -> Locator:
    return table(page, name).get_by_role("status")


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def passing(page: Page) -> Locator:
    return page.locator("path.halo-passing")


def test_the_table_lists_what_the_filters_leave_sorted_and_paged(visit: Visits) -> None:
    page = visit().open("/?document=ivry")
    page.get_by_role("button", name="Tableau").click()
    of_ivry = [row for row in ROWS if row["document"] == "ivry"]
    expect(said(page)).to_contain_text(f"{len(of_ivry)} engagements, lignes 1 à 40")
    expect(page.get_by_role("heading", name="Tableau")).to_be_focused()
    head = table(page).get_by_role("button", name="Échéance")
    head.click()
    expect(table(page).get_by_role("columnheader", name="Échéance")).to_have_attribute(
        "aria-sort", "ascending"
    )
    expect(head).to_be_focused()
    first = min(row["due"] for row in of_ivry if row["due"])
    expect(table(page).get_by_role("row").nth(1)).to_contain_text("/".join(first.split("-")[::-1]))
    head.press("Enter")
    expect(table(page).get_by_role("columnheader", name="Échéance")).to_have_attribute(
        "aria-sort", "descending"
    )
    table(page).get_by_role("button", name="Suivants").click()
    expect(said(page)).to_contain_text("lignes 41 à 80")
    assert asked(page)["tri"] == "-echeance"
    assert asked(page)["page"] == "2"
    page.get_by_role("combobox", name="Nature").select_option("study")
    studies = sum(row["kind"] == "study" for row in of_ivry)
    expect(said(page)).to_have_text(f"{studies} engagements, ordre décroissant : Échéance")
    assert "page" not in asked(page)
    table(page).get_by_role("link", name="Télécharger ces lignes").click()
    form = page.get_by_role("form", name="Télécharger ce qui est choisi")
    expect(form).to_contain_text(f"{studies} engagements")


def test_the_address_opens_the_table_as_it_was_with_its_columns(visit: Visits) -> None:
    v = visit()
    page = v.open("/?theme=mobilites&tableau=engagements&tri=nature&colonnes=nature,theme")
    heads = table(page).get_by_role("columnheader")
    expect(heads).to_have_text(["Engagement", "Nature", "Thème"])
    table(page).get_by_text("Colonnes").click()
    box = table(page).get_by_role("checkbox", name="Porteur")
    box.press("Space")
    expect(heads).to_have_text(["Engagement", "Nature", "Thème", "Porteur"])
    expect(box).to_be_focused()
    again = v.open(page.url.removeprefix(v.server))
    expect(table(again).get_by_role("columnheader")).to_have_count(4)
    table(again).get_by_role("radio", name="Lieux").check()
    named = {id for r in ROWS if r["theme"] == "mobilites" for id in r["places"].split("|") if id}
    expect(said(again)).to_contain_text(f"{len(named)} lieux")
    assert asked(again)["tableau"] == "lieux"
    again.keyboard.press("Escape")
    expect(again.get_by_role("button", name="Tableau")).to_be_focused()
    assert "tableau" not in asked(again)


def test_a_row_and_its_places_light_up_and_are_selected_together(visit: Visits) -> None:
    page = visit().open("/?document=malakoff&tableau=engagements")
    place_id, name = "boulevard-adolphe-pinard", "Boulevard Adolphe-Pinard"
    row = next(r for r in ROWS if r["places"] == place_id)
    page.get_by_label("Mots").fill(row["id"])
    expect(said(page)).to_contain_text("1 engagement")
    link = table(page).get_by_role("rowheader").get_by_role("link")
    link.focus()
    until(page, "() => document.querySelectorAll('path.halo-passing').length > 0")
    page.get_by_role("heading", name="Tableau").focus()
    expect(passing(page)).to_have_count(0)
    place = page.locator(f".leaflet-pane [data-place={place_id}]").first
    place.focus()
    expect(table(page).locator("tbody tr")).to_have_class("lit")
    link.press("Enter")
    sheet = page.get_by_role("region", name="Fiche")
    expect(sheet.get_by_role("heading", level=2)).to_be_focused()
    expect(link).to_have_attribute("aria-current", "true")
    assert asked(page)["engagement"] == row["id"]
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    place.press("Enter")
    expect(sheet.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(table(page).locator("tr.marked")).to_have_count(1)


def test_a_selection_turns_to_its_page(visit: Visits) -> None:
    page = visit().open("/?tableau=engagements&engagement=" + ROWS[-1]["id"])
    current = table(page).locator('[aria-current="true"]')
    expect(current).to_have_attribute("data-commitment", ROWS[-1]["id"])
    expect(current).to_be_in_viewport()


def test_only_what_the_map_shows_follows_the_map(visit: Visits) -> None:
    page = visit().open("/?tableau=lieux&vue=48.8140,2.3900,15")
    # Those of the files, and the break that is computed.
    listed = re.compile(f"^{len(FEATURES) + 1} lieux")
    expect(said(page)).to_have_text(listed)
    table(page).get_by_label("Seulement ce que la carte montre").check()
    until(page, CHANGED, "")
    before = asked(page)["bbox"]
    for area in ("Les Blagis", "Martigues"):
        page.get_by_role("link", name=area, exact=True).first.click()
        until(page, CHANGED, before)
        box = [float(degrees) for degrees in asked(page)["bbox"].split(",")]
        located = [shape(f["geometry"]) for f in FEATURES.values() if f["geometry"]]
        inside = sum(shapely.box(*box).intersects(place) for place in located)
        expect(said(page)).to_have_text(re.compile(f"^{inside} lieux"))
        before = asked(page)["bbox"]
    table(page).get_by_label("Seulement ce que la carte montre").uncheck()
    expect(said(page)).to_have_text(listed)
    assert "bbox" not in asked(page)


def test_an_empty_table_says_which_choice_to_drop(visit: Visits) -> None:
    page = visit().open("/?document=blagis&theme=finances&tableau=engagements")
    expect(said(page)).to_contain_text("Rien ne répond à tous ces choix")
    left = sum(row["document"] == "blagis" for row in ROWS)
    table(page).get_by_role("button", name=f"tous les thèmes ({left})").click()
    expect(said(page)).to_contain_text(f"{left} engagements")
    expect(page.get_by_role("heading", name="Tableau")).to_be_focused()
    expect(page.get_by_role("combobox", name="Thème")).to_have_value("")


def test_an_unknown_filter_is_told_and_the_view_survives(visit: Visits) -> None:
    v = visit()
    page = v.page
    page.goto(f"{v.server}/?lien=voisin&lieu=theatre-14")
    page.wait_for_selector("[data-ready=true]", state="attached")
    expect(page.locator("[data-summary] [role=status]")).to_contain_text("n’est pas de ceux")
    expect(page.get_by_role("heading", name="Théâtre 14")).to_be_visible()
    v.trouble = [line for line in v.trouble if "400" not in line]


def test_in_english_on_a_phone_axe_finds_nothing(visit: Visits) -> None:
    page = visit(size=PHONE, locale="en-GB").open("/?tableau=engagements&discordance=oui")
    expect(said(page, "Table")).to_contain_text("commitments, rows 1 to 40")
    assert axe_faults(page) == []
    box = table(page, "Table").bounding_box()
    assert box and box["width"] == PHONE["width"]
    table(page, "Table").get_by_role("rowheader").first.get_by_role("link").click()
    expect(page.get_by_role("region", name="Sheet")).to_be_visible()


def test_axe_finds_nothing_on_the_open_table(visit: Visits) -> None:
    page = visit().open("/?tableau=lieux&territoire=commune-malakoff&lien=territorial")
    expect(said(page)).to_contain_text("lieux")
    table(page).get_by_text("Colonnes").click()
    assert axe_faults(page) == []
