"""Does a newcomer answer a real question within a minute, without a manual?

Nobody is asked here: the time is predicted from what is on the screen. The newcomer reads every
word in view that stands, in the order of the page, before what is looked for: of the whole page on
arrival, of what has appeared after each step; the names on the map are looked up, not read. They
point, press and type with the times of the keystroke-level model (Card, Moran, Newell, 1980), read
238 words a minute (Brysbaert, 2019: silently, what is no story), and wait a second for every answer
of the atlas. More words or more steps before an answer make it fail.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.test_filters import register

Visits = Callable[..., Visit]
MINUTE = 60.0
KEY, POINT, PRESS, HAND, THINK = 0.28, 1.1, 0.1, 0.4, 1.35
ANSWER = 1.0
WORD = 60 / 238
WORDS = r"""() => {
  window.textSeen ??= new WeakSet();
  window.textInView = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const known = window.textSeen.has(node) || node.parentElement.closest(".folium-map");
      if (!known && node.data.trim() && isSeen(node)) found.push(node);
    }
    return found;
  };
  function isSeen(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const { left, right, top, bottom, width } = range.getBoundingClientRect();
    const inView = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
    const parent = node.parentElement;
    const shown = parent.checkVisibility({ visibilityProperty: true });
    if (!inView || width <= 1 || !shown) return false;
    // What another thing covers, or a panel has not scrolled to, is not read.
    if (getComputedStyle(parent).pointerEvents === "none") return true;
    const y = Math.min(Math.max((top + bottom) / 2, 0), innerHeight - 1);
    return parent.contains(document.elementFromPoint(Math.max(left, 0) + 2, y));
  }
}"""
READ = r"""(target) => {
  let words = (target.placeholder ?? "").split(/\s+/).filter(Boolean).length;
  for (const node of window.textInView()) {
    const after = target.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (after && !target.contains(node)) break;
    window.textSeen.add(node);
    words += node.data.trim().split(/\s+/).length;
  }
  return words;
}"""
LEAVE = "() => { for (const node of window.textInView()) window.textSeen.add(node); }"


class Newcomer:
    """Somebody who sees a page for the first time; ``seconds`` is how long they have taken."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seconds = 0.0

    def find(self, target: Locator) -> None:
        """Read on until something is found; scroll to it when it is not in view."""
        expect(target).to_be_visible()
        self.page.evaluate(WORDS)
        self.seconds += WORD * target.evaluate(READ)
        if not target.evaluate("(one) => one.getBoundingClientRect().bottom < innerHeight"):
            target.scroll_into_view_if_needed()
            self.seconds += POINT + WORD * target.evaluate(READ)

    def choose(self, target: Locator) -> None:
        """Find something, decide to use it, point at it and press; then look at what is new."""
        self.find(target)
        self.page.evaluate(LEAVE)
        target.click()
        self.seconds += THINK + POINT + 2 * PRESS + ANSWER

    def write(self, text: str) -> None:
        """Type into what was chosen."""
        self.page.keyboard.type(text)
        self.seconds += HAND + THINK + len(text) * KEY + HAND + ANSWER

    def search(self, words: str, wanted: str | None = None) -> None:
        """Search on the map, and choose what is wanted or else the first of what is found."""
        self.choose(self.page.get_by_role("combobox"))
        self.write(words)
        self.choose(self.page.get_by_role("option", name=wanted).first)


@pytest.mark.parametrize(
    ("locale", "size"), [("fr-FR", DESKTOP), ("en-GB", DESKTOP), ("fr-FR", PHONE)]
)
def test_is_a_cycle_track_firmly_promised_on_this_boulevard(
    visit: Visits, locale: str, size: dict[str, int]
) -> None:
    promised = next(row for row in register() if row["id"] == "malakoff-a-1-1-9")
    assert promised["kind"] == "firm"
    page = visit(locale=locale, size=size).open()
    person = Newcomer(page)
    person.search("pinard", "Boulevard Adolphe-Pinard")
    french = locale == "fr-FR"
    promise = page.get_by_role("link", name=promised["summary_fr" if french else "summary_en"])
    person.find(promise)
    said = page.get_by_role("listitem").filter(has=promise)
    person.find(said.get_by_text("Engagement ferme" if french else "Firm commitment"))
    assert person.seconds < MINUTE


def test_how_much_of_the_green_corridor_is_missing(visit: Visits) -> None:
    page = visit().open()
    person = Newcomer(page)
    person.search("coulée verte")
    person.find(page.get_by_text(re.compile(r"560\s+m restants")).locator("visible=true").first)
    assert person.seconds < MINUTE


def test_what_is_overdue(visit: Visits) -> None:
    page = visit().open()
    person = Newcomer(page)
    person.choose(page.get_by_role("link", name="Échéancier"))
    person.choose(page.get_by_role("link", name="échéance passée", exact=True))
    today = datetime.datetime.now(ZoneInfo("Europe/Paris")).date().isoformat()
    overdue = sum(bool(row["due"]) and row["due"] < today for row in register())
    assert overdue >= 4
    person.find(page.get_by_text(re.compile(rf"\b{overdue} engagements")).first)
    assert person.seconds < MINUTE


def test_what_is_promised_to_a_town(visit: Visits) -> None:
    page = visit().open()
    person = Newcomer(page)
    person.search("Gentilly")
    expect(page.get_by_role("heading", name="Gentilly", exact=True)).to_be_visible()
    person.find(page.get_by_role("heading", name="Engagements qui nomment ce lieu"))
    assert person.seconds < MINUTE
