"""Does a filter fit a table? From the tree of a filter to terms that know their types.

Everything that can be wrong with a filter is found here, before a single feature is looked at.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from layers.columns import Pooled, Table
from layers.cql import conditions, operators, shapes, times
from layers.cql.errors import FilterError, Said, say
from layers.cql.reading import tokens
from layers.cql.values import FALSE, TRUE, Rows, Term, Times, Type, constant_text, truth
from layers.errors import closest
from layers.properties import Kind, Property

TYPES = {
    Kind.STRING: Type.STRING,
    Kind.NUMBER: Type.NUMBER,
    Kind.INTEGER: Type.NUMBER,
    Kind.BOOLEAN: Type.BOOLEAN,
    Kind.DATE: Type.TIME,
    Kind.STRINGS: Type.STRINGS,
    Kind.GEOMETRY: Type.GEOMETRY,
}
OPERANDS = {"not": 1, "isnull": 1, "casei": 1, "accenti": 1, "between": 3}
"""How many operands an operator has, where it is not two; AND and OR have two or more."""


class Binder:
    """Binds the tree of one filter to one table; for text, finds where its parts stand."""

    def __init__(
        self, table: Table, text: str | None, literals: Mapping[str, BaseGeometry]
    ) -> None:
        self.table = table
        self._text = text
        self._literals = literals
        self._seen: Counter[str] = Counter()

    def fault(self, said: Said, part: Term, suggestions: tuple[str, ...] = ()) -> FilterError:
        """Return the error that points at a part of the filter."""
        if self._text is None:
            return FilterError(said, None, part.pointer, suggestions)
        word, count = part.token
        starts = [t.start for t in tokens(self._text) if t.text.strip('"').lower() == word]
        position = starts[min(count, len(starts) - 1)] + 1 if starts else None
        return FilterError(said, position, "", suggestions)

    def term(self, node: Any, pointer: str) -> Term:
        """Return what a node of the tree stands for. Raises `FilterError`."""
        if isinstance(node, dict) and "op" in node:
            return self._operation(node["op"], node["args"], pointer)
        if isinstance(node, dict):
            return self._named(node, pointer)
        if isinstance(node, list):
            return self._list(node, pointer)
        if node is None:
            raise self.fault(say("nothing equals NULL; use IS NULL"), self._part("null", pointer))
        if isinstance(node, str):
            part = self._part("'" + node.replace("'", "''").lower() + "'", pointer)
            text = constant_text(node)
            return part.being(Type.STRING, lambda rows: text, constant=True)
        part = self._part("", pointer)
        if isinstance(node, bool):
            verdict = np.array(TRUE if node else FALSE, dtype=np.int8)
            return part.being(Type.BOOLEAN, lambda rows: verdict, constant=True)
        if not math.isfinite(node):
            raise self.fault(say("a number is too large"), part)
        number = np.array(float(node))
        return part.being(Type.NUMBER, lambda rows: number, constant=True)

    def _part(self, word: str, pointer: str) -> Term:
        """Return an empty term that knows where it stands."""
        word = word.lower()
        count = self._seen[word]
        self._seen[word] += 1
        return Term(Type.BOOLEAN, lambda rows: None, token=(word, count), pointer=pointer)

    def _named(self, node: Mapping[str, Any], pointer: str) -> Term:
        if "property" in node:
            return self._property(self._part(node["property"], pointer), node["property"])
        if "interval" in node:
            return self._interval(node["interval"], pointer)
        for name, parse in (("date", times.parse_date), ("timestamp", times.parse_timestamp)):
            if name in node:
                return self._instant(node[name], parse, self._part(name, pointer))
        word = "bbox" if "bbox" in node else str(node["type"])
        part = self._part(word, pointer)
        for member in node.get("geometries", ()):
            self._part(str(member["type"]), pointer)
        shape = self._literals[pointer]
        bounds = self.table.features.bounds
        if bounds is not None and shapes.is_swapped(shape, bounds):
            raise self.fault(
                say(
                    "the axes of the geometry seem to be swapped: nothing of the collection is "
                    "there, but it would be with the two numbers of each position exchanged"
                ),
                part,
            )
        return part.being(Type.GEOMETRY, lambda rows: shape, constant=True)

    def _property(self, part: Term, name: str) -> Term:
        known = self.table.queryables
        found = known.get(name)
        if found is None:
            near = closest(name, known)
            problem = say(
                "%(collection)s has no queryable %(name)r%(hint)s Queryables: %(known)s",
                collection=self.table.id,
                name=name,
                hint=_hint(near),
                known=", ".join(known),
            )
            raise self.fault(problem, part, near)
        return part.being(TYPES[found.kind], self._values(found), column=name)

    def _values(self, found: Property) -> Callable[[Rows], Any]:
        table, name = self.table, found.name
        if found.kind is Kind.GEOMETRY:
            return lambda rows: table.geometries if rows is None else table.geometries[rows]

        def pooled(rows: Rows) -> Any:
            column = table.column(name)
            return column.at(rows) if isinstance(column, Pooled) else column

        def numbers(rows: Rows) -> Any:
            column = table.column(name)
            return column if rows is None or isinstance(column, Pooled) else column[rows]

        if found.kind in (Kind.STRING, Kind.STRINGS):
            return pooled
        if found.kind is Kind.DATE:
            return lambda rows: times.from_days(numbers(rows))
        if found.kind is Kind.BOOLEAN:
            return lambda rows: truth(numbers(rows) == 1, ~np.isnan(numbers(rows)))
        return numbers

    def _instant(self, text: Any, parse: Callable[[str], Times], part: Term) -> Term:
        try:
            instant = parse(text if isinstance(text, str) else "")
        except ValueError:
            raise self.fault(
                say(
                    "%(got)r is not a date or a timestamp: write DATE('2022-12-31') or "
                    "TIMESTAMP('2022-12-31T12:00:00Z')",
                    got=text,
                ),
                part,
            ) from None
        return part.being(Type.TIME, lambda rows: instant, constant=True)

    def _interval(self, ends: Any, pointer: str) -> Term:
        part = self._part("interval", pointer)
        if not isinstance(ends, list) or len(ends) != 2:
            raise self.fault(say("an interval has two ends"), part)
        first, last = (self._end(end, i, part) for i, end in enumerate(ends))
        if first.constant and last.constant:
            lasts = times.interval(first.value(None), last.value(None))
            if lasts.start > lasts.end:
                raise self.fault(say("the interval ends before it begins"), part)
        return part.being(
            Type.INTERVAL,
            lambda rows: times.interval(first.value(rows), last.value(rows)),
            constant=first.constant and last.constant,
        )

    def _end(self, end: Any, i: int, part: Term) -> Term:
        if isinstance(end, str) and end in times.OPEN:
            instant = times.open_end(first=i == 0)
            return part.being(Type.TIME, lambda rows: instant, constant=True)
        if isinstance(end, str):
            return self._instant(end, times.parse_instant, part)
        if not isinstance(end, dict) or not end.keys() & {"property", "date", "timestamp"}:
            problem = say("an end of an interval is a date, a timestamp, a property or ..")
            raise self.fault(problem, part)
        term = self.term(end, f"{part.pointer}/interval/{i}")
        if term.type is not Type.TIME:
            raise self.fault(say("an interval ends at %(what)s", what=conditions.what(term)), part)
        return term

    def as_time(self, term: Term) -> Term:
        """Return a literal text as the date or timestamp that it is. Raises `FilterError`."""
        if term.type is not Type.STRING or not term.constant:
            return term
        text = term.value(None).pool[0]
        return self._instant(text, times.parse_instant, replace(term, type=Type.TIME))

    def _list(self, nodes: list[Any], pointer: str) -> Term:
        part = self._part("", pointer)
        items = [self.term(node, f"{pointer}/{i}") for i, node in enumerate(nodes)]
        for item in items:
            if item.type is not Type.STRING or not item.constant:
                problem = say("a list holds texts, this is %(what)s", what=conditions.what(item))
                raise self.fault(problem, item)
        texts = tuple(item.value(None).pool[0] for item in items)
        value = Pooled((texts,), np.array(0, dtype=np.int32))
        return part.being(Type.STRINGS, lambda rows: value, constant=True)

    def _operation(self, name: str, args: list[Any], pointer: str) -> Term:
        part = self._part(name, pointer)
        key = name.lower()
        make = conditions.MAKERS.get(key)
        if make is None:
            near = closest(key, conditions.MAKERS)
            names = ", ".join(n for n in conditions.MAKERS if "_" in n or n in operators.FOLDS)
            problem = say(
                "the function %(name)r is not supported%(hint)s Supported: %(known)s",
                name=name,
                hint=_hint(near),
                known=names,
            )
            raise self.fault(problem, part, near)
        wanted = OPERANDS.get(key, 2)
        is_many = key in ("and", "or")
        if len(args) < 2 if is_many else len(args) != wanted:
            text = (
                "%(name)s has two operands or more, not %(count)s"
                if is_many
                else "%(name)s has %(wanted)s operand(s), not %(count)s"
            )
            raise self.fault(say(text, name=name, wanted=wanted, count=len(args)), part)
        if key == "in":
            return conditions.contained(self, part, self._operands(args[:1], pointer), args[1])
        return make(self, part, key, self._operands(args, pointer))

    def _operands(self, args: list[Any], pointer: str) -> list[Term]:
        return [self.term(node, f"{pointer}/args/{i}") for i, node in enumerate(args)]

    def folded(self, part: Term, name: str, term: Term) -> Term:
        """Return CASEI or ACCENTI of a text or a list. Raises `FilterError`."""
        if term.type not in (Type.STRING, Type.STRINGS):
            what = conditions.what(term)
            raise self.fault(
                say("%(name)s folds texts, this is %(what)s", name=name.upper(), what=what), term
            )
        if not term.column:
            before = term.value(None)
            folded = Pooled([operators.fold(name, v) for v in before.pool], before.codes)
            return replace(term, value=lambda rows: folded, token=part.token)
        folds = (*term.folds, name)

        def change(value: Any) -> Any:
            for fold in folds:
                value = operators.fold(fold, value)
            return value

        derived = partial(self.table.derived, term.column, folds, change)
        return replace(term, value=lambda rows: derived().at(rows), folds=folds)


def _hint(near: tuple[str, ...]) -> Said:
    return say("; did you mean %(near)s?", near=", ".join(near)) if near else say(".")
