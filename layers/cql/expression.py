"""What does a filter say, and of which features of a table is it true?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from layers.columns import Positions, Table
from layers.cql.binding import Binder
from layers.cql.errors import FilterError, say
from layers.cql.reading import read, tokens
from layers.cql.shapes import TYPES, given, system_named
from layers.cql.values import TRUE, Type

SHAPES = frozenset(name.lower() for name in (*TYPES, "bbox"))


class Expression:
    """A filter that was read without fault; it may be asked of any table, any number of times.

    Attributes
    ----------
    tree
        The filter as CQL2 JSON, decoded.
    """

    def __init__(
        self, text: str, is_text: bool, tree: Any, shapes: Mapping[str, BaseGeometry]
    ) -> None:
        self.tree = tree
        self._text = text if is_text else None
        self._shapes = shapes

    def mask(self, table: Table) -> npt.NDArray[np.bool_]:
        """Tell of each feature of a table whether the filter is true of it; see `positions`."""
        result = np.zeros(len(table), dtype=bool)
        result[self.positions(table)] = True
        return result

    def positions(self, table: Table) -> Positions:
        """Return the positions of the features that the filter is true of, ascending.

        Raises
        ------
        FilterError
            If the filter names what the table does not have, or compares unlike things.
        """
        binder = Binder(table, self._text, self._shapes)
        term = binder.term(self.tree, "")
        if term.type is not Type.BOOLEAN:
            problem = say("a filter is a condition, this is %(type)s", type=say(str(term.type)))
            raise binder.fault(problem, term)
        if term.found is not None:
            return term.found()
        return np.flatnonzero(np.broadcast_to(term.value(None) == TRUE, len(table)))


def parse(text: str, language: str = "cql2-text", filter_crs: str | None = None) -> Expression:
    """Read a filter.

    Parameters
    ----------
    text
        The filter, as it came.
    language
        ``cql2-text`` or ``cql2-json``.
    filter_crs
        The reference system of the geometries in the filter, a URI or an identifier such as
        ``EPSG:2154``, whose own axis order they have; None for CRS84 (longitude, latitude).

    Raises
    ------
    FilterError
        If it cannot be understood, is too large, or its geometries are not sound.
    """
    system = system_named(filter_crs)
    tree = read(text, language)
    is_text = language == "cql2-text"
    shapes: dict[str, BaseGeometry] = {}
    for count, (literal, pointer, function) in enumerate(_literals(tree)):
        try:
            shapes[pointer] = given(literal, system, cut=function != "s_equals")
        except FilterError as error:
            starts = _shape_starts(text) if is_text else []
            position = starts[count] + 1 if count < len(starts) else None
            raise FilterError(error.said, position, "" if is_text else pointer) from None
    return Expression(text, is_text, tree, shapes)


def _literals(node: Any, pointer: str = "", function: str = "") -> Iterator[tuple[Any, str, str]]:
    """Yield the geometries of a tree in reading order, with pointer and function around each."""
    if isinstance(node, list):
        for i, part in enumerate(node):
            yield from _literals(part, f"{pointer}/{i}", function)
    elif isinstance(node, dict):
        if "op" in node:
            yield from _literals(node["args"], f"{pointer}/args", node["op"])
        elif "bbox" in node or "type" in node:
            yield node, pointer, function


def _shape_starts(text: str) -> list[int]:
    """Return where the geometries of a text filter begin, in reading order."""
    found: list[int] = []
    depth = inside = 0
    before = None
    for token in tokens(text):
        if token.text == "(":
            depth += 1
            if before is not None and before.text.lower() in SHAPES and not inside:
                found.append(before.start)
                inside = depth
        elif token.text == ")":
            inside = 0 if depth == inside else inside
            depth -= 1
        # ``POINT Z (…)`` is a point too.
        if not (token.kind == "name" and token.text.lower() in ("z", "m", "zm")):
            before = token
    return found
