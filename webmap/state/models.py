"""What are the tables of the state? One class each."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

ROLES = ("editor", "administrator")
"""What an account may be; an administrator may do all that an editor may."""
STATUSES = ("not-started", "in-progress", "done", "suspended", "abandoned")
"""What may be said of the progress of a commitment."""


class UtcTime(TypeDecorator[datetime.datetime]):
    """A moment, kept in UTC; SQLite gives it back without saying so."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime.datetime | None, dialect: Dialect
    ) -> datetime.datetime | None:
        """Turn a moment into what the database keeps.

        Raises
        ------
        ValueError
            If it does not say which time it is in.
        """
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment must have a time zone")
        return None if value is None else value.astimezone(datetime.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime.datetime | None:
        """Turn what the database kept into a moment in UTC."""
        if value is None:
            return None
        known: datetime.datetime = value
        if known.tzinfo is None:
            return known.replace(tzinfo=datetime.UTC)
        return known.astimezone(datetime.UTC)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Constrain a column to some words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Base(DeclarativeBase):
    """All tables; constraints have names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime.datetime: UtcTime, datetime.date: Date}  # noqa: RUF012


class User(Base):
    """Someone who may write: a name that the administrator chose, never an e-mail address."""

    __tablename__ = "users"
    __table_args__ = (one_of("role", ROLES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    folded: Mapped[str] = mapped_column(String(120), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime.datetime]
    disabled_at: Mapped[datetime.datetime | None]


class Login(Base):
    """A session that is open: its token is known to the browser, only its digest is here."""

    __tablename__ = "logins"
    __table_args__ = (Index(None, "user_id"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime.datetime]

    user: Mapped[User] = relationship(lazy="joined")


class Attempt(Base):
    """An attempt to log in; ``origin`` is a digest that means nothing on another day."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "origin", "at"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime.datetime]


class ProgressEntry(Base):
    """What someone recorded on a commitment; never changed, a correction is a new entry.

    ``number`` counts the entries of a commitment from 1: two people who have seen the same
    history cannot both write the next one.
    """

    __tablename__ = "progress_entries"
    __table_args__ = (
        UniqueConstraint("commitment", "number"),
        one_of("status", STATUSES),
        CheckConstraint("number >= 1", name="number"),
        Index(None, "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment: Mapped[str] = mapped_column(String(120))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    day: Mapped[datetime.date]
    evidence: Mapped[str] = mapped_column(String(500))
    note: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime.datetime]

    author: Mapped[User] = relationship(lazy="joined")
