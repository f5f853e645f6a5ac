"""Which conditions can a filter be made of? Each operator of CQL2, with what it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.columns import Positions
from layers.cql import operators, shapes, times
from layers.cql.errors import Said, say
from layers.cql.values import (
    FALSE,
    TRUE,
    UNKNOWN,
    Rows,
    Term,
    Truth,
    Type,
    truth,
)

if TYPE_CHECKING:
    from layers.cql.binding import Binder

Maker = Callable[["Binder", Term, str, list[Term]], Term]
CHEAP, INDEXED, TEXTUAL, GEOMETRIC = 1, 2, 5, 8
"""How much work conditions are, roughly: of numbers, of the index, of texts, of geometries."""


def _condition(
    part: Term,
    cost: int,
    value: Callable[[Rows], Truth],
    found: Callable[[], Positions] | None = None,
) -> Term:
    return part.being(Type.BOOLEAN, value, cost=cost, found=found)


def what(term: Term) -> Said:
    """Return what a term is, for a message."""
    type = say(str(term.type))
    return say("%(column)s (%(type)s)", column=term.column, type=type) if term.column else type


def _pointed(terms: Sequence[Term], part: Term) -> Term:
    """Return the part to point at: the first queryable among the operands, else the operator."""
    return next((term for term in terms if term.column), part)


def _junction(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    for term in terms:
        _check_condition(binder, name, term, part)
    ordered = sorted(terms, key=lambda term: term.cost)
    absorbing, combine = (FALSE, np.minimum) if name == "and" else (TRUE, np.maximum)
    table = binder.table

    def value(rows: Rows) -> Truth:
        count = len(table) if rows is None else len(rows)
        result: Truth = np.broadcast_to(ordered[0].value(rows), count).copy()
        for term in ordered[1:]:
            pending = np.flatnonzero(result != absorbing)
            if not len(pending):
                break
            if len(pending) == count:
                result = combine(result, term.value(rows))
            else:
                asked = pending if rows is None else rows[pending]
                result[pending] = combine(result[pending], term.value(asked))
        return result

    lead = ordered[0].found if name == "and" else None
    found = partial(_narrowed, lead, ordered[1:]) if lead else None
    return _condition(part, sum(term.cost for term in terms), value, found)


def _narrowed(lead: Callable[[], Positions], others: Sequence[Term]) -> Positions:
    """Return the positions that a condition finds, less those that others are not true of."""
    rows = lead()
    for term in others:
        true = term.value(rows) == TRUE
        rows = rows[true if true.ndim else np.full(len(rows), true)]
    return rows


def _check_condition(binder: Binder, name: str, term: Term, part: Term) -> None:
    if term.type is not Type.BOOLEAN:
        problem = say(
            "%(name)s takes conditions, this is %(what)s", name=name.upper(), what=what(term)
        )
        raise binder.fault(problem, term if term.column else part)


def _negation(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    (term,) = terms
    _check_condition(binder, name, term, part)

    def value(rows: Rows) -> Truth:
        result: Truth = TRUE - term.value(rows)
        return result

    return _condition(part, term.cost, value)


def _comparison(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    left, right = terms
    if Type.TIME in (left.type, right.type):
        left, right = binder.as_time(left), binder.as_time(right)
    if left.type is not right.type:
        problem = say(
            "%(left)s cannot be compared with %(right)s", left=what(left), right=what(right)
        )
        raise binder.fault(problem, _pointed(terms, part))
    if left.type is Type.NUMBER:
        return _condition(
            part,
            CHEAP,
            lambda rows: operators.compare_numbers(name, left.value(rows), right.value(rows)),
        )
    if left.type is Type.STRING:
        return _condition(
            part,
            TEXTUAL,
            lambda rows: operators.compare_texts(name, left.value(rows), right.value(rows)),
        )
    if left.type is Type.TIME:
        return _condition(
            part,
            CHEAP,
            lambda rows: operators.compare_numbers(
                name, left.value(rows).start, right.value(rows).start
            ),
        )
    if left.type is Type.BOOLEAN and name in ("=", "<>"):
        return _condition(
            part,
            left.cost + right.cost,
            lambda rows: operators.compare_truths(name, left.value(rows), right.value(rows)),
        )
    instead = {
        Type.GEOMETRY: "S_EQUALS, S_INTERSECTS",
        Type.STRINGS: "A_EQUALS, A_CONTAINS",
        Type.INTERVAL: "T_EQUALS, T_INTERSECTS",
    }.get(left.type, "=, <>")
    problem = say(
        "%(name)s does not compare %(type)s with another; use %(instead)s",
        name=name,
        type=say(str(left.type)),
        instead=instead,
    )
    raise binder.fault(problem, _pointed(terms, part))


def _between(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    middle, low, high = terms
    least = _comparison(binder, part, ">=", [middle, low])
    most = _comparison(binder, part, "<=", [middle, high])
    return _junction(binder, part, "and", [least, most])


def contained(binder: Binder, part: Term, terms: list[Term], items: Any) -> Term:
    """Return ``IN``: a value is one of a list. Raises `FilterError`."""
    (left,) = terms
    if not isinstance(items, list) or not items:
        raise binder.fault(say("IN takes a list of one value or more"), part)
    found = [binder.term(item, f"{part.pointer}/args/1/{i}") for i, item in enumerate(items)]
    if all(item.constant and item.type is left.type for item in found):
        values = [item.value(None) for item in found]
        if left.type is Type.STRING:
            wanted = frozenset(value.pool[0] for value in values)
            return _condition(
                part, TEXTUAL, lambda rows: operators.one_of(left.value(rows), wanted)
            )
        if left.type is Type.NUMBER:
            numbers = [float(value) for value in values]
            return _condition(part, CHEAP, lambda rows: operators.among(left.value(rows), numbers))
    equal = [_comparison(binder, part, "=", [left, item]) for item in found]
    return _junction(binder, part, "or", equal) if len(equal) > 1 else equal[0]


def _like(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    left, pattern = terms
    if left.type is not Type.STRING or pattern.type is not Type.STRING:
        wrong = left if left.type is not Type.STRING else pattern
        problem = say("LIKE takes texts, this is %(what)s", what=what(wrong))
        raise binder.fault(problem, _pointed([wrong], part))
    if not pattern.constant:
        raise binder.fault(say("the pattern of LIKE is a literal, not a property"), pattern)
    text = pattern.value(None).pool[0]
    return _condition(part, TEXTUAL, lambda rows: operators.like(left.value(rows), text))


def _is_null(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    (term,) = terms

    def value(rows: Rows) -> Truth:
        found = term.value(rows)
        if term.type in (Type.STRING, Type.STRINGS):
            missing = found.codes < 0
        elif term.type is Type.GEOMETRY:
            missing = shapely.is_missing(found)
        elif term.type is Type.BOOLEAN:
            missing = found == UNKNOWN
        elif term.type is Type.NUMBER:
            missing = np.isnan(found)
        else:
            missing = np.isnan(found.start) | np.isnan(found.end)
        return truth(missing, np.True_)  # type: ignore[arg-type]

    return _condition(part, CHEAP if term.type is not Type.BOOLEAN else term.cost, value)


def _folded(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    return binder.folded(part, name, terms[0])


def _arithmetic(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    left, right = terms
    for term in terms:
        if term.type is not Type.NUMBER:
            problem = say(
                "%(name)s calculates with numbers, this is %(what)s", name=name, what=what(term)
            )
            raise binder.fault(problem, _pointed([term], part))
    work = operators.ARITHMETIC[name]
    return part.being(Type.NUMBER, lambda rows: work(left.value(rows), right.value(rows)))


def _temporal(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    left, right = (binder.as_time(term) for term in terms)
    for term in (left, right):
        if term.type not in (Type.TIME, Type.INTERVAL):
            problem = say(
                "%(name)s takes dates, timestamps or intervals, not %(what)s",
                name=name.upper(),
                what=what(term),
            )
            raise binder.fault(problem, _pointed([term], part))
    return _condition(
        part, CHEAP, lambda rows: times.relate(name, left.value(rows), right.value(rows))
    )


def _lists(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    left, right = (_as_list(term) for term in terms)
    for term in (left, right):
        if term.type is not Type.STRINGS:
            problem = say(
                "%(name)s takes lists of texts, not %(what)s", name=name.upper(), what=what(term)
            )
            raise binder.fault(problem, _pointed([term], part))
    return _condition(
        part,
        TEXTUAL,
        lambda rows: operators.compare_lists(name, left.value(rows), right.value(rows)),
    )


def _as_list(term: Term) -> Term:
    """Return a literal text as a list of one: ``('a')`` may be read as either."""
    if term.type is not Type.STRING or not term.constant:
        return term
    value = term.value(None)
    listed = replace(value, pool=[(text,) for text in value.pool])
    return replace(term, type=Type.STRINGS, value=lambda rows: listed)


def _spatial(binder: Binder, part: Term, name: str, terms: list[Term]) -> Term:
    for term in terms:
        if term.type is not Type.GEOMETRY:
            problem = say(
                "%(name)s takes geometries, not %(what)s", name=name.upper(), what=what(term)
            )
            raise binder.fault(problem, _pointed([term], part))
    left, right = terms
    table = binder.table
    if left.constant and not right.constant:
        left, right = right, left
        name = shapes.MIRRORED.get(name, name)
    if right.constant and not left.constant:
        literal = right.value(None)
        found = partial(shapes.lying, name, table, literal) if name != shapes.DISJOINT else None
        value = partial(shapes.lie, name, table, literal)
        return _condition(part, INDEXED, value, found)
    return _condition(
        part, GEOMETRIC, lambda rows: shapes.between(name, left.value(rows), right.value(rows))
    )


MAKERS: Mapping[str, Maker] = {
    "and": _junction,
    "or": _junction,
    "not": _negation,
    "like": _like,
    "between": _between,
    "in": lambda binder, part, name, terms: contained(binder, part, terms, None),
    "isnull": _is_null,
    **dict.fromkeys(operators.COMPARISONS, _comparison),
    **dict.fromkeys(operators.FOLDS, _folded),
    **dict.fromkeys(operators.ARITHMETIC, _arithmetic),
    **dict.fromkeys(times.RELATIONS, _temporal),
    **dict.fromkeys(operators.SETS, _lists),
    **dict.fromkeys(shapes.PREDICATES, _spatial),
}
"""What makes a term of an operator and its operands, by the operator's name in lower case."""
