"""How is something said, corrected, withdrawn, supported? Nothing acknowledged is lost.

Each function is one transaction: when it returns, its change is on the disk. What a device
repeats because it is not sure changes nothing (`submit`).
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webmap.accounts.people import Person
from webmap.clock import now
from webmap.consultation import participants
from webmap.consultation.kept import Kept, counted
from webmap.consultation.participants import Guest
from webmap.consultation.said import Said
from webmap.consultation.store import Known, touch
from webmap.state.consultations import (
    Consultation,
    Contribution,
    ContributionRevision,
    Decision,
    Flag,
    Support,
)
from webmap.state.database import Database


class ContributionRefused(Exception):
    """A change of a contribution is refused; ``reason`` is one of `REFUSALS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


REFUSALS = ("not-taking", "not-yours", "too-late", "withdrawn", "own", "unknown")
"""It takes no contributions now; it is somebody else's; the time for corrections is over; it was
withdrawn; one cannot support or flag one's own; there is none."""


def _fill(row: Contribution, said: Said) -> None:
    row.language, row.category = said.language, said.category
    row.place, row.commitment, row.territory = said.place, said.commitment, said.territory
    row.geometry = orjson.dumps(said.geometry).decode() if said.geometry else None
    row.west, row.south, row.east, row.north = said.box or (None, None, None, None)
    row.sheet, row.precision_m = said.sheet, said.precision_m
    row.answers, row.shown = orjson.dumps(said.answers).decode(), None


def submit(
    database: Database, known: Known, guest: Guest, said: Said, *, queued: bool = False
) -> Kept:
    """Keep a contribution, once; the same key from the same browser gives the same answer.

    Parameters
    ----------
    database
        The state.
    known
        The consultation.
    guest
        The browser.
    said
        What it says.
    queued
        Whether the device had it waiting for the network: taken for a while after the end.

    Raises
    ------
    ContributionRefused
        ``not-taking``, or ``not-yours`` where the key is another browser's.
    """
    with database.writing() as session:
        consultation = session.get_one(Consultation, known.id, with_for_update=True)
        row = _by_key(session, known, said.key)
        if row is not None:
            if row.participant.digest != guest.digest:
                raise ContributionRefused("not-yours")
            return replace(counted(session, row, guest), repeated=True)
        moment = now()
        typed = guest.channel == "paper" and known.takes_paper()
        if not typed and not known.takes_contributions(moment, queued=queued):
            raise ContributionRefused("not-taking")
        late = not typed and not known.takes_contributions(moment)
        published = known.plan.moderation == "after" and not late
        consultation.contributions += 1
        consultation.changes += 1
        row = Contribution(
            consultation_id=known.id,
            participant_id=participants.row_of(session, known, guest).id,
            key=said.key,
            number=consultation.contributions,
            state="published" if published else "pending",
            revision=1,
            received_at=moment,
            changed_at=moment,
        )
        _fill(row, said)
        session.add(row)
        session.flush()
        if published or late:
            note_decision(session, row, "late" if late else "publish", "", None)
        return counted(session, row, guest)


def correct(database: Database, known: Known, guest: Guest, said: Said) -> Kept:
    """Replace what a contribution says; what it said is kept as a revision.

    Raises
    ------
    ContributionRefused
        ``unknown``, ``not-yours``, ``withdrawn``, ``too-late`` or ``not-taking``.
    """
    with database.writing() as session:
        session.get_one(Consultation, known.id, with_for_update=True)
        row = _own(session, known, guest, said.key)
        if _content(row) == {name: getattr(said, name) for name in _content(row)}:
            return counted(session, row, guest)
        if not known.takes_contributions(now()):
            raise ContributionRefused("not-taking")
        session.add(
            ContributionRevision(
                contribution_id=row.id,
                number=row.revision,
                content=orjson.dumps(_content(row)).decode(),
                at=row.changed_at,
            )
        )
        looked_at = row.state == "rejected" or row.shown is not None
        _fill(row, said)
        row.revision += 1
        row.changed_at = now()
        if looked_at or known.plan.moderation == "before":
            row.state = "pending"
        touch(session, known.id)
        return counted(session, row, guest)


def withdraw(database: Database, known: Known, guest: Guest, key: str) -> None:
    """Erase what a contribution says; its number stays, as withdrawn.

    Raises
    ------
    ContributionRefused
        ``unknown``, ``not-yours`` or ``too-late``; one that is withdrawn already is no fault.
    """
    with database.writing() as session:
        session.get_one(Consultation, known.id, with_for_update=True)
        row = _by_key(session, known, key)
        if row is not None and row.state == "withdrawn" and row.participant.digest == guest.digest:
            return
        row = _own(session, known, guest, key)
        blank(session, row)
        note_decision(session, row, "withdraw", "", None)
        touch(session, known.id)


def blank(session: Session, row: Contribution) -> None:
    """Erase all that a contribution says, within a transaction; it is withdrawn from then on."""
    row.state = "withdrawn"
    row.answers, row.shown, row.geometry = "{}", None, None
    row.place = row.commitment = row.territory = None
    row.west = row.south = row.east = row.north = row.precision_m = None
    row.changed_at = now()
    for table in (ContributionRevision, Support, Flag):
        session.execute(delete(table).where(table.contribution_id == row.id))


def take_back(database: Database, known: Known, number: int, author: Person) -> None:
    """Erase, for the team, what it has typed in from paper; its number stays, as withdrawn.

    Raises
    ------
    ContributionRefused
        ``unknown`` if it was not typed in.
    """
    with database.writing() as session:
        row = session.scalar(
            select(Contribution).where(
                Contribution.consultation_id == known.id, Contribution.number == number
            )
        )
        if row is None or row.participant.channel != "paper" or row.state == "withdrawn":
            raise ContributionRefused("unknown")
        blank(session, row)
        note_decision(session, row, "withdraw", "", author.id)
        touch(session, known.id)


def support(database: Database, known: Known, guest: Guest, number: int, *, on: bool) -> Kept:
    """Support a published contribution of somebody else, or no longer.

    Raises
    ------
    ContributionRefused
        ``unknown``, ``own``, or ``not-taking``.
    """
    with database.writing() as session:
        row = _others(session, known, guest, number)
        if not known.plan.supports or not known.takes_contributions(now()):
            raise ContributionRefused("not-taking")
        someone = participants.row_of(session, known, guest)
        key = (row.id, someone.id)
        there = session.get(Support, key)
        if on and there is None:
            session.add(Support(contribution_id=row.id, participant_id=someone.id))
        elif not on and there is not None:
            session.delete(there)
        session.flush()
        touch(session, known.id)
        return counted(session, row, guest)


def flag(database: Database, known: Known, guest: Guest, number: int, reason: str) -> None:
    """Ask the team to look at a published contribution of somebody else, once.

    Raises
    ------
    ContributionRefused
        ``unknown`` or ``own``.
    """
    with database.writing() as session:
        row = _others(session, known, guest, number)
        someone = participants.row_of(session, known, guest)
        session.merge(
            Flag(contribution_id=row.id, participant_id=someone.id, reason=reason, at=now())
        )


def note_decision(
    session: Session, row: Contribution, action: str, reason: str, author_id: int | None
) -> None:
    """Add to the log of decisions, within a transaction."""
    session.add(
        Decision(
            contribution_id=row.id, action=action, reason=reason, author_id=author_id, at=now()
        )
    )


def _by_key(session: Session, known: Known, key: str) -> Contribution | None:
    return session.scalar(
        select(Contribution).where(
            Contribution.consultation_id == known.id, Contribution.key == key
        )
    )


def _own(session: Session, known: Known, guest: Guest, key: str) -> Contribution:
    row = _by_key(session, known, key)
    if row is None:
        raise ContributionRefused("unknown")
    if row.participant.digest != guest.digest:
        raise ContributionRefused("not-yours")
    if row.state == "withdrawn":
        raise ContributionRefused("withdrawn")
    if now() > row.received_at + datetime.timedelta(minutes=known.plan.edit_minutes):
        raise ContributionRefused("too-late")
    return row


def _others(session: Session, known: Known, guest: Guest, number: int) -> Contribution:
    row = session.scalar(
        select(Contribution).where(
            Contribution.consultation_id == known.id,
            Contribution.number == number,
            Contribution.state == "published",
        )
    )
    if row is None:
        raise ContributionRefused("unknown")
    if row.participant.digest == guest.digest:
        raise ContributionRefused("own")
    return row


def _content(row: Contribution) -> dict[str, Any]:
    """What a row says, by the names of `Said`."""
    return {
        "language": row.language,
        "category": row.category,
        "place": row.place,
        "commitment": row.commitment,
        "territory": row.territory,
        "geometry": orjson.loads(row.geometry) if row.geometry else None,
        "answers": orjson.loads(row.answers),
    }
