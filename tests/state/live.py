"""A server of the consultation service that is killed and started again, and clients that insist.

Clients do what the queue of a device does: repeat a contribution under its own key until the
server has acknowledged it.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.state.postgres import free_port
from webmap.config import ROOT

TOKENS = 20
"""Browsers of a device thread: each contributes no oftener than a person would."""
PATIENCE_S = 60
"""Seconds within which a server answers, and a client is acknowledged."""


class Server:
    """The production server, two workers, on loopback; `kill` ends it as a power cut would.

    Parameters
    ----------
    settings
        Settings of the service by name.
    largest_file
        Bytes that a file of the server may have: what is longer meets a full disk.
    """

    def __init__(self, settings: dict[str, Any], largest_file: int | None = None) -> None:
        self.port = free_port()
        self.largest_file = largest_file
        self._env = {**os.environ, **{k: str(v) for k, v in settings.items() if k != "TESTING"}}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            sys.executable, "-m", "webmap.server", "--port", str(self.port), "--workers", "2",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._env,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
            preexec_fn=self._limit,
        )
        self.wait()

    def _limit(self) -> None:
        size = self.largest_file or resource.RLIM_INFINITY
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    def wait(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            assert self._process is not None
            assert self._process.poll() is None, "the server stopped"
            try:
                if request(self.port, "GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not answer within {PATIENCE_S} s")

    def workers(self) -> list[int]:
        assert self._process is not None
        found = subprocess.run(
            ["pgrep", "-P", str(self._process.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in found.stdout.split()]

    def kill_worker(self, chance: random.Random) -> bool:
        """Kill one of the workers at once; False when there is none at this moment."""
        there = self.workers()
        if not there:
            return False
        try:
            os.kill(chance.choice(there), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """Kill the server and its workers at once."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextmanager
def running(settings: dict[str, Any], largest_file: int | None = None) -> Iterator[Server]:
    """Run a server; it is gone afterwards."""
    server = Server(settings, largest_file)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def request(
    port: int, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Send a request on a connection of its own; status, headers in lower case, body.

    Raises
    ------
    OSError
        If the answer does not come whole.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        got = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, got, answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()


class Device(threading.Thread):
    """Browsers that contribute in turn until they are told to stop, and never give one up."""

    def __init__(self, port: int, slug: str, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[str] = []
        self.refused: list[tuple[int, bytes]] = []
        self.failures: Counter[int] = Counter()
        self.stop = threading.Event()
        self._port, self._path, self._chance = port, f"/consultations/{slug}", chance
        self._cookie = ""
        self._cookies = [self._join() for _ in range(TOKENS)]

    def run(self) -> None:
        for cookie in itertools.cycle(self._cookies):
            self._cookie = cookie
            key = str(uuid.uuid4())
            self._insist(key)
            if self._chance.random() < 0.3:  # not sure that it was heard
                self._insist(key)
            if self.stop.is_set():
                return

    def _join(self) -> str:
        _body, headers = self._until_told("POST", "/jeton", {"channel": "online"})
        return headers["set-cookie"].partition(";")[0]

    def _insist(self, key: str) -> None:
        said = {
            "key": key,
            "category": "idee",
            "geometry": {"type": "Point", "coordinates": [2.3, 48.82]},
            "answers": {"avis": f"Contribution {key}"},
        }
        if self._until_told("POST", "/contributions", said)[0] is not None:
            self.acknowledged.append(key)

    def _until_told(
        self, method: str, path: str, sent: dict[str, Any]
    ) -> tuple[bytes | None, dict[str, str]]:
        """Send it again until the server has taken or refused it."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                status, headers, body = request(
                    self._port, method, self._path + path, json.dumps(sent).encode(),
                    Content_Type="application/json", Cookie=self._cookie,
                    Origin=f"http://127.0.0.1:{self._port}",
                )  # fmt: skip
            except OSError:
                continue
            if status in (200, 201):
                return body, headers
            if status == 429:  # a person would not have been as quick
                time.sleep(0.2)
            elif status >= 500:
                self.failures[status] += 1
                time.sleep(0.1)
            else:
                self.refused.append((status, body))
                return None, {}
        self.refused.append((0, b"never told"))
        return None, {}
