"""Do 50,000 features never sit twice in memory, whatever they are written to?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from layers.exporters.formats import FORMATS

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "export_memory.py"


@pytest.fixture(scope="module")
def measured():
    # A process of its own: what another test has freed would be taken again, unseen.
    run = subprocess.run(
        [sys.executable, PROGRAM, "--json"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("format_id", FORMATS)
def test_more_features_take_less_memory_than_they_are_large(measured, format_id):
    fewer, more = measured["features"]
    assert more - fewer > 15, "megabytes: less could not be told from what a library keeps"
    grown = measured[format_id][1] - measured[format_id][0]
    assert grown < more - fewer, f"{grown:.0f} MB more for {more - fewer:.0f} MB of features"
