"""Where does the state lie, and who may read it? One folder, made when it is missing."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

SECRET_BYTES = 32
PATIENCE_S = 60
"""How long a process waits while another one prepares the state."""


class StateUnavailable(Exception):
    """The state folder cannot be written to: the atlas can still be read."""


class StateFault(Exception):
    """There is a state, and it cannot be used: starting without it would look like a loss."""


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The folder of the state: the SQLite file, the secret key, the lock.

    Parameters
    ----------
    path
        An existing folder that this process can write to.
    """

    path: Path

    @classmethod
    def prepare(cls, path: Path) -> StateFolder:
        """Return the folder, made when it is missing.

        Raises
        ------
        StateUnavailable
            If it cannot be made or written to.
        """
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                pass
        except OSError as error:
            raise StateUnavailable(
                f"LIMITROPHE_STATE: {path} cannot be written to ({error.strerror})."
            ) from error
        return cls(path)

    def sqlite_url(self) -> str:
        """The address of the SQLite database."""
        return f"sqlite:///{self.path / 'limitrophe.sqlite3'}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder: no other process prepares the state meanwhile.

        Raises
        ------
        StateFault
            If another process holds it for longer than `PATIENCE_S`.
        """
        try:
            with FileLock(self.path / "limitrophe.lock", timeout=PATIENCE_S, mode=0o600):
                yield
        except Timeout as error:
            raise StateFault(
                f"{self.path}: another process has been preparing the state for {PATIENCE_S} s."
            ) from error

    def secret(self) -> bytes:
        """The secret that signs sessions, made once, readable by its owner alone.

        Raises
        ------
        StateFault
            If the file holds something else.
        """
        path = self.path / "secret-key"
        with self.locked():
            if not path.exists():
                write_private(path, secrets.token_hex(SECRET_BYTES).encode())
            kept = path.read_bytes().strip()
        if len(kept) < 2 * SECRET_BYTES:
            raise StateFault(f"{path}: this is not a secret key; delete it and a new one is made.")
        return kept


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; it appears whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
