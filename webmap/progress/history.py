"""What was recorded on a commitment, by whom and when? Entries that are only ever added."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from webmap.accounts.people import Person
from webmap.clock import now
from webmap.state.database import Database
from webmap.state.models import ProgressEntry


@dataclass(frozen=True)
class Report:
    """What somebody reports: status, the day it held, a link that shows it, a note."""

    status: str
    day: datetime.date
    evidence: str
    note: str


@dataclass(frozen=True)
class Entry(Report):
    """A report as it was kept, the ``number``-th of its commitment."""

    commitment: str
    number: int
    author: str
    recorded_at: datetime.datetime


class OutdatedError(Exception):
    """Somebody else has added to the history since it was shown."""


def _entry(row: ProgressEntry) -> Entry:
    return Entry(
        status=row.status,
        day=row.day,
        evidence=row.evidence,
        note=row.note,
        commitment=row.commitment,
        number=row.number,
        author=row.author.name,
        recorded_at=row.recorded_at,
    )


def of(database: Database, commitment: str) -> list[Entry]:
    """The entries of a commitment, the newest first."""
    query = (
        select(ProgressEntry)
        .where(ProgressEntry.commitment == commitment)
        .order_by(ProgressEntry.number.desc())
    )
    with database.reading() as session:
        return [_entry(row) for row in session.scalars(query)]


def everything(database: Database) -> list[Entry]:
    """All entries, by commitment and number."""
    query = select(ProgressEntry).order_by(ProgressEntry.commitment, ProgressEntry.number)
    with database.reading() as session:
        return sorted(
            (_entry(row) for row in session.scalars(query)), key=lambda e: (e.commitment, e.number)
        )


def latest(database: Database) -> dict[str, Entry]:
    """The newest entry of each commitment that has any."""
    newest = (
        select(ProgressEntry.commitment, func.max(ProgressEntry.number).label("number"))
        .group_by(ProgressEntry.commitment)
        .subquery()
    )
    query = select(ProgressEntry).join(
        newest,
        (ProgressEntry.commitment == newest.c.commitment)
        & (ProgressEntry.number == newest.c.number),
    )
    with database.reading() as session:
        return {row.commitment: _entry(row) for row in session.scalars(query)}


def add(database: Database, commitment: str, seen: int, report: Report, author: Person) -> None:
    """Add a report to the history; it is on the disk when this returns.

    Parameters
    ----------
    database
        The state.
    commitment
        Id of a commitment of the atlas.
    seen
        How many entries the author had seen; a report repeated by its author adds nothing.
    report
        What is reported.
    author
        Who reports it.

    Raises
    ------
    OutdatedError
        If the history has grown meanwhile.
    """
    row = ProgressEntry(
        commitment=commitment,
        number=seen + 1,
        status=report.status,
        day=report.day,
        evidence=report.evidence,
        note=report.note,
        author_id=author.id,
        recorded_at=now(),
    )
    try:
        with database.writing() as session:
            known = select(func.coalesce(func.max(ProgressEntry.number), 0))
            if session.scalar(known.where(ProgressEntry.commitment == commitment)) != seen:
                raise OutdatedError
            session.add(row)
    except (IntegrityError, OutdatedError) as error:
        if not _is_repeated(database, row):
            raise OutdatedError from error


def _is_repeated(database: Database, row: ProgressEntry) -> bool:
    """Tell whether the entry is there already: the browser has sent the form twice."""
    query = select(ProgressEntry).where(
        ProgressEntry.commitment == row.commitment,
        ProgressEntry.number == row.number,
        ProgressEntry.status == row.status,
        ProgressEntry.day == row.day,
        ProgressEntry.evidence == row.evidence,
        ProgressEntry.note == row.note,
        ProgressEntry.author_id == row.author_id,
    )
    with database.reading() as session:
        return session.scalar(query) is not None
