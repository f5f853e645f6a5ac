"""Is the state made, brought to its version and kept, on both databases?"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, inspect, text, update
from sqlalchemy.exc import DBAPIError

from webmap import create_app
from webmap.accounts import people
from webmap.clock import now
from webmap.config import ROOT, SettingFaults, read_settings
from webmap.progress import history
from webmap.progress.history import Report
from webmap.state import Database, StateFault, open_state
from webmap.state.folder import StateFolder
from webmap.state.migrate import migrate, newest, version
from webmap.state.models import Base, ProgressEntry

WORD = "agrafe cheval pile correct"
FIRST = Report("done", now().date(), "https://exemple.fr/", "Inauguré.")


def someone(database: Database) -> people.Person:
    people.add(database, "Agent", "editor", WORD)
    found = people.identify(database, "agent", WORD)
    assert found is not None
    return found


def test_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert version(connection) == newest()
        found = inspect(connection)
        for table in Base.metadata.sorted_tables:
            names = {c["name"] for c in found.get_check_constraints(table.name)}
            wanted = {c.name for c in table.constraints if type(c).__name__ == "CheckConstraint"}
            assert names == wanted


def test_migrations_go_back_and_forth_on_a_database_with_content(
    database: Database, place: StateFolder
) -> None:
    history.add(database, "convention-a-1", 0, FIRST, someone(database))
    migrate(database, place, "base")
    with database.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate(database, place)
    history.add(database, "convention-a-1", 0, FIRST, someone(database))
    assert len(history.of(database, "convention-a-1")) == 1


def test_many_starts_at_once_make_one_database(settings: dict[str, Any]) -> None:
    chosen = read_settings({k: v for k, v in settings.items() if k != "TESTING"})
    secrets, faults = [], []

    def start() -> None:
        try:
            database, secret = open_state(chosen)
            secrets.append(secret)
            database.engine.dispose()
        except StateFault as fault:
            faults.append(fault)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(secrets) == 8
    assert len(set(secrets)) == 1


def test_many_processes_at_once_make_one_database(settings: dict[str, Any]) -> None:
    code = (
        "import os; from webmap.config import read_settings; from webmap.state import open_state;"
        "print(open_state(read_settings(os.environ))[1].decode())"
    )
    env = {**os.environ, **{k: str(v) for k, v in settings.items()}}
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    keys = {process.communicate(timeout=60)[0] for process in running}
    assert [process.returncode for process in running] == [0] * 4
    assert len(keys) == 1


def test_sqlite_keeps_what_it_is_told(tmp_path: Path) -> None:
    place = StateFolder.prepare(tmp_path / "new" / "state")
    database = Database(place.sqlite_url())
    migrate(database, place)
    asked = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 10_000}
    with database.engine.connect() as connection:
        for name, value in asked.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value
    database.engine.dispose()


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    place = StateFolder.prepare(tmp_path / "state")
    first = place.secret()
    assert place.secret() == first
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "state" / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert StateFolder.prepare(tmp_path / "other").secret() != first


def test_nothing_recorded_is_ever_changed_or_deleted(database: Database) -> None:
    history.add(database, "convention-a-1", 0, FIRST, someone(database))
    for attempt in (update(ProgressEntry).values(note="autre"), delete(ProgressEntry)):
        with pytest.raises(DBAPIError, match="only ever added to"), database.writing() as session:
            session.execute(attempt)
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("DELETE FROM users"))
    assert [entry.note for entry in history.of(database, "convention-a-1")] == ["Inauguré."]


def test_what_breaks_off_leaves_nothing_and_no_open_connection(database: Database) -> None:
    person = someone(database)
    row = ProgressEntry(
        commitment="convention-a-1", number=1, status="done", day=FIRST.day, evidence="", note="",
        author_id=person.id, recorded_at=now(),
    )  # fmt: skip
    with pytest.raises(KeyError), database.writing() as session:
        session.add(row)
        session.flush()
        raise KeyError
    assert history.of(database, "convention-a-1") == []
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", ["", "finished"])
def test_the_database_itself_refuses_what_is_no_status(database: Database, status: str) -> None:
    wrong = Report(status, FIRST.day, "", "")
    with pytest.raises((DBAPIError, history.OutdatedError)):
        history.add(database, "convention-a-1", 0, wrong, someone(database))
    assert history.of(database, "convention-a-1") == []


def start(**environment: object) -> subprocess.CompletedProcess[str]:
    values = {name: str(value) for name, value in environment.items()}
    return subprocess.run(
        [sys.executable, "-m", "webmap.wsgi"],
        cwd=ROOT,
        env={**os.environ, **values},
        capture_output=True,
        text=True,
    )


def test_without_a_folder_that_can_be_written_to_the_atlas_can_be_read(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    state = tmp_path / "file" / "state"
    done = start(LIMITROPHE_DATA=folder, LIMITROPHE_STATE=state)
    assert done.returncode == 0
    assert f"LIMITROPHE_STATE: {state} cannot be written to" in done.stderr
    assert "served without accounts or progress" in done.stderr
    client = create_app({"LIMITROPHE_DATA": folder, "LIMITROPHE_STATE": state}).test_client()
    for path in ("/", "/engagements/convention-a-1", "/engagements/convention-a-1/fiche"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Set-Cookie" not in page.headers
        assert "connexion" not in page.text
        assert "titre-avancement" not in page.text
    assert client.get("/tableau-de-bord?document=convention").status_code == 200
    assert client.get("/connexion").status_code == 404
    assert client.post("/engagements/convention-a-1").status_code == 405


def test_a_database_of_a_newer_program_stops_the_start(
    settings: dict[str, Any], database: Database
) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'f000'"))
    done = start(**settings)
    assert done.returncode == 1
    assert done.stderr.startswith("Cannot start: the database ")
    assert "made by a newer one" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_database_stops_the_start(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "limitrophe.sqlite3").write_bytes(b"this is no database" * 500)
    done = start(LIMITROPHE_DATA=folder, LIMITROPHE_STATE=tmp_path)
    assert done.returncode == 1
    assert "cannot be used: file is not a database" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "limitrophe.sqlite3").read_bytes().startswith(b"this is no database")


def test_a_damaged_secret_stops_the_start(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("short")
    done = start(LIMITROPHE_DATA=folder, LIMITROPHE_STATE=tmp_path)
    assert done.returncode == 1
    assert "secret-key: this is not a secret key" in done.stderr


def test_a_server_that_is_away_stops_the_start_without_telling_the_password(
    folder: Path, tmp_path: Path
) -> None:
    url = "postgresql://atlas:tresprive@127.0.0.1:9/atlas"
    done = start(LIMITROPHE_DATA=folder, LIMITROPHE_STATE=tmp_path, DATABASE_URL=url)
    assert done.returncode == 1
    assert "the database postgresql+psycopg://atlas:***@127.0.0.1:9/atlas cannot be used" in (
        done.stderr
    )
    assert "tresprive" not in done.stdout + done.stderr


def test_a_wrong_address_is_refused_without_being_repeated() -> None:
    with pytest.raises(SettingFaults) as caught:
        read_settings({"DATABASE_URL": "mysql://atlas:tresprive@h/atlas"})
    (fault,) = caught.value.faults
    assert fault.startswith("DATABASE_URL: got (hidden); allowed: postgresql://")
    assert "tresprive" not in str(caught.value)


def test_a_database_that_goes_away_takes_nothing_from_the_atlas(
    settings: dict[str, Any], database: Database
) -> None:
    client = create_app(settings).test_client()
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE progress_entries RENAME TO gone"))
    page = client.get("/engagements/convention-a-1")
    assert page.status_code == 200
    assert "ne peut pas être lu" in page.text
    assert client.get("/tableau-de-bord?document=convention").status_code == 200
