"""Is a filter true of what it should be? Beside SQLite, and by the laws of logic."""

from __future__ import annotations

import datetime
import math
import sqlite3
from contextlib import closing

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.cql import parse
from layers.cql.values import FALSE, TRUE, UNKNOWN
from tests.filtering import NAMES, ROWS, TABLE, TAGS, database, table

COMPARED = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
NUMBERS = st.integers(-60, 60).map(lambda n: n / 10)
PATTERNS = st.lists(
    st.sampled_from(["%", "_", "\\%", "\\_", "\\\\", "a", "b", "p", "é", "É", "Parc", "100", "x"]),
    max_size=5,
).map("".join)


def selected(text: str, language: str = "cql2-text") -> list[int]:
    return np.flatnonzero(parse(text, language).mask(TABLE)).tolist()


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def number_terms() -> st.SearchStrategy[str]:
    leaf = st.sampled_from(["size", "rank"]) | NUMBERS.map(str)
    pair = st.tuples(leaf, st.sampled_from("+-*/"), leaf).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
    return leaf | pair


def conditions() -> st.SearchStrategy[tuple[str, str]]:
    """The same condition in CQL2 and in SQLite's SQL."""
    texts = st.sampled_from(NAMES)
    names = st.sampled_from(["name", "other"])
    days = st.dates(datetime.date(2021, 1, 1), datetime.date(2023, 6, 1)).map(str)
    numeric = st.tuples(number_terms(), COMPARED, number_terms()).map(" ".join)
    textual = st.tuples(names, COMPARED, texts.map(quoted) | names).map(" ".join)
    listed = st.tuples(names, st.lists(texts.map(quoted), min_size=1, max_size=4)).map(
        lambda t: f"{t[0]} IN ({', '.join(t[1])})"
    )
    ranged = st.tuples(number_terms(), NUMBERS, NUMBERS).map(
        lambda t: f"{t[0]} BETWEEN {t[1]} AND {t[2]}"
    )
    missing = st.sampled_from(["name", "size", "due", "open"]).map(lambda n: f"{n} IS NULL")
    same = numeric | textual | listed | ranged | missing
    likes = st.tuples(names, PATTERNS.map(quoted))
    dated = st.tuples(COMPARED, days)
    return (
        same.map(lambda t: (t, t))
        | likes.map(lambda t: (f"{t[0]} LIKE {t[1]}", f"{t[0]} LIKE {t[1]} ESCAPE '\\'"))
        | dated.map(lambda t: (f"due {t[0]} DATE('{t[1]}')", f"due {t[0]} '{t[1]}'"))
        | st.just(("open", "open"))
    )


FILTERS = st.recursive(
    conditions(),
    lambda inner: st.one_of(
        inner.map(lambda t: (f"NOT ({t[0]})", f"NOT ({t[1]})")),
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(
            lambda t: tuple(f"({t[0][i]}) {t[1]} ({t[2][i]})" for i in (0, 1))
        ),
    ),
    max_leaves=5,
)


@given(FILTERS)
def test_sqlite_selects_the_same_rows(filters):
    ours, theirs = filters
    with closing(database()) as base:
        found = [n for (n,) in base.execute(f"SELECT n FROM essai WHERE {theirs} ORDER BY n")]
    assert selected(ours) == found, ours


@given(FILTERS, FILTERS)
def test_the_laws_of_three_valued_logic_hold(one, two):
    a, b = one[0], two[0]
    assert selected(f"NOT (NOT ({a}))") == selected(a)
    assert selected(f"NOT (({a}) AND ({b}))") == selected(f"(NOT ({a})) OR (NOT ({b}))")
    assert selected(f"NOT (({a}) OR ({b}))") == selected(f"(NOT ({a})) AND (NOT ({b}))")
    assert set(selected(f"({a}) AND ({b})")) == set(selected(a)) & set(selected(b))
    assert set(selected(f"({a}) OR ({b})")) == set(selected(a)) | set(selected(b))
    assert not set(selected(a)) & set(selected(f"NOT ({a})"))


@given(FILTERS)
def test_text_and_json_of_one_tree_agree(filters):
    expression = parse(filters[0])
    again = parse(orjson.dumps(expression.tree).decode(), "cql2-json")
    assert (again.mask(TABLE) == expression.mask(TABLE)).all()


@pytest.mark.parametrize("text", ["name = name", "NOT name = name", "name LIKE '%'", "name <> 'x'"])
def test_what_has_no_value_is_neither_equal_nor_unequal(text):
    missing = {i for i, row in enumerate(ROWS) if row["name"] is None}
    assert missing
    assert not set(selected(text)) & missing
    assert set(selected("name IS NULL")) == missing


@pytest.mark.parametrize("left", [FALSE, UNKNOWN, TRUE])
@pytest.mark.parametrize("right", [FALSE, UNKNOWN, TRUE])
def test_the_truth_tables_are_those_of_sql(left, right):
    unknown = table([row for row in ROWS if row["open"] is None][:1])
    value = {FALSE: ("1 = 2", "0"), TRUE: ("1 = 1", "1"), UNKNOWN: ("open", "NULL")}
    for operator in ("AND", "OR"):
        text = f"{value[left][0]} {operator} {value[right][0]}"
        with closing(sqlite3.connect(":memory:")) as base:
            sql = f"SELECT {value[left][1]} {operator} {value[right][1]}"
            (wanted,) = base.execute(sql).fetchone()
        assert parse(text).mask(unknown).tolist() == [wanted == 1]
        assert parse(f"NOT ({text})").mask(unknown).tolist() == [wanted == 0]
        assert parse(f"({text}) IS NULL").mask(unknown).tolist() == [wanted is None]


SIZED = [row for row in ROWS if row["size"] is not None]


@given(st.sampled_from(SIZED[:60]), NUMBERS.filter(bool))
def test_powers_remainders_and_whole_divisions_are_those_of_arithmetic(row, b):
    x, one = row["size"], table([row])
    assert parse(f"size % {b} = {math.fmod(x, b)!r}").mask(one).all()
    assert parse(f"size div {b} = {math.trunc(x / b)}").mask(one).all()
    assert parse(f"size ^ 2 = {x**2!r} AND 2 ^ size > 0 AND -size = {-x}").mask(one).all()


def test_a_division_by_zero_has_no_value():
    assert selected("size / 0 IS NULL") == list(range(len(ROWS)))
    assert selected("size div 0 = 1 OR NOT (size % 0 = 1)") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("CASEI(name) = CASEI('ÉTÉ')", {"Été"}),
        ("ACCENTI(name) = ACCENTI('éte')", {"ete"}),
        ("CASEI(ACCENTI(name)) = CASEI(ACCENTI('ÉTÉ'))", {"Été", "ete"}),
        ("ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('l’œ%'))", {"L’Œuvre"}),
        ("ACCENTI(CASEI(name)) LIKE 'l''oeuvre'", {"L’Œuvre"}),
        ("CASEI(name) IN (CASEI('IVRY'), casei('zoÉ'))", {"Ivry", "Zoé"}),
        ("name LIKE '%100\\%'", {"parc 100%"}),
        ("name LIKE 'a\\_b'", {"a_b"}),
        ("name LIKE 'a_b'", {"a_b", "axb", "a\\b"}),
        ("name LIKE 'a\\\\b'", {"a\\b"}),
        ("name LIKE ''", {""}),
    ],
)
def test_texts_are_compared_as_asked(text, names):
    assert {ROWS[i]["name"] for i in selected(text)} == names


@given(
    st.sampled_from(["A_CONTAINS", "A_CONTAINEDBY", "A_EQUALS", "A_OVERLAPS"]),
    st.sets(st.sampled_from(TAGS), min_size=1),
    st.booleans(),
)
def test_lists_are_compared_as_sets(name, wanted, turned):
    literal = f"({', '.join(map(quoted, sorted(wanted)))})"
    laws = {
        "A_CONTAINS": lambda a, b: a >= b,
        "A_CONTAINEDBY": lambda a, b: a <= b,
        "A_EQUALS": lambda a, b: a == b,
        "A_OVERLAPS": lambda a, b: bool(a & b),
    }
    operands = (literal, "tags") if turned else ("tags", literal)
    found = selected(f"{name}({', '.join(operands)})")
    expected = [
        i
        for i, row in enumerate(ROWS)
        if row["tags"] is not None
        and laws[name](*((wanted, set(row["tags"])) if turned else (set(row["tags"]), wanted)))
    ]
    assert found == expected
    assert selected("A_CONTAINS(CASEI(ACCENTI(tags)), ACCENTI(('METRO','velo')))") == []
    assert selected("A_CONTAINS(ACCENTI(tags), ('metro'))") == selected("A_CONTAINS(tags,'métro')")
    assert selected("A_EQUALS(tags, tags)") == [
        i for i, row in enumerate(ROWS) if row["tags"] is not None
    ]


TIMES = {
    "t_after": lambda t, a, b: t > b,
    "t_before": lambda t, a, b: t < a,
    "t_disjoint": lambda t, a, b: t < a or t > b,
    "t_during": lambda t, a, b: a < t < b,
    "t_equals": lambda t, a, b: t == a == b,
    "t_finishes": lambda t, a, b: a < t == b,
    "t_intersects": lambda t, a, b: a <= t <= b,
    "t_meets": lambda t, a, b: t == a,
    "t_metby": lambda t, a, b: t == b,
    "t_starts": lambda t, a, b: t == a and t < b,
    "t_contains": lambda t, a, b: False,
    "t_overlaps": lambda t, a, b: False,
    "t_overlappedby": lambda t, a, b: False,
    "t_startedby": lambda t, a, b: False,
    "t_finishedby": lambda t, a, b: False,
}
"""What each function says of a day and an interval of days."""


@given(st.sampled_from(sorted(TIMES)), st.integers(0, 900), st.integers(0, 900))
def test_days_lie_to_intervals_as_the_standard_says(name, first, length):
    start = datetime.date(2021, 1, 1) + datetime.timedelta(first)
    end = start + datetime.timedelta(length)
    expected = [
        i
        for i, row in enumerate(ROWS)
        if row["due"] is not None and TIMES[name](row["due"], str(start), str(end))
    ]
    assert selected(f"{name}(due, INTERVAL('{start}','{end}'))") == expected


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("T_DURING(due, INTERVAL('2022-01-01','..'))", "due > '2022-01-01'"),
        ("T_DURING(due, INTERVAL('..','2022-01-01'))", "due < '2022-01-01'"),
        ("T_BEFORE(due, '2022-01-01')", "due < DATE('2022-01-01')"),
        ("T_AFTER(due, TIMESTAMP('2022-01-01T12:00:00Z'))", "due > '2022-01-01'"),
        ("T_BEFORE(due, TIMESTAMP('2022-01-01T12:00:00Z'))", "due < '2022-01-01'"),
        ("T_CONTAINS(due, TIMESTAMP('2022-01-01T12:00:00Z'))", "due = '2022-01-01'"),
        ("T_AFTER(due, TIMESTAMP('2022-01-01T00:30:00+01:00'))", "due >= '2022-01-01'"),
        (
            "T_INTERSECTS(due, INTERVAL('2022-01-01T23:00:00Z','2022-01-03T01:00:00Z'))",
            "due BETWEEN DATE('2022-01-01') AND DATE('2022-01-03')",
        ),
        ("due <= TIMESTAMP('2022-01-01T00:00:00Z')", "due <= '2022-01-01'"),
        ("due < TIMESTAMP('2022-01-01T00:00:01Z')", "due <= '2022-01-01'"),
        ("T_EQUALS(due, INTERVAL(due, due))", "due IS NOT NULL"),
        ("T_INTERSECTS(INTERVAL('..', due), DATE('2022-01-01'))", "due >= '2022-01-01'"),
        ("due IN (DATE('2022-01-01'), DATE('2022-02-01'))", "due='2022-01-01' OR due='2022-02-01'"),
    ],
)
def test_a_date_beside_a_timestamp_is_its_whole_day(text, same):
    assert selected(text) == selected(same)
