"""Is the map read without colour? Chromium shows it as people with each colour blindness see it.

What is compared is the legend, in pixels: whatever is drawn in the same way stays apart, in every
sight, on light and on dark ground. That the map draws what the legend says is read from it too.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.fills import assert_hatched, views
from tests.browser.pictures import STRONG
from tests.hatching import slope
from webmap.mapping.grounds import styles

Visits = Callable[..., Visit]
SIGHTS = ("none", "protanopia", "deuteranopia", "tritanopia", "achromatopsia")
STEP, HIGH = 30, 20
"""CSS pixels from swatch to swatch, and their height."""
LAY_OUT = f"""(swatches) => {{
  const shelf = document.createElement("div");
  shelf.id = "shelf";
  const size = `width: ${{swatches.length * {STEP}}}px; height: {HIGH}px`;
  shelf.style.cssText = `${{size}}; position: fixed; inset: 0 auto auto 0; z-index: 99999`;
  shelf.style.background = "var(--paper)";
  for (const [index, swatch] of swatches.entries()) {{
    const at = `top: 1px; left: ${{index * {STEP} + 1}}px`;
    swatch.style.cssText = `${{at}}; position: absolute; width: 28px; height: 18px`;
    shelf.append(swatch);
  }}
  document.body.append(shelf);
}}"""
APART = 0.06
"""Of a swatch, how much has to differ strongly from another: a line of a hatching has as much."""


def see_as(page: Page, sight: str) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": sight})


def pixels(shot: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def looks() -> list[dict[str, Any]]:
    """What the legend shows, in no order: of a style with categories these alone."""
    found = []
    for name, style in styles().items():
        entries = style.get("category", {}).get("values") or [{}]
        found += [{"style": name, **style, **entry} for entry in entries if name != "contexte"]
    return found


def swatches(page: Page, fine: int = 1) -> list[tuple[dict[str, Any], np.ndarray]]:
    """Every look of the legend with its swatch, as pixels; ``fine`` is the page's own factor.

    They are laid on a grid of whole pixels first: half a pixel would count as a difference.
    """
    rows = []
    for look in looks():
        row = page.locator(f".layer-row[data-layer={look['style']}]")
        if "label_fr" in look:
            row = page.locator(".legend-values li", has_text=look["label_fr"])
        rows.append(row.locator("svg.swatch").element_handle())
    page.evaluate(LAY_OUT, rows)
    shelf = pixels(page.locator("#shelf").screenshot())
    wide, high = STEP * fine, HIGH * fine
    return [(look, shelf[:high, i * wide : (i + 1) * wide]) for i, look in enumerate(looks())]


def name(look: dict[str, Any]) -> str:
    return f"{look['style']} {look.get('value', '')}".strip()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHTS)
def test_what_is_drawn_alike_stays_apart(visit: Visits, sight: str, scheme: str) -> None:
    page = visit(size={"width": 1366, "height": 1800}, color_scheme=scheme).open()
    see_as(page, sight)
    taken = swatches(page)
    assert len(taken) == len(looks()) > 15
    alike = []
    for (one, first), (other, second) in combinations(taken, 2):
        if one["legend"] != other["legend"]:
            continue
        if (np.abs(first - second).max(axis=2) > STRONG).mean() < APART:
            alike.append(f"{name(one)} – {name(other)}")
    assert alike == []


def test_the_legend_shows_the_hatching_of_its_style(visit: Visits) -> None:
    page = visit(size={"width": 1366, "height": 1800}, device_scale_factor=3).open()
    read = {}
    for look, swatch in swatches(page, fine=3):
        if look["legend"] == "area":
            read[name(look)] = slope(swatch[15:45, 18:72], reach=7)
    assert read == {
        name(look): look.get("hatch", "") for look in looks() if look["legend"] == "area"
    }
    assert {"", "rising", "falling", "horizontal", "vertical"} <= {*read.values()}


@pytest.mark.parametrize("layer", ["qpv", "espaces-verts"])
def test_the_map_hatches_as_its_legend_says(visit: Visits, layer: str) -> None:
    v = visit()
    for view in views(layer):
        assert_hatched(v.open(view.address), view)
