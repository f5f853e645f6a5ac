"""What does the map fetch before it is useful? Little, nothing twice, the rest on demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit

Visits = Callable[..., Visit]
MOST = 350_000
"""Bytes, as sent, of the whole first map."""


def test_the_first_map_fetches_little_and_nothing_twice(visit: Visits) -> None:
    v = visit()
    session = v.page.context.new_cdp_session(v.page)
    asked: Counter[str] = Counter()
    sizes: list[float] = []
    session.on("Network.requestWillBeSent", lambda event: asked.update([event["request"]["url"]]))
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    page = v.open()
    paths = [urlsplit(url).path for url in asked]
    # The icon is for the browser itself, which asks as often as it likes.
    icon = page.locator("link[rel=icon]").get_attribute("href")
    counts = {url: n for url, n in asked.items() if urlsplit(url).path != icon}
    assert {url: n for url, n in counts.items() if n > 1} == {}
    assert len(Counter(urlsplit(url).path for url in counts)) == len(counts)
    assert 100_000 < sum(sizes) < MOST
    assert not any("minisearch" in path or "proj4" in path for path in paths)
    assert not any("/territoires/" in path for path in paths)
    # What was left out comes when it is asked for.
    page.keyboard.press("/")
    page.keyboard.type("pinard")
    expect(page.get_by_role("option").first).to_contain_text("Pinard")
    assert any("minisearch" in url for url in asked)
    page.get_by_role("checkbox", name="Territoires").check()
    expect(page.locator("[data-layer=territoires]")).to_have_attribute("data-state", "ready")
    assert any("/territoires/" in url for url in asked)


def test_a_button_pressed_before_its_tool_has_come_answers_when_it_has(visit: Visits) -> None:
    v = visit()
    page = v.page
    waiting: list[Route] = []
    page.route("**/js/tools.js", lambda route: waiting.append(route))
    with page.expect_request("**/js/tools.js"):
        page.goto(v.server)
    assert page.locator("path.leaflet-interactive").count() > 0  # the map is there
    button = page.get_by_role("button", name="Mesurer")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "false")
    waiting.pop().continue_()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("region", name="Mesures et coordonnées")).to_be_visible()


def test_tools_that_do_not_come_are_told_and_brought_again(visit: Visits) -> None:
    v = visit()
    page = v.page
    page.route("**/js/tools.js", lambda route: route.abort(), times=1)
    page.goto(v.server)
    notice = page.locator("[data-notice]")
    expect(notice).to_contain_text("Le réseau ne répond pas")
    page.get_by_role("button", name="Tableau").click()
    notice.get_by_role("button", name="Réessayer").click()
    expect(notice).to_be_hidden()
    expect(page.get_by_role("region", name="Tableau").first).to_be_visible()
    v.trouble = [line for line in v.trouble if "tools.js" not in line and "ERR_FAILED" not in line]
