"""How is the state taken away and brought back? One file for both databases, while they serve.

A backup is a ZIP: one file of JSON lines a table, the secret key, and ``manifest.json`` with the
version of the tables, and count and SHA-256 of each file. It is read from one moment of the
database; it is restored all or nothing. One of SQLite can be restored into PostgreSQL.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Boolean, Column, Connection, Date, DateTime, MetaData, Table, func, select
from sqlalchemy import text as sql

from webmap.clock import now
from webmap.state.database import Database
from webmap.state.folder import StateFault, StateFolder, write_private
from webmap.state.migrate import alone, configuration, known_versions, version

MANIFEST = "manifest.json"
SECRET = "secret-key"
FORMAT = 1
BATCH = 500


def back_up(database: Database, folder: StateFolder, target: Path) -> dict[str, int]:
    """Write a backup; it appears whole or not at all, readable by its owner alone.

    Returns
    -------
    dict
        Number of rows by table.

    Raises
    ------
    StateFault
        If the target exists or cannot be written.
    """
    if target.exists():
        raise StateFault(f"{target} exists already; a backup overwrites nothing.")
    part = target.with_name(f"{target.name}.part")
    try:
        part.touch(mode=0o600)
        part.chmod(0o600)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            counts = _write(database, folder, archive)
        part.replace(target)
    except OSError as error:
        raise StateFault(f"{target} cannot be written ({error.strerror}).") from error
    finally:
        part.unlink(missing_ok=True)
    return counts


def _write(database: Database, folder: StateFolder, archive: zipfile.ZipFile) -> dict[str, int]:
    files: dict[str, dict[str, Any]] = {}
    with _one_moment(database) as connection:
        tables = _tables(connection)
        at = version(connection)
        for table in tables:
            rows, digest = 0, hashlib.sha256()
            with archive.open(f"{table.name}.jsonl", "w") as file:
                for row in connection.execute(select(table)).mappings():
                    line = json.dumps(dict(row), default=_plain, ensure_ascii=False) + "\n"
                    file.write(line.encode())
                    digest.update(line.encode())
                    rows += 1
            files[table.name] = {"rows": rows, "sha256": digest.hexdigest()}
    archive.writestr(SECRET, folder.secret())
    manifest = {
        "format": FORMAT,
        "version": at,
        "made_at": now().isoformat(timespec="seconds"),
        "tables": files,
    }
    archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
    return {name: file["rows"] for name, file in files.items()}


def _one_moment(database: Database) -> Connection:
    """Open a connection that sees the database as it is now, whatever is written meanwhile."""
    if database.is_sqlite:
        return database.engine.connect()
    return database.engine.connect().execution_options(isolation_level="REPEATABLE READ")


def _tables(connection: Connection) -> list[Table]:
    """Every table of the state as it is in the database, those referred to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _plain(value: object) -> str:
    """A moment as text in UTC, a day as text.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if isinstance(value, datetime.datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        return moment.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def restore(
    database: Database, folder: StateFolder, source: Path, *, replace: bool = False
) -> dict[str, int]:
    """Bring a backup back, all or nothing, with the secret that its browsers know.

    Parameters
    ----------
    database, folder
        The state, at the newest version.
    source
        A file that `back_up` has written.
    replace
        Whether what there is may be taken away; otherwise the database must hold nothing.

    Returns
    -------
    dict
        Number of rows by table.

    Raises
    ------
    StateFault
        If the file is damaged, was made by a newer program, or the database is not empty.
    """
    with _opened(source) as archive:
        manifest = _checked(archive, source)
        secret = archive.read(SECRET)
        with folder.locked(), alone(database) as connection:
            if not replace and not _is_empty(connection):
                raise StateFault(
                    f"the database {database.name} holds something already; back it up, then"
                    " restore with --replace."
                )
            _remake(connection, manifest["version"])
            tables = {table.name: table for table in _tables(connection)}
            for table in tables.values():
                _fill(connection, table, archive)
            command.upgrade(configuration(connection), "head")
        with folder.locked():
            write_private(folder.path / SECRET, secret)
    return {name: file["rows"] for name, file in manifest["tables"].items()}


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except OSError as error:
        raise StateFault(f"{source} cannot be read ({error.strerror}).") from error
    except zipfile.BadZipFile as error:
        raise StateFault(f"{source} is not a backup, or is damaged ({error}).") from error


def _checked(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    """Return the manifest, once every file is what it says."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if manifest["format"] != FORMAT or manifest["version"] not in known_versions():
            raise StateFault(f"{source} was made by a newer program than this one.")
        for name, file in manifest["tables"].items():
            digest, rows = hashlib.sha256(), 0
            with archive.open(f"{name}.jsonl") as lines:
                for line in lines:
                    digest.update(line)
                    rows += 1
            if (rows, digest.hexdigest()) != (file["rows"], file["sha256"]):
                raise StateFault(f"{source}: {name}.jsonl is not what was backed up.")
        archive.getinfo(SECRET)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, OSError) as error:
        raise StateFault(f"{source} is not a backup, or is damaged ({error}).") from error
    return manifest


def _is_empty(connection: Connection) -> bool:
    return not any(
        connection.scalar(select(func.count()).select_from(table)) for table in _tables(connection)
    )


def _remake(connection: Connection, at: str) -> None:
    """Make all tables anew, at a version."""
    command.downgrade(configuration(connection), "base")
    command.upgrade(configuration(connection), at)


def _fill(connection: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    with archive.open(f"{table.name}.jsonl") as lines:
        rows = ({c.name: _value(c, row[c.name]) for c in table.c} for row in map(json.loads, lines))
        for batch in _batches(rows):
            connection.execute(table.insert(), batch)
    number = table.c.get("id")
    if connection.dialect.name == "postgresql" and number is not None:
        connection.execute(
            sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                f" GREATEST(MAX(id), 1), MAX(id) IS NOT NULL) FROM {table.name}"
            )
        )


def _value(column: Column[Any], found: Any) -> Any:
    if found is None:
        return None
    if isinstance(column.type, DateTime):
        return datetime.datetime.fromisoformat(found)
    if isinstance(column.type, Date):
        return datetime.date.fromisoformat(found)
    if isinstance(column.type, Boolean):
        return bool(found)
    return found


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
