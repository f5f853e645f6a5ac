"""Which counts may be published? None that is so small that it could point at somebody."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def publishable(counts: Mapping[Key, int], smallest: int) -> dict[Key, int | None]:
    """Return counts of which none below ``smallest`` can be read, nor worked out from the rest.

    A count from 1 to ``smallest - 1`` becomes None. Where the sum would give away what is hidden,
    because it hides one count alone or fewer than ``smallest`` in all, the smallest of the
    others that are not 0 become None too. 0 stays: it speaks of nobody.

    Parameters
    ----------
    counts
        Persons, or answers of persons, by what they chose.
    smallest
        The smallest count that may be published.
    """
    hidden = {key for key, count in counts.items() if 0 < count < smallest}
    others = sorted((key for key in counts if counts[key] >= smallest), key=counts.__getitem__)
    while others and hidden and _given_away([counts[key] for key in hidden], smallest):
        hidden.add(others.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}


def _given_away(hidden: list[int], smallest: int) -> bool:
    return len(hidden) == 1 or sum(hidden) < smallest
