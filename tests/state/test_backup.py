"""Does a backup bring everything back, on the same kind of database and on the other?"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from layers.atlas import Atlas
from tests.state import taking_part
from tests.state.conftest import PASSWORD, database_named, state_of
from tests.state.test_contributions import FRANCE, PLAN
from webmap.accounts import people
from webmap.clock import now
from webmap.config import ROOT
from webmap.consultation import contributions, store
from webmap.consultation.participants import Guest
from webmap.consultation.said import read_said
from webmap.progress import history
from webmap.progress.history import Report
from webmap.state import Database, StateFault
from webmap.state.backup import back_up, restore
from webmap.state.folder import StateFolder
from webmap.state.migrate import migrate
from webmap.state.models import Base

REPORT = Report("done", now().date(), "https://exemple.fr/", "Inauguré ; « à l’été ».")


@pytest.fixture
def filled(database: Database, folder: Path) -> Database:
    """A state with an account, progress, and a contribution that was corrected."""
    atlas = Atlas.load(folder)
    people.add(database, "Agent", "editor", PASSWORD)
    author = people.identify(database, "agent", PASSWORD)
    assert author is not None
    history.add(database, "convention-a-1", 0, REPORT, author)
    known = store.move(database, store.create(database, PLAN, author), "open")
    guest = Guest("un jeton", "room")
    said = read_said(taking_part.said(), PLAN, atlas, FRANCE)
    contributions.submit(database, known, guest, said)
    again = read_said(
        taking_part.said(key=said.key, answers={"avis": "œuvre\n😀"}), PLAN, atlas, FRANCE
    )
    contributions.correct(database, known, guest, again)
    return database


def everything(database: Database) -> dict[str, list[Any]]:
    """All rows of all tables, as Python values."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
def test_a_backup_brings_everything_back_on_either_database(
    filled: Database, place: StateFolder, tmp_path: Path, cluster: str, other: str
) -> None:
    saved, elsewhere = tmp_path / "copie.zip", StateFolder.prepare(tmp_path / "autre")
    counts = back_up(filled, place, saved)
    assert (counts["users"], counts["contributions"], counts["contribution_revisions"]) == (1, 1, 1)
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    url = elsewhere.sqlite_url() if other == "sqlite" else database_named(cluster)
    target = Database(url)
    try:
        migrate(target, elsewhere)
        assert restore(target, elsewhere, saved) == counts
        assert everything(target) == everything(filled)
        assert elsewhere.secret() == place.secret()
        people.add(target, "Suivant", "editor", PASSWORD)
        known = store.by_code(target, store.every(target, ("open",))[0].code)
        assert known is not None
        assert known.contributions == 1
    finally:
        target.engine.dispose()


def test_a_restore_takes_nothing_away_unless_it_is_told_to(
    filled: Database, place: StateFolder, tmp_path: Path
) -> None:
    saved = tmp_path / "copie.zip"
    back_up(filled, place, saved)
    before = everything(filled)
    with pytest.raises(StateFault, match="holds something already"):
        restore(filled, place, saved)
    people.add(filled, "Arrivé depuis", "editor", PASSWORD)
    with pytest.raises(StateFault, match="exists already"):
        back_up(filled, place, saved)
    restore(filled, place, saved, replace=True)
    assert everything(filled) == before


def damage(source: Path, target: Path, how: str) -> None:
    if how == "cut":
        target.write_bytes(source.read_bytes()[:-200])
        return
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as written:
        for name in read.namelist():
            content = read.read(name)
            if name == "users.jsonl" and how == "changed":
                content = content.replace(b"Agent", b"Agens")
            if name == "manifest.json" and how == "newer":
                content = content.replace(b'"version": "0', b'"version": "9')
            if not (name == "contributions.jsonl" and how == "missing"):
                written.writestr(name, content)


@pytest.mark.parametrize("how", ["cut", "changed", "missing", "newer"])
def test_a_damaged_backup_changes_nothing(
    filled: Database, place: StateFolder, tmp_path: Path, how: str
) -> None:
    saved, damaged = tmp_path / "copie.zip", tmp_path / "abimee.zip"
    back_up(filled, place, saved)
    damage(saved, damaged, how)
    before = everything(filled)
    with pytest.raises(StateFault, match=r"backup|newer|backed up"):
        restore(filled, place, damaged, replace=True)
    assert everything(filled) == before


def test_a_backup_is_of_one_moment_while_others_write(
    filled: Database, place: StateFolder, tmp_path: Path
) -> None:
    """Each new account comes with its report: a backup holds both or neither."""
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            people.add(filled, f"Agent {n}", "editor", PASSWORD)
            author = people.identify(filled, f"agent {n}", PASSWORD)
            assert author is not None
            history.add(filled, f"engagement-{n}", 0, REPORT, author)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            counts = back_up(filled, place, tmp_path / f"copie-{n}.zip")
            assert counts["users"] - counts["progress_entries"] in (0, 1)
    finally:
        stop.set()
        writer.join()


def run(settings: dict[str, Any], *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **{k: str(v) for k, v in settings.items() if k != "TESTING"}}
    return subprocess.run(
        [sys.executable, "-m", "webmap.state", *arguments],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_the_commands_say_what_they_did(app: Any, settings: dict[str, Any], tmp_path: Path) -> None:
    """The service runs meanwhile: an account made after the backup is gone after the restore."""
    saved = str(tmp_path / "copie.zip")
    done = run(settings, "backup", saved)
    assert done.returncode == 0, done.stderr
    assert "users\t4" in done.stdout
    people.add(state_of(app), "Arrivé depuis", "editor", PASSWORD)
    refused = run(settings, "restore", saved)
    assert refused.returncode == 1
    assert refused.stderr.startswith("Not done: ")
    assert "Traceback" not in refused.stderr
    done = run(settings, "restore", saved, "--replace")
    assert done.returncode == 0, done.stderr
    assert [user.name for user in people.all_accounts(state_of(app))] == [
        "Ancien agent", "Direction", "Mission convention", "Service voirie",
    ]  # fmt: skip
    missing = run(settings, "restore", str(tmp_path / "rien.zip"))
    assert "cannot be read" in missing.stderr
