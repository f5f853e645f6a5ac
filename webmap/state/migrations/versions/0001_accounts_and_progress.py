"""Which tables come first? Accounts, their sessions and attempts; the progress of commitments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

APPEND_ONLY_SQLITE = """
CREATE TRIGGER progress_entries_no_{verb} BEFORE {verb} ON progress_entries
BEGIN SELECT RAISE(ABORT, 'progress is only ever added to'); END
"""
APPEND_ONLY_FUNCTION = """
CREATE FUNCTION progress_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'progress is only ever added to'; END $$
"""
APPEND_ONLY_POSTGRESQL = """
CREATE TRIGGER progress_entries_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON progress_entries
FOR EACH STATEMENT EXECUTE FUNCTION progress_entries_refuse()
"""


def upgrade() -> None:
    """Make the tables."""
    _make_accounts()
    _make_progress()
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(APPEND_ONLY_SQLITE.format(verb=verb))
    else:
        op.execute(APPEND_ONLY_FUNCTION)
        op.execute(APPEND_ONLY_POSTGRESQL)


def _make_accounts() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("folded", sa.String(120), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("folded", name="uq_users_folded"),
        sa.CheckConstraint("role IN ('editor', 'administrator')", name=op.f("ck_users_role")),
    )
    op.create_table(
        "logins",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_logins"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_logins_user_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_logins_user_id", "logins", ["user_id"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("origin", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("ix_attempts_origin_at", "attempts", ["origin", "at"])
    op.create_index("ix_attempts_at", "attempts", ["at"])


def _make_progress() -> None:
    op.create_table(
        "progress_entries",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("commitment", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("evidence", sa.String(500), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author_id", sa.Integer, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_progress_entries"),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name="fk_progress_entries_author_id",
            ondelete="RESTRICT",
        ),
        sa.UniqueConstraint("commitment", "number", name="uq_progress_entries_commitment_number"),
        sa.CheckConstraint(
            "status IN ('not-started', 'in-progress', 'done', 'suspended', 'abandoned')",
            name=op.f("ck_progress_entries_status"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_progress_entries_number")),
    )
    op.create_index("ix_progress_entries_author_id", "progress_entries", ["author_id"])


def downgrade() -> None:
    """Take the tables away, with all that they hold."""
    op.drop_table("progress_entries")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION progress_entries_refuse()")
    op.drop_table("attempts")
    op.drop_table("logins")
    op.drop_table("users")
