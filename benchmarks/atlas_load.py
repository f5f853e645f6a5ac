"""How long does the atlas take to load, and how much memory does it hold, as content grows?

Each run is a fresh process that imports the domain, notes its resident memory, loads the atlas
(reading, every check, index, encoding) and notes it again. Content is the project's own, and 10
and 100 shifted copies of it.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import results  # noqa: E402
from benchmarks.content import replicate  # noqa: E402


def resident_mb() -> float:
    """Return the resident memory of this process in megabytes; its peak where only that is told."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def load(folder: Path) -> dict[str, float]:
    """Load a folder in this process; return what it took and holds."""
    from layers.atlas import Atlas

    before = resident_mb()
    start = time.perf_counter()
    atlas = Atlas.load(folder)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "before_mb": before,
        "after_mb": resident_mb(),
        "places": len(atlas.places),
        "commitments": len(atlas.commitments),
        "encoded_mb": sum(len(b) for f in atlas.features.values() for b in f.encoded) / 2**20,
    }


def measure(folder: Path, runs: int) -> list[dict[str, float]]:
    """Load a folder in so many fresh processes, one after the other."""
    command = [sys.executable, __file__, "--load", str(folder)]
    done = [subprocess.run(command, capture_output=True, check=True) for _ in range(runs)]
    return [json.loads(run.stdout) for run in done]


def row(times: int, folder: Path, runs: int) -> list[object]:
    """Return a line of the table."""
    found = measure(folder, runs)
    seconds = [run["seconds"] for run in found]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
    held = statistics.median(run["after_mb"] for run in found)
    grown = statistics.median(run["after_mb"] - run["before_mb"] for run in found)
    first = found[0]
    spread = f"{min(seconds):.2f}–{max(seconds):.2f}"
    return [
        f"{times}×",
        f"{first['places']:,}",
        f"{first['commitments']:,}",
        f"{size:.1f}",
        f"{statistics.median(seconds):.2f} ({spread})",
        f"{1e3 * statistics.median(seconds) / (first['places'] + first['commitments']):.3f}",
        f"{held:.0f}",
        f"{grown:.0f}",
        f"{first['encoded_mb']:.1f}",
    ]


def main() -> None:
    """Measure and print; with ``--write`` into RESULTS.md too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="the content (data/)")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100], help="sizes")
    parser.add_argument("--runs", type=int, default=5, help="processes a size")
    parser.add_argument("--write", action="store_true", help="write to RESULTS.md")
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load:
        print(json.dumps(load(arguments.load)))
        return
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for times in arguments.times:
            folder = replicate(arguments.data, Path(scratch) / str(times), times)
            rows.append(row(times, folder, arguments.runs))
    headers = (
        "content",
        "places",
        "commitments",
        "files, MB",
        "load, s: median (min–max)",
        "ms a feature",
        "resident, MB",
        "of which the atlas, MB",
        "encoded, MB",
    )
    body = (
        "## Loading the atlas\n\n"
        f"{results.machine('shapely', 'pyproj', 'orjson', 'numpy')} "
        f"{arguments.runs} fresh processes a size.\n\n{results.table(headers, rows)}\n"
    )
    print(body)
    if arguments.write:
        results.write("atlas_load", body)


if __name__ == "__main__":
    main()
