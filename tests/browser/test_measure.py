"""Coordinates and measures, by pointer and by keyboard, against PROJ."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyproj
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

Visits = Callable[..., Visit]
GEOD = pyproj.Geod(ellps="GRS80")
LAMBERT93 = pyproj.Transformer.from_crs(4326, 2154, always_xy=True)
CC49 = pyproj.Transformer.from_crs(4326, 3949, always_xy=True)


def tool(page: Page):
    return page.get_by_role("region", name="Mesures et coordonnées")


def value(page: Page, name: str) -> str:
    return tool(page).locator(f"[data-value={name}]").inner_text()


def numbers(text: str) -> list[float]:
    compact = re.sub(r"(?<=\d)[\u202f\u00a0 ](?=\d)", "", text)
    return [float(found.replace(",", ".")) for found in re.findall(r"-?\d+(?:,\d+)?", compact)]


def opened(visit: Visits) -> Page:
    page = visit().open("/?vue=48.8231,2.3056,15")
    page.get_by_role("button", name="Mesurer").press("Enter")
    expect(tool(page).get_by_role("heading", level=2)).to_be_focused()
    expect(tool(page).locator("[data-value=lambert93]")).not_to_be_empty()
    return page


def centre(page: Page) -> tuple[float, float]:
    lon, lat = page.evaluate("[map_carte.getCenter().lng, map_carte.getCenter().lat]")
    return lon, lat


def test_the_coordinates_of_the_centre_are_those_of_proj(visit: Visits) -> None:
    page = opened(visit)
    lon, lat = centre(page)
    assert numbers(value(page, "wgs84")) == pytest.approx([lat, lon], abs=1e-6)
    assert numbers(value(page, "lambert93")) == pytest.approx(
        LAMBERT93.transform(lon, lat), abs=0.06
    )
    assert numbers(value(page, "conic")) == pytest.approx(CC49.transform(lon, lat), abs=0.06)


@pytest.mark.parametrize("written", ["48,8260 2,3100", "649344.4 6858659.3", "2.31 48.826"])
def test_the_map_goes_to_coordinates_as_people_write_them(visit: Visits, written: str) -> None:
    page = opened(visit)
    page.get_by_label("Aller à des coordonnées").fill(written)
    page.keyboard.press("Enter")
    expect(tool(page).get_by_role("status")).to_contain_text("Carte déplacée")
    assert centre(page) == pytest.approx((2.31, 48.826), abs=2e-3)


def test_what_is_not_coordinates_is_refused_and_nothing_moves(visit: Visits) -> None:
    page = opened(visit)
    before = centre(page)
    page.get_by_label("Aller à des coordonnées").fill("place Gambetta")
    page.keyboard.press("Enter")
    expect(tool(page).get_by_role("status")).to_contain_text("Ce ne sont pas des coordonnées")
    assert centre(page) == before


def test_a_line_is_measured_by_keyboard_alone(visit: Visits) -> None:
    page = opened(visit)
    places = []
    for written in ("48,8231 2,3056", "48,8260 2,3100", "48,8200 2,3150"):
        page.get_by_label("Aller à des coordonnées").fill(written)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Ajouter le centre").press("Enter")
        places.append(centre(page))
    lons, lats = zip(*places, strict=True)
    assert numbers(value(page, "length"))[0] == pytest.approx(
        GEOD.line_length(lons, lats), abs=0.06
    )
    area, _ = GEOD.polygon_area_perimeter(lons, lats)
    assert numbers(value(page, "area"))[0] * 10_000 == pytest.approx(abs(area), abs=6)
    page.get_by_role("button", name="Annuler le dernier").press("Enter")
    expect(tool(page).locator("[data-value=points]")).to_have_text("2")
    expect(tool(page).locator("[data-value=area]")).to_have_text("—")


def test_clicks_measure_instead_of_opening_places(visit: Visits) -> None:
    page = opened(visit)
    for x, y in ((500, 300), (620, 360)):
        page.mouse.click(x, y)
    expect(tool(page).locator("[data-value=points]")).to_have_text("2")
    assert page.get_by_role("region", name="Fiche").count() == 0
    page.get_by_role("button", name="Fermer les mesures").click()
    expect(page.get_by_role("button", name="Mesurer")).to_be_focused()
