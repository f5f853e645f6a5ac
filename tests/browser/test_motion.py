"""Does anything glide before a reader who asks for less motion? The map and every page, watched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.test_pages import PAGES

Visits = Callable[..., Visit]

WATCH = """() => {
  const pane = document.querySelector(".leaflet-map-pane");
  const places = new Set();
  const glides = [];
  document.addEventListener("transitionend", ({ elapsedTime }) => glides.push(elapsedTime), true);
  window.watched = new Promise((resolve) => {
    let last = false;
    // With the frame after the last move.
    const look = () => {
      places.add(pane.style.transform);
      if (last) resolve({ places: places.size, longest: Math.max(0, ...glides) });
      else requestAnimationFrame(look);
    };
    look();
    map_carte.once("moveend", () => requestAnimationFrame(() => (last = true)));
  });
}"""
"""Notes where the map stands in each frame, and the seconds of each transition, until it rests."""


def watched(page: Page, act: Callable[[], None]) -> tuple[int, float]:
    """What is seen while something moves the map: where it stands, the longest transition."""
    page.evaluate(WATCH)
    act()
    found = page.evaluate("() => window.watched")
    return found["places"], found["longest"]


def drag(page: Page) -> None:
    """Throw the map: it is let go while it moves."""
    page.mouse.move(900, 400)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(900 - 40 * step, 400)
    page.mouse.up()


@pytest.mark.parametrize("gliding", [False, True], ids=["reduce", "no-preference"])
def test_the_map_goes_at_once_where_the_keyboard_sends_it(visit: Visits, gliding: bool) -> None:
    v = visit(reduced_motion="no-preference" if gliding else "reduce")
    page = v.open("/?vue=48.83,2.33,14")
    page.locator(".folium-map").focus()
    before = page.evaluate("() => map_carte.getCenter().lng")
    places, _longest = watched(page, lambda: page.keyboard.press("ArrowRight"))
    assert page.evaluate("() => map_carte.getCenter().lng") > before
    assert places > 3 if gliding else places == 2


@pytest.mark.parametrize("gliding", [False, True], ids=["reduce", "no-preference"])
def test_the_map_zooms_at_once(visit: Visits, gliding: bool) -> None:
    v = visit(reduced_motion="no-preference" if gliding else "reduce")
    page = v.open("/?vue=48.83,2.33,14")
    _places, longest = watched(page, page.get_by_role("button", name="Se rapprocher").click)
    assert page.evaluate("() => map_carte.getZoom()") > 14
    assert longest > 0.2 if gliding else longest < 0.01


def test_a_move_is_not_seen_a_frame_late(visit: Visits) -> None:
    page = visit().open("/?vue=48.83,2.33,14")
    moved: list[float] = page.evaluate(
        """() => {
          const pane = document.querySelector(".leaflet-map-pane");
          const { x, y } = pane.getBoundingClientRect();
          map_carte.setView(map_carte.containerPointToLatLng([783, 256]), 14, { animate: false });
          const { x: left, y: top } = pane.getBoundingClientRect();
          const { x: width, y: height } = map_carte.getSize();
          return [left - x - width / 2 + 783, top - y - height / 2 + 256];
        }"""
    )
    assert moved == pytest.approx([0, 0], abs=1)


def test_a_map_that_is_thrown_stays_where_it_is_let_go(visit: Visits) -> None:
    page = visit().open("/?vue=48.83,2.33,14")
    start = page.evaluate("() => map_carte.getPixelBounds().min.x")
    watched(page, lambda: drag(page))
    assert page.evaluate("() => map_carte.getPixelBounds().min.x") - start == 200


@pytest.mark.parametrize("path", PAGES)
def test_nothing_on_a_page_takes_time_to_move(visit: Visits, path: str) -> None:
    v = visit()
    page = v.open(path)
    slow = page.evaluate(
        """() => [...document.querySelectorAll("*")].flatMap((one) =>
          [null, "::before", "::after"].map((part) => getComputedStyle(one, part))
            .flatMap((style) => [style.transitionDuration, style.animationDuration])
            .flatMap((times) => times.split(", "))
            .filter((time) => parseFloat(time) * (time.endsWith("ms") ? 1 : 1000) > 1)
            .map((time) => `${one.tagName} ${one.className} ${time}`))"""
    )
    assert slow == []
    durations = "() => document.getAnimations().map((one) => one.effect.getTiming().duration)"
    assert [one for one in page.evaluate(durations) if one > 1] == []
    if path == "/page-qui-manque":
        v.trouble.clear()  # the browser reports the 404 that is asked for
