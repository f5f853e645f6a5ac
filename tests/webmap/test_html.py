"""Is every page HTML as the standard has it? By html-validate, which reads them without a network.

Accessibility is axe's business, see `tests.browser.axe`; how the source looks is nobody's.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from layers.atlas import Atlas
from tests.conftest import DATA
from tests.state.conftest import PASSWORD, log_in
from webmap import create_app
from webmap.accounts import people
from webmap.consultation import demonstration
from webmap.state import current_state

ROOT = Path(__file__).parents[2]
VALIDATOR = ROOT / "webmap" / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = {"root": True, "extends": ["html-validate:standard"]}
OTHER_FORM = re.compile(r"/static/|\.(css|csv|geojson|js|json|jsonld|pdf|png|qgz|rdf|ttl|xml|zip)$")
"""Addresses that never answer with a page."""
ONE = {
    "/engagements/": "malakoff-a-1-1-1",
    "/lieux/": "boulevard-adolphe-pinard",
    "/documents/": "malakoff",
    "/corridors/": "coulee-verte",
    "/visite/": "cinq-documents",
}
"""The id that is asked for below an address."""
PARTS = {"collection_id": "qpv", "feature_id": "qpv-qn07505i"}
MORE = (
    "/?lieu=boulevard-adolphe-pinard&lang=en",
    "/engagements?q=rien+de+tel",
    "/lieux/coulee-verte-rupture",
    "/lieux/site-tam-witchitz",
    "/question?commune=commune-malakoff",
    "/visite/cinq-documents?etape=2",
    "/ogc/collections/engagements/items?f=html&filter=nope",
    "/engagements?inconnu=1",
    "/page-qui-manque",
)
"""Pages that the addresses alone do not give: empty, English, of an error."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Flask]:
    """The project's own data, with the demonstration of a consultation and an administrator."""
    app = create_app({"LIMITROPHE_STATE": tmp_path / "state", "TESTING": True})
    with app.app_context():
        state = current_state()
    people.add(state, "Direction", "administrator", PASSWORD)
    yield app
    state.engine.dispose()


def addresses(app: Flask, slug: str, code: str) -> Iterator[str]:
    known = {**PARTS, "slug": slug, "code": code}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not OTHER_FORM.search(rule.rule):
            yield path_of(rule, known)
    yield from MORE


def path_of(rule: Rule, known: dict[str, str]) -> str:
    """An address of the rule; a new kind of part needs an example above."""
    start = rule.rule.partition("<")[0]
    parts = {**known, "id": ONE.get(start, "")}
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: parts[found[1]], rule.rule)


def test_every_page_is_valid_html(served: Flask, tmp_path: Path) -> None:
    with served.app_context():
        shown = demonstration.add(current_state(), Atlas.load(DATA), DATA)
    assert shown is not None
    client = served.test_client()
    assert log_in(client, "Direction").status_code == 303
    folder = tmp_path / "pages"
    folder.mkdir()
    wanted = list(addresses(served, shown.slug, shown.code))
    pages = {}
    for path in wanted:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code < 500, path
        if answer.mimetype == "text/html":
            file = folder / f"{len(pages)}.html"
            file.write_bytes(answer.data)
            pages[str(file)] = path
    assert len(pages) > 50, "most addresses are pages"
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps(RULES))
    done = subprocess.run(
        ["node", VALIDATOR, "--config", rules, "--formatter", "json", *pages],
        cwd=folder, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    faults = [
        f"{pages[found['filePath']]}, line {fault['line']}: {fault['ruleId']}, {fault['message']}"
        for found in json.loads(done.stdout)
        for fault in found["messages"]
    ]
    assert faults == []
    assert done.returncode == 0, done.stderr
