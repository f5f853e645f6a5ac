"""How does a picture of an area's fill run? Read from its pixels, whoever drew them."""

from __future__ import annotations

import numpy as np

SHIFTS = {"rising": (-1, 1), "falling": (1, 1), "horizontal": (0, 1), "vertical": (1, 0)}
"""Rows and columns to go along the lines of a hatching without leaving them."""
ACROSS = {"rising": (1, 1), "falling": (-1, 1), "horizontal": (1, 0), "vertical": (0, 1)}
"""What to add of row and column: it is the same all along a line."""
PLAIN = 2.0
"""Of 255: how much a fill without lines may vary."""


def slope(fill: np.ndarray, reach: int = 3) -> str:
    """The hatching of a fill, as the styles call it; empty for none.

    Parameters
    ----------
    fill
        Pixels (rows, columns, colours) of 0 to 255, without an outline.
    reach
        Pixels to compare along: wider than a line, less than from line to line.
    """
    grey = fill.astype(float).mean(axis=2)
    changes = {name: change(grey, *(reach * step for step in at)) for name, at in SHIFTS.items()}
    if max(changes.values()) < PLAIN:
        return ""
    least = min(changes, key=lambda name: changes[name])
    others = [value for name, value in changes.items() if name != least]
    if changes[least] < 0.5 * min(others):
        return least
    # Along one of two directions of lines, the other alone changes.
    return "cross" if least in ("rising", "falling") else "grid"


def change(grey: np.ndarray, down: int, across: int) -> float:
    """How much a picture differs from itself moved by some pixels, on average."""
    rows, columns = grey.shape
    from_row, to_row = max(0, -down), rows - max(0, down)
    one = grey[from_row:to_row, : columns - across]
    other = grey[from_row + down : to_row + down, across:]
    return float(np.abs(one - other).mean())


def lies(fill: np.ndarray, hatch: str, every: int, corner: tuple[float, float]) -> bool:
    """Whether the lines of a hatching are where they are counted from zero.

    Parameters
    ----------
    fill
        See `slope`.
    hatch, every
        The direction of the lines, and the pixels from one to the next along the axes.
    corner
        Where the fill has its upper left, to the right of zero and below it.
    """
    grey = fill.astype(float).mean(axis=2)
    rows, columns = np.indices(grey.shape) + 0.5
    down, across = ACROSS[hatch]
    at = (down * (rows + corner[1]) + across * (columns + corner[0])) % every
    means = np.array([grey[at.astype(int) == step].mean() for step in range(every)])
    strongest = int(np.abs(means - np.median(means)).argmax())
    return strongest in (0, every - 1)
