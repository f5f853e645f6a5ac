"""How many people can take part at once, and when does it break? Ten minutes of one room.

A seeded crowd joins within the first minute; each device then asks for what is new every ten
seconds, contributes about every 75 seconds, and supports somebody about every 30. Its requests are
sent when they are due, by client threads beside the server on the same machine; a live view asks
every second. Times are those of whole requests. With ``--ramp`` the crowd is doubled, a minute
each, until a contribution takes 200 ms (p95), or something fails.
"""

from __future__ import annotations

import argparse
import heapq
import http.client
import json
import random
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import results  # noqa: E402
from tests.state import postgres  # noqa: E402
from tests.state.live import Server  # noqa: E402
from webmap.config import read_settings  # noqa: E402
from webmap.consultation import kept, store  # noqa: E402
from webmap.consultation.plan import Plan  # noqa: E402
from webmap.consultation.store import Known  # noqa: E402
from webmap.state import Database, open_state  # noqa: E402

WITHIN_S = 0.2
FRESH_S = 3.0
THREADS = 24
LARGEST_CROWD = 5000
ABOUT = (
    "The first row of each database is ten minutes of one room; the others, a minute each, join"
    " within fifteen seconds. Wanted for the room: no failure, nothing lost, p95 of a contribution"
    " under 200 ms, the live view less than 3 s behind. Clients and server share the machine; by"
    " how much the clients were late says when they are what is measured."
)
JOIN_S = 60
REFRESH_S, CONTRIBUTE_S, SUPPORT_S = 10, (60, 90), (20, 40)
PLAN = Plan.model_validate(
    {
        "title_fr": "Mesure",
        "moderation": "after",
        "questions": [{"id": "avis", "kind": "text", "label_fr": "Avis", "required": True}],
    }
)


@dataclass(order=True)
class Due:
    """Something that a device does at a moment (seconds of the run)."""

    at: float
    device: int = field(compare=False)
    what: str = field(compare=False)


@dataclass
class Seen:
    """What was measured: seconds by kind of request, and what failed."""

    times: dict[str, list[float]] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[int, tuple[str, float]] = field(default_factory=dict)
    viewed: dict[int, float] = field(default_factory=dict)
    late: float = 0.0

    def p(self, what: str, share: float) -> float:
        """A quantile of the times of a kind of request, milliseconds."""
        found = sorted(self.times.get(what, [0.0]))
        return 1000 * found[min(len(found) - 1, int(share * len(found)))]

    def staleness(self) -> float:
        """The longest that a contribution took from its acknowledgement to the live view, s."""
        waits = [
            self.viewed[n] - at for n, (_key, at) in self.acknowledged.items() if n in self.viewed
        ]
        return max(waits, default=0.0)


class Crowd:
    """Devices of one room, and the threads that send what they do."""

    def __init__(self, port: int, slug: str, devices: int, seconds: float, seed: int = 1) -> None:
        self.port, self.path, self.seconds = port, f"/consultations/{slug}", seconds
        self.seen = Seen()
        self._chance = random.Random(seed)
        self._cookies: dict[int, str] = {}
        self._tags: dict[int, str] = {}
        self._own: dict[int, set[int]] = {}
        self._numbers = 0
        self._lock = threading.Lock()
        spread = min(JOIN_S, seconds / 4)
        self._due = [Due(self._chance.uniform(0, spread), n, "join") for n in range(devices)]
        heapq.heapify(self._due)

    def run(self) -> Seen:
        """Live through the run."""
        self._began = time.perf_counter()
        viewer = threading.Thread(target=self._view, daemon=True)
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(THREADS)]
        for thread in (viewer, *threads):
            thread.start()
        for thread in (*threads, viewer):
            thread.join()
        return self.seen

    def _now(self) -> float:
        return time.perf_counter() - self._began

    def _work(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while True:
            with self._lock:
                if not self._due or self._due[0].at > self.seconds:
                    return
                due = heapq.heappop(self._due)
            wait = due.at - self._now()
            if wait > 0:
                time.sleep(wait)
            else:
                self.seen.late = max(self.seen.late, -wait)
            try:
                self._do(connection, due)
            except (OSError, http.client.HTTPException) as error:
                self._fail(due.what, type(error).__name__)
                connection.close()

    def _do(self, connection: http.client.HTTPConnection, due: Due) -> None:
        match due.what:
            case "join":
                self._join(connection, due.device)
            case "refresh":
                self._refresh(connection, due.device)
            case "contribute":
                self._contribute(connection, due.device)
            case _:
                self._support(connection, due.device)
        with self._lock:
            for what, pause in self._next(due.what):
                heapq.heappush(self._due, Due(self._now() + pause, due.device, what))

    def _next(self, what: str) -> Iterator[tuple[str, float]]:
        if what in ("join", "refresh"):
            yield "refresh", REFRESH_S
        if what in ("join", "contribute"):
            yield "contribute", self._chance.uniform(*CONTRIBUTE_S) * (what != "join" or 0.3)
        if what in ("join", "support"):
            yield "support", self._chance.uniform(*SUPPORT_S)

    def _send(
        self, connection: http.client.HTTPConnection, what: str, method: str, path: str,
        body: bytes = b"", **headers: str,
    ) -> tuple[http.client.HTTPResponse, bytes]:  # fmt: skip
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Origin"] = f"http://127.0.0.1:{self.port}"
        began = time.perf_counter()
        connection.request(method, self.path + path, body or None, sent)
        answer = connection.getresponse()
        content = answer.read()
        with self._lock:
            self.seen.times.setdefault(what, []).append(time.perf_counter() - began)
        if answer.status >= 400:
            self._fail(what, f"{answer.status}")
        return answer, content

    def _fail(self, what: str, why: str) -> None:
        with self._lock:
            self.seen.failures[f"{what}: {why}"] += 1

    def _join(self, connection: http.client.HTTPConnection, device: int) -> None:
        answer, _body = self._send(
            connection, "join", "POST", "/jeton", b'{"channel": "room"}',
            Content_Type="application/json",
        )  # fmt: skip
        self._cookies[device] = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        self._send(connection, "page", "GET", "/carte", Cookie=self._cookies[device])

    def _refresh(self, connection: http.client.HTTPConnection, device: int) -> None:
        answer, _body = self._send(
            connection, "refresh", "GET", "/contributions", Accept_Encoding="gzip, br",
            If_None_Match=self._tags.get(device, '""'), Cookie=self._cookies[device],
        )  # fmt: skip
        self._tags[device] = answer.getheader("ETag") or '""'

    def _contribute(self, connection: http.client.HTTPConnection, device: int) -> None:
        key = str(uuid.uuid4())
        said = {
            "key": key,
            "geometry": {"type": "Point", "coordinates": [2.3 + device / 1e5, 48.82]},
            "answers": {"avis": f"Contribution {key} : plus d’arbres et moins de bruit."},
        }
        answer, body = self._send(
            connection, "contribute", "POST", "/contributions", json.dumps(said).encode(),
            Content_Type="application/json", Cookie=self._cookies[device],
        )  # fmt: skip
        if answer.status in (200, 201):
            number = json.loads(body)["number"]
            with self._lock:
                self._own.setdefault(device, set()).add(number)
                self.seen.acknowledged[number] = (key, self._now())
                self._numbers = max(self._numbers, number)

    def _support(self, connection: http.client.HTTPConnection, device: int) -> None:
        number = self._chance.randint(1, max(self._numbers, 1))
        if self._numbers and number not in self._own.get(device, ()):
            self._send(
                connection, "support", "PUT", f"/soutiens/{number}", b"{}",
                Content_Type="application/json", Cookie=self._cookies[device],
            )  # fmt: skip

    def _view(self) -> None:
        """Ask as the projector does, and note how long a contribution took to be there."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        tag = '""'
        while self._now() < self.seconds:
            answer, body = self._send(
                connection, "live view", "GET", "/contributions", If_None_Match=tag
            )
            tag = answer.getheader("ETag") or '""'
            if answer.status == 200:
                for one in json.loads(body)["features"]:
                    self.seen.viewed.setdefault(one["id"], self._now())
            time.sleep(1)


@contextmanager
def service(database: str, folder: Path) -> Iterator[tuple[Server, Database, Known]]:
    """Run the service on an empty database with one open consultation."""
    settings: dict[str, Any] = {"LIMITROPHE_STATE": folder / "state"}
    if database == "postgresql":
        with postgres.server(safe=True) as address:
            settings["DATABASE_URL"] = f"{address}postgres"
            with _serving(settings) as found:
                yield found
    else:
        with _serving(settings) as found:
            yield found


@contextmanager
def _serving(settings: dict[str, Any]) -> Iterator[tuple[Server, Database, Known]]:
    state, _secret = open_state(read_settings({k: str(v) for k, v in settings.items()}))
    known = store.move(state, store.create(state, PLAN, None), "open")
    server = Server(settings)
    server.start()
    try:
        yield server, state, known
    finally:
        server.kill()
        state.engine.dispose()


def row(database: str, devices: int, seconds: float) -> tuple[list[object], bool]:
    """Measure one crowd; the row of the table, and whether nothing broke."""
    with tempfile.TemporaryDirectory() as folder, service(database, Path(folder)) as found:
        server, state, known = found
        seen = Crowd(server.port, known.slug, devices, seconds).run()
        there = {one.key for one in kept.listed(state, known)}
    lost = len({key for key, _at in seen.acknowledged.values()} - there)
    requests = sum(map(len, seen.times.values()))
    in_time = seen.p("contribute", 0.95) / 1000 <= WITHIN_S and seen.staleness() <= FRESH_S
    whole = in_time and not seen.failures and not lost
    cells = [
        database, devices, f"{requests / seconds:.0f}", len(seen.acknowledged), lost,
        *(f"{seen.p(what, 0.95):.0f}" for what in ("contribute", "support", "refresh", "page")),
        f"{seen.p('contribute', 0.99):.0f}", f"{seen.staleness():.1f}", f"{1000 * seen.late:.0f}",
        ", ".join(f"{n} × {why}" for why, n in seen.failures.most_common(3)) or "none",
    ]  # fmt: skip
    print(*cells, sep="\t", flush=True)
    return cells, whole


HEADERS = (
    "database", "devices", "requests/s", "contributions", "lost", "contribute p95, ms",
    "support p95", "refresh p95", "page p95", "contribute p99", "live view behind, s",
    "clients late, ms", "failures",
)  # fmt: skip


def measured(
    databases: list[str], devices: int, minutes: float, *, ramp: bool
) -> list[list[object]]:
    """The rows of the table: the room, then ever larger ones until something breaks."""
    rows = []
    for database in databases:
        cells, whole = row(database, devices, 60 * minutes)
        rows.append(cells)
        crowd = devices
        while ramp and whole and crowd < LARGEST_CROWD:
            crowd *= 2
            cells, whole = row(database, crowd, 60)
            rows.append(cells)
    return rows


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and write the table when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--devices", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--ramp", action="store_true", help="double the crowd until it breaks")
    parser.add_argument("--write", action="store_true", help="write the table to RESULTS.md")
    options = parser.parse_args(arguments)
    databases = options.database or ["sqlite", "postgresql"]
    rows = measured(databases, options.devices, options.minutes, ramp=options.ramp)
    if options.write:
        machine = results.machine("flask", "granian", "sqlalchemy", "psycopg")
        body = (
            f"## A room that takes part\n\n{machine}\n\n{ABOUT}\n\n{results.table(HEADERS, rows)}"
        )
        results.write("consultation", body)


if __name__ == "__main__":
    main()
