"""A real PostgreSQL server for the tests: on loopback, in a folder of its own, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ACCOUNT = "postgres"
"""The account that runs the server when the tests run as root, which PostgreSQL refuses."""
INSTALLED = Path("/usr/lib/postgresql")


def tool(name: str) -> str:
    """The path of one of PostgreSQL's programs."""
    versions = sorted(INSTALLED.glob(f"*/bin/{name}"), key=lambda p: int(p.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    assert found, f"{name} is missing: install PostgreSQL (Debian, Ubuntu: apt install postgresql)"
    return found


def as_account(command: list[str]) -> list[str]:
    return ["runuser", "-u", ACCOUNT, "--", *command] if os.geteuid() == 0 else command


def run(*command: str) -> None:
    done = subprocess.run(
        as_account(list(command)), capture_output=True, text=True, cwd="/", timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(*, safe: bool = False) -> Iterator[str]:
    """Run a server; yield the address of its databases, without a database’s name.

    ``safe`` waits for the disk as one in use does; tests are quicker without.
    """
    folder = Path(tempfile.mkdtemp(prefix="limitrophe-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT)
    data, port = folder / "data", free_port()
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        f" -c fsync={'on' if safe else 'off'}"
    )
    try:
        run(
            tool("initdb"), "-D", str(data), "-U", "limitrophe", "-A", "trust", "-E", "UTF8",
            "--locale=C", "-N",
        )  # fmt: skip
        log = str(folder / "log")
        run(tool("pg_ctl"), "-D", str(data), "-l", log, "-o", options, "-w", "start")
        try:
            yield f"postgresql://limitrophe@127.0.0.1:{port}/"
        finally:
            run(tool("pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restart(address: str) -> None:
    """Restart a server as a power cut would: nothing in progress is finished."""
    with psycopg.connect(f"{address}postgres") as connection:
        found = connection.execute("SHOW data_directory").fetchone()
    assert found
    run(tool("pg_ctl"), "-D", str(found[0]), "-m", "immediate", "-w", "restart", "-l", "/dev/null")
