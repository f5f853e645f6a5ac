"""Where do the lines of a hatching run? For paper and legend; the map's are in ``hatching.js``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

Line = tuple[float, float, float, float]
"""x and y of both ends."""

LINES: Mapping[str, tuple[tuple[int, int], ...]] = {
    "rising": ((1, 1),),
    "falling": ((1, -1),),
    "horizontal": ((0, 1),),
    "vertical": ((1, 0),),
    "cross": ((1, 1), (1, -1)),
    "grid": ((1, 0), (0, 1)),
}
"""Sets of parallel lines, each ``(a, b)``: a·x + b·y is a multiple of the spacing; y runs down."""


def hatch_lines(hatch: str, every: float, box: tuple[float, float, float, float]) -> Iterator[Line]:
    """Yield the lines of a hatching that cross a box; diagonal ones may reach above and below it.

    Parameters
    ----------
    hatch
        One of `LINES`.
    every
        From line to line along the axes, in the unit of the box.
    box
        West, north, east, south; y runs down.
    """
    west, north, east, south = box
    for a, b in LINES[hatch]:
        ends = b * north, b * south
        first = math.ceil((a * west + min(ends)) / every)
        last = math.floor((a * east + max(ends)) / every)
        for number in range(first, last + 1):
            at = number * every
            if b:
                yield west, (at - a * west) / b, east, (at - a * east) / b
            else:
                yield at, north, at, south


def hatch_path(hatch: str, every: float, box: tuple[float, float, float, float]) -> str:
    """Return the lines of `hatch_lines` as the data of an SVG path."""
    lines = hatch_lines(hatch, every, box)
    return "".join(f"M{x1:g} {y1:g}L{x2:g} {y2:g}" for x1, y1, x2, y2 in lines)
