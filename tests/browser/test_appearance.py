"""Light, dark, or as the device: the reader's choice holds everywhere, and axe reads the dark too.

Pages on small screens are visited in the dark (`tests.browser.conftest`), so axe reads them there.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import Visit, until
from webmap.mapping.grounds import styles

Visits = Callable[..., Visit]
GROUND = """() => {
  const canvas = document.querySelector(".leaflet-ground-pane canvas");
  const context = canvas.getContext("2d");
  return [...context.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data.slice(0, 3)];
}"""


NAMES = """(fill) => {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  const luminance = (colour) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const parts = [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((part) => part / 255);
    const linear = parts.map((p) => (p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  return [...document.querySelectorAll(".map-name")].map((name) => {
    const lights = [luminance(getComputedStyle(name).color), luminance(fill)];
    return [name.textContent, (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05)];
  });
}"""
"""The contrast of each name on the map with a colour; WCAG 2.2, 1.4.3."""


def choose(page: Page, name: str) -> None:
    """Choose by keyboard, and close the menu."""
    menu = page.locator(".appearance > summary")
    menu.focus()
    page.keyboard.press("Enter")
    choice = page.get_by_role("group", name="Apparence").get_by_role("radio", name=name)
    choice.focus()
    page.keyboard.press("Space")
    expect(choice).to_be_checked()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(choice).to_be_hidden()


def expect_scheme(page: Page, scheme: str) -> None:
    expect(page.locator("html")).to_have_css("color-scheme", scheme)


@pytest.mark.parametrize(
    "path",
    [
        "/?lieu=boulevard-adolphe-pinard&tableau=engagements",
        "/engagements/malakoff-a-1-1-1",
        "/tableau-de-bord",
        "/corridors/coulee-verte",
    ],
)
def test_axe_finds_nothing_on_a_wide_screen_in_the_dark(visit: Visits, path: str) -> None:
    page = visit(color_scheme="dark").open(path)
    expect_scheme(page, "dark")
    page.locator(".appearance > summary").press("Enter")
    assert axe_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["48.8255,2.31,15.5", "48.815,2.385,14"])
def test_names_on_the_map_are_read(visit: Visits, view: str, scheme: str) -> None:
    ground = styles()["contexte"]["category"]["values"][0]
    fill = ground["fill" if scheme == "light" else "fill_dark"]
    layers = ",".join(name for name in styles() if name != "contexte")
    page = visit(color_scheme=scheme).open(f"/?vue={view}&couches={layers}")
    contrasts = dict(page.evaluate(NAMES, fill))
    assert len(contrasts) > 8
    assert {name: ratio for name, ratio in contrasts.items() if ratio < 4.5} == {}


def test_the_choice_is_kept_on_the_device_from_page_to_page(visit: Visits) -> None:
    v = visit(color_scheme="dark")
    page = v.open("/tableau-de-bord")
    expect(page.get_by_role("radio", name="Comme l’appareil", include_hidden=True)).to_be_checked()
    expect_scheme(page, "dark")
    choose(page, "Clair")
    expect_scheme(page, "light")
    page.get_by_role("link", name="Discordances").click()
    expect(page.get_by_role("heading", name="Discordances", level=1)).to_be_visible()
    expect_scheme(page, "light")
    choose(page, "Comme l’appareil")
    expect_scheme(page, "dark")
    page.emulate_media(color_scheme="light")
    expect_scheme(page, "light")
    choose(page, "Sombre")
    expect_scheme(page, "dark")
    page.emulate_media(media="print")
    expect_scheme(page, "light")
    assert v.page.context.cookies() == []


def test_the_map_is_drawn_again_in_the_colours_of_the_choice(visit: Visits) -> None:
    def expect_tones(key: str, low: int, high: int) -> None:
        wanted = styles()["interfaces"][key].lstrip("#")
        colour = ", ".join(str(int(wanted[i : i + 2], 16)) for i in (0, 2, 4))
        area = page.locator(".leaflet-areas-pane path[data-place=secteur-plaine-chatillon]")
        expect(area).to_have_css("stroke", f"rgb({colour})")
        until(page, f"() => ({GROUND})().every((value) => value >= {low} && value <= {high})")

    page = visit().open()
    expect_tones("color", 160, 255)
    choose(page, "Sombre")
    expect_tones("color_dark", 10, 90)
    choose(page, "Comme l’appareil")
    expect_tones("color", 160, 255)
