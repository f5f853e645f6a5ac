"""What was measured, on which machine? Writes a section of RESULTS.md.

Each benchmark owns one section, between two comments that name it; the others are left alone.
"""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = "# Results\n\nMeasured by the programs of this folder, each with `--write`.\n"


def machine(*packages: str) -> str:
    """Return one line on the machine, the date and the versions that a figure depends on."""
    cores = os.cpu_count() or 0
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores{_memory()}, "
        f"Python {platform.python_version()}, {versions}; {today}."
    )


def _memory() -> str:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return ""
    return f", {total / 2**30:.0f} GB"


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; all columns but the first are aligned on the right."""
    lines = [headers, ["---", *["---:"] * (len(headers) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def write(name: str, body: str) -> None:
    """Put a section into RESULTS.md, in place of the one of the same name."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    section = f"{start}\n{body.strip()}\n{end}"
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEAD
    if start in text:
        before, rest = text.split(start, 1)
        text = before + section + rest.split(end, 1)[1]
    else:
        text = text.rstrip() + "\n\n" + section + "\n"
    RESULTS.write_text(text, encoding="utf-8", newline="\n")
