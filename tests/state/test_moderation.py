"""Does the team decide once, for a reason that everybody may read, without what was taken out?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.state.conftest import state_of
from tests.state.speaking import ATTACK, FRANCE, again, begin, form_of, say
from webmap.consultation import contributions, kept, store
from webmap.consultation.participants import new_guest
from webmap.consultation.said import read_said
from webmap.consultation.store import Known
from webmap.site import current_site

QUEUE = "/animation/essai/moderation"
LOG = "/consultations/essai/journal"
PERSONAL = "Appelez Mme Lefèvre au 06 12 34 56 78, elle sait tout du banc"


@pytest.fixture
def known(app: Flask) -> Known:
    return begin(app, moderation="before")


def decide(client: FlaskClient, number: int, action: str, path: str = QUEUE, **more: Any) -> Any:
    return client.post(path, data={**form_of(client, path, number), "action": action, **more})


def state_and_text(app: Flask, known: Known, number: int) -> tuple[str, Any]:
    every = kept.listed(state_of(app), known, ("pending", "published", "rejected", "withdrawn"))
    one = next(one for one in every if one.number == number)
    return one.state, one.published.get("avis")


def test_each_decision_does_what_it_says_and_is_logged(
    app: Flask, known: Known, editor: FlaskClient, anonymous: FlaskClient
) -> None:
    for text in ("Un banc ici", "Votre maire est nul et bête", PERSONAL):
        say(app, known, text)
    assert decide(editor, 1, "accept").status_code == 303
    assert decide(editor, 2, "reject", reason="insult", note="Vise une personne").status_code == 303
    form = form_of(editor, QUEUE, 3)
    card = editor.get(QUEUE).text
    assert "Mme Lefèvre" in card
    start = PERSONAL.index("06")
    done = editor.post(
        QUEUE,
        data={**form, "action": "redact", "reason": "personal", "passages": "Mme Lefèvre\n",
              "span": f"avis:{start}:{start + 14}"},
    )  # fmt: skip
    assert done.status_code == 303
    assert "N° 3 : publiée sans une partie du texte." in editor.get(done.location).text
    assert state_and_text(app, known, 1) == ("published", "Un banc ici")
    assert state_and_text(app, known, 2)[0] == "rejected"
    assert state_and_text(app, known, 3) == (
        "published", "Appelez […] au […], elle sait tout du banc",
    )  # fmt: skip
    log = anonymous.get(LOG).text
    assert "Injurie, menace ou discrimine : Vise une personne" in log.replace("\xa0", " ")
    for hidden in ("Lefèvre", "06 12", "maire est nul", "Service voirie"):
        assert hidden not in log
    decide(editor, 3, "restore", f"{QUEUE}?file=publiees")
    assert state_and_text(app, known, 3) == ("published", PERSONAL)
    decide(editor, 2, "restore", f"{QUEUE}?file=rejetees")
    assert state_and_text(app, known, 2)[0] == "published"


def test_two_moderators_do_not_overwrite_each_other(
    app: Flask, known: Known, logged_in: Callable[[str], FlaskClient]
) -> None:
    store.invite(state_of(app), known, "mission convention")
    first, second = logged_in("Service voirie"), logged_in("Mission convention")
    say(app, known, "Un banc ici")
    late = form_of(second, QUEUE, 1)
    assert decide(first, 1, "accept").status_code == 303
    refused = second.post(QUEUE, data={**late, "action": "reject", "reason": "other"})
    assert refused.status_code == 409
    assert "entre-temps" in refused.text
    assert state_and_text(app, known, 1)[0] == "published"


def test_a_decision_on_what_has_changed_is_refused(
    app: Flask, known: Known, editor: FlaskClient
) -> None:
    with app.app_context():
        guest = new_guest(known, "online")
    one = say(app, known, "Un banc ici", guest)
    form = form_of(editor, QUEUE, 1)
    contributions.withdraw(state_of(app), known, guest, one.key)
    assert editor.post(QUEUE, data={**form, "action": "accept"}).status_code == 409
    assert state_and_text(app, known, 1) == ("withdrawn", None)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"action": "reject"}, 422, "choisissez une raison"),
        ({"action": "reject", "reason": "rien"}, 422, "choisissez une raison"),
        ({"action": "reject", "reason": "other", "note": "il dit elle sait tout du banc"}, 422,
         "ne doit pas reprendre"),
        ({"action": "reject", "reason": "other", "note": "voir a@b.fr"}, 422, "ne doit pas"),
        ({"action": "redact", "reason": "personal"}, 422, "cochez un passage"),
        ({"action": "redact", "reason": "personal", "passages": "absent"}, 422, "cochez"),
        ({"action": "redact", "reason": "personal", "span": "avis:x:y"}, 422, "cochez"),
        ({"action": "redact", "reason": "personal", "span": "autre:0:4"}, 422, "cochez"),
        ({"action": "restore"}, 409, "ne s’applique pas"),
        ({"action": "erase"}, 409, "ne s’applique pas"),
        ({"action": "accept", "number": "99"}, 422, "n’existe pas"),
        ({"action": "accept", "number": "un"}, 422, "n’existe pas"),
        ({"action": "accept", "seen": "7"}, 409, "entre-temps"),
        ({"action": "accept", "csrf_token": "x"}, 400, "plus valable"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_refused_in_words(
    app: Flask, known: Known, editor: FlaskClient, sent: dict[str, str], status: int, said: str
) -> None:
    say(app, known, PERSONAL)
    answer = editor.post(QUEUE, data={**form_of(editor, QUEUE, 1), **sent})
    assert answer.status_code == status
    assert said in answer.text
    assert state_and_text(app, known, 1)[0] == "pending"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_queue_says_what_asks_for_a_look(app: Flask, editor: FlaskClient) -> None:
    known = begin(app, moderation="after")
    with app.app_context():
        flooder, other = new_guest(known, "online"), new_guest(known, "online")
    say(app, known, "Des arbres partout, s’il vous plaît, le long du mur")
    say(app, known, "des arbres partout s'il vous plait le long du mur !")
    for n in range(5):
        say(app, known, f"Envoi {n}", flooder)
    say(app, known, "Rien à redire")
    say(app, known, PERSONAL)
    contributions.flag(state_of(app), known, other, 8, "hors sujet")
    store.move(state_of(app), known, "closed")
    with app.app_context():
        closed = again(app, known)
        contributions.submit(state_of(app), closed, other, _said(app, closed), queued=True)
    page = editor.get(QUEUE).text
    order = [
        int(part.split('"')[0]) for part in page.split('<article class="card entry" id="n')[1:]
    ]
    assert order == [8, 10, 2, 3, 4, 5, 6, 7, 9]
    assert "signalée : hors sujet" in page.replace("\xa0", " ")
    for said in ("arrivée après la fin", "que le n° 1", "du même appareil", "nom de personne"):
        assert said in page
    decide(editor, 8, "accept")
    assert 'id="n8"' not in editor.get(QUEUE).text


def _said(app: Flask, known: Known) -> Any:
    sent = {"key": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "category": "idee",
            "answers": {"avis": "En retard"}}  # fmt: skip
    return read_said(sent, known.plan, current_site().atlas, FRANCE)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_text_is_never_markup(app: Flask, known: Known, editor: FlaskClient) -> None:
    say(app, known, ATTACK)
    page = editor.get(QUEUE).text
    assert "&lt;script&gt;alert" in page
    assert ATTACK not in page
    refused = decide(editor, 1, "reject", note=ATTACK)
    assert refused.status_code == 422
    assert ATTACK not in refused.text


def test_only_the_team_moderates(
    app: Flask, known: Known, anonymous: FlaskClient, logged_in: Callable[[str], FlaskClient]
) -> None:
    say(app, known, "Un banc ici")
    assert anonymous.get(QUEUE).status_code == 403
    assert logged_in("Mission convention").get(QUEUE).status_code == 403
    assert logged_in("Direction").get(QUEUE).status_code == 200
    assert logged_in("Service voirie").get(QUEUE).status_code == 200


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_correction_of_what_was_redacted_waits_for_the_team(
    app: Flask, editor: FlaskClient
) -> None:
    known = begin(app, moderation="after")
    with app.app_context():
        guest = new_guest(known, "online")
        said = _said(app, known)
        contributions.submit(state_of(app), known, guest, said)
        toutes = f"{QUEUE}?file=toutes"
        done = decide(editor, 1, "redact", toutes, reason="personal", passages="retard")
        assert done.status_code == 303
        changed = replace(said, answers={"avis": "En retard encore"})
        contributions.correct(state_of(app), known, guest, changed)
    assert state_and_text(app, known, 1)[0] == "pending"
