"""In which order do the features of a collection come by some of their properties?

Texts are ordered without case and accents, numbers by value, dates by time. What has no value
comes last, whichever way the order goes; ties keep the order of the collection.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from layers.columns import Pooled, Table
from layers.properties import Kind
from layers.selection import folded

SORTABLE = frozenset({Kind.STRING, Kind.NUMBER, Kind.INTEGER, Kind.BOOLEAN, Kind.DATE})
"""What the values of a property may be for features to be put in order by it."""

Positions = npt.NDArray[np.intp]


def sortables(table: Table) -> tuple[str, ...]:
    """Return the names of the properties that features may be put in order by."""
    return tuple(p.name for p in table.queryables.values() if p.kind in SORTABLE)


def ordered(table: Table, positions: Positions, sorting: Sequence[tuple[str, bool]]) -> Positions:
    """Return positions of features in the order of some properties.

    Parameters
    ----------
    table
        The table of the collection.
    positions
        The features to put in order, ascending.
    sorting
        Names of sortable properties, each with whether it descends; the first weighs most.
    """
    keys = []
    for name, descends in sorting:
        ranks = _ranks(table, name)[positions]
        signed = -ranks if descends else ranks
        keys.append(np.where(np.isnan(signed), np.inf, signed))
    result: Positions = positions[np.lexsort(keys[::-1])]
    return result


def _ranks(table: Table, name: str) -> npt.NDArray[np.float64]:
    """Return a number for each feature that orders them; NaN where there is no value."""
    column = table.column(name)
    if not isinstance(column, Pooled):
        return column
    by_text = sorted(range(len(column.pool)), key=lambda i: _key(column.pool[i]))
    ranks = np.full(len(column.pool) + 1, np.nan)  # the last one is for what is missing (-1)
    for rank, i in enumerate(by_text):
        if column.pool[i]:
            ranks[i] = rank
    found: npt.NDArray[np.float64] = ranks[column.codes]
    return found


def _key(text: str) -> tuple[str, str]:
    return folded(text), text
