"""What is the value of a part of a filter, for whole columns? Types, terms and three-valued truth.

Truth is that of SQL: a comparison with what has no value is neither true nor false but unknown,
and so is its negation; ``IS NULL`` alone tells. A filter selects what it is true of. With false
as 0, unknown as 1 and true as 2, AND is the least, OR the greatest and NOT the complement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from layers.columns import Numbers, Pooled, Positions

FALSE, UNKNOWN, TRUE = 0, 1, 2
Truth = npt.NDArray[np.int8]
Rows = Positions | None
"""Positions of the features that are asked about; None for all."""


class Type(StrEnum):
    """What a part of a filter is."""

    BOOLEAN = "true or false"
    NUMBER = "a number"
    STRING = "a text"
    TIME = "a date or a timestamp"
    INTERVAL = "an interval"
    STRINGS = "a list of texts"
    GEOMETRY = "a geometry"


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a filter, bound to a table.

    Attributes
    ----------
    type
        What its values are.
    value
        Gives them for some rows: `Truth`, numbers (NaN where there is none), `Pooled` texts or
        lists, `Times`, or geometries. What is the same for all rows may be a single value.
    found
        Gives the positions of the features that a condition is true of, ascending, where that is
        less work than to ask all of them; else None.
    cost
        How much work it is, to ask the cheaper half of an AND or OR first.
    constant
        Whether it is a literal.
    column, folds
        The queryable that it is, and what was folded in it; empty for all else.
    token
        The word or sign that stands for it in the text of the filter, and how many of the same
        come before, to point at.
    pointer
        Its JSON pointer.
    """

    type: Type
    value: Callable[[Rows], Any]
    found: Callable[[], Positions] | None = None
    cost: int = 1
    constant: bool = False
    column: str = ""
    folds: tuple[str, ...] = ()
    token: tuple[str, int] = ("", 0)
    pointer: str = ""

    def being(
        self,
        type: Type,
        value: Callable[[Rows], Any],
        *,
        cost: int = 1,
        constant: bool = False,
        column: str = "",
        found: Callable[[], Positions] | None = None,
    ) -> Term:
        """Return the term that stands where this one does, and is something else."""
        return Term(type, value, found, cost, constant, column, (), self.token, self.pointer)


@dataclass(frozen=True, slots=True)
class Times:
    """First and last instant, NaN where there is none; both in days (UTC) since 1970-01-01.

    ``whole_days`` tells that each is a day, and not an instant of it.
    """

    start: Numbers
    end: Numbers
    whole_days: bool


def truth(holds: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_]) -> Truth:
    """Return what holds as true, what does not as false, what is not known as unknown."""
    result: Truth = np.where(known, np.where(holds, TRUE, FALSE), UNKNOWN).astype(np.int8)
    return result


def ask_pool(values: Pooled, test: Callable[[Sequence[Any]], Sequence[bool]]) -> Truth:
    """Return the truth of a test of pooled values; each value in use is tested once."""
    pool, codes = values.pool, values.codes
    verdicts = np.full(len(pool) + 1, UNKNOWN, dtype=np.int8)  # the last is that of MISSING
    if codes.size * 2 < len(pool):
        used = np.unique(codes)
        used = used[used >= 0]
        verdicts[used] = [TRUE if x else FALSE for x in test([pool[i] for i in used.tolist()])]
    else:
        verdicts[:-1] = np.asarray(test(pool), dtype=bool) * np.int8(TRUE)
    result: Truth = verdicts[codes]
    return result


def constant_text(text: str) -> Pooled:
    """Return one text as a value for all rows."""
    return Pooled((text,), np.array(0, dtype=np.int32))
