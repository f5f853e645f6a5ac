"""How fast is the open data service, beside pygeoapi, tipg and a static file, in one run?

Every service has the same features (`benchmarks.service_data`) and two workers, and is loaded in
turn, alone; a figure is the median of the rounds. pygeoapi answers through the provider that was
quickest in a first trial of each measure; nginx sends the bytes that ours sends, as files, which
is the limit. Boxes, also those of filters, are new in every request, so that no service can answer
from memory. Of a service that gives no ETag, the full answer counts as that to a conditional GET.
Before the load, each service must return as many features as ours.

``python benchmarks/peers.py --setup`` first; ``--write`` puts the table into RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import load, peers, results  # noqa: E402
from benchmarks import service_data as data  # noqa: E402
from benchmarks import service_report as report  # noqa: E402

BOX = "<X1>,<Y1>,<X2>,<Y2>"
RING = "<X1> <Y1>,<X2> <Y1>,<X2> <Y2>,<X1> <Y2>,<X1> <Y1>"
FILTER = f"S_INTERSECTS(geometry,POLYGON(({RING}))) AND observation LIKE '%cyclable%'"
TRY_S = 4.0
"""A provider that needs longer for one answer is not loaded."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One question that every service is asked.

    Parameters
    ----------
    id
        Its name in the table.
    dataset
        The collection it is about.
    rest
        What follows the address of the collection; ``{id}`` is that of a feature.
    moving
        Whether every request is about another place; ``wanted`` features are to be found.
    conditional
        Whether the client has the answer already and says so.
    """

    id: str
    dataset: data.Dataset
    rest: str
    moving: bool = False
    conditional: bool = False
    wanted: int = 100

    def where(self, round: int) -> load.Moving | None:
        """Where the boxes lie in a round."""
        if not self.moving:
            return None
        side = data.box_side(self.dataset.count, self.wanted)
        return load.Moving(side, data.WEST, data.SOUTH, data.SIDE, round * 1000)


def box(dataset: data.Dataset, id: str) -> Measure:
    """The measure of a box that returns about a hundred features."""
    return Measure(id, dataset, f"/items?bbox={BOX}&limit=1000&f={{f}}", moving=True)


MEASURES = (
    Measure("full small layer", data.DETAILED, "/items?limit=50&f={f}"),
    Measure("page of 10", data.LINES, "/items?limit=10&f={f}"),
    Measure("single feature", data.LINES, "/items/{id}?f={f}"),
    Measure("conditional GET", data.DETAILED, "/items?limit=50&f={f}", conditional=True),
    box(data.LINES, "box of 100 in 50,000"),
    Measure(
        "CQL2 filter on 50,000",
        data.LINES,
        f"/items?filter={urllib.parse.quote(FILTER, safe='<>(),')}&filter-lang=cql2-text"
        "&limit=1000&f={f}",
        moving=True,
        wanted=300,
    ),
)
SCALING = tuple(
    box(dataset, f"box of 100 in {dataset.count:,}")
    for dataset in (data.FEWER, data.LINES, data.MORE)
)
OURS = "ours, 2 workers"
Address = Callable[[Measure], str]


@dataclass
class Service:
    """A service that is running: how a measure is asked of it, and what was found.

    ``unconditional`` is set when it gave no ETag to ask a conditional GET with.
    """

    name: str
    address: str
    path: Address
    fixed: bool = False
    found: dict[str, list[load.Load]] = field(default_factory=dict)
    unconditional: bool = False


def get(address: str, etag: str = "") -> tuple[bytes, str, float]:
    """Ask once; return body, entity tag and seconds. Raises ``OSError`` unless it is 200."""
    request = urllib.request.Request(address, headers={"If-None-Match": etag} if etag else {})
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
        return body, answer.headers.get("ETag", ""), time.perf_counter() - start


def example(path: str, measure: Measure) -> str:
    """The path with a box in the middle of the square, where the measure moves."""
    moving = measure.where(0)
    if moving is None:
        return path
    middle_x, middle_y = moving.west + moving.span / 2, moving.south + moving.span / 2
    corners = {
        "<X1>": middle_x, "<Y1>": middle_y,
        "<X2>": middle_x + moving.side, "<Y2>": middle_y + moving.side,
    }  # fmt: skip
    for name, value in corners.items():
        path = path.replace(name, f"{value:.6f}")
    return path.replace(" ", "%20")


def count(body: bytes) -> int:
    """How many features an answer has."""
    answer: dict[str, Any] = json.loads(body)
    return len(answer["features"]) if "features" in answer else 1


def ours_path(measure: Measure) -> str:
    """How a measure is asked of ours."""
    rest = measure.rest.format(id=f"{measure.dataset.id}-77", f="json").replace(" ", "%20")
    return f"/ogc/collections/{measure.dataset.id}{rest}"


def tipg_path(measure: Measure) -> str:
    """How a measure is asked of tipg."""
    rest = measure.rest.format(id=f"{measure.dataset.id}-77", f="geojson").replace(" ", "%20")
    return f"/collections/public.{data.table(measure.dataset)}{rest}"


def pygeoapi_path(provider: str) -> Address:
    """How a measure is asked of pygeoapi, through a provider."""

    def path(measure: Measure) -> str:
        rest = measure.rest.format(id=f"{measure.dataset.id}-77", f="json").replace(" ", "%20")
        return f"/collections/{measure.dataset.id}-{provider.lower()}{rest}"

    return path


def best_providers(
    address: str, measures: Sequence[Measure], expected: dict[str, int]
) -> dict[str, str]:
    """Try each provider of pygeoapi on each measure; ask the quickest that answers rightly."""
    best: dict[str, str] = {}
    for measure in measures:
        tried: dict[str, float] = {}
        for provider in peers.providers():
            path = example(pygeoapi_path(provider)(measure), measure)
            try:
                body, _etag, seconds = get(address + path)
                if seconds < TRY_S and count(body) == expected[measure.id]:
                    tried[provider] = min(get(address + path)[2] for _time in range(3))
            except OSError:
                continue
        best[measure.id] = min(tried, key=tried.__getitem__) if tried else ""
    print(f"pygeoapi's providers: {best}", flush=True)
    return best


def by_best(best: dict[str, str]) -> Address:
    """How a measure is asked of the best provider of pygeoapi; empty where there is none."""

    def path(measure: Measure) -> str:
        provider = best.get(measure.id)
        return pygeoapi_path(provider)(measure) if provider else ""

    return path


def measure_all(
    service: Service, measures: Sequence[Measure], seconds: int, round: int, scratch: Path
) -> None:
    """Load a service with every measure that it can answer, one after the other."""
    asked: dict[str, load.Load] = {}
    for measure in measures:
        path = service.path(measure)
        if not path:
            continue
        try:
            _body, etag, _seconds = get(service.address + example(path, measure))
        except OSError as error:
            print(f"  {service.name}, {measure.id}: {error}", flush=True)
            continue
        if measure.conditional and not etag:
            service.unconditional = True
            if path in asked:
                service.found.setdefault(measure.id, []).append(asked[path])
                continue
        moving = None if service.fixed else measure.where(round)
        for _worker in range(20):  # each worker has answered before it is measured
            get(service.address + example(path, measure))
        result = load.run(
            service.address,
            path,
            seconds,
            scratch,
            moving,
            etag if measure.conditional else "",
        )
        service.found.setdefault(measure.id, []).append(result)
        asked[path] = result
        print(f"  {service.name}, {measure.id}: {result}", flush=True)


@dataclass
class Run:
    """What all services found, by their names."""

    found: dict[str, dict[str, list[load.Load]]] = field(default_factory=dict)
    memory: dict[str, load.Memory] = field(default_factory=dict)
    geojson_mb: float = 0.0
    expected: dict[str, int] = field(default_factory=dict)
    providers: tuple[str, ...] = ()
    best: dict[str, str] = field(default_factory=dict)
    unconditional: list[str] = field(default_factory=list)

    def take(self, service: Service, pid: int) -> None:
        """Keep the results of a service."""
        mine = self.found.setdefault(service.name, {})
        for id, loads in service.found.items():
            mine.setdefault(id, []).extend(loads)
        self.memory[service.name] = load.memory(pid)
        if service.unconditional:
            self.unconditional.append(service.name)

    def median(self, service: str, measure: str) -> load.Load | None:
        """The medians of the rounds, None where nothing was measured."""
        loads = self.found.get(service, {}).get(measure, [])
        if not loads:
            return None
        return load.Load(
            statistics.median(one.rate for one in loads),
            statistics.median(one.p50_ms for one in loads),
            statistics.median(one.p99_ms for one in loads),
            sum(one.failed for one in loads),
        )


def sample(address: str, measures: Sequence[Measure]) -> dict[str, bytes]:
    """What ours answers to each measure; what it cannot answer is left out."""
    found = {}
    for measure in measures:
        try:
            found[measure.id] = get(address + example(ours_path(measure), measure))[0]
        except OSError as error:
            print(f"  ours, {measure.id}: {error}", flush=True)
    return found


def static_name(measure: Measure) -> str:
    """The name of the file that holds what ours answers."""
    return "".join(c if c.isalnum() else "-" for c in measure.id) + ".json"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for everything that a run writes."""
    with tempfile.TemporaryDirectory(prefix="service-") as name:
        yield Path(name)


def compare(scratch: Path, rounds: int, seconds: int) -> Run:
    """Measure all services on the main data."""
    run = Run()
    folder = data.write_folder(scratch / "ours", data.MAIN)
    run.geojson_mb = sum(p.stat().st_size for p in folder.glob("geo/*.geojson")) / 2**20
    with peers.ours(folder, scratch, 1) as (address, _pid):
        answers = sample(address, MEASURES)
    run.providers = peers.providers()
    run.expected = {id: count(body) for id, body in answers.items()}
    print(f"features returned: {run.expected}", flush=True)
    files = {static_name(m): answers[m.id] for m in MEASURES if m.id in answers}
    paths = {m.id: f"/{static_name(m)}" for m in MEASURES if m.id in answers}
    measures = [m for m in MEASURES if m.id in answers]
    with peers.postgres(scratch, data.MAIN) as database, ExitStack() as stack:
        pygeoapi, pid_p = stack.enter_context(peers.pygeoapi(scratch, database, data.MAIN))
        run.best = best_providers(
            pygeoapi, [m for m in measures if "CQL2" not in m.id], run.expected
        )
        tipg, pid_t = stack.enter_context(peers.tipg(scratch, database))
        nginx, pid_n = stack.enter_context(peers.nginx(scratch, files))
        one, pid_1 = stack.enter_context(peers.ours(folder, scratch, 1))
        two, pid_2 = stack.enter_context(peers.ours(folder, scratch, peers.WORKERS))
        services = [
            (Service("pygeoapi", pygeoapi, by_best(run.best)), pid_p),
            (Service("tipg", tipg, tipg_path), pid_t),
            (Service("nginx, static", nginx, lambda m: paths[m.id], fixed=True), pid_n),
            (Service("ours, 1 worker", one, ours_path), pid_1),
            (Service(OURS, two, ours_path), pid_2),
        ]
        _check_counts(services, measures, run.expected)
        for round in range(rounds):
            for service, _pid in services:
                measure_all(service, measures, seconds, round, scratch)
        for service, pid in services:
            run.take(service, pid)
    return run


def _check_counts(
    services: Sequence[tuple[Service, int]], measures: Sequence[Measure], expected: dict[str, int]
) -> None:
    for service, _pid in services:
        for measure in measures:
            path = service.path(measure)
            if not path:
                continue
            try:
                got = count(get(service.address + example(path, measure))[0])
            except OSError:
                continue  # told when it is to be measured
            if got != expected[measure.id]:
                print(f"  {service.name}, {measure.id}: {got} features", flush=True)


def scale(scratch: Path, rounds: int, seconds: int) -> Run:
    """Measure the box on fewer and on more lines than those of the main data."""
    run = Run()
    datasets = [measure.dataset for measure in SCALING]
    with peers.postgres(scratch, datasets) as database, peers.tipg(scratch, database) as started:
        service = Service("tipg", started[0], tipg_path)
        for round in range(rounds):
            measure_all(service, SCALING, seconds, round, scratch)
        run.take(service, started[1])
    for measure in SCALING:
        folder = data.write_folder(scratch / measure.dataset.id, (measure.dataset,))
        with peers.ours(folder, scratch, peers.WORKERS) as (address, pid):
            service = Service(OURS, address, ours_path)
            for round in range(rounds):
                measure_all(service, [measure], seconds, round, scratch)
            run.take(service, pid)
            run.memory[f"ours, {measure.dataset.count:,} lines"] = run.memory.pop(OURS)
    return run


def main() -> None:
    """Measure and print; with ``--write`` into RESULTS.md too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds (3)")
    parser.add_argument("--seconds", type=int, default=5, help="seconds a load (5)")
    parser.add_argument("--part", choices=("main", "scaling"), help="only one of the two parts")
    parser.add_argument("--write", action="store_true", help="write to RESULTS.md")
    arguments = parser.parse_args()
    try:
        peers.check()
    except peers.PeerError as error:
        parser.error(str(error))
    parts = {"main": (compare, report.section), "scaling": (scale, report.scaling_section)}
    for name in (arguments.part,) if arguments.part else parts:
        measure, tell = parts[name]
        with scratch_folder() as scratch:
            run = measure(scratch, arguments.rounds, arguments.seconds)
        body = tell(run, arguments.rounds, arguments.seconds)
        print(body)
        if arguments.write:
            results.write(f"service_{name}", body)


if __name__ == "__main__":
    main()
