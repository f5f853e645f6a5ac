"""Which tables do consultations need? Theirs, besides accounts and progress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _make_consultations()
    _make_people()
    _make_contributions()
    _make_revisions()
    _make_reactions()


def _make_consultations() -> None:
    op.create_table(
        "consultations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("contributions", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "stage IN ('draft', 'open', 'paused', 'closed', 'archived')",
            name=op.f("ck_consultations_stage"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
        sa.UniqueConstraint("code", name=op.f("uq_consultations_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_consultations_slug")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consultation_versions",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_consultation_versions_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_consultation_versions_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "number", name=op.f("pk_consultation_versions")),
    )
    op.create_index(
        op.f("ix_consultation_versions_author_id"),
        "consultation_versions",
        ["author_id"],
        unique=False,
    )


def _make_people() -> None:
    op.create_table(
        "facilitators",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'facilitator')", name=op.f("ck_facilitators_role")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_facilitators_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_facilitators_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("consultation_id", "user_id", name=op.f("pk_facilitators")),
    )
    op.create_index(op.f("ix_facilitators_user_id"), "facilitators", ["user_id"], unique=False)
    op.create_table(
        "participants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('online', 'room', 'paper')", name=op.f("ck_participants_channel")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_participants_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint(
            "consultation_id", "digest", name=op.f("uq_participants_consultation_id_digest")
        ),
        sqlite_autoincrement=True,
    )


def _make_contributions() -> None:
    op.create_table(
        "contributions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=True),
        sa.Column("commitment", sa.String(length=120), nullable=True),
        sa.Column("territory", sa.String(length=120), nullable=True),
        sa.Column("geometry", sa.Text(), nullable=True),
        sa.Column("west", sa.Float(), nullable=True),
        sa.Column("south", sa.Float(), nullable=True),
        sa.Column("east", sa.Float(), nullable=True),
        sa.Column("north", sa.Float(), nullable=True),
        sa.Column("precision_m", sa.Integer(), nullable=True),
        sa.Column("sheet", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'published', 'rejected', 'withdrawn')",
            name=op.f("ck_contributions_state"),
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_contributions_revision")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_contributions_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_contributions_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
        sa.UniqueConstraint(
            "consultation_id", "key", name=op.f("uq_contributions_consultation_id_key")
        ),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_contributions_consultation_id_number")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_contributions_commitment"), "contributions", ["commitment"], unique=False
    )
    op.create_index(
        op.f("ix_contributions_consultation_id_state"),
        "contributions",
        ["consultation_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contributions_participant_id"), "contributions", ["participant_id"], unique=False
    )
    op.create_index(op.f("ix_contributions_place"), "contributions", ["place"], unique=False)


def _make_revisions() -> None:
    op.create_table(
        "contribution_revisions",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contributions.id"],
            name=op.f("fk_contribution_revisions_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "contribution_id", "number", name=op.f("pk_contribution_revisions")
        ),
    )


def _make_reactions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "action IN ('publish', 'accept', 'reject', 'redact', 'restore', 'withdraw', 'late',"
            " 'erase')",
            name=op.f("ck_decisions_action"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_decisions_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contributions.id"],
            name=op.f("fk_decisions_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_author_id"), "decisions", ["author_id"], unique=False)
    op.create_index(
        op.f("ix_decisions_contribution_id"), "decisions", ["contribution_id"], unique=False
    )
    op.create_table(
        "flags",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contributions.id"],
            name=op.f("fk_flags_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_flags_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contribution_id", "participant_id", name=op.f("pk_flags")),
    )
    op.create_index(op.f("ix_flags_participant_id"), "flags", ["participant_id"], unique=False)
    op.create_table(
        "supports",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contributions.id"],
            name=op.f("fk_supports_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_supports_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contribution_id", "participant_id", name=op.f("pk_supports")),
    )
    op.create_index(
        op.f("ix_supports_participant_id"), "supports", ["participant_id"], unique=False
    )


def downgrade() -> None:
    """Take the tables away, with all that they hold."""
    for name in (
        "supports",
        "flags",
        "decisions",
        "contribution_revisions",
        "contributions",
        "participants",
        "facilitators",
        "consultation_versions",
        "consultations",
    ):
        op.drop_table(name)
