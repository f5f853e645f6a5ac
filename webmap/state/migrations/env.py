"""How does Alembic run a migration? On the connection, and in the transaction, of `migrate`."""

from __future__ import annotations

from alembic import context

from webmap.state.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
