"""A real Chromium on the real atlas, served by the production server; the outside is closed."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("LIMITROPHE_TEST_BROWSER", "/usr/bin/chromium")
"""As the test command found it."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the production server on the project's own data."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "webmap.wsgi:app"]
    options = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "error"]
    process = subprocess.Popen([*command, *options], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers; fail at once when it has stopped."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, for all tests."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


def until(page: Page, expression: str, argument: object = None) -> None:
    """Wait until a JavaScript function returns something true.

    The page's policy forbids the string evaluation that Playwright's own waiting relies on.
    """
    deadline = time.monotonic() + 15
    while not page.evaluate(expression, argument):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)


def add_editor(name: str, password: str) -> None:
    """Give the service that is tested an account that may record and facilitate."""
    assert "LIMITROPHE_STATE" in os.environ, "the tests have a state of their own"
    add = ["-m", "webmap.accounts", "add", name, "--role", "editor", "--password-stdin"]
    subprocess.run([sys.executable, *add], cwd=ROOT, input=password, text=True, check=True)


class Visit:
    """A page that notes what goes wrong and what is asked of others."""

    def __init__(self, page: Page, server: str, *, tiles: bool) -> None:
        self.page = page
        self.server = server
        self.tiles = tiles
        self.foreign: list[str] = []
        self.trouble: list[str] = []
        page.route(lambda url: not url.startswith((server, "data:", "blob:")), self._abroad)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", self._console)

    def _abroad(self, route: Route) -> None:
        self.foreign.append(route.request.url)
        if self.tiles:
            route.fulfill(status=200, content_type="image/png", body=TILE)
        else:
            route.abort("internetdisconnected")

    def _console(self, message: object) -> None:
        kind, text = message.type, message.text  # type: ignore[attr-defined]
        if kind == "error" and "ERR_INTERNET_DISCONNECTED" not in text:
            self.trouble.append(text)

    def open(self, path: str = "/") -> Page:
        """Open a page and wait until its map, if it has one, is drawn."""
        self.page.goto(self.server + path)
        if self.page.locator("[data-map-page], [data-small-map], [data-take-part]").count():
            self.page.wait_for_selector("[data-ready=true]", state="attached")
        return self.page


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Visit]]:
    """Open a fresh browser context; at the end nothing may have gone wrong in it."""
    contexts, visits = [], []

    def begin(
        *,
        size: dict[str, int] = DESKTOP,
        locale: str = "fr-FR",
        tiles: bool = True,
        **more: Any,
    ) -> Visit:
        # Small screens are visited in the dark: axe then reads both appearances of most pages.
        more.setdefault("color_scheme", "light" if size == DESKTOP else "dark")
        more.setdefault("reduced_motion", "reduce")
        context = browser.new_context(viewport=size, locale=locale, **more)
        context.set_default_timeout(15_000)
        contexts.append(context)
        visits.append(Visit(context.new_page(), server, tiles=tiles))
        return visits[-1]

    yield begin
    for context in contexts:
        context.close()
    assert [trouble for v in visits for trouble in v.trouble] == []
