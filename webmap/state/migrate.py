"""Is the database at the version of the program? The start brings it there, one at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from webmap.state.database import WRITES, Database
from webmap.state.folder import StateFault, StateFolder

SCRIPTS = Path(__file__).parent / "migrations"
LOCK_NUMBER = 7_140_921_447_004
"""The advisory lock of PostgreSQL under which the tables are changed: any number of our own."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, for a connection that is open."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def version(connection: Connection) -> str | None:
    """The version that a database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The version that this program works with."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    return head or ""


def migrate(database: Database, folder: StateFolder, target: str = "head") -> None:
    """Bring the database to a version; several processes may try at once.

    Raises
    ------
    StateFault
        If the database cannot be reached, is damaged, or is newer than the program.
    """
    try:
        with folder.locked(), alone(database) as connection:
            now = version(connection)
            if target == "head" and now == newest():
                return
            _check_known(database, now)
            config = configuration(connection)
            if target == "head":
                command.upgrade(config, target)
            else:
                command.downgrade(config, target)
    except (SQLAlchemyError, CommandError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        first = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
        raise StateFault(
            f"the database {database.name} cannot be used: {first}. Repair what it says, or"
            " restore a backup."
        ) from error


def known_versions() -> set[str]:
    """Every version that this program knows."""
    scripts = ScriptDirectory.from_config(configuration()).walk_revisions()
    return {script.revision for script in scripts}


def _check_known(database: Database, now: str | None) -> None:
    if now is not None and now not in known_versions():
        raise StateFault(
            f"the database {database.name} is at version {now}, which this program does not know:"
            " it was made by a newer one."
        )


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """Open the transaction in which the tables change, all or nothing, on this process alone."""
    writing = database.engine.execution_options(**{WRITES: True})
    with writing.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK_NUMBER})
        yield connection
