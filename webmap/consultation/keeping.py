"""What is held of a consultation, and when is it erased? Shown to whoever asks, kept no longer.

The retention of a plan counts from the end of the consultation. After it only what was published
is left, without anything that ties it to a browser.
"""

from __future__ import annotations

import datetime
import secrets

from flask import Flask, current_app, request
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from webmap.clock import now
from webmap.consultation import store
from webmap.consultation.contributions import blank, note_decision
from webmap.consultation.store import Known
from webmap.state import current_state
from webmap.state.consultations import (
    CONTRIBUTION_STATES,
    STAGES,
    Consultation,
    ConsultationVersion,
    Contribution,
    ContributionRevision,
    Decision,
    Facilitator,
    Flag,
    Participant,
    Support,
)
from webmap.state.database import Database

EVERY = datetime.timedelta(hours=1)
"""How often the service looks for what is held for too long, while consultations are read."""
_KEY = "limitrophe_last_erasure"


def register(app: Flask) -> None:
    """Let ``app`` erase by itself what is due, when somebody asks for a page of a consultation."""
    app.extensions[_KEY] = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    app.before_request(_look)


def _look() -> None:
    moment = now()
    about = request.path.startswith(("/consultations", "/animation"))
    if not about or moment - current_app.extensions[_KEY] < EVERY:
        return
    current_app.extensions[_KEY] = moment
    try:
        done = erase_due(current_state())
    except DBAPIError as error:
        current_app.logger.error("what is due cannot be erased: %s", error.orig)
        return
    for slug in done:
        current_app.logger.warning("%s: what was not published is erased", slug)


def held(database: Database, known: Known) -> dict[str, int]:
    """How many rows of each kind are held of a consultation; contributions by state."""
    counts = {}
    with database.reading() as session:
        for table in (ConsultationVersion, Facilitator, Participant):
            counts[table.__tablename__] = _count(session, table, known)
        for state in CONTRIBUTION_STATES:
            query = select(func.count()).where(
                Contribution.consultation_id == known.id, Contribution.state == state
            )
            counts[f"contributions, {state}"] = session.scalar(query) or 0
        for part in (ContributionRevision, Support, Flag, Decision):
            query = select(func.count()).where(part.contribution_id.in_(_contributions(known)))
            counts[part.__tablename__] = session.scalar(query) or 0
    return counts


def _count(
    session: Session, table: type[ConsultationVersion | Facilitator | Participant], known: Known
) -> int:
    query = select(func.count()).where(table.consultation_id == known.id)
    return session.scalar(query) or 0


def _contributions(known: Known) -> Select[tuple[int]]:
    return select(Contribution.id).where(Contribution.consultation_id == known.id)


def due_on(known: Known, moment: datetime.datetime) -> datetime.datetime | None:
    """When what is not published is erased; None while the consultation has not ended."""
    ended = known.ended_at(moment)
    return ended + datetime.timedelta(days=known.plan.retention_days) if ended else None


def erase_due(database: Database) -> list[str]:
    """Erase what is held for longer than was announced; the addresses of the consultations."""
    moment, done = now(), []
    for known in store.every(database, STAGES):
        due = due_on(known, moment)
        if known.erased_at is None and due is not None and due <= moment:
            _settle(database, known)
            done.append(known.slug)
    return done


def _settle(database: Database, known: Known) -> None:
    """Leave of a consultation what was published, and nothing that ties it to a browser."""
    with database.writing() as session:
        rows = session.scalars(
            select(Contribution).where(
                Contribution.consultation_id == known.id, Contribution.state != "withdrawn"
            )
        )
        for row in rows:
            if row.state == "published":
                row.answers, row.shown = row.shown or row.answers, None
            else:
                blank(session, row)
                note_decision(session, row, "erase", "", None)
        for part in (ContributionRevision, Flag):
            session.execute(delete(part).where(part.contribution_id.in_(_contributions(known))))
        for someone in session.scalars(
            select(Participant).where(Participant.consultation_id == known.id)
        ):
            someone.digest = secrets.token_hex(32)
        session.execute(
            update(Consultation)
            .where(Consultation.id == known.id)
            .values(erased_at=now(), changes=Consultation.changes + 1)
        )


def erase(database: Database, known: Known) -> None:
    """Erase a consultation with all that was said in it.

    Of the demonstration an empty row stays, which says that it was taken away.
    """
    with database.writing() as session:
        if not known.demonstration:
            session.execute(delete(Consultation).where(Consultation.id == known.id))
            return
        session.execute(delete(Contribution).where(Contribution.consultation_id == known.id))
        for table in (Participant, Facilitator, ConsultationVersion):
            session.execute(delete(table).where(table.consultation_id == known.id))
        session.execute(
            update(Consultation)
            .where(Consultation.id == known.id)
            .values(stage="archived", erased_at=now(), contributions=0)
        )
