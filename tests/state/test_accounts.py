"""Who may log in, how often may one try, and what does the browser hold meanwhile?"""

from __future__ import annotations

import datetime
import io
import os
import pty
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.state.conftest import COMMITMENT, PASSWORD, log_in, record, report, state_of, token_of
from tests.test_contract import path_of, rules
from webmap.accounts import people, sessions
from webmap.accounts.__main__ import main
from webmap.accounts.people import AccountError
from webmap.clock import now
from webmap.config import ROOT
from webmap.state import Database

COOKIE = "limitrophe_session"


Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Run the command line on a state of its own; what it says is both streams together."""
    monkeypatch.setenv("LIMITROPHE_STATE", str(tmp_path))

    def run(*arguments: str, given: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        code = main(list(arguments))
        said = capsys.readouterr()
        return code, said.err + said.out

    return run


def test_accounts_are_made_shown_shut_and_opened_on_the_command_line(command: Command) -> None:
    add = ("add", "Zoé", "--role", "editor", "--password-stdin")
    said = [command(*add, given=f"{PASSWORD}\n"), command("list")]
    assert "Zoé\teditor\topen" in said[-1][1]
    said += [command("disable", "zoé"), command("list")]
    assert "Zoé\teditor\tdisabled" in said[-1][1]
    said += [command("enable", "ZOÉ"), command("list")]
    assert "Zoé\teditor\topen" in said[-1][1]
    said.append(command("password", "Zoé", "--password-stdin", given="un tout autre mot\n"))
    assert {code for code, _text in said} == {0}
    assert PASSWORD not in repr(said)


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (["add", "Zoé", "--role", "editor", "--password-stdin"], "court\n", "12 to 200 characters"),
        (["add", "a@b.fr", "--role", "editor", "--password-stdin"], f"{PASSWORD}\n", "1 to 60"),
        (["add", "", "--role", "editor", "--password-stdin"], f"{PASSWORD}\n", "1 to 60"),
        (["disable", "Personne"], "", "there is no such account"),
        (["password", "Personne", "--password-stdin"], f"{PASSWORD}\n", "there is no such account"),
    ],
)
def test_what_cannot_be_done_says_why(
    command: Command, arguments: list[str], given: str, said: str
) -> None:
    code, shown = command(*arguments, given=given)
    assert code == 1
    assert shown.startswith("Not done: ")
    assert said in shown


@pytest.mark.parametrize("given", [["king"], ["editor", "--password", "x"], ["editor", "x"]])
def test_a_role_must_be_one_and_no_password_goes_on_the_command_line(
    command: Command, given: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command("add", "Zoé", "--role", *given)
    assert ended.value.code == 2


@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("another one again", 1)])
def test_a_password_is_asked_twice_on_the_terminal(tmp_path: Path, second: str, code: int) -> None:
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover
        os.environ["LIMITROPHE_STATE"] = str(tmp_path)
        os.chdir(ROOT)
        add = ["-m", "webmap.accounts", "add", "Zoé", "--role", "editor"]
        os.execv(sys.executable, [sys.executable, *add])
    shown = b""
    for asked, answer in ((b"Password: ", PASSWORD), (b"Again: ", second)):
        while asked not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, f"{answer}\n".encode())
    _pid, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == code
    assert PASSWORD.encode() not in shown


def test_a_name_is_taken_whatever_its_case(database: Database) -> None:
    people.add(database, "Élise", "editor", PASSWORD)
    with pytest.raises(AccountError, match="already"):
        people.add(database, "E\N{COMBINING ACUTE ACCENT}LISE", "editor", PASSWORD)


def test_passwords_are_kept_as_costly_argon2id(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "_HASHER", PasswordHasher())
    people.add(database, "Élise", "editor", PASSWORD)
    (kept,) = [user.password_hash for user in people.all_accounts(database)]
    cost = extract_parameters(kept)
    assert str(cost.type) == "Type.ID"
    assert cost.memory_cost >= 19 * 1024
    assert cost.time_cost >= 2
    assert PASSWORD not in kept


def test_logging_in_and_out(anonymous: FlaskClient) -> None:
    answer = log_in(anonymous, "service voirie", suite="/engagements/convention-a-1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == COMMITMENT
    assert "Service voirie" in anonymous.get("/connexion").text
    token = token_of(anonymous.get("/connexion").text)
    assert anonymous.post("/deconnexion", data={"csrf_token": token}).status_code == 303
    assert "Service voirie" not in anonymous.get("/connexion").text


def test_the_language_stays(anonymous: FlaskClient) -> None:
    page = anonymous.get("/connexion?lang=en&suite=/engagements/convention-a-1").text
    assert "Log in" in page
    form = {"csrf_token": token_of(page), "name": "Direction", "password": PASSWORD}
    path = "/engagements/convention-a-1"
    answer = anonymous.post("/connexion?lang=en", data={**form, "suite": path})
    assert answer.headers["Location"] == f"{path}?lang=en"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Service voirie", "not the password"),
        ("Nobody", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("x\x00y", PASSWORD),
        ("Service voirie", PASSWORD.upper()),
    ],
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    anonymous: FlaskClient, name: str, password: str
) -> None:
    answer = log_in(anonymous, name, password)
    assert answer.status_code == 401
    assert "ne vont pas ensemble" in answer.text
    assert password not in answer.text


def test_an_empty_form_says_what_is_missing(anonymous: FlaskClient) -> None:
    answer = log_in(anonymous, "", "")
    assert answer.status_code == 422
    assert answer.text.count("À remplir.") == 4  # in the summary and at each field


ELSEWHERE = ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_logging_in(anonymous: FlaskClient, path: str) -> None:
    assert anonymous.get("/connexion", query_string={"suite": path}).status_code == 400
    assert log_in(anonymous, "Direction", suite=path).headers["Location"] == "/connexion"


def test_readers_are_given_no_cookie(app: Flask) -> None:
    for rule in rules(app):
        client = app.test_client()
        answer = client.get(path_of(rule))
        given = "Set-Cookie" in answer.headers
        assert given == (rule.rule == "/connexion"), rule
        if rule.endpoint.startswith("ogc."):
            assert "Cookie" not in answer.headers["Vary"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookie_is_kept_from_scripts_and_other_sites(
    anonymous: FlaskClient, scheme: str
) -> None:
    cookie = anonymous.get("/connexion", base_url=f"{scheme}://localhost").headers["Set-Cookie"]
    parts = set(cookie.split("; ")[1:])
    assert parts == {"HttpOnly", "Path=/", "SameSite=Lax"} | (
        {"Secure"} if scheme == "https" else set()
    )


def value(client: FlaskClient) -> str:
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def test_a_session_that_was_planted_does_not_come_to_life(app: Flask) -> None:
    victim, thief = app.test_client(), app.test_client()
    thief.get("/connexion")
    planted = value(thief)
    victim.set_cookie(COOKIE, planted)
    assert log_in(victim, "Direction").status_code == 303
    assert value(victim) != planted
    assert "consigner" not in thief.get(COMMITMENT).text
    assert 'id="consigner"' in victim.get(COMMITMENT).text


def test_a_copied_session_ends_when_its_owner_logs_out(app: Flask, editor: FlaskClient) -> None:
    thief = app.test_client()
    thief.set_cookie(COOKIE, value(editor))
    assert 'id="consigner"' in thief.get(COMMITMENT).text
    token = token_of(editor.get("/connexion").text)
    editor.post("/deconnexion", data={"csrf_token": token})
    assert 'id="consigner"' not in thief.get(COMMITMENT).text


def test_a_new_password_ends_the_sessions(app: Flask, editor: FlaskClient) -> None:
    people.set_password(state_of(app), "Service voirie", "un tout autre mot")
    assert 'id="consigner"' not in editor.get(COMMITMENT).text
    assert log_in(editor, "Service voirie").status_code == 401
    assert log_in(editor, "Service voirie", "un tout autre mot").status_code == 303


def test_a_session_ends_by_itself(editor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    later = now() + sessions.LIFE + datetime.timedelta(seconds=1)
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert 'id="consigner"' not in editor.get(COMMITMENT).text


def test_a_forged_session_is_none(app: Flask, editor: FlaskClient) -> None:
    forger = app.test_client()
    body, _dot, signature = value(editor).rpartition(".")
    forger.set_cookie(COOKIE, f"{body}.{signature[::-1]}")
    assert 'id="consigner"' not in forger.get(COMMITMENT).text


def rows(database: Database) -> str:
    with database.engine.connect() as connection:
        names = ("users", "logins", "attempts", "progress_entries")
        return repr([connection.execute(text(f"SELECT * FROM {n}")).all() for n in names])


def from_address(app: Flask, address: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


@pytest.mark.usefixtures("one_day")
def test_attempts_are_limited_by_address_which_is_not_kept(app: Flask) -> None:
    guesser = from_address(app, "203.0.113.9")
    for _attempt in range(sessions.PER_ADDRESS):
        assert log_in(guesser, "Direction", "guess guess guess").status_code == 401
    refused = log_in(guesser, "Direction")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    assert "Trop d’essais" in refused.text
    assert log_in(from_address(app, "203.0.113.10"), "Direction").status_code == 303
    kept = rows(state_of(app))
    assert "203.0.113" not in kept
    assert value(guesser) not in kept


@pytest.mark.usefixtures("one_day")
def test_attempts_are_limited_by_name_from_wherever(app: Flask) -> None:
    for n in range(sessions.PER_NAME):
        guesser = from_address(app, f"203.0.113.{n}")
        assert log_in(guesser, "direction", "guess guess guess").status_code == 401
    assert log_in(from_address(app, "203.0.113.99"), "Direction").status_code == 429
    assert log_in(from_address(app, "203.0.113.98"), "Service voirie").status_code == 303


def test_attempts_are_forgotten(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    for _attempt in range(sessions.PER_ADDRESS + 1):
        log_in(client, "Direction", "guess guess guess")
    later = now() + sessions.WINDOW
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert log_in(client, "Direction", "guess guess guess").status_code == 401
    monkeypatch.setattr(sessions, "now", lambda: later + sessions.KEPT + sessions.WINDOW)
    assert log_in(client, "Direction").status_code == 303
    with state_of(app).engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM attempts")).scalar() == 0


def test_the_digest_of_an_address_means_nothing_tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    at_noon = now().replace(hour=12)
    monkeypatch.setattr(sessions, "now", lambda: at_noon)
    today = sessions.origin(b"secret", "address", "203.0.113.9")
    assert today == sessions.origin(b"secret", "address", "203.0.113.9")
    assert today != sessions.origin(b"other", "address", "203.0.113.9")
    tomorrow = at_noon + datetime.timedelta(days=1)
    monkeypatch.setattr(sessions, "now", lambda: tomorrow)
    assert today != sessions.origin(b"secret", "address", "203.0.113.9")


ROLES = ("anonymous", "editor", "administrator", "disabled")
NAMES = {
    "anonymous": "Nobody",
    "editor": "Service voirie",
    "administrator": "Direction",
    "disabled": "Ancien agent",
}
MATRIX = {
    ("GET", "/connexion"): (200, 200, 200, 200),
    ("POST", "/connexion"): (401, 303, 303, 401),
    ("POST", "/deconnexion"): (303, 303, 303, 303),
    ("POST", "/engagements/<id>"): (403, 303, 303, 403),
    ("GET", "/telecharger/avancement.csv"): (200, 200, 200, 200),
}


def writing_routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in ("accounts", "progress")
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }


def visitor(app: Flask, role: str) -> FlaskClient:
    client = app.test_client()
    if role != "anonymous":
        assert log_in(client, NAMES[role]).status_code == 303
    if role == "disabled":
        people.set_disabled(state_of(app), NAMES[role], disabled=True)
    return client


def test_every_route_is_in_the_matrix(app: Flask) -> None:
    assert writing_routes(app) == set(MATRIX)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "rule"), MATRIX)
def test_who_may_do_what(app: Flask, method: str, rule: str, role: str) -> None:
    client = visitor(app, role)
    path = rule.replace("<id>", "convention-a-1")
    sent: dict[str, Any] = {
        "csrf_token": token_of(client.get("/connexion").text),
        "name": NAMES[role],
        "password": PASSWORD,
        "seen": "0",
        "status": "done",
        "day": "2024-12-31",
    }
    answer = client.open(path, method=method, data=sent if method == "POST" else None)
    assert answer.status_code == MATRIX[method, rule][ROLES.index(role)]
    if answer.status_code == 403:
        assert "Accès réservé" in answer.text


@pytest.mark.parametrize(
    ("role", "sees"),
    [("anonymous", False), ("editor", True), ("administrator", True), ("disabled", False)],
)
def test_only_those_who_may_record_see_the_form(app: Flask, role: str, sees: bool) -> None:
    page = visitor(app, role).get(COMMITMENT)
    assert ('id="consigner"' in page.text) == sees
    assert ("private" in page.headers["Cache-Control"]) == sees
    assert "Cookie" in page.headers["Vary"]


@pytest.mark.parametrize("path", ["/connexion", "/deconnexion", COMMITMENT])
@pytest.mark.parametrize("token", [None, "", "forged", "of somebody else"])
def test_a_form_that_is_not_ours_is_refused(
    app: Flask, editor: FlaskClient, path: str, token: str | None
) -> None:
    sent = {**report(editor.get(COMMITMENT).text), "name": "Direction", "password": PASSWORD}
    if token is None:
        sent.pop("csrf_token")
    elif token == "of somebody else":
        sent["csrf_token"] = token_of(app.test_client().get("/connexion").text)
    else:
        sent["csrf_token"] = token
    answer = editor.post(path, data=sent)
    assert answer.status_code == 400
    assert answer.content_type == "text/html; charset=utf-8"
    assert "n’est plus valable" in answer.text
    assert "Service voirie" in editor.get("/connexion").text
    assert "Non renseigné" in editor.get(COMMITMENT).text


def test_a_program_is_told_as_problem_details(app: Flask) -> None:
    accept = {"Accept": "application/json"}
    answer = app.test_client().post(COMMITMENT, headers=accept)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


def test_a_huge_form_is_refused(editor: FlaskClient) -> None:
    assert record(editor, note="x" * 70_000).status_code == 413


def test_pages_of_people_are_not_kept_in_memory(app: Flask, editor: FlaskClient) -> None:
    editor.get(COMMITMENT)
    kept = app.extensions["limitrophe_bodies"]._kept.values()
    assert not any(re.search(rb"csrf_token|Service voirie", body.raw) for body in kept)
