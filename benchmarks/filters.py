"""How long does a filter take on 50,000 lines with seven texts each? Read, bound and answered.

Each figure is of a filter from its text to one boolean for each feature, on a warm table. Two
figures are told apart: how long it takes to make the columns, and the first time that a text is
folded; both are done once for as long as the content stays the same.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import results  # noqa: E402
from benchmarks.service_data import LINES, write_folder  # noqa: E402
from layers.atlas import Atlas  # noqa: E402
from layers.columns import Table, table_of  # noqa: E402
from layers.cql import parse  # noqa: E402

SMALL = "S_INTERSECTS(geometry, BBOX(2.30,48.80,2.32,48.82))"
LARGE = "S_INTERSECTS(geometry, BBOX(2.21,48.71,2.49,48.99))"
FOLDED = "CASEI(ACCENTI(observation)) LIKE CASEI(ACCENTI('%ÉCHANGEUR%'))"
FILTERS = {
    "box of 1 %, text LIKE": f"{SMALL} AND observation LIKE '%échangeur%'",
    "box of 1 %, folded LIKE": f"{SMALL} AND {FOLDED}",
    "box of 87 %, folded LIKE": f"{LARGE} AND {FOLDED}",
    "box of 87 %, folded LIKE on 50,000 different names": (
        f"{LARGE} AND CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('%ALLÉE 1%'))"
    ),
    "triangle or text": (
        "S_WITHIN(geometry, POLYGON((2.25 48.75,2.45 48.75,2.35 48.95,2.25 48.75)))"
        " OR etat = 'requalifiée'"
    ),
    "LIKE with wildcards on 50,000 different names": "name LIKE '%e_%1_3%'",
    "three texts and a number": (
        "nature IN ('rue','quai') AND etat <> 'inchangée' AND revetement LIKE 'p%'"
        " AND length_m / 2 > 20"
    ),
}


def timed(work: Callable[[], object]) -> float:
    """Return how many milliseconds of processor time some work takes."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1e3


def measured(table: Table, text: str, runs: int) -> tuple[float, float, int]:
    """Return the median and the greatest time of a filter, and how many features it selects."""
    count = int(parse(text).mask(table).sum())
    times = [timed(lambda: parse(text).mask(table)) for _ in range(runs)]
    return statistics.median(times), max(times), count


def main() -> None:
    """Measure and print; with ``--write`` into RESULTS.md too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=21, help="runs a figure")
    parser.add_argument("--write", action="store_true", help="write to RESULTS.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        atlas = Atlas.load(write_folder(Path(scratch) / "data", (LINES,)))
    table = table_of(atlas, LINES.id)
    making = timed(lambda: table.column("name"))
    folding = timed(lambda: parse("CASEI(ACCENTI(name)) = 'x'").mask(table))
    lines = []
    for name, text in FILTERS.items():
        median, worst, count = measured(table, text, arguments.runs)
        lines.append([name, f"{count:,}", f"{median:.1f}", f"{worst:.1f}"])
    body = (
        "## Filters on 50,000 lines\n\n"
        f"{results.machine('cql2', 'shapely', 'numpy')} {arguments.runs} runs a filter, "
        "processor time from its text to its answer. Once for the content: columns made in "
        f"{making:.0f} ms, 50,000 different names folded in {folding:.0f} ms.\n\n"
        f"{results.table(('filter', 'selects', 'median, ms', 'worst, ms'), lines)}\n"
    )
    print(body)
    if arguments.write:
        results.write("filters", body)


if __name__ == "__main__":
    main()
