"""Are queryables and returnables JSON Schemas that the served features satisfy?"""

from __future__ import annotations

import orjson
import pytest
from jsonschema import Draft202012Validator

from layers.columns import table_of
from layers.schemas import queryables, schema


@pytest.fixture(scope="module")
def tables(real):
    return {id: table_of(real, id) for id in real.features}


def test_both_are_schemas_of_the_2020_draft(tables):
    for table in tables.values():
        for make in (queryables, schema):
            found = make(table, "https://exemple.fr/x")
            Draft202012Validator.check_schema(found)
            assert found["$id"] == "https://exemple.fr/x"
            assert found["type"] == "object"
            assert "$id" not in make(table)
            numbers = [p["x-ogc-propertySeq"] for p in found["properties"].values()]
            assert numbers == list(range(1, len(numbers) + 1))


def test_every_served_feature_satisfies_the_schema_of_its_collection(real, tables):
    for id, features in real.features.items():
        validator = Draft202012Validator(schema(tables[id]))
        for encoded in features.encoded:
            properties = orjson.loads(encoded)["properties"]
            present = {name: value for name, value in properties.items() if value is not None}
            errors = [e.message for e in validator.iter_errors(present)]
            assert not errors, (id, errors[:3])


def test_types_are_exact(tables):
    asked = queryables(tables["engagements"])["properties"]
    assert asked["due"] == {
        "title": "Échéance",
        "type": "string",
        "format": "date",
        "x-ogc-role": "primary-instant",
        "x-ogc-propertySeq": asked["due"]["x-ogc-propertySeq"],
    }
    assert asked["id"]["x-ogc-role"] == "id"
    assert asked["geometry"]["x-ogc-role"] == "primary-geometry"
    assert asked["geometry"]["format"] == "geometry-multipoint"
    assert "type" not in asked["geometry"]
    assert "study" in asked["kind"]["enum"]
    assert asked["lead"] == {**asked["lead"], "type": "array", "items": {"type": "string"}}
    area = queryables(tables["qpv"], language="en")["properties"]["area_m2"]
    assert (area["type"], area["x-ogc-unit"], area["title"]) == (
        "number",
        "m2",
        "Measured area (m²)",
    )


def test_queryables_leave_out_what_no_filter_can_ask(tables):
    for table in tables.values():
        assert set(queryables(table)["properties"]) == set(table.queryables)
        assert not {name for name in schema(table)["properties"] if "." in name}
