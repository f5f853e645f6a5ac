"""Who does a session belong to, and how often may one try to open one?"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from dataclasses import replace

from sqlalchemy import delete, func, select

from webmap.accounts.people import Person
from webmap.clock import now
from webmap.state.database import Database
from webmap.state.models import Attempt, Login

LIFE = datetime.timedelta(hours=12)
WINDOW = datetime.timedelta(minutes=15)
PER_ADDRESS = 10
"""Attempts from one address within `WINDOW`."""
PER_NAME = 30
"""Attempts on one account within `WINDOW`, from wherever."""
KEPT = datetime.timedelta(days=1)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(database: Database, person: Person) -> Person:
    """Open a new session; what comes back has its token."""
    token = secrets.token_urlsafe(32)
    moment = now()
    with database.writing() as session:
        session.execute(delete(Login).where(Login.expires_at < moment))
        session.add(Login(digest=_digest(token), user_id=person.id, expires_at=moment + LIFE))
    return replace(person, token=token)


def person_of(database: Database, token: str) -> Person | None:
    """Who a session belongs to; None when it has ended or the account is shut."""
    with database.reading() as session:
        login = session.get(Login, _digest(token))
        if login is None or login.expires_at < now() or login.user.disabled_at is not None:
            return None
        return Person(login.user.id, login.user.name, login.user.role, token)


def close_session(database: Database, token: str) -> None:
    """End a session, wherever its token has gone."""
    with database.writing() as session:
        session.execute(delete(Login).where(Login.digest == _digest(token)))


def origin(secret: bytes, kind: str, text: str) -> str:
    """A digest of an address or a name under a key that changes every day."""
    key = hmac.digest(secret, now().date().isoformat().encode(), "sha256")
    return hmac.digest(key, f"{kind}:{text}".encode(), "sha256").hex()


def may_try(database: Database, limits: dict[str, int]) -> bool:
    """Note an attempt, unless one of its origins has used up what it may within `WINDOW`.

    Parameters
    ----------
    database
        The state.
    limits
        How many attempts each `origin` may make.
    """
    moment = now()
    with database.writing() as session:
        session.execute(delete(Attempt).where(Attempt.at < moment - KEPT))
        for name, most in limits.items():
            recent = select(func.count()).where(
                Attempt.origin == name, Attempt.at > moment - WINDOW
            )
            if (session.scalar(recent) or 0) >= most:
                return False
        session.add_all(Attempt(origin=name, at=moment) for name in limits)
        return True


def forgive(database: Database, origins: dict[str, int]) -> None:
    """Forget the attempts of origins that have proved to be right."""
    with database.writing() as session:
        session.execute(delete(Attempt).where(Attempt.origin.in_(list(origins))))
