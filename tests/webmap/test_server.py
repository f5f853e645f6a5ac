"""The server that reads the atlas once for all its workers."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.webmap.conftest import trial_content
from webmap.config import ROOT
from webmap.server import parse

ITEMS = "/ogc/collections/sites/items"
LAMBERT = f"{ITEMS}?crs=http://www.opengis.net/def/crs/EPSG/0/2154"


@contextlib.contextmanager
def started(data: Path, workers: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "webmap.server", "--port", str(port), "--workers", str(workers)],
        cwd=ROOT,
        env={**os.environ, "LIMITROPHE_DATA": str(data)},
    )
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.terminate()
        server.wait(timeout=20)


def answer(address: str) -> bytes:
    for _attempt in range(150):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as got:
            return got.read()
        time.sleep(0.2)
    raise AssertionError("the server did not answer in 30 seconds")


def workers_of(server: subprocess.Popen[bytes]) -> list[int]:
    listed = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]


@pytest.mark.live
def test_workers_answer_and_one_that_fails_is_replaced(trial_folder: Path) -> None:
    with started(trial_folder, workers=2) as (address, server):
        expected = answer(address + ITEMS)
        before = workers_of(server)
        assert len(before) == 2
        projected = {answer(address + LAMBERT) for _time in range(8)}  # PROJ works in each
        assert len(projected) == 1
        os.kill(before[0], signal.SIGKILL)
        for _attempt in range(100):
            now = workers_of(server)
            if len(now) == 2 and now != before:
                break
            time.sleep(0.1)
        assert len(now) == 2
        assert now != before
        assert answer(address + ITEMS) == expected


def open_files(pid: int) -> list[str]:
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(link.readlink().name)
    return found


@pytest.mark.live
def test_the_workers_inherit_no_open_database(trial_folder: Path) -> None:
    with started(trial_folder, workers=2) as (address, server):
        answer(address + ITEMS)
        for pid in (server.pid, *workers_of(server)):
            assert not [name for name in open_files(pid) if "limitrophe" in name]


def test_a_fault_of_the_data_is_told_once(tmp_path: Path) -> None:
    content = trial_content()
    content.commitment("convention-a-1")["kind"] = "maybe"
    done = subprocess.run(
        [sys.executable, "-m", "webmap.server", "--port", "0", "--workers", "2"],
        cwd=ROOT,
        env={**os.environ, "LIMITROPHE_DATA": str(content.write(tmp_path))},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.count("Cannot start") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("given", [["--workers", "0"], ["--port", "x"], ["--threads", "0"]])
def test_options_that_cannot_be_used_are_refused(given: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(given)
    assert stopped.value.code == 2
