"""What may a page do in a browser? The headers of every kind of answer."""

import base64
import hashlib
import re

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from webmap import create_app
from webmap.mapping.grounds import basemaps

PATHS = [
    "/",
    "/ogc",
    "/ogc?f=html",
    "/ogc/collections/voies/items",
    "/ogc/none",
    "/none",
    "/healthz",
]


def policy(response) -> dict[str, list[str]]:
    parts = response.headers["Content-Security-Policy"].split("; ")
    return {name: sources for name, *sources in (part.split() for part in parts)}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_protected(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    found = policy(answer)
    assert found["default-src"] == ["'none'"]
    for name in ("style-src", "font-src", "manifest-src", "worker-src"):
        assert found[name] == ["'self'"]
    # The national geocoder, asked on a reader's demand only.
    assert found["connect-src"] == ["'self'", "https://data.geopf.fr"]
    for name in ("object-src", "base-uri"):
        assert found[name] == ["'none'"]
    for name in ("form-action", "frame-ancestors"):
        assert found[name] == ["'self'"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


def test_images_may_come_from_the_declared_basemaps_alone(client: FlaskClient) -> None:
    allowed = set(policy(client.get("/ogc"))["img-src"])
    hosts = {f"https://{host}" for ground in basemaps() for host in ground.hosts}
    assert hosts
    assert allowed == {"'self'", "data:", "blob:"} | hosts


def test_https_is_remembered(client: FlaskClient) -> None:
    answer = client.get("/ogc", base_url="https://atlas.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.fixture
def inline_app(trial_folder) -> Flask:
    app = create_app({"LIMITROPHE_DATA": trial_folder, "TESTING": True})
    page = (
        '<script nonce="{{ csp_nonce() }}">1</script><script nonce="{{ csp_nonce() }}">2</script>'
    )
    app.add_url_rule("/inline", "inline", lambda: render_template_string(page))
    return app


def test_an_inline_script_runs_under_the_nonce_of_its_own_response(inline_app: Flask) -> None:
    first, second = (inline_app.test_client().get("/inline") for _ in range(2))
    nonces = [set(re.findall(r'nonce="([^"]+)"', answer.text)) for answer in (first, second)]
    assert len(nonces[0]) == len(nonces[1]) == 1
    assert nonces[0] != nonces[1]
    sources = policy(first)["script-src"]
    assert [s for s in sources if "nonce" in s] == [f"'nonce-{nonces[0].pop()}'"]


def test_a_page_with_a_nonce_is_never_taken_from_a_cache(inline_app: Flask) -> None:
    answer = inline_app.test_client().get("/inline", headers={"If-None-Match": "*"})
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


@pytest.mark.parametrize(
    ("path", "count"), [("/", 4), ("/engagements", 1), ("/integrer", 4), ("/none", 1)]
)
def test_the_scripts_that_stand_in_a_page_run_by_their_digests_alone(client, path, count):
    answer = client.get(path)
    scripts = re.findall(r"<script(?: data-first=[^>]*)?>(.*?)</script>", answer.text, re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    sources = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    assert len(sources) == count
    own, *allowed = policy(answer)["script-src"]
    assert own == "'self'"
    assert set(sources) <= set(allowed)
    assert len(allowed) == 4
