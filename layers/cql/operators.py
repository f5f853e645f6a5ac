"""What do the operators on numbers, texts and lists give, for whole columns?

Texts are compared character by character as Unicode numbers them; CASEI folds case and ACCENTI
takes off accents (and opens ligatures), of each operand that they are put around.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from layers.columns import Numbers, Pooled
from layers.cql.values import FALSE, TRUE, UNKNOWN, Truth, ask_pool, truth
from layers.folding import unaccented

COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The comparison with its operands changed round."""
FOLDS: Mapping[str, Callable[[str], str]] = {"casei": str.casefold, "accenti": unaccented}


def compare_numbers(name: str, left: Numbers, right: Numbers) -> Truth:
    """Return the truth of a comparison of numbers; NaN is unknown."""
    return truth(COMPARISONS[name](left, right), ~(np.isnan(left) | np.isnan(right)))


def compare_truths(name: str, left: Truth, right: Truth) -> Truth:
    """Return the truth of ``=`` or ``<>`` between conditions."""
    return truth(COMPARISONS[name](left, right), (left != UNKNOWN) & (right != UNKNOWN))


def compare_texts(name: str, left: Pooled, right: Pooled) -> Truth:
    """Return the truth of a comparison of texts."""
    if right.codes.ndim and not left.codes.ndim:
        return compare_texts(TURNED[name], right, left)
    holds = COMPARISONS[name]
    if not right.codes.ndim:
        wanted = right.pool[int(right.codes)]
        return ask_pool(left, lambda pool: [holds(text, wanted) for text in pool])
    return _pairwise(left, right, holds)


def _pairwise(left: Pooled, right: Pooled, holds: Callable[[Any, Any], bool]) -> Truth:
    found = [
        UNKNOWN if a is None or b is None else TRUE if holds(a, b) else FALSE
        for a, b in zip(left.values(), right.values(), strict=True)
    ]
    return np.array(found, dtype=np.int8)


def one_of(values: Pooled, wanted: frozenset[str]) -> Truth:
    """Return the truth of a text being one of some literals."""
    return ask_pool(values, lambda pool: [text in wanted for text in pool])


def like(values: Pooled, pattern: str) -> Truth:
    r"""Return the truth of texts being like a pattern.

    ``%`` stands for any characters, ``_`` for one, ``\`` makes the character after it plain.
    """
    test = _like_test(pattern)
    return ask_pool(values, lambda pool: [test(text) for text in pool])


def _like_test(pattern: str) -> Callable[[str], bool]:
    """Return the test of a pattern; its work grows with the text, not with the wildcards."""
    pieces = _pieces(pattern)
    if len(pieces) == 1:
        whole = _compiled(pieces[0])
        return lambda text: whole.fullmatch(text) is not None
    if len(pieces) == 3 and not pieces[0] and not pieces[2] and None not in pieces[1]:
        wanted = "".join(filter(None, pieces[1]))
        return lambda text: wanted in text
    first, *middle, last = map(_compiled, pieces)
    length_of_last = len(pieces[-1])

    def test(text: str) -> bool:
        found = first.match(text)
        for piece in middle:
            found = found and piece.search(text, found.end())
        end = len(text) - length_of_last
        return found is not None and end >= found.end() and last.match(text, end) is not None

    return test


def _pieces(pattern: str) -> list[list[str | None]]:
    """Return what lies between the ``%`` of a pattern: characters, None for any one."""
    pieces: list[list[str | None]] = [[]]
    characters = iter(pattern)
    for character in characters:
        if character == "%":
            pieces.append([])
        elif character == "\\":
            pieces[-1].append(next(characters, "\\"))
        else:
            pieces[-1].append(None if character == "_" else character)
    return pieces


def _compiled(piece: Sequence[str | None]) -> re.Pattern[str]:
    return re.compile("".join("." if c is None else re.escape(c) for c in piece), re.DOTALL)


def _quiet(work: Callable[[Any, Any], Any]) -> Callable[[Numbers, Numbers], Numbers]:
    def done(left: Numbers, right: Numbers) -> Numbers:
        with np.errstate(all="ignore"):
            found = np.asarray(work(left, right), dtype=np.float64)
        result: Numbers = np.where(np.isfinite(found), found, np.nan)
        return result

    return done


ARITHMETIC: Mapping[str, Callable[[Numbers, Numbers], Numbers]] = {
    "+": _quiet(operator.add),
    "-": _quiet(operator.sub),
    "*": _quiet(operator.mul),
    "/": _quiet(operator.truediv),
    "^": _quiet(np.float_power),
    "%": _quiet(np.fmod),
    "div": _quiet(lambda a, b: np.trunc(a / b)),
}
"""What is no finite number, such as a division by zero, has no value. ``div`` cuts decimals off,
and ``%`` has the sign of what is divided, as in SQL."""

SETS: Mapping[str, Callable[[frozenset[str], frozenset[str]], bool]] = {
    "a_contains": operator.ge,
    "a_containedby": operator.le,
    "a_equals": operator.eq,
    "a_overlaps": lambda a, b: not a.isdisjoint(b),
}


def compare_lists(name: str, left: Pooled, right: Pooled) -> Truth:
    """Return the truth of a function of lists, taken as sets."""
    holds = SETS[name]
    if not right.codes.ndim:
        wanted = frozenset(right.pool[int(right.codes)])
        return ask_pool(left, lambda pool: [holds(frozenset(items), wanted) for items in pool])
    if not left.codes.ndim:
        given = frozenset(left.pool[int(left.codes)])
        return ask_pool(right, lambda pool: [holds(given, frozenset(items)) for items in pool])
    return _pairwise(left, right, lambda a, b: holds(frozenset(a), frozenset(b)))


def fold(name: str, value: Any) -> Any:
    """Return a text, or each text of a list, without case or accents."""
    change = FOLDS[name]
    return change(value) if isinstance(value, str) else tuple(map(change, value))


def among(values: npt.NDArray[np.float64], wanted: Sequence[float]) -> Truth:
    """Return the truth of a number being one of some literals."""
    return truth(np.isin(values, wanted), ~np.isnan(values))
