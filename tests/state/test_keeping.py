"""Is nothing held for longer than announced, and is the demonstration there to be taken away?"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from layers.atlas import Atlas
from tests.state import taking_part
from tests.state.test_contributions import FRANCE, PLAN
from webmap.clock import now
from webmap.config import ROOT
from webmap.consultation import contributions, keeping, kept, store
from webmap.consultation.participants import Guest
from webmap.consultation.plan import Plan
from webmap.consultation.said import read_said
from webmap.state import Database
from webmap.state.consultations import Contribution, Participant
from webmap.state.models import Base

GUEST, OTHER = Guest("un jeton", "online"), Guest("un autre", "room")
DEMONSTRATION = ROOT / "data" / "consultations" / "demonstration.toml"


def filled(database: Database, folder: Path, **changes: Any) -> store.Known:
    """A closed consultation: one contribution published, one pending, one corrected."""
    atlas, plan = Atlas.load(folder), Plan.model_validate({**PLAN.model_dump(), **changes})
    known = store.move(database, store.create(database, plan, None), "open")
    for answer in ("publiée", "en attente"):
        said = read_said(taking_part.said(answers={"avis": answer}), PLAN, atlas, FRANCE)
        contributions.submit(database, known, GUEST, said)
        again = read_said(
            taking_part.said(key=said.key, answers={"avis": f"{answer}, corrigée"}),
            PLAN,
            atlas,
            FRANCE,
        )
        contributions.correct(database, known, GUEST, again)
    contributions.support(database, known, OTHER, 1, on=True)
    contributions.flag(database, known, OTHER, 2, "à voir")
    with database.writing() as session:
        row = session.scalar(select(Contribution).where(Contribution.number == 2))
        assert row is not None
        row.state = "pending"
    return store.move(database, known, "closed")


def everywhere(database: Database) -> str:
    """All that any table holds, as one text."""
    with database.engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return "\n".join(str(row) for table in tables for row in connection.execute(select(table)))


def test_after_its_retention_only_what_was_published_is_left(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = filled(database, folder, retention_days=30)
    later = now() + datetime.timedelta(days=31)
    assert keeping.erase_due(database) == []
    monkeypatch.setattr(keeping, "now", lambda: later)
    assert keeping.erase_due(database) == [known.slug]
    assert keeping.erase_due(database) == []
    left = everywhere(database)
    assert "publiée, corrigée" in left
    assert "'publiée'" not in left
    assert "en attente" not in left
    assert GUEST.digest not in left
    assert OTHER.digest not in left
    [published] = kept.listed(database, known)
    assert (published.supports, published.number) == (1, 1)


def test_the_service_erases_what_is_due_by_itself(
    app: Flask, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(database, folder, retention_days=30)
    later = now() + datetime.timedelta(days=31)
    monkeypatch.setattr(keeping, "now", lambda: later)
    assert app.test_client().get("/lieux").status_code == 200
    assert "en attente" in everywhere(database)
    assert app.test_client().get("/consultations").status_code == 200
    assert "en attente" not in everywhere(database)


def test_an_open_consultation_keeps_everything(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = store.move(database, filled(database, folder), "open")
    monkeypatch.setattr(keeping, "now", lambda: now() + datetime.timedelta(days=9999))
    assert keeping.erase_due(database) == []
    assert keeping.held(database, known)["contribution_revisions"] == 2


def test_erasing_a_consultation_leaves_nothing_of_it_and_all_of_the_others(
    database: Database, folder: Path
) -> None:
    one, other = filled(database, folder), filled(database, folder)
    before = keeping.held(database, other)
    keeping.erase(database, one)
    assert store.by_slug(database, one.slug) is None
    assert keeping.held(database, other) == before
    with database.reading() as session:
        assert {row.consultation_id for row in session.scalars(select(Participant))} == {other.id}


def test_what_was_erased_is_never_taken_for_something_new(database: Database, folder: Path) -> None:
    """Answers are kept, and tokens signed, by the key of a consultation."""
    old = filled(database, folder)
    keeping.erase(database, old)
    new = filled(database, folder)
    assert new.slug == old.slug
    assert new.id != old.id


def command(settings: dict[str, Any], *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **{k: str(v) for k, v in settings.items() if k != "TESTING"}}
    return subprocess.run(
        [sys.executable, "-m", "webmap.consultation", *arguments],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_the_demonstration_comes_once_and_goes_for_good(tmp_path: Path) -> None:
    settings = {"LIMITROPHE_STATE": tmp_path}
    assert "room code" in command(settings, "demo", "first").stdout
    assert command(settings, "demo", "first").stdout == ""
    shown = command(settings, "show", "demonstration-boulevard-adolphe-pinard").stdout
    examples = DEMONSTRATION.read_text(encoding="utf-8").count("[[example]]")
    assert f"contributions, published\t{examples}" in shown
    assert command(settings, "demo", "remove").returncode == 0
    assert command(settings, "demo", "first").stdout == ""
    assert command(settings, "list").stdout == ""
    assert "room code" in command(settings, "demo", "add").stdout


def test_the_command_line_says_what_is_held_and_erases_when_it_is_told_twice(
    database: Database, settings: dict[str, Any], folder: Path
) -> None:
    known = filled(database, folder, retention_days=30)
    shown = command(settings, "show", known.slug).stdout
    assert "contributions, pending\t1" in shown
    assert known.closed_at
    assert f"{known.closed_at + datetime.timedelta(days=30):%Y-%m-%d}" in shown
    assert "Nothing was erased" in command(settings, "erase", known.slug).stdout
    assert store.by_slug(database, known.slug) is not None
    assert command(settings, "erase", known.slug, "--yes").stdout.endswith("Erased.\n")
    assert store.by_slug(database, known.slug) is None
    refused = command(settings, "show", "rien")
    assert (refused.returncode, "rien" in refused.stderr) == (1, True)
    assert "Traceback" not in refused.stderr
