"""Does the service take what devices send: once, from those who joined, while it is open?"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from tests.state.conftest import state_of
from tests.state.taking_part import POINT, PROGRAM, joined, opened, said, send
from webmap.clock import now
from webmap.consultation import kept, participants, store
from webmap.consultation import published as record
from webmap.consultation.participants import COOKIE
from webmap.consultation.store import Known


@pytest.fixture
def known(app: Flask) -> Known:
    return opened(app)


@pytest.fixture
def resident(app: Flask, known: Known) -> FlaskClient:
    return joined(app, known)


def base(known: Known) -> str:
    return f"/consultations/{known.slug}"


def published(client: FlaskClient, known: Known) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{base(known)}/contributions").get_json()["features"]
    return found


def test_a_contribution_is_kept_once_and_seen_by_everyone(
    known: Known, resident: FlaskClient, anonymous: FlaskClient
) -> None:
    sent = said()
    path = f"{base(known)}/contributions"
    answers = [resident.post(path, json=sent, headers=PROGRAM) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert {answer.get_json()["number"] for answer in answers} == {1}
    assert 3500 < answers[0].get_json()["editable_s"] <= 3600
    assert "private" in answers[0].headers["Cache-Control"]
    [one] = published(anonymous, known)
    assert (one["id"], one["geometry"]) == (1, POINT)
    assert one["properties"]["answers"] == {"avis": "Plus d’arbres."}
    assert "key" not in one["properties"]


def test_what_a_large_room_says_is_read_again_after_a_while(
    app: Flask,
    known: Known,
    resident: FlaskClient,
    anonymous: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def say() -> None:
        answer = resident.post(f"{base(known)}/contributions", json=said(), headers=PROGRAM)
        assert answer.status_code == 201

    monkeypatch.setattr(record, "LONG", 2)
    monkeypatch.setattr(record, "REUSED_S", 3600)
    for count in (1, 2, 3):
        say()
        assert len(published(anonymous, known)) == count
    say()
    assert len(published(anonymous, known)) == 3
    # Another stage, or the end of the while: what is there now.
    store.move(state_of(app), known, "paused")
    assert len(published(anonymous, known)) == 4
    store.move(state_of(app), known, "open")
    assert len(published(anonymous, known)) == 4
    say()
    assert len(published(anonymous, known)) == 4
    monkeypatch.setattr(record, "REUSED_S", 0)
    assert len(published(anonymous, known)) == 5


def test_what_is_published_is_asked_for_again_at_no_cost(
    known: Known, resident: FlaskClient, anonymous: FlaskClient
) -> None:
    path = f"{base(known)}/contributions"
    tag = anonymous.get(path).headers["ETag"]
    assert anonymous.get(path, headers={"If-None-Match": tag}).status_code == 304
    send(resident, known)
    again = anonymous.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, len(again.get_json()["features"])) == (200, 1)
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"geometry": None}, "geometry", "Dites où"),
        ({"answers": {}}, "answers.avis", "Votre avis – Il manque une réponse."),
        ({"answers": {"avis": "x" * 2001}}, "answers.avis", "2000 caractères au plus"),
        ({"category": "autre"}, "category", "La catégorie – Ce choix"),
        ({"geometry": {"type": "Point", "coordinates": [2.4, 48.81]}}, "geometry", "territoire"),
        ({"queued": "oui"}, "queued", "forme attendue"),
        ({"x" * 500: 1}, "x" * 80, "ne demande pas cela"),
    ],
)
def test_what_does_not_answer_is_told_by_field(
    known: Known, resident: FlaskClient, changes: dict[str, Any], field: str, words: str
) -> None:
    answer = send(resident, known, **changes)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["field"] == field
    assert words in problem["detail"]
    english = resident.post(
        f"{base(known)}/contributions?lang=en", json=said(**changes), headers=PROGRAM
    )
    assert english.get_json()["detail"] != problem["detail"]


def test_only_json_that_comes_from_here_is_read(known: Known, resident: FlaskClient) -> None:
    path = f"{base(known)}/contributions"
    assert resident.post(path, data="{", headers=PROGRAM).status_code == 415
    form = {"Content-Type": "text/plain", **PROGRAM}
    assert resident.post(path, data="{}", headers=form).status_code == 415
    broken = {"Content-Type": "application/json", **PROGRAM}
    assert resident.post(path, data="{", headers=broken).status_code == 400
    assert resident.post(path, json=[], headers=PROGRAM).status_code == 422
    large = said(answers={"avis": "x" * 300_000})
    assert resident.post(path, json=large, headers=PROGRAM).status_code == 413
    for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ailleurs.example"}):
        for method in ("post", "put", "delete"):
            one = path if method == "post" else f"{path}/{uuid.uuid4()}"
            sent = getattr(resident, method)(one, json=said(), headers={**PROGRAM, **foreign})
            assert sent.status_code == 403
    assert published(resident, known) == []


def test_whoever_has_not_joined_sends_nothing(
    app: Flask, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now()
    monkeypatch.setattr(participants, "now", lambda: moment)
    stranger = app.test_client()
    refused = send(stranger, known)
    assert (refused.status_code, refused.get_json()["reason"]) == (403, "not-joined")
    mine = stranger.get(f"{base(known)}/mes-contributions.json").get_json()
    assert mine == {"joined": False, "contributions": [], "supports": []}
    made = stranger.post(f"{base(known)}/jeton", json={}, headers=PROGRAM)
    cookie = made.headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Lax", f"Path=/consultations/{known.slug}"):
        assert part in cookie
    early = send(stranger, known)
    assert (early.status_code, early.get_json()["reason"]) == (429, "too-fast")
    assert early.headers["Retry-After"] == "3"
    assert (
        "Set-Cookie" not in stranger.post(f"{base(known)}/jeton", json={}, headers=PROGRAM).headers
    )


def test_a_tablet_that_is_handed_on_shows_nothing_of_the_last_person(
    app: Flask, known: Known, resident: FlaskClient
) -> None:
    send(resident, known)
    made = resident.post(f"{base(known)}/jeton", json={"fresh": True}, headers=PROGRAM)
    assert COOKIE in made.headers["Set-Cookie"]
    mine = resident.get(f"{base(known)}/mes-contributions.json").get_json()
    assert mine == {"joined": True, "contributions": [], "supports": []}
    assert len(kept.listed(state_of(app), known)) == 1


@pytest.mark.parametrize("token", ["", "x", "1.online.abc.def", "é" * 40, "0" * 1000])
def test_a_made_up_token_is_none(app: Flask, known: Known, token: str) -> None:
    client = app.test_client()
    client.set_cookie(COOKIE, token, path=base(known))
    assert send(client, known).status_code == 403


def test_a_token_is_good_for_its_consultation_alone(app: Flask, known: Known) -> None:
    other = opened(app)
    client = joined(app, known)
    replayed = client.get_cookie(COOKIE, path=base(known))
    assert replayed is not None
    client.set_cookie(COOKIE, replayed.value, path=base(other))
    assert send(client, other).status_code == 403
    assert send(client, known).status_code == 201


def test_ones_own_is_corrected_and_withdrawn(
    app: Flask, known: Known, resident: FlaskClient, anonymous: FlaskClient
) -> None:
    key = send(resident, known).get_json()["key"]
    path = f"{base(known)}/contributions/{key}"
    better = said(key=key, answers={"avis": "Moins de bruit."})
    assert joined(app, known).put(path, json=better, headers=PROGRAM).status_code == 403
    assert joined(app, known).delete(path, headers=PROGRAM).status_code == 403
    for _ in range(2):
        changed = resident.put(path, json=better, headers=PROGRAM)
        assert (changed.status_code, changed.get_json()["revision"]) == (200, 2)
    assert published(anonymous, known)[0]["properties"]["answers"]["avis"] == "Moins de bruit."
    mine = resident.get(f"{base(known)}/mes-contributions.json").get_json()
    assert [one["key"] for one in mine["contributions"]] == [key]
    assert [resident.delete(path, headers=PROGRAM).status_code for _ in range(2)] == [200, 200]
    assert published(anonymous, known) == []
    assert resident.put(path, json=better, headers=PROGRAM).status_code == 409
    unknown = resident.delete(f"{base(known)}/contributions/x%00", headers=PROGRAM)
    assert unknown.status_code == 404


def test_the_time_for_corrections_ends(app: Flask, anonymous: FlaskClient) -> None:
    known = opened(app, edit_minutes=0)
    resident = joined(app, known)
    key = send(resident, known).get_json()["key"]
    path = f"{base(known)}/contributions/{key}"
    refused = resident.delete(path, headers=PROGRAM)
    assert (refused.status_code, refused.get_json()["reason"]) == (409, "too-late")
    assert len(published(anonymous, known)) == 1


def test_others_are_supported_and_flagged(
    app: Flask, known: Known, resident: FlaskClient, anonymous: FlaskClient
) -> None:
    send(resident, known)
    neighbour = joined(app, known)
    path = f"{base(known)}/soutiens/1"
    assert resident.put(path, headers=PROGRAM).status_code == 403
    for _ in range(2):
        assert neighbour.put(path, headers=PROGRAM).get_json()["supports"] == 1
    assert published(anonymous, known)[0]["properties"]["supports"] == 1
    mine = neighbour.get(f"{base(known)}/mes-contributions.json").get_json()
    assert mine["supports"] == [1]
    assert neighbour.delete(path, headers=PROGRAM).get_json()["supports"] == 0
    flags = f"{base(known)}/signalements"
    assert neighbour.put(f"{flags}/1", json={"reason": " "}, headers=PROGRAM).status_code == 422
    assert (
        neighbour.put(f"{flags}/1", json={"reason": "x" * 201}, headers=PROGRAM).status_code == 422
    )
    assert (
        neighbour.put(f"{flags}/1", json={"reason": "Un nom"}, headers=PROGRAM).status_code == 200
    )
    assert (
        neighbour.put(f"{flags}/9", json={"reason": "Un nom"}, headers=PROGRAM).status_code == 404
    )
    assert [one.flags for one in kept.listed(state_of(app), known)] == [1]


DAY = datetime.timedelta(days=1)
"""Longer than the tests take: what is to come is still to come when its test begins."""


@pytest.mark.parametrize(
    ("stage", "dates", "phase", "words"),
    [
        ("open", {"opens": now() + DAY}, "coming", "ouvrira le"),
        ("paused", {}, "paused", "en pause"),
        ("closed", {}, "ended", "terminée depuis"),
        ("open", {"closes": now() - DAY}, "ended", "terminée depuis"),
    ],
)
def test_what_is_not_open_refuses_politely(
    app: Flask, stage: str, dates: dict[str, Any], phase: str, words: str
) -> None:
    known = opened(app, stage, **dates)
    resident = joined(app, known)
    refused = send(resident, known)
    assert (refused.status_code, refused.get_json()["phase"]) == (409, phase)
    assert words in refused.get_json()["detail"]
    late = send(resident, known, queued=True)
    assert late.status_code == (201 if phase == "ended" else 409)
    if phase == "ended":
        assert late.get_json()["state"] == "pending"


@pytest.mark.parametrize("stage", ["draft", "archived"])
def test_a_draft_cannot_be_told_from_nothing(app: Flask, stage: str) -> None:
    known = opened(app, stage)
    resident = joined(app, known)
    there = send(resident, known)
    assert there.status_code == 404
    nowhere = resident.post("/consultations/nulle-part/contributions", json={}, headers=PROGRAM)
    assert nowhere.status_code == 404
    swapped = there.text.replace(known.slug, "nulle-part")
    assert swapped == nowhere.text
    assert resident.get(f"{base(known)}/contributions").status_code == 404


@pytest.mark.usefixtures("one_day")
def test_a_flood_costs_the_flooder_and_not_the_room(app: Flask, known: Known) -> None:
    flooder = joined(app, known)
    statuses = [send(flooder, known).status_code for _ in range(30)]
    assert statuses == [201] * 20 + [429] * 10
    refused = send(flooder, known)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "Rien n’est perdu" in refused.get_json()["detail"]
    room = [send(joined(app, known), known).status_code for _ in range(30)]
    assert room == [201] * 30


def test_no_address_is_kept(app: Flask, known: Known) -> None:
    address = "198.51.100.77"
    send(joined(app, known, address), known)
    with state_of(app).engine.connect() as connection:
        for table in ("participants", "contributions", "decisions", "attempts"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall()
            assert address not in repr(rows)


plain = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
anything = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
members = st.sampled_from(
    [
        "key",
        "language",
        "category",
        "geometry",
        "place",
        "commitment",
        "territory",
        "answers",
        "queued",
    ]
)


@hypothesis(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=st.dictionaries(members, anything, min_size=1, max_size=3))
def test_whatever_is_sent_is_refused_by_field_or_kept(
    app: Flask, known: Known, changes: dict[str, Any]
) -> None:
    answer = send(joined(app, known), known, **changes)
    assert answer.status_code in (201, 400, 409, 422)
    if answer.status_code == 422:
        assert answer.get_json()["reason"]


def test_a_code_of_the_store_is_never_the_address_of_a_page(app: Flask) -> None:
    assert store.slug_of("Rejoindre") == "rejoindre-1"
