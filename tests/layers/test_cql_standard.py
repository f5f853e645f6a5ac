"""Does each class of the CQL2 standard have its operators, in all the ways they are written?

Expressions are made for each of the abstract tests of OGC 21-065r2, annex A; those that the
standard wants refused are.
"""

from __future__ import annotations

import numpy as np
import orjson
import pytest

from layers.cql import FilterError, parse
from tests.filtering import COUNT, ROWS, TABLE

BASIC = [f"{left} {op} {right}" for op in ("=", "<>", "<", "<=", ">", ">=")
         for left, right in (("rank", "3"), ("name", "'Parc'"),
                             ("due", "DATE('2022-03-01')"))]  # fmt: skip
LOGIC = ["true", "false", "NOT true", "rank IS NULL", "rank is not null", "open = true",
         "rank > 1 and (size < 2 or not name = 'Zoé')", "NOT (rank > 1 AND size < 2)"]  # fmt: skip
ADVANCED = ["name LIKE '%'", "name like '_%'", "name NOT LIKE ''", "name LIKE '\\%\\_'",
            "rank BETWEEN 0 AND 100", "rank not between 100.0 and 1.0", "rank IN (1, 2, 3)",
            "name NOT IN ('Parc', 'Zoé')"]  # fmt: skip
INSENSITIVE = ["CASEI(name) = casei('PARC')", "CASEI(name) LIKE casei('foo%')",
               "ACCENTI(name) <> accenti('äöüéáí')",
               "ACCENTI(CASEI(name)) LIKE accenti(casei('É%'))",
               "CASEI(name) IN (casei('Kiev'), casei('Été'))"]  # fmt: skip
LITERALS = ["POINT(2.3 48.3)", "MULTIPOINT(2.3 48.3, 2.5 48.5)", "LINESTRING(-180 -45, 0 -45)",
            "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))", "BBOX(-180,-90,180,90)",
            "POLYGON((-180 -90, -90 -90, -90 90, -180 90, -180 -90))",
            "MULTIPOLYGON(((2 48, 2.2 48, 2.2 49, 2 49, 2 48)), ((0 0, 1 0, 1 1, 0 1, 0 0)))",
            "GEOMETRYCOLLECTION(POINT(2.3 48.3), POLYGON((0 0, 1 0, 1 1, 0 1, 0 0)))"]  # fmt: skip
SPATIAL = [f"S_{name}(geometry, {literal})" for literal in LITERALS
           for name in ("INTERSECTS", "DISJOINT", "EQUALS", "TOUCHES", "CROSSES", "WITHIN",
                        "CONTAINS", "OVERLAPS")]  # fmt: skip
MOMENTS = ["DATE('2022-04-24')", "TIMESTAMP('2022-04-24T07:59:57Z')",
           "INTERVAL('2021-01-01','2021-12-31')", "INTERVAL('..','2021-12-31T23:59:59Z')",
           "INTERVAL('2021-01-01T00:00:00.5Z','..')", "INTERVAL(due, '2023-01-01')"]  # fmt: skip
TEMPORAL = [f"T_{name}(due, {moment})" for moment in MOMENTS
            for name in ("AFTER", "BEFORE", "CONTAINS", "DISJOINT", "DURING", "EQUALS",
                         "FINISHEDBY", "FINISHES", "INTERSECTS", "MEETS", "METBY",
                         "OVERLAPPEDBY", "OVERLAPS", "STARTEDBY", "STARTS")]  # fmt: skip
ARRAYS = [f"A_{name}(tags, ('bus', 'pied'))" for name in ("CONTAINS", "CONTAINEDBY", "EQUALS",
                                                           "OVERLAPS")]  # fmt: skip
ARITHMETIC = ["rank = 1 + 2", "size > rank - 1", "2 * rank <= size / 3", "rank ^ 2 = 4",
              "rank % 2 = 0", "rank div 2 = 1", "-rank < (size + 1) * 2"]  # fmt: skip
PROPERTIES = [f"{left} {op} {right}" for op in ("=", "<>", "<", "<=", ">", ">=")
              for left, right in (("size", "rank"), ("name", "other"), ("3", "rank"))]  # fmt: skip
ALL = [*BASIC, *LOGIC, *ADVANCED, *INSENSITIVE, *SPATIAL, *TEMPORAL, *ARRAYS, *ARITHMETIC,
       *PROPERTIES]  # fmt: skip
REFUSED = ["S_INTERSECTS(geometry, POINT(90 180))", "name BETWEEN 0 AND 100",
           'A_CONTAINS(tags, ("foo", "bar"))', "name > 3", "unknown = 1", "f(name) = 1",
           "AVG(rank) > 3", "name = CURRENT_DATE()", "S_DISTANCE(geometry, POINT(2 48)) < 3",
           "S_INTERSECTS(name, POINT(2 48))", "T_AFTER(name, DATE('2022-04-24'))",
           "LOWER(name) = 'a'", "name IN ('a', rank)"]  # fmt: skip


@pytest.mark.parametrize("text", ALL)
def test_an_expression_of_the_standard_is_answered(text):
    expression = parse(text)
    mask = expression.mask(TABLE)
    assert mask.shape == (COUNT,)
    opposite = parse(f"NOT ({text})").mask(TABLE)
    unknown = parse(f"({text}) IS NULL").mask(TABLE)
    assert (mask.astype(int) + opposite + unknown == 1).all()
    again = parse(orjson.dumps(expression.tree).decode(), "cql2-json")
    assert (again.mask(TABLE) == mask).all()


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_answered_is_refused_with_a_reason_and_a_place(text):
    with pytest.raises(FilterError) as caught:
        parse(text).mask(TABLE)
    assert len(caught.value.problem) > 20
    assert caught.value.position is not None


def test_case_of_keywords_and_quoted_names_are_of_no_matter():
    assert np.array_equal(
        parse('"name" = \'Parc\' AND "rank" > 1').mask(TABLE),
        parse("name = 'Parc' and rank > 1").mask(TABLE),
    )
    assert np.array_equal(
        parse("s_intersects(geometry, point(2.3 48.3))").mask(TABLE),
        parse("S_INTERSECTS(geometry,POINT(2.3 48.3))").mask(TABLE),
    )
    assert {ROWS[i]["name"] for i in np.flatnonzero(parse("name IN ('Zoé')").mask(TABLE))} == {
        "Zoé"
    }
