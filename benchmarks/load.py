"""How many requests a second does a service answer, how late is the latest, and what does it hold?

Load comes from wrk; memory from the system's account of each process (Linux).
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS, THREADS = 32, 2
SLACK_S = 30
_UNITS_MS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}

ROTATING = """
-- Every request asks for another place; %X1 %Y1 %X2 %Y2 are the corners of a box.
local count = 0
local path, side, west, south, span = {path}, {side}, {west}, {south}, {span}
function setup(thread) thread:set("id", count); count = count + 1 end
function init(args) math.randomseed({seed} + id) end
function request()
  local x = west + math.random() * (span - side)
  local y = south + math.random() * (span - side)
  local corners = {{ X1 = x, Y1 = y, X2 = x + side, Y2 = y + side }}
  local made = path:gsub("<([XY][12])>", function(name)
    return string.format("%.6f", corners[name])
  end)
  return wrk.format("GET", made)
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of wrk found: requests a second, milliseconds, and answers that failed."""

    rate: float
    p50_ms: float
    p99_ms: float
    failed: int


@dataclass(frozen=True, slots=True)
class Moving:
    """Where the boxes of a load lie, in degrees; ``seed`` differs between rounds."""

    side: float
    west: float
    south: float
    span: float
    seed: int


def run(
    address: str,
    path: str,
    seconds: int,
    scratch: Path,
    moving: Moving | None = None,
    etag: str = "",
) -> Load:
    """Load a service for some seconds.

    Parameters
    ----------
    address, path
        What is asked for; with ``moving``, ``<X1>``, ``<Y1>``, ``<X2>`` and ``<Y2>`` of the
        path are the corners of a box that is another in every request.
    seconds
        How long.
    scratch
        Folder for the script of wrk.
    moving
        Where the boxes lie.
    etag
        When given, sent as ``If-None-Match``.
    """
    command = [
        "wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "--latency",
    ]  # fmt: skip
    if moving:
        script = scratch / "load.lua"
        script.write_text(_script(path, moving), encoding="utf-8")
        command += ["-s", str(script)]
        path = "/"
    if etag:
        command += ["-H", f"If-None-Match: {etag}"]
    done = subprocess.run(
        [*command, f"{address}{path}"],
        capture_output=True, check=True, text=True, timeout=seconds + SLACK_S,
    )  # fmt: skip
    return read(done.stdout)


def _script(path: str, moving: Moving) -> str:
    return ROTATING.format(
        path=f"[[{path}]]",
        side=moving.side,
        west=moving.west,
        south=moving.south,
        span=moving.span,
        seed=moving.seed,
    )


def read(report: str) -> Load:
    """Read the report of wrk."""
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", report)
    bad = re.search(r"Non-2xx or 3xx responses: ([0-9]+)", report)
    late = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", report
    )
    failed = int(bad[1]) if bad else 0
    failed += sum(map(int, late.groups())) if late else 0
    return Load(
        rate=float(rate[1]) if rate else 0.0,
        p50_ms=_latency(report, "50%"),
        p99_ms=_latency(report, "99%"),
        failed=failed,
    )


def _latency(report: str, share: str) -> float:
    found = re.search(rf"^\s+{share}\s+([0-9.]+)(us|ms|s|m)\s*$", report, re.MULTILINE)
    return float(found[1]) * _UNITS_MS[found[2]] if found else 0.0


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory of the workers of a service in megabytes, each.

    ``share`` is what a worker takes of the machine: pages that n processes share count as an
    n-th of them (PSS). ``own`` is what it does not share.
    """

    resident_mb: float
    share_mb: float
    own_mb: float


def memory(pid: int) -> Memory:
    """The mean memory of the child processes of ``pid``, of itself where it has none."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = [_memory(child) for child in children or [str(pid)]]
    count = len(found)
    return Memory(
        sum(m.resident_mb for m in found) / count,
        sum(m.share_mb for m in found) / count,
        sum(m.own_mb for m in found) / count,
    )


def _memory(pid: str) -> Memory:
    kilobytes = dict.fromkeys(("Rss", "Pss", "Private_Clean", "Private_Dirty"), 0)
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _colon, rest = line.partition(":")
        if name in kilobytes:
            kilobytes[name] += int(rest.split()[0])
    own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return Memory(kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024, own / 1024)
