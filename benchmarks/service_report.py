"""What did the comparison of the services find? Tables, and each target as met or not met."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks import load, peers, results

if TYPE_CHECKING:
    from benchmarks.service import Run

OURS = "ours, 2 workers"
NGINX = "nginx, static"
PEERS = ("pygeoapi", "tipg")
PREPARED = ("full small layer", "page of 10", "single feature", "conditional GET")
BOX = "box of 100 in 50,000"
CQL = "CQL2 filter on 50,000"
SIZES = ("box of 100 in 5,000", BOX, "box of 100 in 500,000")
FLAT = 1.5
"""A box of the largest layer may take so many times as long as one of the smallest."""


def section(run: Run, rounds: int, seconds: int) -> str:
    """Return the section of RESULTS.md."""
    names = list(run.found)
    return "\n\n".join(
        [
            "## The open data service beside its peers",
            f"{results.machine('granian', 'flask', 'shapely', 'orjson')} {_versions()} "
            f"wrk with {load.CONNECTIONS} connections, {rounds} rounds of {seconds} s a figure, "
            "medians; every service has two workers unless said otherwise. A figure of a machine "
            "that does other work besides is low for all services: repeat it on a quiet one.",
            f"Providers of pygeoapi that could be tried: {', '.join(run.providers)}; the quickest "
            f"was taken: {_best(run)}.",
            _conditional(run) + f"Requests a second:\n\n{_table(run, names, 'rate')}",
            f"Median and 99th percentile of the time of an answer, ms:\n\n{_times(run, names)}",
            "Memory of a worker after the load, MB; *share* counts a page that n processes share "
            "as an n-th of it, *own* is what a worker shares with none. The layers are "
            f"{run.geojson_mb:.1f} MB of GeoJSON (the memory of PostgreSQL is not counted):"
            f"\n\n{_memory(run)}",
            "Targets:\n\n" + "\n".join(f"- {line}" for line in targets(run)),
        ]
    )


def _best(run: Run) -> str:
    return ", ".join(
        f"{provider or 'none'} for {measure}" for measure, provider in run.best.items()
    )


def _conditional(run: Run) -> str:
    """Say of which services the full answer stands for that to a conditional GET."""
    if not run.unconditional:
        return ""
    names = ", ".join(run.unconditional)
    return f"No ETag, so no conditional GET: {names}; the full answer to the same is counted.\n\n"


def _versions() -> str:
    pins = [
        pin.replace("==", " ") for pin in (peers.PINNED["pygeoapi"][0], peers.PINNED["tipg"][0])
    ]
    outputs = [
        _output("nginx", "-v"),
        _output(f"{peers.postgres_bin()}/postgres", "--version"),
        _output("wrk", "-v"),
    ]
    return f"{', '.join([*pins, *outputs])}."


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    found = re.search(r"(nginx|PostgreSQL|wrk)\D*?([0-9][0-9.]*)", done.stdout + done.stderr)
    return f"{found[1]} {found[2]}" if found else command[0]


def _measures(run: Run) -> list[str]:
    return [*run.expected]


def _table(run: Run, names: list[str], what: str) -> str:
    rows = []
    for measure in _measures(run):
        found = [run.median(name, measure) for name in names]
        cells = [f"{getattr(one, what):,.0f}{_failed(one)}" if one else "–" for one in found]
        rows.append([f"{measure} ({run.expected[measure]} features)", *cells])
    return results.table(["", *names], rows)


def _failed(one: load.Load) -> str:
    return f" ({one.failed} failed)" if one.failed else ""


def _times(run: Run, names: list[str]) -> str:
    rows = []
    for measure in _measures(run):
        found = [run.median(name, measure) for name in names]
        cells = [f"{one.p50_ms:.2f} · {one.p99_ms:.2f}" if one else "–" for one in found]
        rows.append([measure, *cells])
    return results.table(["", *names], rows)


def _memory(run: Run) -> str:
    rows = [
        [
            name,
            f"{memory.resident_mb:.0f}",
            f"{memory.share_mb:.0f}",
            f"{memory.own_mb:.0f}",
        ]
        for name, memory in run.memory.items()
    ]
    return results.table(["", "resident", "share", "own"], rows)


def scaling_section(run: Run, rounds: int, seconds: int) -> str:
    """Return the section of RESULTS.md on layers of growing size."""
    rows = []
    for measure in SIZES:
        found = [run.median(name, measure) for name in (OURS, "tipg")]
        told = (
            f"{one.rate:,.0f} · {one.p50_ms:.1f} · {one.p99_ms:.1f}" if one else "–"
            for one in found
        )
        rows.append([measure, *told])
    return "\n\n".join(
        [
            "## A box as the layer grows",
            f"{results.machine('granian', 'shapely')} {_versions()} wrk with {load.CONNECTIONS} "
            f"connections, {rounds} rounds of {seconds} s, medians. Every box returns about a "
            "hundred lines. Requests a second · median · 99th percentile, ms:",
            results.table(["", OURS, "tipg"], rows),
            f"Memory of a worker after the load, MB:\n\n{_memory(run)}",
            f"Target: {_growth(run)}",
        ]
    )


def _growth(run: Run) -> str:
    small, large = (run.median(OURS, id) for id in (SIZES[0], SIZES[-1]))
    if not small or not large or not large.rate:
        return "a box's time grows with what it returns: not measured"
    grown = small.rate / large.rate
    return (
        f"a box's time grows with what it returns: {grown:.2f} times as long in 500,000 as in "
        f"5,000 (at most {FLAT}): {_verdict(grown <= FLAT)}"
    )


def _verdict(met: bool) -> str:
    return "**met**" if met else "**not met**"


def targets(run: Run) -> Iterator[str]:
    """Yield a line for each target, with what was found."""
    for measure in PREPARED:
        for peer, factor in (("pygeoapi", 25.0), ("tipg", 15.0), (NGINX, 0.3)):
            yield _ratio(run, measure, peer, factor)
    yield _ratio(run, BOX, "pygeoapi", 40.0)
    yield _ratio(run, CQL, "tipg", 10.0)
    memory = run.memory[OURS]
    share, resident, own = (
        megabytes / run.geojson_mb
        for megabytes in (memory.share_mb, memory.resident_mb, memory.own_mb)
    )
    yield (
        f"memory of a worker, its share: {share:.1f} times the GeoJSON (less than 3): "
        f"{_verdict(share < 3)}; resident, shared pages counted whole: {resident:.1f} times; "
        f"its own: {own:.1f} times"
    )
    for measure in _measures(run):
        yield _latest(run, measure)


def _ratio(run: Run, measure: str, peer: str, factor: float) -> str:
    mine, theirs = run.median(OURS, measure), run.median(peer, measure)
    if not mine or not theirs or not theirs.rate:
        return f"{measure}, at least {factor:g} times {peer}: not measured"
    ratio = mine.rate / theirs.rate
    return f"{measure}, at least {factor:g} times {peer}: {ratio:.2f}: {_verdict(ratio >= factor)}"


def _latest(run: Run, measure: str) -> str:
    mine = run.median(OURS, measure)
    found = {peer: run.median(peer, measure) for peer in PEERS}
    theirs = {peer: one.p99_ms for peer, one in found.items() if one and one.rate}
    if not mine or not theirs:
        return f"{measure}, no peer has the better p99: not measured"
    told = ", ".join(f"{peer} {value:.1f}" for peer, value in theirs.items())
    met = mine.p99_ms <= min(theirs.values())
    return f"{measure}, no peer has the better p99: {mine.p99_ms:.1f} ms ({told}): {_verdict(met)}"
