"""A view handed on: its address, the code that embeds it, and the map inside another page."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import PHONE, Visit

Visits = Callable[..., Visit]
VIEW = "/?lieu=boulevard-adolphe-pinard&couches=voies-limitrophes,interfaces"


@pytest.mark.parametrize(
    ("locale", "share", "copy", "done"),
    [
        ("fr-FR", "Partager", "Copier l’adresse", "Copié."),
        ("en-GB", "Share", "Copy the address", "Copied."),
    ],
)
def test_the_address_is_copied_by_keyboard_and_said(
    visit: Visits, locale: str, share: str, copy: str, done: str
) -> None:
    v = visit(locale=locale)
    v.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=v.server)
    page = v.open(VIEW)
    page.get_by_role("button", name=share, exact=True).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=copy).focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_have_text(done)
    copied = urlsplit(page.evaluate("navigator.clipboard.readText()"))
    said = parse_qs(copied.query)
    assert said["lieu"] == ["boulevard-adolphe-pinard"]
    assert said["lang"] == [locale[:2]]
    assert "vue" in said
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name=share, exact=True)).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/integrer?lieu=boulevard-adolphe-pinard"])
def test_axe_finds_nothing(visit: Visits, path: str) -> None:
    page = visit(size=PHONE).open(path)
    button = page.get_by_role("button", name="Partager", exact=True)
    if "integrer" not in path:
        page.get_by_role("button", name="Couches et lieux").click()
        button.click()
        expect(page.get_by_role("dialog")).to_be_visible()
    assert (button.count() == 0) == ("integrer" in path)
    assert axe_faults(page) == []


def test_without_a_clipboard_the_text_is_copied_or_left_selected(visit: Visits) -> None:
    v = visit()
    v.page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page = v.open()
    page.get_by_role("button", name="Partager", exact=True).click()
    page.get_by_role("button", name="Copier le code").click()
    expect(page.get_by_role("dialog").get_by_role("status")).not_to_be_empty()


def test_the_map_to_take_away_has_the_layers_that_are_shown(visit: Visits, tmp_path: Path) -> None:
    page = visit().open("/?couches=qpv&zone=val-de-marne")
    with page.expect_download() as started:
        page.get_by_role("link", name="Emporter la carte").click()
    started.value.save_as(tmp_path / "carte.html")
    assert started.value.suggested_filename == "limitrophe.html"
    assert parse_qs(urlsplit(started.value.url).query) == {"couches": ["qpv"], "lang": ["fr"]}
    assert 'value="voies-limitrophes"' not in (tmp_path / "carte.html").read_text("utf-8")


class _Host(http.server.BaseHTTPRequestHandler):
    code = ""

    def do_GET(self) -> None:
        body = f"<!doctype html><title>Mairie</title><h1>Mairie</h1>{self.code}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@pytest.fixture
def host() -> Iterator[str]:
    """The address of another site, on another origin, whose page holds `_Host.code`."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Host) as site:
        thread = threading.Thread(target=site.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{site.server_address[1]}/"
        site.shutdown()
        thread.join(timeout=10)


@pytest.mark.parametrize("size", [{"width": 1200, "height": 800}, PHONE], ids=["wide", "phone"])
def test_the_code_shows_the_view_in_the_page_of_another_site(
    visit: Visits, browser: Browser, host: str, size: dict[str, int]
) -> None:
    page = visit().open(VIEW)
    page.get_by_role("button", name="Partager", exact=True).click()
    _Host.code = page.get_by_label("Code pour intégrer").input_value()
    assert "/integrer?" in _Host.code
    context = browser.new_context(viewport=size, locale="fr-FR", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    outside, trouble = context.new_page(), []
    outside.on("pageerror", lambda error: trouble.append(str(error)))
    outside.on("console", lambda said: said.type == "error" and trouble.append(said.text))
    outside.goto(host)
    frame = outside.frame_locator("iframe")
    frame.locator("[data-ready=true]").wait_for(state="attached")
    heading = frame.get_by_role("region", name="Fiche").get_by_role("heading", level=2)
    expect(heading).to_contain_text("Adolphe")
    expect(frame.get_by_role("banner").get_by_role("link")).to_have_count(1)
    with context.expect_page() as opened:
        frame.get_by_role("link", name=re.compile("Ouvrir dans l’atlas")).click()
    assert parse_qs(urlsplit(opened.value.url).query)["lieu"] == ["boulevard-adolphe-pinard"]
    assert urlsplit(opened.value.url).path == "/"
    context.close()
    assert [text for text in trouble if "favicon" not in text and "404" not in text] == []


def test_no_other_page_may_be_framed(visit: Visits, browser: Browser, host: str) -> None:
    v = visit()
    _Host.code = f'<iframe src="{v.server}/" title="x"></iframe>'
    context = browser.new_context()
    outside, refused = context.new_page(), []
    outside.on("console", lambda said: refused.append(said.text))
    outside.goto(host)
    outside.wait_for_timeout(500)
    context.close()
    assert any("frame-ancestors" in text for text in refused)
