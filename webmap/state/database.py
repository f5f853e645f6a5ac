"""How is the database spoken to? Short transactions, each closed by the block that opened it.

SQLite by default, PostgreSQL by ``DATABASE_URL``. A transaction that writes is opened as such,
so that on SQLite two writers queue up instead of refusing each other.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 10_000
CONNECT_TIMEOUT_S = 5
WRITES = "limitrophe_writes"
"""The execution option of a connection that is going to write."""


class Database:
    """The database of the state.

    Parameters
    ----------
    url
        ``sqlite:///…``, or ``postgresql://…`` which is spoken to with psycopg 3.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writing = self.engine.execution_options(**{WRITES: True})
        weakref.finalize(self, self.engine.dispose)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether this is the SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @property
    def name(self) -> str:
        """Its address without the password, for messages."""
        return self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session on one consistent state of the database; nothing is written."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session that is committed at the end of the block, all or nothing.

        When the block is left without an exception the changes are on the disk.
        """
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Set what SQLite keeps for each connection; we say ourselves when a transaction begins."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # In WAL mode NORMAL may lose the last commits when the power fails; what is acknowledged stays.
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
