"""The contract of the service: every route fails in one shape, and every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.state.conftest import PASSWORD, log_in
from tests.webmap.conftest import trial_content
from webmap import create_app
from webmap.accounts import people
from webmap.consultation import store
from webmap.consultation.plan import Plan
from webmap.errors import KINDS
from webmap.state import current_state

PROBLEM = "application/problem+json"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PROGRAM = {"Accept": "application/json"}
MEMBERS = {"type": str, "title": str, "status": int, "detail": str, "instance": str}
EXTENSIONS = {
    "parameter": str,
    "got": str,
    "allowed": str,
    "kind": str,
    "id": str,
    "suggestions": list,
    "position": int,
    "pointer": str,
}
TOUR = """
title_fr = "Essai"
title_en = "Trial"
[[step]]
title_fr = "Un"
title_en = "One"
text_fr = "Un pas"
text_en = "A step"
view = "lieu=rue-ouest"
"""
EXAMPLES = {
    "collection_id": "voies",
    "layer_id": "voies",
    "feature_id": "rue-ouest",
    "filename": "css/base.css",
    "version_asked": "0",
    "name": "carte",
    **{"z": "0", "names": "0.0"},
    "slug": "essai",
    "code": "AAAAAA",
}

LEADING = {"joining.short"}
"""Endpoints that lead to another page."""


@pytest.fixture(scope="module")
def contract_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = trial_content().write(tmp_path_factory.mktemp("contract"))
    (folder / "tours").mkdir()
    (folder / "tours" / "tour.toml").write_text(TOUR, encoding="utf-8")
    app = create_app(
        {"LIMITROPHE_DATA": folder, "LIMITROPHE_STATE": folder / "state", "TESTING": True}
    )
    with app.app_context():
        state = current_state()
    people.add(state, "Direction", "administrator", PASSWORD)
    known = store.move(state, store.create(state, Plan(title_fr="Essai"), None), "open")
    EXAMPLES["code"] = known.code
    return app


@pytest.fixture(scope="module")
def administrator(contract_app: Flask) -> FlaskClient:
    """A browser that may see every page."""
    client = contract_app.test_client()
    assert log_in(client, "Direction").status_code == 303
    assert client.post("/consultations/essai/participer").status_code == 303
    return client


@pytest.fixture
def visitor(contract_app: Flask) -> FlaskClient:
    return contract_app.test_client()


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]


def path_of(rule: Rule, **values: str) -> str:
    id_of = {
        "places.": "rue-ouest",
        "commitments.": "convention-a-1",
        "documents.": "convention",
        "tours.": "tour",
        "corridors.": "coulee",
    }
    found = next((id for start, id in id_of.items() if rule.endpoint.startswith(start)), "x")
    filled = {"id": found, **EXAMPLES, **values}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: filled[match[1]], rule.rule)


def check_problem(answer: Any, status: int) -> dict[str, Any]:
    """Check the one shape of an error told to a program."""
    assert answer.status_code == status
    assert answer.content_type == PROBLEM
    assert "no-store" in answer.headers["Cache-Control"]
    assert "ETag" not in answer.headers
    problem: dict[str, Any] = answer.get_json()
    for name, kind in MEMBERS.items():
        assert isinstance(problem[name], kind)
        assert problem[name]
    for name in set(problem) - set(MEMBERS):
        assert isinstance(problem[name], EXTENSIONS[name])
    assert problem["status"] == status
    address, _, anchor = problem["type"].partition("#probleme-")
    assert anchor in KINDS
    assert urlsplit(address).path == "/ogc/api"
    return problem


def test_each_route_answers(contract_app: Flask, administrator: FlaskClient) -> None:
    for rule in rules(contract_app):
        answer = administrator.get(path_of(rule), headers=BROWSER)
        assert answer.status_code == (303 if rule.endpoint in LEADING else 200), rule


def test_the_pages_of_facilitators_are_shut_to_others(contract_app: Flask) -> None:
    reserved = [rule for rule in rules(contract_app) if rule.rule.startswith("/animation")]
    assert reserved
    for rule in reserved:
        for path in (path_of(rule), path_of(rule, slug="n-existe-pas")):
            check_problem(contract_app.test_client().get(path, headers=PROGRAM), 403)


def test_each_route_refuses_an_unknown_parameter(contract_app: Flask) -> None:
    visitor = contract_app.test_client()
    for rule in rules(contract_app):
        path = path_of(rule)
        problem = check_problem(visitor.get(f"{path}?inconnu=1", headers=PROGRAM), 400)
        assert problem["parameter"] == "inconnu"
        assert problem["got"] == "1"
        assert problem["instance"] == path
        page = visitor.get(f"{path}?inconnu=1", headers=BROWSER)
        assert page.status_code == 400
        assert page.content_type == "text/html; charset=utf-8"
        assert "inconnu" in page.text


def test_each_route_refuses_a_repeated_parameter(contract_app: Flask) -> None:
    for rule in rules(contract_app):
        answer = contract_app.test_client().get(f"{path_of(rule)}?lang=fr&lang=en", headers=PROGRAM)
        assert check_problem(answer, 400)["parameter"] == "lang"


def test_each_route_with_an_id_tells_an_unknown_one(
    contract_app: Flask, administrator: FlaskClient
) -> None:
    for rule in rules(contract_app):
        for name in rule.arguments - {"version_asked"}:
            path = path_of(rule, **{name: "n-existe-pas"})
            check_problem(administrator.get(path, headers=PROGRAM), 404)
            page = administrator.get(path, headers=BROWSER)
            assert page.status_code == 404
            assert page.content_type == "text/html; charset=utf-8"


def test_each_route_refuses_to_be_written(contract_app: Flask) -> None:
    written = {r.rule for r in contract_app.url_map.iter_rules() if "POST" in (r.methods or ())}
    for rule in (r for r in rules(contract_app) if r.rule not in written):
        answer = contract_app.test_client().post(path_of(rule), headers=PROGRAM)
        check_problem(answer, 405)
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/none", "/ogc/none", "/ogc/collections/voies/none", "/LIEUX"])
def test_an_address_that_is_none(visitor: FlaskClient, path: str) -> None:
    check_problem(visitor.get(path, headers=PROGRAM), 404)
    assert visitor.get(path, headers=BROWSER).content_type == "text/html; charset=utf-8"


def test_below_ogc_an_error_is_json_unless_a_browser_asks(visitor: FlaskClient) -> None:
    for accept in ({}, {"Accept": "*/*"}, {"Accept": "image/png"}, {"Accept": "nonsense"}):
        check_problem(visitor.get("/ogc/collections/none", headers=accept), 404)
    check_problem(visitor.get("/ogc/collections/none?f=json", headers=BROWSER), 404)
    page = visitor.get("/ogc/collections/none?f=html", headers=PROGRAM)
    assert page.content_type == "text/html; charset=utf-8"


def test_pages_tell_errors_as_pages_unless_a_program_asks(visitor: FlaskClient) -> None:
    for accept in ({}, {"Accept": "*/*"}, BROWSER):
        answer = visitor.get("/lieux/none", headers=accept)
        assert answer.status_code == 404
        assert answer.content_type == "text/html; charset=utf-8"


def test_errors_speak_the_language_of_the_request(visitor: FlaskClient) -> None:
    french = visitor.get("/ogc/collections/none", headers={"Accept-Language": "fr"})
    english = visitor.get("/ogc/collections/none", headers={"Accept-Language": "en"})
    assert french.get_json()["title"] == "Introuvable"
    assert english.get_json()["title"] == "Not found"
    assert english.headers["Content-Language"] == "en"


def test_an_error_repeats_only_the_beginning_of_a_long_value(visitor: FlaskClient) -> None:
    answer = visitor.get("/ogc/collections/voies/items", query_string={"bbox": "x" * 10_000})
    assert len(check_problem(answer, 400)["got"]) == 200


def test_text_of_the_client_is_never_markup(visitor: FlaskClient) -> None:
    attack = "<script>alert(1)</script>"
    for path in ("/lieux", "/ogc/collections"):
        for query in ({attack: "1"}, {"lang": attack}):
            page = visitor.get(path, query_string=query, headers=BROWSER)
            assert page.status_code == 400
            assert "<script>alert" not in page.text
        assert "<script>alert" not in visitor.get(f"{path}/{attack}", headers=BROWSER).text


@pytest.fixture
def broken_app(tmp_path) -> Flask:
    app = create_app({"LIMITROPHE_DATA": trial_content().write(tmp_path)})
    for path in ("/broken", "/ogc/broken"):
        app.add_url_rule(path, path, lambda: {}["missing"])
    return app


def test_a_fault_of_ours_is_a_500_that_helps_and_hides_its_cause(broken_app: Flask, caplog) -> None:
    visitor = broken_app.test_client()
    problem = check_problem(visitor.get("/ogc/broken"), 500)
    assert problem["type"].endswith("#probleme-panne")
    page = visitor.get("/broken", headers=BROWSER)
    assert page.status_code == 500
    assert page.content_type == "text/html; charset=utf-8"
    for answer in (visitor.get("/ogc/broken"), page):
        assert "missing" not in answer.text
        assert "Traceback" not in answer.text
    assert "KeyError: 'missing'" in caplog.text


def links_in(document: Any) -> Iterator[dict[str, str]]:
    """Yield every link object of a JSON document, however deep."""
    if isinstance(document, dict):
        if isinstance(document.get("href"), str):
            yield document
        for value in document.values():
            yield from links_in(value)
    elif isinstance(document, list):
        for value in document:
            yield from links_in(value)


def crawl(visitor: FlaskClient, start: str) -> set[str]:
    """Follow every link of the service's JSON; check that each leads to what it announces."""
    waiting, seen = [start], {start}
    while waiting:
        answer = visitor.get(waiting.pop())
        assert answer.status_code == 200
        if "json" not in answer.content_type:
            continue
        for link in links_in(answer.get_json()):
            if not link["href"].startswith("http://localhost/"):
                continue
            announced = visitor.get(link["href"])
            assert announced.status_code == 200, link
            assert announced.content_type.startswith(link.get("type", "")), link
            if link["href"] not in seen and link["rel"] != "enclosure":
                seen.add(link["href"])
                waiting.append(link["href"])
    return seen


def test_every_link_of_the_open_data_leads_to_what_it_announces(visitor: FlaskClient) -> None:
    seen = crawl(visitor, "/ogc")
    paths = {urlsplit(address).path for address in seen}
    assert "/ogc/collections/engagements/items" in paths
    assert "/ogc/api" in paths


def addresses_in(page: str) -> set[str]:
    # What a browser awaits comes with a script: it leads nobody anywhere.
    page = re.sub(r'<link rel="expect"[^>]*>', "", page)
    found = re.findall(r'(?:href|src)="([^"]+)"', page)
    return {unescape(address) for address in found}


@pytest.mark.parametrize("start", ["/ogc?f=html", "/ogc?f=html&lang=en"])
def test_every_link_of_every_page_leads_somewhere(visitor: FlaskClient, start: str) -> None:
    waiting, seen = [start], {start}
    while waiting:
        address = waiting.pop()
        answer = visitor.get(address, headers=BROWSER)
        assert answer.status_code == 200, address
        to_save = "attachment" in answer.headers.get("Content-Disposition", "")
        if to_save or not answer.content_type.startswith("text/html"):
            continue
        anchors = set(re.findall(r'\bid="([^"]+)"', answer.text))
        for found in addresses_in(answer.text):
            if found.startswith("#"):
                assert found[1:] in anchors, (address, found)
            path = found.partition("#")[0]
            if path.startswith("/") and path not in seen:
                seen.add(path)
                waiting.append(path)
    if "lang=en" in start:
        pages = {a for a in seen if not a.startswith("/static/") and "lang=fr" not in a}
        assert all("lang=en" in address for address in pages)
