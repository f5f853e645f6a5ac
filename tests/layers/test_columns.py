"""Does every collection become whole columns of the types that it is described with?"""

from __future__ import annotations

import datetime

import numpy as np
import orjson
import pytest

from layers.columns import Pooled, table_of
from layers.cql import parse
from layers.errors import NotFoundError
from layers.properties import GEOMETRY, Kind
from layers.records import REGISTER
from tests.filtering import table as table_from


def served(atlas, collection):
    return [orjson.loads(feature)["properties"] for feature in atlas.features[collection].encoded]


def test_every_collection_of_the_real_atlas_has_a_table_in_its_order(real):
    for id, features in real.features.items():
        table = table_of(real, id)
        assert len(table) == len(features)
        found = table.column("id")
        assert isinstance(found, Pooled)
        assert found.values() == list(features.ids)
        assert table.geometries is features.geometries


def test_columns_hold_what_is_served(real):
    for id in real.features:
        rows = served(real, id)
        table = table_of(real, id)
        for name, described in table.queryables.items():
            if name == GEOMETRY:
                continue
            wanted = [described.value(row) for row in rows]
            column = table.column(name)
            if isinstance(column, Pooled):
                lists = described.kind is Kind.STRINGS
                assert [
                    list(v) if lists and v is not None else v for v in column.values()
                ] == wanted
            elif described.kind is Kind.DATE:
                days = column.astype("datetime64[D]")
                assert [None if np.isnat(d) else str(d) for d in days] == wanted
            else:
                assert [None if np.isnan(v) else v for v in column.tolist()] == wanted


def test_every_served_property_is_known_with_its_type(real):
    for id in real.features:
        table = table_of(real, id)
        known = {p.name: p for p in table.properties}
        for row in served(real, id):
            assert row.keys() <= known.keys()
        assert {p.name for p in table.properties if p.kind in (Kind.OBJECT, Kind.OBJECTS)} <= {
            *("facts", "position", "hops", "minimax_hops", "ends", "signatories", "sections")
        }


def test_the_extras_of_the_catalogue_have_its_types(real):
    kinds = {name: p.kind for name, p in table_of(real, "qpv").queryables.items()}
    assert kinds["generation"] is Kind.INTEGER
    assert kinds["area_ratio"] is Kind.NUMBER
    assert kinds["code"] is Kind.STRING
    assert kinds["position.precision_m"] is Kind.NUMBER
    assert "facts" not in kinds


@pytest.mark.parametrize("id", REGISTER)
def test_the_register_can_be_filtered(real, id):
    table = table_of(real, id)
    everything = parse("id = id").mask(table)
    assert everything.all()
    first = real.features[id].ids[0]
    assert parse(f"id = '{first}'").mask(table).tolist().index(True) == 0


def test_real_questions_have_the_answers_of_the_register(real):
    table = table_of(real, "engagements")
    due = parse("due IS NOT NULL AND T_AFTER(due, DATE('2022-01-01'))").mask(table)
    wanted = [
        c.due is not None and c.due > datetime.date(2022, 1, 1) for c in real.commitments.values()
    ]
    assert due.tolist() == wanted
    firm = parse("kind = 'firm' AND A_CONTAINS(lead, ('ville-de-paris'))").mask(table)
    assert firm.tolist() == [
        c.kind == "firm" and "ville-de-paris" in c.lead for c in real.commitments.values()
    ]


def test_an_unknown_collection_is_named_with_what_resembles_it(real):
    with pytest.raises(NotFoundError) as caught:
        table_of(real, "engagement")
    assert "engagements" in caught.value.suggestions


def test_an_empty_collection_has_an_empty_table():
    empty = table_from([])
    assert parse("name = 'a' AND S_INTERSECTS(geometry, BBOX(0,0,1,1))").mask(empty).shape == (0,)
    assert parse("name LIKE '%a%' OR size > 1 OR A_EQUALS(tags, tags)").mask(empty).shape == (0,)
