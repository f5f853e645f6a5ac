"""Does a map look like another? Its pictures without what lies over it, compared."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from playwright.sync_api import Page, Route

BESIDE = """() => {
  const map = document.querySelector(".folium-map");
  const beside = ["body > *:not(main)", ".leaflet-control-container *", ".leaflet-names-pane"];
  const over = [...document.querySelectorAll(".map-frame *")].filter((one) => !map.contains(one));
  const named = [...document.querySelectorAll(beside.join())];
  for (const one of [...over, ...named]) {
    if (!one.contains(map)) one.style.setProperty("visibility", "hidden", "important");
  }
}"""
"""Hides what lies over the map, and the names and buttons that come with Leaflet."""
STRONG = 40
"""Of 255: how far a colour must be from another to count as another."""
NEAR = 3
"""Pixels that edges and dashes may lie off: Leaflet simplifies lines and rounds positions."""


def hold(page: Page, pattern: str) -> list[Route]:
    """Keep what is asked for at an address from coming; the requests that wait, once made."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    return held


def hold_leaflet(page: Page) -> list[Route]:
    """Keep Leaflet from coming."""
    return hold(page, "**/leaflet.js")


def let_leaflet_come(page: Page, held: list[Route]) -> None:
    """Send the request that waits, and wait until the map is drawn."""
    page.unroute("**/leaflet.js")
    held[0].continue_()
    page.wait_for_selector("[data-ready=true]", state="attached")


def until_painted(page: Page) -> None:
    """Wait until the picture that comes before the map is there."""
    page.wait_for_selector(".first-picture[data-painted=true] canvas", state="attached")


def shot(page: Page) -> np.ndarray:
    """What the map shows, as red, green and blue by row and column."""
    page.evaluate(BESIDE)
    image = Image.open(io.BytesIO(page.locator(".folium-map").screenshot()))
    return np.asarray(image.convert("RGB")).astype(int)


def missing(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where a picture has what the other has nowhere near."""
    wide = np.pad(other, ((NEAR, NEAR), (NEAR, NEAR), (0, 0)), mode="edge")
    least = np.full(one.shape[:2], 255)
    height, width = one.shape[:2]
    for down in range(2 * NEAR + 1):
        for across in range(2 * NEAR + 1):
            moved = wide[down : down + height, across : across + width]
            least = np.minimum(least, np.abs(one - moved).max(axis=2))
    return least > STRONG


def share_that_differs(picture: np.ndarray, whole: np.ndarray) -> float:
    """Of what the map draws on its ground, how much one of the two has and the other has not."""
    colours, counts = np.unique(whole.reshape(-1, 3), axis=0, return_counts=True)
    drawn = np.abs(whole - colours[counts.argmax()]).max(axis=2) > STRONG
    assert drawn.sum() > 500
    differs = missing(picture, whole) | missing(whole, picture)
    return float(differs.sum() / drawn.sum())
