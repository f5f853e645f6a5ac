"""Is everything there at twice the size? With the browser's own zoom, as a reader sets it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import CHROMIUM, FLAGS, Visit
from tests.browser.test_pages import PAGES

WINDOW = (1280, 800)
TWICE = math.log(2) / math.log(1.2)
"""Twice the size, in the steps of a fifth that Chromium counts its zoom in."""
OUT_OF_REACH = """() => {
  const found = [];
  const controls = "a[href], button, input, select, textarea, summary";
  for (const one of document.querySelectorAll(controls)) {
    const shown = one.labels?.[0] ?? one;
    if (!shown.checkVisibility({ visibilityProperty: true })) continue;
    shown.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { left, right, top, bottom, width } = shown.getBoundingClientRect();
    // What is only there for readers of the screen, and the skip links, which come with the focus.
    if (width <= 1 || bottom <= 0) continue;
    const middle = (from, to, end) => (Math.max(0, from) + Math.min(end, to)) / 2;
    const at = document.elementFromPoint(
      middle(left, right, innerWidth), middle(top, bottom, innerHeight),
    );
    const covered = !at || !(shown.contains(at) || at.contains(shown));
    if (left < -1 || right > innerWidth + 1 || covered) {
      found.push(`${one.outerHTML.slice(0, 120)} at ${left}–${right}, under ${at?.className}`);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def zoomed(
    browser: Browser, server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visit]:
    """A page of a browser whose reader has set every page to twice its size."""
    profile = tmp_path_factory.mktemp("profile")
    settings = {"partition": {"default_zoom_level": {"x": TWICE}}}
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text(json.dumps(settings), encoding="utf-8")
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=[*FLAGS, "--window-size={},{}".format(*WINDOW)],
        no_viewport=True,
        locale="fr-FR",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    v = Visit(context.new_page(), server, tiles=True)
    yield v
    context.close()
    assert v.trouble == []


@pytest.mark.parametrize("path", PAGES)
def test_every_control_is_within_reach(zoomed: Visit, path: str) -> None:
    page = zoomed.open(path)
    assert page.evaluate("() => [devicePixelRatio, innerWidth]") == [2, WINDOW[0] / 2]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= WINDOW[0] / 2
    assert page.evaluate(OUT_OF_REACH) == []
    if path == "/page-qui-manque":
        zoomed.trouble.clear()  # the browser reports the 404 that is asked for


def test_a_place_is_found_and_its_sheet_read(zoomed: Visit) -> None:
    page = zoomed.open("/")
    page.keyboard.press("/")
    page.keyboard.type("Adolphe Pinard")
    expect(page.get_by_role("option", name="Boulevard Adolphe-Pinard").first).to_be_in_viewport()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    sheet = page.get_by_role("region", name="Fiche")
    expect(sheet.get_by_role("heading", level=2)).to_be_focused()
    for heading in sheet.get_by_role("heading", level=3).all():
        heading.scroll_into_view_if_needed()
        expect(heading).to_be_in_viewport()
    sheet.get_by_role("button", name="Fermer").press("Enter")
    expect(sheet).to_be_hidden()
