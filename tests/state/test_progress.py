"""What is recorded is kept, shown, and never overwritten, on both databases."""

from __future__ import annotations

import csv
import datetime
import io
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from tests.state.conftest import COMMITMENT, PASSWORD, record, report, seen_of, state_of
from webmap.accounts import people
from webmap.clock import today
from webmap.config import ROOT
from webmap.progress import forms, history
from webmap.state import Database
from webmap.state.models import STATUSES

SHEET = f"{COMMITMENT}/fiche"
DASHBOARD = "/tableau-de-bord?document=convention"


def rows(client: FlaskClient) -> list[dict[str, str]]:
    text = client.get("/telecharger/avancement.csv").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize("path", [COMMITMENT, SHEET, DASHBOARD])
def test_progress_is_seen_by_everyone_at_once(
    anonymous: FlaskClient, editor: FlaskClient, path: str
) -> None:
    before = anonymous.get(path)
    assert before.headers["ETag"]
    same = anonymous.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert same.status_code == 304
    sent = record(editor, status="suspended", day="2024-12-31", note="Attente du budget.")
    assert sent.status_code == 303
    assert sent.headers["Location"] == f"{COMMITMENT}#avancement"
    after = anonymous.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Suspendu" in after.text
    assert "31/12/2024" in after.text
    assert "no-cache" in after.headers["Cache-Control"]
    assert "Set-Cookie" not in after.headers


def test_the_history_shows_every_entry_with_author_and_time(
    anonymous: FlaskClient, editor: FlaskClient, logged_in: Callable[[str], FlaskClient]
) -> None:
    record(editor, status="in-progress", note="Premier relevé", evidence="https://exemple.fr/1?a&b")
    record(logged_in("Direction"), status="done", note="Second relevé")
    for path in (COMMITMENT, SHEET):
        page = anonymous.get(path).text
        assert page.index("Second relevé") < page.index("Premier relevé")
        assert page.index("Direction") < page.index("Service voirie")
        assert 'href="https://exemple.fr/1?a&amp;b" rel="noopener nofollow"' in page
        moments = re.findall(r"le (\d\d/\d\d/\d{4} à \d\d:\d\d)", page)
        assert len(moments) == 2
    assert "Completed" in anonymous.get(f"{COMMITMENT}?lang=en").text
    assert "Réalisé" in anonymous.get(DASHBOARD).text
    assert "En cours" not in anonymous.get(DASHBOARD).text
    assert "non renseigné" in anonymous.get(DASHBOARD).text


def test_a_correction_is_a_new_entry(anonymous: FlaskClient, editor: FlaskClient) -> None:
    record(editor, status="done", note="Erreur de saisie")
    record(editor, status="in-progress", note="Correction")
    assert [(r["number"], r["status"]) for r in rows(anonymous)] == [
        ("1", "done"),
        ("2", "in-progress"),
    ]


def test_progress_is_taken_away_as_a_table(anonymous: FlaskClient, editor: FlaskClient) -> None:
    link = "https://exemple.fr/deliberation.pdf"
    record(editor, status="done", day="2020-02-29", evidence=link, note="Ligne 1\r\nLigne ; « 2 »")
    answer = anonymous.get("/telecharger/avancement.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "limitrophe_avancement.csv" in answer.headers["Content-Disposition"]
    (row,) = rows(anonymous)
    assert row["commitment"] == "convention-a-1"
    assert row["status_label"] == "Réalisé"
    assert row["date"] == "2020-02-29"
    assert row["evidence"] == link
    assert row["note"] == "Ligne 1\nLigne ; « 2 »"
    assert row["author"] == "Service voirie"
    assert datetime.datetime.fromisoformat(row["recorded_at"]).utcoffset() == datetime.timedelta(0)
    assert "avancement.csv" in anonymous.get("/telecharger").text


@pytest.mark.parametrize("note", ["=1+1", "+cmd", "-2", "@SUM(A1)"])
def test_no_note_is_a_formula(anonymous: FlaskClient, editor: FlaskClient, note: str) -> None:
    record(editor, note=note)
    assert rows(anonymous)[0]["note"] == f"'{note}"


TO_COME = today() + datetime.timedelta(days=9)
"""A day that is not over when the tests are."""
WRONG = [
    {"status": "finished"},
    {"status": ""},
    {"day": ""},
    {"day": "2024-02-30"},
    {"day": "hier"},
    {"day": TO_COME.isoformat()},
    {"day": "1900-01-01"},
    {"day": "٢٠٢٤-١٢-٣١"},
    {"evidence": "http://exemple.fr/"},
    {"evidence": "javascript:alert(1)"},
    {"evidence": "https://"},
    {"evidence": "https://user:secret@exemple.fr/"},
    {"evidence": 'https://exemple.fr/" onclick="alert(1)'},
    {"evidence": "https://exemple.fr/\u202e"},
    {"evidence": "https://[exemple"},
    {"evidence": "https://exemple.fr:99999999/"},
    {"evidence": "https://exemple.fr/" + "x" * 500},
    {"note": "x" * 2001},
    {"note": "a\x00b"},
    {"note": "a\x1bb"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_cannot_be_recorded_is_said_and_kept_in_the_form(
    anonymous: FlaskClient, editor: FlaskClient, wrong: dict[str, str]
) -> None:
    kept = {"note": "Tapé longuement", **wrong}
    answer = record(editor, **kept)
    assert answer.status_code == 422
    assert "Rien n’est enregistré" in answer.text
    (name,) = wrong
    assert f'id="{name}-faute"' in answer.text
    assert f'href="#{name}"' in answer.text
    if "note" not in wrong:
        assert "Tapé longuement</textarea>" in answer.text
    assert rows(anonymous) == []


ATTACKS = [
    "<script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "<a href='javascript:alert(1)'>x</a>",
    "\"'><svg/onload=alert(1)>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_note_is_never_markup(anonymous: FlaskClient, editor: FlaskClient, attack: str) -> None:
    assert record(editor, note=attack).status_code == 303
    again = record(editor, note=attack, day="")
    for page in (anonymous.get(COMMITMENT), anonymous.get(SHEET), again):
        assert attack not in page.text or attack.startswith("{{")
        assert not re.search(r"<(script|img|svg)[^>]*(alert|onerror|onload)", page.text)
        assert "49" not in re.findall(r'history-note">([^<]*)', page.text)
        assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert rows(anonymous)[0]["note"] == attack


def test_an_unknown_commitment_is_not_found(editor: FlaskClient) -> None:
    sent = report(editor.get(COMMITMENT).text)
    assert editor.post("/engagements/convention-z-9", data=sent).status_code == 404


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    anonymous: FlaskClient, editor: FlaskClient, logged_in: Callable[[str], FlaskClient]
) -> None:
    other = logged_in("Mission convention")
    mine, theirs = editor.get(COMMITMENT).text, other.get(COMMITMENT).text
    assert other.post(COMMITMENT, data=report(theirs, note="La leur")).status_code == 303
    refused = editor.post(COMMITMENT, data=report(mine, status="done", note="La mienne"))
    assert refused.status_code == 409
    assert "Quelqu’un d’autre a complété" in refused.text
    assert "La leur" in refused.text
    assert "La mienne</textarea>" in refused.text
    assert '<option selected value="done">' in refused.text
    assert seen_of(refused.text) == "1"
    kept = report(refused.text, status="done", note="La mienne")
    assert editor.post(COMMITMENT, data=kept).status_code == 303
    assert [r["note"] for r in rows(anonymous)] == ["La leur", "La mienne"]


def test_a_form_that_is_sent_twice_is_recorded_once(
    anonymous: FlaskClient, editor: FlaskClient
) -> None:
    sent = report(editor.get(COMMITMENT).text, note="Une fois")
    assert [editor.post(COMMITMENT, data=sent).status_code for _ in range(3)] == [303] * 3
    assert len(rows(anonymous)) == 1


@pytest.mark.parametrize("seen", ["", "-1", "9", "x", "1" * 30])
def test_a_number_that_was_tampered_with_adds_nothing_unseen(
    anonymous: FlaskClient, editor: FlaskClient, seen: str
) -> None:
    assert record(editor, seen=seen).status_code == 409
    assert rows(anonymous) == []


def test_two_at_once_one_is_kept_and_the_other_told(
    anonymous: FlaskClient, logged_in: Callable[[str], FlaskClient]
) -> None:
    clients = [logged_in("Service voirie"), logged_in("Mission convention")]
    expected = set()
    for turn in range(8):
        pages = [client.get(COMMITMENT).text for client in clients]
        sent = [report(page, note=f"{turn} {n}") for n, page in enumerate(pages)]
        answers: list[Any] = [None, None]
        together = threading.Barrier(2)

        def post(n: int, sent: Any = sent, answers: Any = answers, gate: Any = together) -> None:
            gate.wait()
            answers[n] = clients[n].post(COMMITMENT, data=sent[n])

        threads = [threading.Thread(target=post, args=(n,)) for n in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        told = next(n for n in (0, 1) if answers[n].status_code == 409)
        again = report(answers[told].text, note=f"{turn} {told}")
        assert clients[told].post(COMMITMENT, data=again).status_code == 303
        expected |= {f"{turn} 0", f"{turn} 1"}
    kept = rows(anonymous)
    assert {row["note"] for row in kept} == expected
    assert [int(row["number"]) for row in kept] == list(range(1, 17))


WRITER = """
import os, signal, sys
from webmap.accounts.people import Person
from webmap.clock import now
from webmap.progress import history
from webmap.state import Database

def say(what):
    os.write(1, f"{what}\\n".encode())

for _turn in range(20):
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        say("killed")
        continue
    database, me = Database(sys.argv[1]), Person(int(sys.argv[2]), "", "editor")
    seen = len(history.of(database, "x"))
    say(os.getpid())
    while True:
        history.add(database, "x", seen, history.Report("done", now().date(), "", str(seen)), me)
        seen += 1
        say(seen)
"""
"""Twenty processes, one after the other, that write until they are killed.

Each line they say is one write: `print` makes two under `PYTHONUNBUFFERED`, and a kill between
them would leave half a line before the next.
"""


def test_what_was_acknowledged_outlives_a_kill(
    settings: dict[str, Any], database: Database
) -> None:
    people.add(database, "Agent", "editor", PASSWORD)
    me = people.identify(database, "Agent", PASSWORD)
    assert me is not None
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WRITER, url, str(me.id)]
    writer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    chance, acknowledged = random.Random(20), 0
    for _kill in range(20):
        child = int(writer.stdout.readline())
        time.sleep(chance.uniform(0.01, 0.2))
        os.kill(child, signal.SIGKILL)
        told = list(iter(writer.stdout.readline, "killed\n"))
        acknowledged = int(told[-1]) if told else acknowledged
        kept = history.of(database, "x")
        # The last one may have been kept without there being time to say so.
        assert len(kept) - acknowledged in (0, 1)
        assert [entry.note for entry in reversed(kept)] == [str(n) for n in range(len(kept))]
        acknowledged = len(kept)
    assert writer.wait() == 0
    writer.stdout.close()
    assert acknowledged >= 20
    if database.is_sqlite:
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_statuses_have_words_in_both_languages(editor: FlaskClient) -> None:
    for language in ("fr", "en"):
        page = editor.get(f"{COMMITMENT}?lang={language}").text
        options = dict(re.findall(r'<option value="([a-z-]+)">([^<]+)</option>', page))
        assert set(options) == set(STATUSES)
        assert not set(options.values()) & set(STATUSES)


@given(st.dates(min_value=datetime.date(1950, 1, 1)))
def test_a_date_is_read_as_it_is_written_in_both_ways(day: datetime.date) -> None:
    assert forms.parse_day(day.isoformat()) == day
    assert forms.parse_day(f"{day:%d/%m}/{day.year:04}") == day


@hypothesis(suppress_health_check=list(HealthCheck))
@given(st.text(max_size=80))
def test_no_text_makes_an_address_that_breaks_out(text: str) -> None:
    for address in (text, f"https://{text}", f"https://exemple.fr/{text}"):
        if forms.is_web_link(address):
            assert address.startswith("https://")
            assert not re.search(r"[\s<>\"'`]", address)


def test_connections_are_given_back(app: Flask, editor: FlaskClient) -> None:
    record(editor)
    record(editor, day="")
    editor.get(DASHBOARD)
    assert state_of(app).engine.pool.checkedout() == 0  # type: ignore[attr-defined]
