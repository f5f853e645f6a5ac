"""How much memory does an export take beside the features that it writes?

The features are seeded lines of ten positions with six French texts, once 10,000 and once 50,000
of them. Each export runs in a copy of one process that holds both, which has written a few
features before: the libraries are loaded. What counts is by how much its greatest resident
memory exceeds what it had then, and how that grows with the features: an export that held all
of them once more would grow by their size.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import resource
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import results  # noqa: E402
from benchmarks.exports import lines  # noqa: E402
from layers.exporters.extract import Extract  # noqa: E402
from layers.exporters.formats import FORMATS  # noqa: E402
from layers.exporters.target import Target  # noqa: E402

FEW, SOME, MANY = 100, 10_000, 50_000
_UNIT = 1 if sys.platform == "darwin" else 1024


def size_mb(extract: Extract) -> float:
    """Return the size of features as they are sent, in megabytes."""
    return sum(map(len, extract.encoded())) / 1e6


def peak_mb() -> float:
    """Return the greatest resident memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1e6


def added_mb(format_id: str, warming: Extract, extract: Extract) -> float:
    """Write an export in a copy of this process; return what it adds to memory, in megabytes.

    Parameters
    ----------
    format_id
        One of `layers.exporters.formats.FORMATS`.
    warming, extract
        What is written first, unmeasured, and what is measured.

    Raises
    ------
    RuntimeError
        If the copy ends without a figure.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            os.write(writing, str(_added(format_id, warming, extract)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    if not said:
        raise RuntimeError(f"the export to {format_id} failed")
    return float(said)


def _added(format_id: str, warming: Extract, extract: Extract) -> float:
    format, day = FORMATS[format_id], datetime.date(2024, 1, 1)
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        format.write(warming, Target(Path(first), day, 4326))
        before = peak_mb()
        format.write(extract, Target(Path(second), day, 4326))
        return peak_mb() - before


def measure() -> dict[str, list[float]]:
    """Return, by format and for the features themselves, megabytes for `SOME` and for `MANY`."""
    few, *sizes = (Extract.whole("voies", lines(count)) for count in (FEW, SOME, MANY))
    found = {"features": [size_mb(extract) for extract in sizes]}
    for format_id in FORMATS:
        found[format_id] = [added_mb(format_id, few, extract) for extract in sizes]
    return found


def report(found: dict[str, list[float]]) -> str:
    """The section of RESULTS.md."""
    sizes = found["features"]
    rows = [
        [FORMATS[id].title, *(f"{mb:.0f}" for mb in added), f"{_share(added, sizes):.2f}"]
        for id, added in found.items()
        if id in FORMATS
    ]
    headers = ("export", f"{SOME:,} features, MB", f"{MANY:,} features, MB", "growth / features")
    return (
        "## Memory that an export takes beside the features\n\n"
        f"{results.machine('pyogrio', 'pyarrow', 'shapely')} The features as sent are"
        f" {sizes[0]:.0f} and {sizes[1]:.0f} MB. Growth is what {MANY - SOME:,} more features add,"
        " divided by their size: 1 would be all of them once more, the target is less.\n\n"
        f"{results.table(headers, rows)}\n"
    )


def _share(added: list[float], sizes: list[float]) -> float:
    return (added[1] - added[0]) / (sizes[1] - sizes[0])


def main() -> None:
    """Measure, print, and write a section of RESULTS.md when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures alone")
    parser.add_argument("--write", action="store_true", help="write to RESULTS.md")
    arguments = parser.parse_args()
    found = measure()
    if arguments.json:
        print(json.dumps(found))
        return
    body = report(found)
    print(body)
    if arguments.write:
        results.write("export_memory", body)


if __name__ == "__main__":
    main()
