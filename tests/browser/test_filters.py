"""The filters of the map: choices, counts, places, address and list say the same."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

Visits = Callable[..., Visit]
DATA = Path(__file__).parents[2] / "data" / "commitments"


def register() -> list[dict[str, str]]:
    found = []
    for name in ("malakoff", "ivry", "blagis", "val-de-marne", "martigues"):
        with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
            found += csv.DictReader(file)
    return found


def drawn(page: Page) -> set[str]:
    return set(
        page.evaluate(
            "[...document.querySelectorAll('.leaflet-pane [data-place]')]"
            ".map((drawn) => drawn.dataset.place)"
        )
    )


def summary(page: Page):
    return page.locator("[data-summary] [role=status]")


def test_a_filter_leaves_the_places_that_its_commitments_name(visit: Visits) -> None:
    page = visit().open()
    page.get_by_text("Filtrer par engagement").click()
    page.get_by_label("Thème").select_option("mobilites")
    expected = [row for row in register() if row["theme"] == "mobilites"]
    places = {id for row in expected for id in row["places"].split("|") if id}
    expect(summary(page)).to_contain_text(f"{len(expected)} engagements, {len(places)} lieux")
    shown = drawn(page)
    assert shown
    assert shown <= places
    assert parse_qs(urlsplit(page.url).query)["theme"] == ["mobilites"]


def test_counts_follow_the_other_choices_and_lead_to_the_list(visit: Visits) -> None:
    page = visit().open()
    page.get_by_text("Filtrer par engagement").click()
    page.get_by_label("Document").select_option("ivry")
    studies = [r for r in register() if r["document"] == "ivry" and r["kind"] == "study"]
    option = page.locator("#filtre-nature option[value=study]")
    expect(option).to_have_text(re.compile(rf"\({len(studies)}\)"))
    page.get_by_label("Nature").select_option("study")
    expect(summary(page)).to_contain_text(f"{len(studies)} engagements")
    page.get_by_role("link", name="Voir la liste").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text(f"{len(studies)} engagements")


def test_the_address_keeps_the_filters_and_all_can_be_shown_again(visit: Visits) -> None:
    v = visit()
    page = v.open("/?document=ivry&nature=study")
    expect(page.get_by_label("Nature")).to_have_value("study")
    narrowed = drawn(page)
    page.get_by_role("button", name="Tout montrer").click()
    expect(page.locator("[data-summary]")).to_be_hidden()
    assert narrowed < drawn(page)
    assert "document" not in parse_qs(urlsplit(page.url).query)


def test_an_empty_result_keeps_its_choices_in_sight(visit: Visits) -> None:
    page = visit().open("/?document=blagis&theme=finances")
    expect(summary(page)).to_contain_text("0 engagement")
    expect(page.get_by_label("Thème")).to_have_value("finances")
    assert drawn(page) == set()
