"""What does the text of a filter say? From CQL2 text or JSON to one tree, within limits.

The tree is that of CQL2 JSON. The grammar is the business of the ``cql2`` package; what is
checked before it is asked keeps its work bounded (its time doubles with every open group) and
points at faults more exactly than it can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import cql2
import orjson

from layers.cql.errors import FilterError, listed, say

MAX_LENGTH = 300_000
"""Characters of a filter."""
MAX_DEPTH = 50
"""Levels that parentheses, functions and operators may be nested in each other."""
MAX_NODES = 1_000
"""Operators, functions, properties and literals of a filter; positions are not counted."""
MAX_OPERATIONS = 100
"""Operators and functions of a filter; ``a AND b AND c`` is one AND."""
MAX_WORK = 500_000
"""Characters of a text filter times 2 to the power of its nested groups."""

KEYWORDS = frozenset(
    ("and", "or", "not", "in", "like", "between", "is", "div", "null", "true", "false")
)
_BEFORE_EMPTY = frozenset(
    (
        *("point", "multipoint", "linestring", "multilinestring", "polygon", "multipolygon"),
        *("geometrycollection", "z", "m", "zm"),
    )
)
_BETWEEN_OPERATIONS = frozenset(("and", "or", ","))
_TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*'?)|(?P<quoted>"[^"]*"?)|(?P<name>[^\W\d][\w.:]*)"""
    r"""|(?P<number>\d[\w.]*(?:[\s,]+\d[\w.]*)*)|(?P<sign><>|<=|>=|[^\s])"""
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE = re.compile(r"--> (\d+):(\d+)")
_MEANT = {
    "EOI": "the end",
    "Expr": "an expression",
    "ExpressionInParentheses": "(",
    "Array": "a list",
    "Identifier": "a property",
    "SingleQuotedString": "a text in single quotes",
    "DECIMAL": "a number",
    "Double": "a number",
    "GEOMETRY": "a geometry",
    "IsNullPostfix": "IS NULL",
    "UnaryNot": "NOT",
    "NotFlag": "NOT",
    "Negative": "-",
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Divide", "Modulo", "Power"), "a calculation"),
    **dict.fromkeys(("Eq", "NotEq", "Gt", "GtEq", "Lt", "LtEq"), "a comparison"),
}


class Token(NamedTuple):
    """A word or sign of a text filter, or some numbers after each other; ``start`` is from 0."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the words and signs of a text filter, in order."""
    for found in _TOKEN.finditer(text):
        yield Token(found.lastgroup or "", found.group(), found.start())


def read(text: str, language: str) -> Any:
    """Return the tree of a filter.

    Raises
    ------
    FilterError
        If it is not CQL2, or larger than the limits of this module.
    """
    if len(text) > MAX_LENGTH:
        raise FilterError(
            say("%(n)s characters; at most %(max)s are read", n=len(text), max=MAX_LENGTH)
        )
    if not text.strip():
        raise FilterError(say("it is empty"))
    if half := _SURROGATE.search(text):
        raise FilterError(say("this is half of a character"), half.start() + 1)
    if language == "cql2-text":
        return _read_text(text)
    if language == "cql2-json":
        return _read_json(text)
    raise FilterError(
        say(
            "the language %(name)r is not known; use %(known)s",
            name=language,
            known="cql2-text, cql2-json",
        )
    )


def _read_text(text: str) -> Any:
    _check_text(text)
    try:
        tree = cql2.parse_text(text).to_json()
    except cql2.ParseError as error:
        raise _syntax(text, str(error)) from None
    _check_tree(tree)
    return tree


def _check_text(text: str) -> None:
    """Refuse what is not closed and what is too much, before it is parsed."""
    nesting = _Nesting()
    nodes = 0
    for token in tokens(text):
        if token.kind in ("text", "quoted") and not _is_closed(token.text):
            raise FilterError(
                say("the quote %(quote)s is not closed", quote=token.text[0]), token.start + 1
            )
        # A position such as ``2.3 48.8`` is no node: limits on geometries are elsewhere.
        nodes += token.kind not in ("number", "sign")
        if nodes > 2 * MAX_NODES:
            raise FilterError(say("more than %(max)s parts", max=MAX_NODES), token.start + 1)
        nesting.take(token)
    if nesting.open:
        raise FilterError(say("this parenthesis is not closed"), nesting.open[-1][0] + 1)
    if len(text) << nesting.deepest > MAX_WORK:
        most = (MAX_WORK // len(text)).bit_length() - 1
        raise FilterError(
            say(
                "%(n)s groups of parentheses within each other; at most %(max)s are read in a "
                "filter of %(length)s characters: leave out those that are not needed, or use "
                "cql2-json",
                n=nesting.deepest,
                max=most,
                length=len(text),
            )
        )


class _Nesting:
    """How deep are groups and operators nested, so far?

    ``open`` holds where each open parenthesis is and whether it opens a group, which is one that
    no name of a function stands before; ``deepest`` counts groups within each other.
    """

    def __init__(self) -> None:
        self.open: list[tuple[int, bool]] = []
        self.deepest = 0
        self._chain = 0
        self._before = Token("", "", 0)

    def take(self, token: Token) -> None:
        """Note the next token. Raises `FilterError`."""
        sign = token.text.lower()
        if sign == "(":
            word = self._before.text.lower()
            self.open.append((token.start, self._before.kind != "name" or word in KEYWORDS))
            self.deepest = max(self.deepest, sum(group for _start, group in self.open))
        elif sign == ")":
            if not self.open:
                raise FilterError(say("this parenthesis was never opened"), token.start + 1)
            self.open.pop()
        if sign in _BETWEEN_OPERATIONS or (token.kind == "number" and "," in sign):
            self._chain = 0
        elif sign not in "()" and (token.kind == "sign" or sign in KEYWORDS):
            self._chain += 1
        if len(self.open) + self._chain > MAX_DEPTH:
            raise FilterError(
                say("nested more than %(max)s levels deep", max=MAX_DEPTH), token.start + 1
            )
        if sign == "empty" and self._before.text.lower() in _BEFORE_EMPTY:
            raise FilterError(say("an empty geometry meets nothing"), self._before.start + 1)
        self._before = token


def _is_closed(quoted: str) -> bool:
    quote = quoted[0]
    return len(quoted) > 1 and quoted.endswith(quote) and quoted.count(quote) % 2 == 0


def _syntax(text: str, message: str) -> FilterError:
    """Return the error of the parser with its place counted in characters."""
    place = _LINE.search(message)
    if not place:
        return FilterError(say("not CQL2 text: %(message)s", message=message.strip()))
    lines = text.split("\n")
    row, column = int(place.group(1)), int(place.group(2))
    start = sum(len(line) + 1 for line in lines[: row - 1]) + column - 1
    _before, _, wanted = message.partition("expected ")
    words = [word.strip() for word in re.split(r", or |, | or ", wanted) if word.strip()]
    meant = listed(_MEANT.get(word, word.upper()) for word in words)
    rest = text[start : start + 20].split("\n")[0]
    if rest.strip():
        said = say("not CQL2 text at %(rest)r; expected %(meant)s", rest=rest, meant=meant)
    else:
        said = say("not CQL2 text at the end; expected %(meant)s", meant=meant)
    return FilterError(said, start + 1)


def _read_json(text: str) -> Any:
    try:
        tree = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FilterError(say("not JSON: %(message)s", message=error.msg), error.pos + 1) from None
    _check_tree(tree)
    try:
        return cql2.parse_json(text).to_json()
    except cql2.ParseError as error:
        raise FilterError(say("not CQL2 JSON: %(message)s", message=str(error))) from None


def _check_tree(tree: Any) -> None:
    """Refuse a tree that is too large, or has parts that are no CQL2."""
    waiting = [(tree, "", 1)]
    nodes = operations = 0
    while waiting:
        node, pointer, depth = waiting.pop()
        nodes += 1
        operations += isinstance(node, dict) and "op" in node
        if operations > MAX_OPERATIONS:
            raise FilterError(say("more than %(max)s operators and functions", max=MAX_OPERATIONS))
        if depth > MAX_DEPTH:
            raise FilterError(say("nested more than %(max)s levels deep", max=MAX_DEPTH))
        if nodes > MAX_NODES:
            raise FilterError(say("more than %(max)s parts", max=MAX_NODES))
        waiting.extend((child, at, depth + 1) for child, at in _children(node, pointer))


def _children(node: Any, pointer: str) -> Iterator[tuple[Any, str]]:
    """Yield the parts of a node that are nodes themselves, with their pointers."""
    if isinstance(node, list):
        yield from ((part, f"{pointer}/{i}") for i, part in enumerate(node))
    elif isinstance(node, dict) and "op" in node:
        if not isinstance(node["op"], str):
            raise FilterError(say("the name of an operator is a text"), pointer=f"{pointer}/op")
        if not isinstance(node.get("args"), list):
            raise FilterError(say('an operator has a list of "args"'), pointer=pointer)
        yield from _children(node["args"], f"{pointer}/args")
    elif isinstance(node, dict):
        if "property" in node and not isinstance(node["property"], str):
            raise FilterError(
                say("the name of a property is a text"), pointer=f"{pointer}/property"
            )
        if not node.keys() & {"property", "date", "timestamp", "interval", "bbox", "type"}:
            raise FilterError(
                say(
                    "an object is an operator, a property, a date, a timestamp, an interval, a "
                    "bbox or a geometry"
                ),
                pointer=pointer,
            )
