"""What are the tables of a consultation? One class each; nothing in them names a participant.

Texts that a facilitator prepares are one JSON document a version (`ConsultationVersion`). A
contribution keeps each of its versions until it is withdrawn or erased. No address, no device,
no account of a participant is kept: only the digest of the token that its browser has.
"""

from __future__ import annotations

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webmap.state.models import Base, User, one_of

STAGES = ("draft", "open", "paused", "closed", "archived")
"""Where a consultation is in its life."""
FACILITATORS = ("owner", "facilitator")
"""What an account is for one consultation; an owner also invites."""
CHANNELS = ("online", "room", "paper")
"""How somebody takes part."""
CONTRIBUTION_STATES = ("pending", "published", "rejected", "withdrawn")
DECISIONS = ("publish", "accept", "reject", "redact", "restore", "withdraw", "late", "erase")
"""What may be decided of a contribution; ``publish`` and ``late`` are the program's own."""
NEVER_AGAIN = {"sqlite_autoincrement": True}
"""A key that was erased is never given again, by SQLite either: what is kept or signed by it
would speak of somebody else's."""


class Consultation(Base):
    """A consultation; what it asks is in its newest version.

    ``changes`` grows with each change that somebody else can see: live views ask for it.
    """

    __tablename__ = "consultations"
    __table_args__ = (one_of("stage", STAGES), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    stage: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    changes: Mapped[int]
    contributions: Mapped[int]
    demonstration: Mapped[bool]
    created_at: Mapped[datetime.datetime]
    opened_at: Mapped[datetime.datetime | None]
    closed_at: Mapped[datetime.datetime | None]
    erased_at: Mapped[datetime.datetime | None]


class ConsultationVersion(Base):
    """What a consultation asked from a moment on; never changed, undoing is a new version."""

    __tablename__ = "consultation_versions"
    __table_args__ = (Index(None, "author_id"),)

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime.datetime]


class Facilitator(Base):
    """An account that may run a consultation."""

    __tablename__ = "facilitators"
    __table_args__ = (one_of("role", FACILITATORS), Index(None, "user_id"))

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(12))

    user: Mapped[User] = relationship(lazy="joined")


class Participant(Base):
    """A browser, or the pile of paper sheets, that takes part; ``digest`` is of its token."""

    __tablename__ = "participants"
    __table_args__ = (
        one_of("channel", CHANNELS),
        UniqueConstraint("consultation_id", "digest"),
        NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(10))
    joined_on: Mapped[datetime.date]


class Contribution(Base):
    """What somebody said.

    ``key`` is the device's own number for it (a UUID): sent twice, it is kept once. ``number``
    counts the contributions of a consultation. ``answers`` is a JSON object by question id.
    ``geometry`` is GeoJSON (WGS84, lon lat) with its box in degrees, None when no position was
    given; ``precision_m`` says how far from it the place may be where it was read from a printed
    grid, and ``sheet`` which paper sheet it was on, else empty. ``shown`` are the answers as they
    are published once a part was redacted, else None.
    """

    __tablename__ = "contributions"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("consultation_id", "number"),
        one_of("state", CONTRIBUTION_STATES),
        CheckConstraint("revision >= 1", name="revision"),
        Index(None, "consultation_id", "state"),
        Index(None, "participant_id"),
        Index(None, "place"),
        Index(None, "commitment"),
        NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(36))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    category: Mapped[str] = mapped_column(String(40))
    place: Mapped[str | None] = mapped_column(String(120))
    commitment: Mapped[str | None] = mapped_column(String(120))
    territory: Mapped[str | None] = mapped_column(String(120))
    geometry: Mapped[str | None] = mapped_column(Text)
    west: Mapped[float | None]
    south: Mapped[float | None]
    east: Mapped[float | None]
    north: Mapped[float | None]
    precision_m: Mapped[int | None]
    sheet: Mapped[str] = mapped_column(String(20))
    answers: Mapped[str] = mapped_column(Text)
    shown: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime.datetime]
    changed_at: Mapped[datetime.datetime]

    participant: Mapped[Participant] = relationship(lazy="joined")


class ContributionRevision(Base):
    """What a contribution said before its author corrected it; erased when it is withdrawn."""

    __tablename__ = "contribution_revisions"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contributions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime.datetime]


class Support(Base):
    """A participant agrees with a contribution of somebody else."""

    __tablename__ = "supports"
    __table_args__ = (Index(None, "participant_id"),)

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contributions.id", ondelete="CASCADE"), primary_key=True
    )
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True
    )


class Flag(Base):
    """A participant says that a contribution should be looked at."""

    __tablename__ = "flags"
    __table_args__ = (Index(None, "participant_id"),)

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contributions.id", ondelete="CASCADE"), primary_key=True
    )
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True
    )
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime.datetime]


class Decision(Base):
    """What was decided of a contribution, by whom and why; only ever added.

    Its reason never repeats the text of the contribution: the log of decisions is public.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        one_of("action", DECISIONS),
        Index(None, "contribution_id"),
        Index(None, "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime.datetime]
