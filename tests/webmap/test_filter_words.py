"""Is every fault of a filter told in the language of the request, whatever the fault?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.cql import reading
from layers.cql.errors import say
from layers.cql.values import Type
from webmap.filter_words import EXPECTED, SAME, WORDS, in_words

CQL = Path(__file__).parents[2] / "layers" / "cql"
ITEMS = "/ogc/collections/sites/items"


def said() -> Iterator[str]:
    """Every text that a fault of a filter may be made of, as the code has it."""
    for path in sorted(CQL.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield first.value
    yield from ("%(name)s has two operands or more, not %(count)s", *map(str, Type))
    yield "%(name)s has %(wanted)s operand(s), not %(count)s"
    yield from (text for text in reading._MEANT.values() if " " in text)


def test_every_text_of_a_fault_has_its_words(app) -> None:
    texts = set(said())
    assert len(texts) > 60
    with app.test_request_context():
        assert {text for text in texts if text not in WORDS} <= SAME | {"a number"}
        for text, words in WORDS.items():
            holes = [re.findall(r"%\((\w+)\)", one) for one in (text, str(words))]
            assert sorted(holes[0]) == sorted(holes[1]) or set(holes[1]) <= set(holes[0]), text
    assert set(EXPECTED) <= set(reading._MEANT.values())


def test_values_are_told_too(app) -> None:
    fault = say("LIKE takes texts, this is %(what)s", what=say(str(Type.NUMBER)))
    with app.test_request_context():
        assert in_words(fault) == "LIKE prend des textes, et non un nombre"
    with app.test_request_context("/?lang=en"):
        assert in_words(fault) == str(fault) == "LIKE takes texts, this is a number"


@pytest.mark.parametrize(
    ("filter", "french", "english"),
    [
        ("nom = 'a'", "n’a pas de propriété « nom »", "has no queryable 'nom'"),
        ("name = 1", "name (un texte) ne se compare pas à un nombre", "cannot be compared with"),
        ("(name = 'a'", "cette parenthèse n’est pas refermée", "this parenthesis is not closed"),
        ("name = ", "était attendu", "expected"),
        (
            "S_INTERSECTS(geometry, POLYGON((2 48,3 48,2 49,3 49,2 48)))",
            "elle se croise ou se touche elle-même (Self-intersection",
            "the geometry is not valid",
        ),
        ("S_INTERSECTS(geometry, POINT(2 98))", "il faut des positions", "is outside"),
        ("T_AFTER(DATE('2022-13-01'), name)", "n’est ni une date", "is not a date"),
    ],
)
def test_a_reader_is_told_in_the_own_language(client, filter, french, english) -> None:
    for language, wanted in (("fr", french), ("en", english)):
        query = {"filter": filter, "lang": language, "f": "json"}
        answer = client.get(ITEMS, query_string=query)
        assert answer.status_code == 400
        assert wanted in answer.get_json()["detail"]
