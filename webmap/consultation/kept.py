"""What has been said? Contributions as they are read, by the team, the public and their authors."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webmap.consultation.participants import Guest
from webmap.consultation.store import Known
from webmap.state.consultations import Contribution, Flag, Participant, Support
from webmap.state.database import Database


@dataclass(frozen=True)
class Kept:
    """A contribution as it is kept.

    Parameters
    ----------
    key, number
        The device's own number for it, and its number in the consultation, from 1.
    state
        One of ``CONTRIBUTION_STATES``.
    revision
        How many times it was written, from 1.
    precision_m, sheet
        See `webmap.consultation.said.Said`.
    answers, shown
        What was answered, and what is published of it (None: the same).
    supports, flags
        How many participants support it, and how many have flagged it.
    participant
        Key of the browser that made it, to count browsers by: it never leaves the program.
    mine
        Whether the browser that asks has made it.
    repeated
        Whether it was there already when it was sent.
    """

    key: str
    number: int
    state: str
    revision: int
    language: str
    channel: str
    category: str
    place: str | None
    commitment: str | None
    territory: str | None
    geometry: dict[str, Any] | None
    precision_m: int | None
    sheet: str
    answers: dict[str, Any]
    shown: dict[str, Any] | None
    supports: int
    flags: int
    received_at: datetime.datetime
    changed_at: datetime.datetime
    participant: int
    mine: bool = False
    repeated: bool = False

    @property
    def published(self) -> dict[str, Any]:
        """The answers as others may read them."""
        return self.answers if self.shown is None else self.shown


_COLUMNS = (
    Contribution.key, Contribution.number, Contribution.state, Contribution.revision,
    Contribution.language, Contribution.category, Contribution.place, Contribution.commitment,
    Contribution.territory, Contribution.geometry, Contribution.precision_m, Contribution.sheet,
    Contribution.answers, Contribution.shown, Contribution.received_at, Contribution.changed_at,
    Contribution.participant_id,
)  # fmt: skip
"""What is read of a contribution: columns, since making objects to be changed takes far longer."""


def _kept(row: Any, by: Any, supports: int, flags: int, guest: Guest | None = None) -> Kept:
    """A contribution, from its row and its participant's, or one of `_query` that holds both."""
    return Kept(
        key=row.key,
        number=row.number,
        state=row.state,
        revision=row.revision,
        language=row.language,
        channel=by.channel,
        category=row.category,
        place=row.place,
        commitment=row.commitment,
        territory=row.territory,
        geometry=orjson.loads(row.geometry) if row.geometry else None,
        precision_m=row.precision_m,
        sheet=row.sheet,
        answers=orjson.loads(row.answers),
        shown=orjson.loads(row.shown) if row.shown is not None else None,
        supports=supports,
        flags=flags,
        received_at=row.received_at,
        changed_at=row.changed_at,
        participant=row.participant_id,
        mine=guest is not None and by.digest == guest.digest,
    )


def listed(
    database: Database,
    known: Known,
    states: tuple[str, ...] = ("published",),
    guest: Guest | None = None,
) -> list[Kept]:
    """The contributions in some states, the newest first.

    Parameters
    ----------
    database
        The state.
    known
        The consultation.
    states
        Some of ``CONTRIBUTION_STATES``.
    guest
        The browser that asks: its own are marked.
    """
    with database.reading() as session:
        return _all(session, _query(known, states), guest)


def own(database: Database, known: Known, guest: Guest) -> list[Kept]:
    """The contributions of a browser that are not withdrawn, the newest first."""
    query = _query(known, ("pending", "published", "rejected"))
    with database.reading() as session:
        mine = query.where(Contribution.participant_id.in_(_row_of(known, guest)))
        return _all(session, mine, guest)


def supported(database: Database, known: Known, guest: Guest) -> list[int]:
    """The numbers of the contributions that a browser supports."""
    query = (
        select(Contribution.number)
        .join(Support, Support.contribution_id == Contribution.id)
        .where(Support.participant_id.in_(_row_of(known, guest)))
        .order_by(Contribution.number)
    )
    with database.reading() as session:
        return list(session.scalars(query))


def _row_of(known: Known, guest: Guest) -> Any:
    return select(Participant.id).where(
        Participant.consultation_id == known.id, Participant.digest == guest.digest
    )


def _query(known: Known, states: tuple[str, ...]) -> Any:
    supports = _counts(Support)
    flags = _counts(Flag)
    return (
        select(
            *_COLUMNS,
            Participant.channel,
            Participant.digest,
            func.coalesce(supports.c.n, 0).label("supports"),
            func.coalesce(flags.c.n, 0).label("flags"),
        )
        .join(Participant, Participant.id == Contribution.participant_id)
        .outerjoin(supports, supports.c.id == Contribution.id)
        .outerjoin(flags, flags.c.id == Contribution.id)
        .where(Contribution.consultation_id == known.id, Contribution.state.in_(states))
        .order_by(Contribution.number.desc())
    )


def _all(session: Session, query: Any, guest: Guest | None) -> list[Kept]:
    found = session.execute(query)
    return [_kept(row, row, row.supports, row.flags, guest) for row in found]


def _counts(table: type[Support | Flag]) -> Any:
    return (
        select(table.contribution_id.label("id"), func.count().label("n"))
        .group_by(table.contribution_id)
        .subquery()
    )


def counted(session: Session, row: Contribution, guest: Guest | None) -> Kept:
    """A contribution as it is within a transaction that writes."""
    session.flush()
    supports, flags = (
        session.scalar(
            select(func.count()).select_from(table).where(table.contribution_id == row.id)
        )
        or 0
        for table in (Support, Flag)
    )
    return _kept(row, row.participant, supports, flags, guest)
