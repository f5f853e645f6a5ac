"""Static files: named by their content, kept for good, compressed, never outside the folder."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from webmap.static_files import FOLDER, folder_digest

BASE = "css/base.css"


@pytest.fixture
def versioned(app: Flask) -> str:
    with app.test_request_context():
        return url_for("static", filename=BASE)


def test_a_versioned_file_is_kept_for_good(client: FlaskClient, versioned: str) -> None:
    answer = client.get(versioned)
    assert answer.status_code == 200
    assert answer.data == (FOLDER / BASE).read_bytes()
    assert answer.content_type == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(versioned, headers={"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize("path", [f"/static/{BASE}", f"/static/v/0123456789abcdef/{BASE}"])
def test_without_the_right_version_it_is_asked_for_again(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.data == (FOLDER / BASE).read_bytes()
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert client.get(path, headers={"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"


def test_a_font_is_not_compressed_again(client: FlaskClient) -> None:
    answer = client.get("/static/vendor/font/latin.woff2", headers={"Accept-Encoding": "br"})
    assert answer.content_type == "font/woff2"
    assert "Content-Encoding" not in answer.headers


def test_scripts_and_icons_have_their_types(client: FlaskClient) -> None:
    script = client.get("/static/vendor/leaflet/leaflet.js")
    assert script.content_type == "text/javascript; charset=utf-8"
    assert client.get("/static/vendor/icons/map.svg").content_type.startswith("image/svg+xml")


@pytest.mark.parametrize(
    "path",
    ["none.css", "css", "", "../config.py", "..%2fconfig.py", "%2e%2e/config.py", "a%00b",
     "//etc/passwd", "css/../../config.py", "v/0/none.css", "x" * 5000],
)  # fmt: skip
def test_what_is_not_in_the_folder_is_not_served(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/static/{path}")
    assert answer.status_code in (308, 404)
    assert b"Setting" not in answer.data


def test_the_version_follows_the_contents(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    first = folder_digest(tmp_path)
    assert folder_digest(tmp_path) == first
    (tmp_path / "a.js").write_text("2")
    second = folder_digest(tmp_path)
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert len({first, second, folder_digest(tmp_path)}) == 3


def test_the_map_asks_for_its_modules_in_two(client: FlaskClient) -> None:
    head, _mark, _body = client.get("/").text.partition("</head>")
    named = re.findall(r'<link rel="modulepreload" href="([^"]+)"', head)
    first, address = sorted(named, key=lambda url: "map-page" in url)
    script = client.get(address)
    assert script.content_type == "text/javascript; charset=utf-8"
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert f'data-first="{first}"' in head
    assert re.findall(r"^import\b.*", script.text, re.MULTILINE) == [
        'import { modules as ready } from "./start.js";'
    ]
    started = client.get(first).text
    assert not re.findall(r"^import\b", started, re.MULTILINE)
    # What the first has is not sent again.
    defined = re.compile(r'^modules\["([^"]+)"\] =', re.MULTILINE)
    assert set(defined.findall(started)) & set(defined.findall(script.text)) == set()
    assert "squares.js" in defined.findall(started)
    late = re.findall(r'\bimport\("([^"]+)"\)', script.text)
    assert "./tools.js" in late
    answers = [client.get(urljoin(address, path)) for path in late]
    assert [answer.status_code for answer in answers] == [200] * len(late)
    tools = client.get(urljoin(address, "./tools.js")).text
    assert "export const { setUp } =" in tools
    assert not re.findall(r"^import\b", tools, re.MULTILINE)


def test_in_debug_mode_each_module_is_served_as_it_is(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DEBUG", True)
    served = client.get("/static/js/map-page.js").data
    assert served == (FOLDER / "js" / "map-page.js").read_bytes()
