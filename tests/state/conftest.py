"""The state on both databases, and people with accounts who use it as a browser would."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from tests.state import postgres
from tests.webmap.conftest import trial_content
from webmap import create_app
from webmap.accounts import people, sessions
from webmap.clock import now
from webmap.state import Database, current_state
from webmap.state.folder import StateFolder
from webmap.state.migrate import migrate

PASSWORD = "agrafe cheval pile correct"
COMMITMENT = "/engagements/convention-a-1"
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at little cost; `test_accounts` looks at the real cost."""
    monkeypatch.setattr(people, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    people._nobodys_hash.cache_clear()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the trial atlas."""
    return trial_content().write(tmp_path_factory.mktemp("atlas"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    with postgres.server() as address:
        yield address


def database_named(cluster: str) -> str:
    """The address of a new, empty database of a server."""
    name = f"trial_{next(_numbers)}"
    with psycopg.connect(f"{cluster}postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return cluster + name


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, folder: Path) -> dict[str, Any]:
    """Settings with an empty database of each kind."""
    chosen = {"LIMITROPHE_DATA": folder, "LIMITROPHE_STATE": tmp_path / "state", "TESTING": True}
    if request.param == "postgresql":
        chosen["DATABASE_URL"] = database_named(request.getfixturevalue("cluster"))
    return chosen


@pytest.fixture
def place(settings: dict[str, Any]) -> StateFolder:
    return StateFolder.prepare(settings["LIMITROPHE_STATE"])


@pytest.fixture
def empty(settings: dict[str, Any], place: StateFolder) -> Iterator[Database]:
    """A database without tables."""
    database = Database(settings.get("DATABASE_URL") or place.sqlite_url())
    yield database
    database.engine.dispose()


@pytest.fixture
def database(empty: Database, place: StateFolder) -> Database:
    """A database with its tables."""
    migrate(empty, place)
    return empty


@pytest.fixture
def app(settings: dict[str, Any]) -> Iterator[Flask]:
    """The application, with an editor, an administrator and an account that was shut."""
    made = create_app(settings)
    with made.app_context():
        state = current_state()
    people.add(state, "Service voirie", "editor", PASSWORD)
    people.add(state, "Mission convention", "editor", PASSWORD)
    people.add(state, "Direction", "administrator", PASSWORD)
    people.add(state, "Ancien agent", "editor", PASSWORD)
    yield made
    state.engine.dispose()


def state_of(app: Flask) -> Database:
    with app.app_context():
        return current_state()


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "no form on this page"
    return found[1]


def seen_of(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\d+)"', page)
    assert found
    return found[1]


def log_in(client: FlaskClient, name: str, password: str = PASSWORD, **more: str) -> Any:
    token = token_of(client.get("/connexion").text)
    form = {"csrf_token": token, "name": name, "password": password, **more}
    return client.post("/connexion", data=form)


def report(page: str, **changes: str) -> dict[str, str]:
    """What the form of a page sends."""
    sent = {
        "csrf_token": token_of(page),
        "seen": seen_of(page),
        "status": "in-progress",
        "day": "2024-12-31",
        "evidence": "",
        "note": "",
    }
    return {**sent, **changes}


def record(client: FlaskClient, path: str = COMMITMENT, **changes: str) -> Any:
    return client.post(path, data=report(client.get(path).text, **changes))


@pytest.fixture
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no midnight fall into a test that counts: what is counted by is another the next day."""
    moment = now()
    monkeypatch.setattr(sessions, "now", lambda: moment)


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def logged_in(app: Flask) -> Callable[[str], FlaskClient]:
    """Make a client that is logged in under a name."""

    def make(name: str) -> FlaskClient:
        client = app.test_client()
        assert log_in(client, name).status_code == 303
        return client

    return make


@pytest.fixture
def editor(logged_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return logged_in("Service voirie")
