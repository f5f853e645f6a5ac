"""Which consultations are there, in which stage, run by whom? Each change of a plan is kept."""

from __future__ import annotations

import datetime
import re
import secrets
from dataclasses import dataclass

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from layers.folding import folded
from webmap.accounts.people import Person
from webmap.clock import now
from webmap.consultation.plan import Plan
from webmap.state.consultations import Consultation, ConsultationVersion, Facilitator
from webmap.state.database import Database
from webmap.state.models import User

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""What a room code is made of: nothing that is read as something else from afar."""
CODE_LENGTH = 6
MOVES = {
    "draft": ("open", "archived"),
    "open": ("paused", "closed"),
    "paused": ("open", "closed"),
    "closed": ("open", "archived"),
    "archived": ("closed",),
}
"""The stages that each stage may be followed by."""

RESERVED = ("rejoindre", "nouvelle")
"""Ends of addresses that are pages of their own."""
PHASES = ("draft", "coming", "open", "paused", "ended", "archived")
"""What a stage and the dates of the plan come to at a moment."""


class StoreError(Exception):
    """What was asked of a consultation cannot be done; the message is for the log."""


class OutdatedError(StoreError):
    """Somebody else has changed the consultation since it was shown."""


class StageError(StoreError):
    """The consultation is in a stage that this does not follow."""


@dataclass(frozen=True)
class Known:
    """A consultation as it is now.

    Parameters
    ----------
    id, slug, code
        Key of the database; end of its address; what is typed to join it.
    stage
        One of ``STAGES``.
    version
        Number of the version of ``plan``, from 1.
    changes
        Grows with each change that others can see.
    contributions
        Number of the last contribution.
    """

    id: int
    slug: str
    code: str
    stage: str
    version: int
    changes: int
    contributions: int
    demonstration: bool
    plan: Plan
    created_at: datetime.datetime
    opened_at: datetime.datetime | None
    closed_at: datetime.datetime | None
    erased_at: datetime.datetime | None

    def takes_contributions(self, moment: datetime.datetime, *, queued: bool = False) -> bool:
        """Tell whether contributions are taken at a moment; ``queued`` ones a while longer."""
        late = datetime.timedelta(hours=self.plan.late_hours if queued else 0)
        if self.stage == "closed" and queued and self.closed_at is not None:
            return moment <= self.closed_at + late
        if self.stage != "open" or (self.plan.opens and moment < self.plan.opens):
            return False
        return self.plan.closes is None or moment <= self.plan.closes + late

    def phase(self, moment: datetime.datetime) -> str:
        """Where it is for those who take part: one of `PHASES`."""
        if self.stage in ("draft", "archived", "paused"):
            return self.stage
        if self.ended_at(moment) is not None:
            return "ended"
        return "open" if self.takes_contributions(moment) else "coming"

    def takes_paper(self) -> bool:
        """Tell whether what was written on paper may be typed in: also after the end."""
        return self.stage in ("open", "paused", "closed")

    def ended_at(self, moment: datetime.datetime) -> datetime.datetime | None:
        """When it ended, None while it has not."""
        ends = [at for at in (self.closed_at, self.plan.closes) if at is not None and at <= moment]
        return min(ends) if ends else None


def _known(row: Consultation, version: ConsultationVersion) -> Known:
    return Known(
        id=row.id,
        slug=row.slug,
        code=row.code,
        stage=row.stage,
        version=row.version,
        changes=row.changes,
        contributions=row.contributions,
        demonstration=row.demonstration,
        plan=Plan.model_validate_json(version.plan),
        created_at=row.created_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        erased_at=row.erased_at,
    )


def _query() -> Select[tuple[Consultation, ConsultationVersion]]:
    return select(Consultation, ConsultationVersion).join(
        ConsultationVersion,
        (ConsultationVersion.consultation_id == Consultation.id)
        & (ConsultationVersion.number == Consultation.version),
    )


def by_slug(database: Database, slug: str) -> Known | None:
    """The consultation of an address, None when there is none."""
    return _one(database, _query().where(Consultation.slug == slug))


def by_code(database: Database, code: str) -> Known | None:
    """The consultation of a room code, typed in any case and with spaces; None for none."""
    typed = re.sub(r"[\s-]", "", code).upper()
    return _one(database, _query().where(Consultation.code == typed))


def _one(
    database: Database, query: Select[tuple[Consultation, ConsultationVersion]]
) -> Known | None:
    with database.reading() as session:
        found = session.execute(query).first()
        return _known(*found) if found else None


def every(database: Database, stages: tuple[str, ...]) -> list[Known]:
    """The consultations in some stages, the newest first."""
    query = _query().where(Consultation.stage.in_(stages)).order_by(Consultation.id.desc())
    with database.reading() as session:
        return [_known(*row) for row in session.execute(query)]


def run_by(database: Database, person: Person) -> list[Known]:
    """The consultations that an account runs, the newest first; all for an administrator."""
    query = _query().order_by(Consultation.id.desc())
    if not person.may("administrator"):
        query = query.join(Facilitator, Facilitator.consultation_id == Consultation.id).where(
            Facilitator.user_id == person.id
        )
    with database.reading() as session:
        return [_known(*row) for row in session.execute(query)]


def role_of(database: Database, known: Known, person: Person) -> str | None:
    """What an account is for a consultation: ``owner``, ``facilitator`` or None."""
    if person.may("administrator"):
        return "owner"
    with database.reading() as session:
        found = session.get(Facilitator, (known.id, person.id))
        return found.role if found else None


def create(
    database: Database, plan: Plan, author: Person | None, *, slug: str = "", demo: bool = False
) -> Known:
    """Make a consultation, as a draft; its author owns it."""
    wanted = slug or slug_of(plan.title_fr)
    for attempt in range(100):
        named = wanted if not attempt else f"{wanted[:55]}-{attempt + 1}"
        try:
            with database.writing() as session:
                row = Consultation(
                    slug=named, code=_new_code(), stage="draft", version=1, changes=0,
                    contributions=0, demonstration=demo, created_at=now(),
                )  # fmt: skip
                session.add(row)
                session.flush()
                _add_version(session, row, plan, author)
                if author is not None:
                    owner = Facilitator(consultation_id=row.id, user_id=author.id, role="owner")
                    session.add(owner)
        except IntegrityError:
            continue
        break
    made = by_slug(database, named)
    if made is None:
        raise StoreError(f"no address is free for {wanted!r}")
    return made


def slug_of(title: str) -> str:
    """The end of an address, made from a title."""
    words = re.sub(r"[^a-z0-9]+", "-", folded(title)).strip("-")
    slug = words[:56].rstrip("-") or "consultation"
    return f"{slug}-1" if slug in RESERVED else slug


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def _add_version(session: Session, row: Consultation, plan: Plan, author: Person | None) -> None:
    session.add(
        ConsultationVersion(
            consultation_id=row.id,
            number=row.version,
            plan=plan.model_dump_json(),
            author_id=author.id if author else None,
            at=now(),
        )
    )


def revise(database: Database, known: Known, plan: Plan, author: Person) -> Known:
    """Keep a new version of the plan.

    Raises
    ------
    OutdatedError
        If there is a newer version than ``known``.
    """
    with database.writing() as session:
        row = session.get_one(Consultation, known.id, with_for_update=True)
        if row.version != known.version:
            raise OutdatedError(f"{known.slug}: version {row.version} is newer")
        row.version += 1
        row.changes += 1
        _add_version(session, row, plan, author)
    return _again(database, known)


def versions(database: Database, known: Known) -> list[tuple[int, Plan, str, datetime.datetime]]:
    """Number, plan, author's name (empty: the program) and moment of each version, newest first."""
    query = (
        select(ConsultationVersion, User.name)
        .outerjoin(User, User.id == ConsultationVersion.author_id)
        .where(ConsultationVersion.consultation_id == known.id)
        .order_by(ConsultationVersion.number.desc())
    )
    with database.reading() as session:
        return [
            (version.number, Plan.model_validate_json(version.plan), name or "", version.at)
            for version, name in session.execute(query)
        ]


def move(database: Database, known: Known, stage: str) -> Known:
    """Bring a consultation into another stage.

    Raises
    ------
    StageError
        If that stage does not follow the one it is in.
    """
    with database.writing() as session:
        row = session.get_one(Consultation, known.id, with_for_update=True)
        if stage not in MOVES[row.stage]:
            raise StageError(f"{known.slug}: {stage} does not follow {row.stage}")
        moment = now()
        if stage == "open":
            row.opened_at, row.closed_at = row.opened_at or moment, None
        elif stage == "closed" and row.closed_at is None:
            row.closed_at = moment
        row.stage = stage
        row.changes += 1
    return _again(database, known)


def touch(session: Session, consultation_id: int) -> None:
    """Say, within a transaction, that something others can see has changed."""
    session.execute(
        update(Consultation)
        .where(Consultation.id == consultation_id)
        .values(changes=Consultation.changes + 1)
    )


def team(database: Database, known: Known) -> list[tuple[str, str]]:
    """Name and role of the accounts that run a consultation, owners first."""
    query = select(Facilitator).where(Facilitator.consultation_id == known.id)
    with database.reading() as session:
        found = [(row.user.name, row.role) for row in session.scalars(query)]
    return sorted(found, key=lambda pair: (pair[1] != "owner", pair[0]))


def invite(database: Database, known: Known, folded_name: str, role: str = "facilitator") -> bool:
    """Let an account run a consultation; False when there is no such open account."""
    with database.writing() as session:
        user = session.scalar(
            select(User).where(User.folded == folded_name, User.disabled_at.is_(None))
        )
        if user is None:
            return False
        if session.get(Facilitator, (known.id, user.id)) is None:
            session.add(Facilitator(consultation_id=known.id, user_id=user.id, role=role))
        return True


def dismiss(database: Database, known: Known, folded_name: str) -> bool:
    """Take a consultation from an account; False when it is the last owner, or not of the team."""
    with database.writing() as session:
        query = select(Facilitator).where(Facilitator.consultation_id == known.id)
        rows = list(session.scalars(query))
        leaving = next((row for row in rows if row.user.folded == folded_name), None)
        owners = [row for row in rows if row.role == "owner"]
        if leaving is None or owners == [leaving]:
            return False
        session.delete(leaving)
        return True


def count(database: Database) -> int:
    """How many consultations there are, in every stage."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Consultation)) or 0


def _again(database: Database, known: Known) -> Known:
    found = by_slug(database, known.slug)
    if found is None:
        raise StoreError(f"{known.slug}: it is gone")
    return found
