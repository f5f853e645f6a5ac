"""Do people come to a consultation by every way, and say something without any script?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.state.conftest import state_of, token_of
from tests.state.taking_part import joined, opened, send
from webmap.clock import now
from webmap.consultation import fields, kept
from webmap.consultation.participants import COOKIE, SHORTEST
from webmap.consultation.store import Known

ATTACKS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"]


@pytest.fixture
def known(app: Flask) -> Known:
    return opened(app)


@pytest.fixture
def resident(app: Flask, known: Known) -> FlaskClient:
    return joined(app, known)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take forms as soon as they come; one test looks at the time that filling in takes."""
    monkeypatch.setattr(fields, "SHORTEST", SHORTEST * 0)


def path(known: Known, end: str = "") -> str:
    return f"/consultations/{known.slug}{end}"


def fill(page: str, **changes: Any) -> dict[str, Any]:
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    plain = {"category": "idee", "place": "rue-ouest", "q-avis": "Un banc, s’il vous plaît."}
    return {**hidden, **plain, **changes}


def contribute(client: FlaskClient, known: Known, **changes: Any) -> Any:
    page = client.get(path(known, "/contribuer")).text
    return client.post(path(known, "/contribuer"), data=fill(page, **changes))


def test_what_is_asked_and_kept_is_said_before_anybody_takes_part(
    known: Known, anonymous: FlaskClient
) -> None:
    page = anonymous.get(path(known))
    for words in (
        "Préparer les travaux de la rue.", "Ville Ouest", "mairie@exemple.fr",
        "effacé 365 jours après la fin", "un seul témoin (cookie)", "pendant 1 heure,",
    ):  # fmt: skip
        assert words in page.text
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("way", ["/c/{}", "/consultations/rejoindre?code={}"])
def test_a_room_code_leads_there_however_it_is_typed(
    known: Known, anonymous: FlaskClient, way: str
) -> None:
    for code in (known.code, known.code.lower(), f" {known.code[:3]} {known.code[3:]} "):
        found = anonymous.get(way.format(code.replace(" ", "%20")))
        assert (found.status_code, found.headers["Location"]) == (303, path(known, "?par=salle"))
    landing = anonymous.get(path(known, "?par=salle")).text
    assert '<input type="hidden" name="par" value="salle">' in landing


@pytest.mark.usefixtures("one_day")
def test_codes_are_not_guessed(app: Flask, known: Known) -> None:
    guesser, room = app.test_client(), app.test_client()
    guesser.environ_base["REMOTE_ADDR"] = "192.0.2.66"
    statuses = [guesser.get(f"/c/ZZZZ{n:02}").status_code for n in range(31)]
    assert statuses == [404] * 30 + [429]
    assert guesser.get("/consultations/rejoindre?code=ZZZZZZ").status_code == 429
    for _ in range(40):
        assert room.get(f"/c/{known.code}").status_code == 303


@pytest.mark.parametrize("stage", ["draft", "archived"])
def test_a_draft_has_no_code(app: Flask, anonymous: FlaskClient, stage: str) -> None:
    known = opened(app, stage)
    assert anonymous.get(f"/c/{known.code}").status_code == 404
    for end in ("", "/carte", "/contribuer", "/mes-contributions", "/configuration.json"):
        assert anonymous.get(path(known, end)).status_code == 404
    assert anonymous.post(path(known, "/participer")).status_code == 404


def test_joining_gives_one_cookie_once(known: Known, anonymous: FlaskClient) -> None:
    fixed = "1.online.fixed.sig"
    anonymous.set_cookie(COOKIE, fixed, path=path(known))
    answer = anonymous.post(path(known, "/participer"), data={"par": "salle", "vue": "liste"})
    assert (answer.status_code, answer.headers["Location"]) == (303, path(known, "/contribuer"))
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert fixed not in cookie
    assert ".room." in cookie
    assert f"Path={path(known)};" in cookie
    again = anonymous.post(path(known, "/participer"), data={"vue": "carte"})
    assert again.headers["Location"] == path(known, "/carte")
    assert "Set-Cookie" not in again.headers


def test_a_page_of_another_site_makes_nobody_join(known: Known, anonymous: FlaskClient) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://ailleurs.example"}
    assert anonymous.post(path(known, "/participer"), headers=foreign).status_code == 403


def test_one_contributes_corrects_and_withdraws_by_form(
    app: Flask, known: Known, resident: FlaskClient, anonymous: FlaskClient
) -> None:
    sent = contribute(
        resident, known, position="48,81 ; 2,31", territory="commune-ouest",
        **{"q-note": "4", "q-usages": ["velo", "marche"], "q-age": "ici"},
    )  # fmt: skip
    assert sent.status_code == 303
    [one] = kept.listed(state_of(app), known)
    assert one.answers == {
        "avis": "Un banc, s’il vous plaît.", "note": 4, "usages": ["marche", "velo"], "age": "ici",
    }  # fmt: skip
    assert one.geometry == {"type": "Point", "coordinates": [2.31, 48.81]}
    assert (one.place, one.territory) == ("rue-ouest", "commune-ouest")
    assert "Un banc" in anonymous.get(path(known, "/mes-contributions")).text
    form = path(known, f"/contribuer?modifier={one.key}")
    page = resident.get(form).text
    assert "Un banc, s’il vous plaît.</textarea>" in page
    changed = fill(page, **{"q-avis": "Deux bancs.", "position": "48.81 2.31"})
    assert resident.post(form, data=changed).status_code == 303
    [better] = kept.listed(state_of(app), known)
    assert (better.number, better.answers["avis"]) == (1, "Deux bancs.")
    token = token_of(resident.get(path(known, "/mes-contributions")).text)
    resident.post(path(known, f"/mes-contributions/{one.key}/retirer"), data={"csrf_token": token})
    assert kept.listed(state_of(app), known) == []


def test_a_form_sent_twice_is_kept_once(app: Flask, known: Known, resident: FlaskClient) -> None:
    sent = fill(resident.get(path(known, "/contribuer")).text)
    answers = [resident.post(path(known, "/contribuer"), data=sent) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert len(kept.listed(state_of(app), known)) == 1


@pytest.mark.parametrize(
    ("changes", "anchor"),
    [
        ({"q-avis": ""}, "answers.avis"),
        ({"q-avis": "x" * 2001}, "answers.avis"),
        ({"category": ""}, "category"),
        ({"place": ""}, "ou"),
        ({"position": "ici"}, "ou"),
        ({"position": "2,31 ; 48,81"}, "ou"),
        ({"q-note": "9"}, "answers.note"),
    ],
)
def test_a_fault_leads_to_its_field_and_nothing_typed_is_lost(
    app: Flask, known: Known, resident: FlaskClient, changes: dict[str, str], anchor: str
) -> None:
    answer = contribute(resident, known, **changes)
    assert answer.status_code == 422
    assert f'href="#champ-{anchor}"' in answer.text
    assert f'id="champ-{anchor}"' in answer.text
    if "q-avis" not in changes:
        assert "Un banc, s’il vous plaît.</textarea>" in answer.text
    assert kept.listed(state_of(app), known) == []


def test_programs_that_fill_in_forms_are_not_kept(
    app: Flask, known: Known, resident: FlaskClient
) -> None:
    assert contribute(resident, known, site="https://exemple.fr").status_code == 303
    forged = contribute(resident, known, csrf_token="x")
    assert (forged.status_code, "n’est plus valable" in forged.text) == (400, True)
    for stamp in ("", "form.x.y", "é"):
        answer = contribute(resident, known, debut=stamp)
        assert answer.status_code == 422
        assert "trop vite" in answer.text
        assert "Un banc" in answer.text
    assert kept.listed(state_of(app), known) == []


def test_nobody_answers_at_once(
    app: Flask, known: Known, resident: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now()
    monkeypatch.setattr(fields, "SHORTEST", SHORTEST)
    monkeypatch.setattr(fields, "now", lambda: moment)
    assert "trop vite" in contribute(resident, known).text
    assert kept.listed(state_of(app), known) == []


def test_a_form_comes_from_who_joined(app: Flask, known: Known, resident: FlaskClient) -> None:
    stranger = app.test_client()
    page = stranger.get(path(known, "/contribuer")).text
    assert "Participer sur la carte" in page
    sent = fill(resident.get(path(known, "/contribuer")).text)
    assert stranger.post(path(known, "/contribuer"), data=sent).status_code == 400


def test_supports_and_flags_by_form(app: Flask, known: Known, resident: FlaskClient) -> None:
    send(joined(app, known), known)
    lists = path(known, "/mes-contributions")
    token = token_of(resident.get(lists).text)
    for on in ("1", "1", "0", "1"):
        sent = {"csrf_token": token, "oui": on}
        assert resident.post(f"{lists}/1/soutenir", data=sent).status_code == 303
    sent = {"csrf_token": token, "motif": "Un nom"}
    assert resident.post(f"{lists}/1/signaler", data=sent).status_code == 303
    empty = resident.post(f"{lists}/1/signaler", data={"csrf_token": token})
    assert (empty.status_code, "Dites en quelques mots" in empty.text) == (422, True)
    [one] = kept.listed(state_of(app), known)
    assert (one.supports, one.flags) == (1, 1)
    assert "Ne plus soutenir" in resident.get(lists).text


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_people_write_is_never_markup(
    app: Flask, known: Known, resident: FlaskClient, anonymous: FlaskClient, attack: str
) -> None:
    assert contribute(resident, known, **{"q-avis": attack}).status_code == 303
    again = contribute(resident, known, **{"q-avis": attack, "place": ""})
    lists = path(known, "/mes-contributions")
    for page in (resident.get(lists), anonymous.get(lists), again):
        assert not re.search(r"<(script|img)[^>]*(>alert|onerror)", page.text)
        assert "49" not in re.findall(r'said-text">([^<]*)', page.text)
    read = anonymous.get(path(known, "/contributions")).get_json()
    assert read["features"][0]["properties"]["answers"]["avis"] == attack


def test_what_scripts_need_is_the_same_for_everybody(
    known: Known, resident: FlaskClient, anonymous: FlaskClient
) -> None:
    for end in ("/carte", "/configuration.json", "/lieux.json"):
        mine, theirs = resident.get(path(known, end)), anonymous.get(path(known, end))
        assert mine.get_data() == theirs.get_data()
        assert mine.headers["ETag"] == theirs.headers["ETag"]
        assert "Set-Cookie" not in mine.headers
    found = anonymous.get(path(known, "/configuration.json?lang=en")).get_json()
    assert (found["phase"], found["taking"]) == ("open", True)
    assert [layer["id"] for layer in found["layers"]] == ["voies", "sites"]
    assert found["categories"][1] == {
        "id": "gene", "name": "Nuisance", "colour": "#aa3300", "letter": "B",
    }  # fmt: skip
    entries = anonymous.get(path(known, "/lieux.json")).get_json()["entries"]
    kinds = {entry["type"]: entry["id"] for entry in entries}
    assert (kinds["territory"], kinds["commitment"]) == ("commune-ouest", "convention-a-1")


def test_the_service_worker_answers_below_the_consultations_alone(anonymous: FlaskClient) -> None:
    worker = anonymous.get("/consultations/travailleur.js")
    assert worker.content_type == "text/javascript; charset=utf-8"
    assert "no-cache" in worker.headers["Cache-Control"]
    assert '"scope": "/consultations"' in worker.text
    script = re.search(r'from "([^"]+)"', worker.text)
    assert script
    assert anonymous.get(script[1]).status_code == 200
