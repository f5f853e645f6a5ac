"""Is every wrong filter refused, with its reason and its character, and in bounded time?"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from layers.cql import FilterError, parse
from layers.cql.reading import MAX_DEPTH, MAX_LENGTH, MAX_NODES, MAX_OPERATIONS
from tests.filtering import TABLE

ROOT = Path(__file__).parents[2]
WORDS = [
    *("name", "size", "rank", "open", "due", "tags", "geometry", "id", "nom", "foo", "é", "😀"),
    *("(", ")", ",", "'", '"', "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "^", "%"),
    *("AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "NULL", "TRUE", "FALSE", "DIV"),
    *("CASEI", "ACCENTI", "S_INTERSECTS", "S_WITHIN", "T_AFTER", "T_DURING", "A_CONTAINS"),
    *("DATE", "TIMESTAMP", "INTERVAL", "BBOX", "POINT", "POLYGON", "LINESTRING", "EMPTY"),
    *("'a'", "'%a%'", "'2022-01-01'", "'..'", "1", "2.5", "-3", "48", "1e400"),
    *("\x00", "\n", ";", "[", "{", "\\"),
]


def fault(text: str, language: str = "cql2-text") -> FilterError:
    with pytest.raises(FilterError) as caught:
        parse(text, language).mask(TABLE)
    return caught.value


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("nam = 'x'", "nam", "no queryable 'nam'; did you mean name?"),
        ("size > 1 AND nam = 'x'", "nam", "Queryables: id, name, other, size, rank, open, due"),
        ("name = 'nam' AND \"n a m\" = 1", '"n a m"', "no queryable 'n a m'"),
        ("name = 1", "name", "name (a text) cannot be compared with a number"),
        ("name = 'a' OR name > 4", "name > 4", "cannot be compared"),
        ("1 < name", "name", "cannot be compared"),
        ("tags = 'bus'", "tags", "cannot be compared"),
        ("tags = ('bus', 'pied')", "tags", "A_EQUALS"),
        ("geometry = geometry", "geometry = geometry", "S_EQUALS"),
        ("open > open", "open > open", "=, <>"),
        ("size > 1 AND foo(name) = 1", "foo", "the function 'foo' is not supported"),
        ("s_intersect(geometry, POINT(2 48))", "s_intersect", "did you mean s_intersects"),
        ("due > DATE('2022-02-30')", "DATE", "not a date"),
        ("due > 'demain'", "'demain'", "DATE('2022-12-31')"),
        ("due > TIMESTAMP('2022-01-01')", "TIMESTAMP", "not a date or a timestamp"),
        ("T_DURING(due, INTERVAL('2023-01-01','2022-01-01'))", "INTERVAL", "ends before"),
        ("T_DURING(size, INTERVAL('2022-01-01','..'))", "size", "takes dates"),
        ("S_WITHIN(name, POINT(2 48))", "name", "takes geometries"),
        ("A_CONTAINS(name, ('a','b'))", "name", "takes lists"),
        ("A_CONTAINS(tags, (1,2))", "", "a list holds texts"),
        ("size LIKE 'a'", "size", "LIKE takes texts"),
        ("name LIKE other", "other", "literal"),
        ("name + 1 = 2", "name", "calculates with numbers"),
        ("name AND open", "name", "AND takes conditions"),
        ("NOT size", "size", "NOT takes conditions"),
        ("size", "size", "a filter is a condition"),
        ("CASEI(size) = 'a'", "size", "folds texts"),
        ("name = NULL", "NULL", "IS NULL"),
        ("size = 1e400", "", "too large"),
        ("name IN ('a', 3)", "name", "cannot be compared"),
        ("name = 'a", "'a", "not closed"),
        ("(name = 'a'", "(", "not closed"),
        ("name = 'a')", ")", "never opened"),
        ("name = ", "", "at the end"),
        ("name = 'a'\nAND size = = 3", "= 3", "not CQL2 text"),
        ("name = 'é😀' AND = 3", "= 3", "not CQL2 text"),
        ("", "", "empty"),
        ("  ", "", "empty"),
    ],
)
def test_a_fault_is_told_with_its_character(text, at, said):
    error = fault(text)
    assert said in str(error)
    if at:
        assert error.position == text.rindex(at) + 1, str(error)
    if error.position is not None:
        assert 1 <= error.position <= len(text) + 1
        assert f"character {error.position}:" in str(error)


@pytest.mark.parametrize(
    ("tree", "pointer", "said"),
    [
        ({"op": "=", "args": [{"property": "nam"}, 1]}, "/args/0", "did you mean name"),
        ({"op": "and", "args": [True, {"op": "foo", "args": []}]}, "/args/1", "'foo'"),
        ({"op": "=", "args": [1]}, "", "2 operand(s), not 1"),
        ({"op": "and", "args": [True]}, "", "two operands or more"),
        ({"op": "in", "args": [{"property": "name"}, "a"]}, "", "IN takes a list"),
        ({"op": "in", "args": [{"property": "name"}, []]}, "", "IN takes a list"),
        ({"op": "x"}, "", '"args"'),
        ({"op": 3, "args": []}, "/op", "is a text"),
        ({"op": "not", "args": [{"property": 3}]}, "/args/0/property", "is a text"),
        ({"op": "not", "args": [{}]}, "/args/0", "an object is"),
        (
            {"op": "s_within", "args": [{"property": "geometry"}, {"bbox": [1, 2]}]},
            "/args/1",
            "four numbers",
        ),
        (
            {"op": "=", "args": [{"property": "due"}, {"date": 3}]},
            "/args/1",
            "not a date",
        ),
    ],
)
def test_a_fault_of_json_is_told_with_its_pointer(tree, pointer, said):
    error = fault(json.dumps(tree), "cql2-json")
    assert said in str(error)
    assert error.pointer == pointer


def test_bad_json_and_an_unknown_language_are_told():
    assert fault('{"op": "="', "cql2-json").position == 11
    assert "not JSON" in str(fault('{"op": NaN}', "cql2-json"))
    assert "cql2-text, cql2-json" in str(fault("true", "sql"))


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("name = '" + "a" * MAX_LENGTH + "'", MAX_LENGTH),
        ("f(" * 60 + "name" + ")" * 60 + " = 1", MAX_DEPTH),
        ("NOT " * 60 + "open", MAX_DEPTH),
        ("size = " + "- " * 60 + "1", MAX_DEPTH),
        ("size = " + "+".join(["1"] * 90), MAX_DEPTH),
        (f"id IN ({','.join(['size'] * (MAX_NODES + 1))})", MAX_NODES),
        (" AND ".join(["open = open"] * 2000), MAX_NODES),
        (" OR ".join(["size = 1"] * (MAX_OPERATIONS + 1)), MAX_OPERATIONS),
        ("(" * 20 + "open" + ")" * 20, 13),
    ],
)
def test_what_is_too_much_is_refused_with_the_limit(text, limit):
    start = time.perf_counter()
    assert str(limit) in str(fault(text))
    assert time.perf_counter() - start < 1


DEEP = {"op": "not", "args": [True]}
for _ in range(60):
    DEEP = {"op": "not", "args": [DEEP]}


def test_json_has_the_same_limits():
    assert str(MAX_DEPTH) in str(fault(json.dumps(DEEP), "cql2-json"))
    many = {"op": "in", "args": [{"property": "id"}, ["x"] * MAX_NODES]}
    assert str(MAX_NODES) in str(fault(json.dumps(many), "cql2-json"))
    assert "JSON" in str(fault("[" * 100_000, "cql2-json"))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 12 + "a=" + ")" * 12,
        "casei((" * 11 + "a=" + "))" * 11,
        "(" * 8 + " AND ".join(["a=1"] * 300) + " AND" + ")" * 8,
        "((((LINESTRING(" + ",".join(["1.5 2.5"] * 20_000) + ") and))))",
        " and ".join(["((((a=1))))"] * 100) + " and ((((a=))))",
    ],
)
def test_the_parser_never_works_for_long_on_what_it_refuses(text):
    start = time.perf_counter()
    fault(text)
    assert time.perf_counter() - start < 3


def test_what_is_let_through_fits_on_a_small_stack():
    """A parser that runs out of stack ends the process: ask it in another one."""
    script = """
import threading
from layers.cql import FilterError, parse
texts = [s * n + "open" + e * n for s, e in (("NOT ", ""), ("(", ")"), ("f(", ")"), ("NOT (", ")"))
         for n in (10, 25, 45, 400)]
texts += ["size" + " = (size)" * n for n in (10, 25, 45, 400)]
texts += ["size = " + s.join(["size"] * n) for s in "+-*/^" for n in (10, 45, 400)]
def ask():
    for text in texts:
        try:
            parse(text)
        except FilterError:
            pass
    print("done")
threading.stack_size(512 * 1024)
thread = threading.Thread(target=ask)
thread.start()
thread.join()
"""
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert found.stdout.strip() == "done", found.returncode


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=40))
@example("S_INTERSECTS(geometry, POINT EMPTY)")
@example("'\ud800'")
def test_any_text_is_a_filter_or_a_fault(text):
    try:
        mask = parse(text).mask(TABLE)
    except FilterError as error:
        assert error.problem
        assert error.position is None or 1 <= error.position <= len(text) + 1
    else:
        assert mask.shape == (len(TABLE),)
        assert mask.dtype == bool


OPERATORS = [
    *("and", "or", "not", "=", "<>", "<", "like", "in", "between", "isNull", "casei", "accenti"),
    *("+", "/", "^", "%", "div", "s_within", "s_equals", "t_during", "t_meets", "a_contains"),
    *("a_equals", "foo"),
]
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["a", "2022-01-01", "..", "bus"])
    | st.sampled_from(["name", "size", "due", "tags", "open", "geometry", "nom"]).map(
        lambda name: {"property": name}
    )
    | st.sampled_from([{"date": "2022-01-01"}, {"timestamp": "x"}, {"bbox": [2, 48, 3, 49]}]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.fixed_dictionaries(
            {
                "op": st.sampled_from(OPERATORS),
                "args": st.lists(inner, max_size=3),
            }
        ),
        st.fixed_dictionaries({"interval": st.lists(inner, max_size=3)}),
    ),
    max_leaves=8,
)


@given(TREES)
def test_any_tree_is_a_filter_or_a_fault(tree):
    try:
        mask = parse(json.dumps(tree), "cql2-json").mask(TABLE)
    except FilterError as error:
        assert error.problem
    else:
        assert mask.shape == (len(TABLE),)
