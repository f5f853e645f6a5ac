"""Is each contribution kept once, for the browser that made it, on both databases?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from layers.atlas import Atlas
from tests.state import taking_part
from webmap.consultation import contributions, kept, store
from webmap.consultation.contributions import ContributionRefused
from webmap.consultation.participants import Guest, new_guest, read_guest
from webmap.consultation.plan import Plan
from webmap.consultation.said import Said, SaidError, read_said
from webmap.consultation.store import Known, OutdatedError, StageError
from webmap.state import Database

FRANCE = (-6.0, 41.0, 10.0, 52.0)
PLAN = Plan.model_validate(
    {
        **taking_part.PLAN,
        "title_fr": "Le boulevard à l’essai",
        "where": {"shapes": ["point", "line"]},
        "questions": taking_part.PLAN["questions"][:3],
    }
)


@pytest.fixture(scope="session")
def atlas(folder: Path) -> Atlas:
    return Atlas.load(folder)


@pytest.fixture
def known(app: Flask, database: Database) -> Iterator[Known]:
    """A consultation that is open."""
    made = store.create(database, PLAN, None)
    with app.app_context():
        yield store.move(database, made, "open")


@pytest.fixture
def say(atlas: Atlas) -> Any:
    def read(**changes: Any) -> Said:
        return read_said(taking_part.said(**changes), PLAN, atlas, FRANCE)

    return read


def test_a_repeated_contribution_is_kept_once(database: Database, known: Known, say: Any) -> None:
    guest, said = new_guest(known, "online"), say()
    answers: list[Any] = []

    def send() -> None:
        answers.append(contributions.submit(database, known, guest, said).number)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [1] * 6
    assert [one.key for one in kept.listed(database, known)] == [said.key]


def test_the_key_of_another_browser_is_refused(database: Database, known: Known, say: Any) -> None:
    said = say()
    contributions.submit(database, known, new_guest(known, "online"), said)
    for act in (contributions.submit, contributions.correct):
        with pytest.raises(ContributionRefused, match="not-yours"):
            act(database, known, new_guest(known, "online"), said)


def test_a_correction_replaces_and_a_withdrawal_erases(
    database: Database, known: Known, say: Any
) -> None:
    guest, said = new_guest(known, "room"), say()
    contributions.submit(database, known, guest, said)
    corrected = say(key=said.key, answers={"avis": "Moins de bruit.", "usages": ["velo", "marche"]})
    now = contributions.correct(database, known, guest, corrected)
    assert (now.revision, now.answers) == (
        2,
        {"avis": "Moins de bruit.", "usages": ["marche", "velo"]},
    )
    contributions.withdraw(database, known, guest, said.key)
    contributions.withdraw(database, known, guest, said.key)
    [gone] = kept.listed(database, known, ("withdrawn",))
    assert (gone.number, gone.answers, gone.geometry) == (1, {}, None)
    with database.engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT COUNT(*) FROM contribution_revisions")
        assert left.scalar() == 0


def test_one_supports_others_once(database: Database, known: Known, say: Any) -> None:
    author, other = new_guest(known, "online"), new_guest(known, "online")
    contributions.submit(database, known, author, say())
    with pytest.raises(ContributionRefused, match="own"):
        contributions.support(database, known, author, 1, on=True)
    for _ in range(2):
        assert contributions.support(database, known, other, 1, on=True).supports == 1
    assert contributions.support(database, known, other, 1, on=False).supports == 0


def test_what_is_not_open_takes_nothing(database: Database, known: Known, say: Any) -> None:
    guest, waiting = new_guest(known, "online"), say()
    closed = store.move(database, known, "closed")
    with pytest.raises(ContributionRefused, match="not-taking"):
        contributions.submit(database, closed, guest, waiting)
    late = contributions.submit(database, closed, guest, waiting, queued=True)
    assert late.state == "pending"
    with pytest.raises(StageError):
        store.move(database, closed, "draft")


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"key": "1"}, "key", "malformed"),
        ({"inconnu": 1}, "inconnu", "unknown"),
        ({"category": "autre"}, "category", "not-an-option"),
        ({"category": ""}, "category", "missing"),
        ({"geometry": None}, "geometry", "missing"),
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "geometry", "shape"),
        ({"geometry": {"type": "Point", "coordinates": [48.8, 2.3]}}, "geometry", "outside"),
        ({"geometry": {"type": "Point", "coordinates": ["a", 2.3]}}, "geometry", "geometry"),
        ({"place": "nulle-part"}, "place", "not-an-option"),
        ({"answers": {}}, "answers.avis", "missing"),
        ({"answers": {"avis": "x" * 2001}}, "answers.avis", "too-long"),
        ({"answers": {"avis": "a\x00b"}}, "answers.avis", "unprintable"),
        ({"answers": {"avis": "a", "note": 6}}, "answers.note", "not-on-the-scale"),
        ({"answers": {"avis": "a", "note": True}}, "answers.note", "not-on-the-scale"),
        ({"answers": {"avis": "a", "usages": ["x"]}}, "answers.usages", "not-an-option"),
        ({"answers": {"avis": "a", "autre": 1}}, "answers.autre", "unknown"),
    ],
)
def test_what_does_not_answer_is_refused(
    atlas: Atlas, changes: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(SaidError) as refused:
        read_said(taking_part.said(**changes), PLAN, atlas, FRANCE)
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_a_token_is_good_for_its_consultation_alone(database: Database, known: Known) -> None:
    guest = new_guest(known, "online")
    other = store.create(database, PLAN, None)
    assert other.slug != known.slug
    assert read_guest(known, guest.token) == guest
    for token in (guest.token[:-1], guest.token.replace("online", "paper"), "", "é"):
        assert read_guest(known, token) is None
    assert read_guest(other, guest.token) is None
    assert Guest("x", "online").digest != guest.digest


def test_two_who_change_a_plan_do_not_overwrite_each_other(
    app: Flask, database: Database, known: Known
) -> None:
    person = store.Person(1, "Service voirie", "editor")
    changed = store.revise(database, known, PLAN.model_copy(update={"title_fr": "B"}), person)
    assert changed.plan.title_fr == "B"
    with pytest.raises(OutdatedError):
        store.revise(database, known, PLAN, person)
    assert [plan.title_fr for _, plan, _, _ in store.versions(database, changed)] == [
        "B",
        "Le boulevard à l’essai",
    ]
