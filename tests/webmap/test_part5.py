"""Part 5, schemas: the requirements of OGC 23-058r1 on the schema and sortables resources."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator

RELATION = "http://www.opengis.net/def/rel/ogc/1.0/"
RESOURCES = ("schema", "sortables", "queryables")
GEOMETRY_FORMAT = re.compile(
    "geometry-(point|multipoint|linestring|multilinestring|polygon|multipolygon|"
    "geometrycollection|any|point-or-multipoint|linestring-or-multilinestring|"
    "polygon-or-multipolygon)"
)


def collections(client: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/ogc/collections").get_json()["collections"]
    return found


@pytest.mark.parametrize("name", RESOURCES)
def test_each_collection_links_to_its_schemas(atlas_client: FlaskClient, name: str) -> None:
    """/req/schemas/json-schema, properties, additional-keywords, role-id, property-seq."""
    for collection in collections(atlas_client):
        path = f"/ogc/collections/{collection['id']}/{name}"
        links = [k for k in collection["links"] if k["rel"] == RELATION + name]
        assert {k["type"] for k in links} == {"application/schema+json", "text/html"}
        answer = atlas_client.get(path, headers={"Accept": "application/schema+json"})
        assert answer.content_type == "application/schema+json"
        document = answer.get_json()
        OAS31Validator.check_schema(document)
        assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert document["$id"] == f"http://localhost{path}"
        assert document["type"] == "object"
        roles, places = [], []
        for key, described in document["properties"].items():
            spatial = key == "geometry"
            assert ("type" in described) != spatial
            if spatial:
                assert GEOMETRY_FORMAT.fullmatch(described["format"])
            assert described["title"]
            roles.append(described.get("x-ogc-role"))
            places.append(described["x-ogc-propertySeq"])
            extra = set(described) - {"type", "title", "format", "enum", "items"}
            assert all(keyword.startswith("x-ogc-") for keyword in extra)
        assert len(set(places)) == len(places)
        for role in ("id", "primary-geometry", "primary-instant", "type"):
            assert roles.count(role) <= 1
        assert roles.count("id") == 1
        assert roles.count("primary-geometry") == (0 if name == "sortables" else 1)


def test_the_schema_tells_what_is_returned(atlas_client: FlaskClient) -> None:
    """/req/returnables-and-receivables/response: nothing undeclared is returned."""
    for collection in collections(atlas_client):
        path = f"/ogc/collections/{collection['id']}"
        schema = atlas_client.get(f"{path}/schema").get_json()
        assert schema["additionalProperties"] is False
        nullable = {
            key: {"anyOf": [described, {"type": "null"}]}
            for key, described in schema["properties"].items()
            if key != "geometry"
        }
        whole = {"type": "object", "properties": nullable, "additionalProperties": False}
        validator = OAS31Validator(whole)
        for feature in atlas_client.get(f"{path}/items?limit=10000").get_json()["features"]:
            validator.validate(feature["properties"])


def test_due_is_a_date_and_the_primary_instant(client: FlaskClient) -> None:
    schema = client.get("/ogc/collections/engagements/schema").get_json()
    due = schema["properties"]["due"]
    assert (due["type"], due["format"], due["x-ogc-role"]) == ("string", "date", "primary-instant")


def test_sortables_are_plain_and_exactly_what_sortby_takes(client: FlaskClient) -> None:
    """/req/sortables/response C, D, E."""
    for collection in collections(client):
        path = f"/ogc/collections/{collection['id']}"
        sortables = client.get(f"{path}/sortables").get_json()
        assert sortables["additionalProperties"] is False
        returned = client.get(f"{path}/schema").get_json()["properties"]
        for name, described in sortables["properties"].items():
            assert described["type"] not in ("object", "array")
            assert client.get(f"{path}/items?sortby=-{name}").status_code == 200
        for name in returned.keys() - sortables["properties"].keys():
            answer = client.get(f"{path}/items?sortby={name}")
            assert answer.status_code == 400
            assert answer.get_json()["parameter"] == "sortby"


def test_titles_speak_the_language_of_the_request(client: FlaskClient) -> None:
    path = "/ogc/collections/engagements/schema"
    titles = {
        lang: client.get(f"{path}?lang={lang}").get_json()["properties"]["due"]["title"]
        for lang in ("fr", "en")
    }
    assert titles == {"fr": "Échéance", "en": "Due date"}
