"""How do answers read in a terminal? Aligned tables and French figures, no colours."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    width: int = 100,
    right: Sequence[int] = (),
) -> str:
    """Return rows as a table of aligned columns.

    Parameters
    ----------
    headers
        The column titles.
    rows
        The cells; None and empty show as a dash.
    width
        How many characters a line may have: the last column is wrapped to fit, but never
        narrower than 20.
    right
        The positions of the columns that are aligned on the right (numbers).
    """
    cells = [[_cell(value) for value in row] for row in rows]
    lines = [list(headers), *cells]
    widths = [max(len(line[i]) for line in lines) for i in range(len(headers))]
    fixed = sum(widths[:-1]) + 2 * (len(headers) - 1)
    widths[-1] = min(widths[-1], max(width - fixed, 20))
    rule = ["-" * w for w in widths]
    shown = [list(headers), rule, *cells]
    return "\n".join(part for line in shown for part in _wrapped(line, widths, right))


def _cell(value: object) -> str:
    return "-" if value is None or value == "" else " ".join(str(value).split())


def _wrapped(line: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> list[str]:
    last = len(widths) - 1
    pieces = textwrap.wrap(line[last], widths[last]) or [""]
    rendered = []
    for n, piece in enumerate(pieces):
        row = [*([""] * last if n else line[:last]), piece]
        padded = [
            cell.rjust(w) if i in right else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        rendered.append("  ".join(padded).rstrip())
    return rendered


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number with a thin space every three digits and a decimal comma; '' for None."""
    if value is None:
        return ""
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun: ``1 fault``, ``2 faults``."""
    return f"{number(count)} {noun if count == 1 else plural or noun + 's'}"
