"""Who has an account? Names, roles and hashed passwords in the database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_login import UserMixin
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webmap.clock import now
from webmap.state.database import Database
from webmap.state.models import ROLES, Login, User

SHORTEST, LONGEST = 12, 200
"""Characters of a password."""
_NAME = re.compile(r"[^\W_](?:[\w .’'-]{0,58}[\w.])?")
_HASHER = PasswordHasher()


class AccountError(Exception):
    """An account cannot be made or changed as asked; the message says why."""


@dataclass(frozen=True)
class Person(UserMixin):
    """Someone who is logged in.

    Parameters
    ----------
    id
        Key of the account.
    name
        Name of the account.
    role
        One of ``ROLES``.
    token
        What the session holds; empty outside of one.
    """

    id: int
    name: str
    role: str
    token: str = ""

    def get_id(self) -> str:
        """What Flask-Login keeps in the session."""
        return self.token

    def may(self, role: str) -> bool:
        """Tell whether the account has at least this role."""
        return ROLES.index(self.role) >= ROLES.index(role)


def clean_name(text: str) -> str:
    """Return a name as it is kept.

    Raises
    ------
    AccountError
        If it is empty, too long, or has other characters than a name.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not _NAME.fullmatch(name):
        raise AccountError(
            f"name {name[:80]!r}: 1 to 60 letters, digits, spaces, dots, hyphens or apostrophes."
        )
    return name


def folded_name(text: str) -> str:
    """A name as it is compared: case and composition do not count."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def check_password(password: str) -> None:
    """Refuse a password that is too short or too long.

    Raises
    ------
    AccountError
        Saying what is allowed.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(f"password: {SHORTEST} to {LONGEST} characters, got {len(password)}.")


def add(database: Database, name: str, role: str, password: str) -> None:
    """Make an account.

    Raises
    ------
    AccountError
        If the name is taken or cannot be one, or the password is too short.
    """
    kept = clean_name(name)
    check_password(password)
    user = User(
        name=kept,
        folded=folded_name(kept),
        role=role,
        password_hash=_HASHER.hash(password),
        created_at=now(),
    )
    try:
        with database.writing() as session:
            session.add(user)
    except IntegrityError as error:
        raise AccountError(f"name {kept!r}: there is already such an account.") from error


def all_accounts(database: Database) -> list[User]:
    """Every account, by name."""
    with database.reading() as session:
        return list(session.scalars(select(User).order_by(User.folded)))


def _user(session: Session, name: str) -> User:
    user = session.scalar(select(User).where(User.folded == folded_name(name)))
    if user is None:
        raise AccountError(f"name {name!r}: there is no such account.")
    return user


def set_disabled(database: Database, name: str, *, disabled: bool) -> None:
    """Shut an account, ending its sessions, or open it again. What it recorded stays.

    Raises
    ------
    AccountError
        If there is no such account.
    """
    with database.writing() as session:
        user = _user(session, clean_name(name))
        user.disabled_at = now() if disabled else None
        session.execute(delete(Login).where(Login.user_id == user.id))


def set_password(database: Database, name: str, password: str) -> None:
    """Change a password, ending the sessions of the account.

    Raises
    ------
    AccountError
        If there is no such account, or the password is too short.
    """
    check_password(password)
    hashed = _HASHER.hash(password)
    with database.writing() as session:
        user = _user(session, clean_name(name))
        user.password_hash = hashed
        session.execute(delete(Login).where(Login.user_id == user.id))


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("")


def identify(database: Database, name: str, password: str) -> Person | None:
    """Return who has this name and password, else None.

    An unknown name, a shut account and a wrong password take the same time.
    """
    try:
        folded = folded_name(clean_name(name))
    except AccountError:
        folded = ""
    with database.reading() as session:
        user = session.scalar(select(User).where(User.folded == folded))
    known = user is not None and user.disabled_at is None
    try:
        _HASHER.verify(user.password_hash if user and known else _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return None
    return Person(user.id, user.name, user.role) if user and known else None
