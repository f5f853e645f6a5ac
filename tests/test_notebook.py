"""Does the study in docs/ run from question to export, and is it kept without its outputs?"""

from __future__ import annotations

import resource
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "docs" / "etude.ipynb"
LONGEST_S = 30


def cpu_of_children() -> float:
    """Seconds of CPU of the processes that have ended, such as a notebook's kernel."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_study_runs_from_question_to_export() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    began = cpu_of_children()
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOK.parent)}}
    )
    client.execute()
    assert cpu_of_children() - began < LONGEST_S
    said = str([cell.get("outputs") for cell in notebook.cells])
    assert "Boulevard Adolphe-Pinard" in said
    assert "image/png" in said
    assert "limitrophe_voies-limitrophes_" in said
    assert "SHA256SUMS" in said
