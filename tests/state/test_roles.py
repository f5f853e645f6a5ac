"""Who may do what with a consultation? Every route for every kind of person.

Each route is classed once, below; a new one must be.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.state.conftest import log_in, state_of, token_of
from tests.state.speaking import begin, plan, say
from tests.state.taking_part import joined
from webmap.consultation import store
from webmap.consultation.store import Known

OWN = "00000000-0000-4000-8000-000000000000"
PEOPLE = ("anonymous", "participant", "other", "facilitator", "administrator")
TEAM = ("facilitator", "administrator")

ANYBODY = {
    ("GET", "consultations.index"), ("GET", "joining.code"), ("GET", "joining.short"),
    ("GET", "on_the_map.worker"),
}  # fmt: skip
"""About no single consultation."""
READING = {
    ("GET", "consultations.show"), ("GET", "reporting.show"), ("GET", "reporting.pdf"),
    ("GET", "on_the_map.show"), ("GET", "on_the_map.configuration"), ("GET", "on_the_map.places"),
    ("GET", "by_form.contribute"), ("GET", "by_form.read"), ("GET", "taking_part.published"),
    ("GET", "open_data.package"), ("GET", "open_data.show"),
    ("GET", "moderating.journal"), ("GET", "projecting.show"), ("GET", "results.show"),
    ("GET", "results.live"), ("GET", "taking_part.mine"),
    ("POST", "joining.join"), ("POST", "taking_part.join"),
}  # fmt: skip
"""What everybody may do of a consultation that is not a draft."""
TAKING_PART = {
    ("POST", "by_form.send"), ("POST", "by_form.flag"), ("POST", "by_form.support"),
    ("POST", "by_form.withdraw"), ("POST", "taking_part.submit"), ("PUT", "taking_part.correct"),
    ("DELETE", "taking_part.withdraw"), ("PUT", "taking_part.flag"), ("PUT", "taking_part.support"),
    ("DELETE", "taking_part.support"),
}  # fmt: skip
"""What needs a browser that has joined."""
ACCOUNT = {("GET", "facilitating.index"), ("GET", "preparing.begin"), ("POST", "preparing.create")}
"""What every account may do."""
RUNNING = {
    ("GET", "facilitating.show"), ("GET", "facilitating.code"), ("POST", "facilitating.team"),
    ("POST", "facilitating.move"), ("GET", "preparing.preview"), ("POST", "preparing.duplicate"),
    ("GET", "preparing.edit"), ("POST", "preparing.revise"), ("GET", "preparing.versions"),
    ("POST", "preparing.undo"), ("GET", "paper.kit"), ("GET", "paper.enter"), ("POST", "paper.add"),
    ("POST", "paper.undo"), ("GET", "moderating.queue"), ("POST", "moderating.decide"),
}  # fmt: skip
"""What only those who run the consultation may do."""
ANSWERED = {200, 201, 302, 303, 400, 404, 409, 422, 429}
"""What is answered to who may do it, whatever a request without content comes to."""

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def known(app: Flask) -> Known:
    """An open consultation of the road service, in which somebody has spoken."""
    made = begin(app)
    say(app, made, "Un banc.", key=OWN)
    return made


def clients(app: Flask, known: Known) -> dict[str, FlaskClient]:
    """One browser for each kind of person."""
    database = state_of(app)
    others = store.create(database, plan(title_fr="Une autre"), None, slug="autre")
    store.invite(database, others, "mission convention", "owner")
    found = {name: app.test_client() for name in PEOPLE}
    found["participant"] = joined(app, known)
    names = {"other": "Mission convention", "facilitator": "Service voirie"}
    for who, name in {**names, "administrator": "Direction"}.items():
        assert log_in(found[who], name).status_code == 303
    return found


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Every method and rule about consultations, joining last."""
    about = re.compile(r"/(consultations|animation|c)(/|$)")
    found = [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if about.match(rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda route: route[1].endpoint.endswith(".join"))


def ask(client: FlaskClient, method: str, rule: Rule, known: Known) -> int:
    values = {"slug": known.slug, "code": known.code, "key": str(uuid.uuid4()), "number": "1"}
    path = re.sub(r"<(?:[^<>]+:)?(\w+)>", lambda match: values[match[1]], rule.rule)
    if method == "GET":
        return client.get(path).status_code
    if rule.endpoint.startswith("taking_part."):
        return client.open(path, method=method, json={}).status_code
    token = token_of(client.get("/connexion").text)
    return client.post(path, data={"csrf_token": token}).status_code


def allowed(method: str, endpoint: str, who: str) -> bool:
    """Tell whether somebody may do it, by the classes above."""
    route = (method, endpoint)
    if route in ANYBODY | READING:
        return True
    if route in TAKING_PART:
        return who == "participant"
    if route in ACCOUNT:
        return who in ("other", *TEAM)
    return who in TEAM


def test_every_route_is_classed(app: Flask) -> None:
    classes = (ANYBODY, READING, TAKING_PART, ACCOUNT, RUNNING)
    there = {(method, rule.endpoint) for method, rule in routes(app)}
    assert there == set().union(*classes)
    assert len(there) == sum(map(len, classes))


@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_do_what(app: Flask, known: Known, who: str) -> None:
    client = clients(app, known)[who]
    found: dict[str, Any] = {}
    for method, rule in routes(app):
        status = ask(client, method, rule, known)
        right = status in ANSWERED if allowed(method, rule.endpoint, who) else status == 403
        if not right:
            found[f"{method} {rule.rule}"] = status
    assert found == {}


@pytest.mark.parametrize("who", PEOPLE)
def test_a_draft_is_there_for_those_who_run_it_alone(app: Flask, known: Known, who: str) -> None:
    client = clients(app, known)[who]
    draft = store.create(state_of(app), plan(title_fr="Un brouillon"), None, slug="brouillon")
    store.invite(state_of(app), draft, "service voirie", "owner")
    for method, rule in routes(app):
        if (method, rule.endpoint) in READING and method == "GET":
            status = ask(client, method, rule, draft)
            assert status == 404 if who not in TEAM else status in ANSWERED - {404}, rule
    assert "Un brouillon" not in client.get("/consultations").text
    assert client.get(f"/c/{draft.code}").status_code == 404
