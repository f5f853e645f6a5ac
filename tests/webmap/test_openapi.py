"""The OpenAPI definition: valid, self-contained, and true to the routes and the answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator

from layers.records import REGISTER
from webmap.params import parameters_of

QUERIES = {"/portee": "?lieu=rue-ouest&distance=500"}
EXAMPLES = {"collectionId": "voies", "featureId": "rue-ouest"}


@pytest.fixture
def definition(client: FlaskClient) -> dict[str, Any]:
    return client.get("/ogc/api?f=json").get_json()


def resolve(definition: dict[str, Any], thing: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in thing:
        target = definition
        for part in thing["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        thing = target
    return thing


def references(thing: Any) -> list[str]:
    if isinstance(thing, dict):
        own = [thing["$ref"]] if isinstance(thing.get("$ref"), str) else []
        return own + [found for value in thing.values() for found in references(value)]
    if isinstance(thing, list):
        return [found for value in thing for found in references(value)]
    return []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_definition_is_valid(client: FlaskClient, lang: str) -> None:
    OpenAPIV30SpecValidator(client.get(f"/ogc/api?f=json&lang={lang}").get_json()).validate()


def test_there_is_no_remote_reference(definition: dict[str, Any]) -> None:
    found = references(definition)
    assert found
    assert all(reference.startswith("#/") for reference in found)


def test_every_route_is_defined_with_the_parameters_that_it_takes(
    app: Flask, definition: dict[str, Any]
) -> None:
    defined = {
        (re.sub(r"\{\w+\}", "{}", path), method.upper()): {
            parameter["name"]
            for reference in operation["parameters"]
            for parameter in [resolve(definition, reference)]
            if parameter["in"] == "query"
        }
        for path, item in definition["paths"].items()
        for method, operation in item.items()
    }
    taken = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("ogc."):
                path = re.sub(r"<\w+>", "{}", rule.rule.removeprefix("/ogc")) or "/"
                for method in set(rule.methods or ()) & {"GET", "POST"}:
                    names = {parameter.name for parameter in parameters_of(rule.endpoint)}
                    taken[path, method] = names
    assert defined == taken


def test_the_answers_are_as_defined(client: FlaskClient, definition: dict[str, Any]) -> None:
    for path, item in definition["paths"].items():
        address = f"/ogc{path}".format(**EXAMPLES) + QUERIES.get(path, "")
        answer = client.get(address)
        content = item["get"]["responses"]["200"]["content"]
        assert answer.content_type in content
        schema = content[answer.content_type]["schema"]
        whole = {"components": definition["components"], **schema}
        OAS30Validator(whole).validate(answer.get_json())


@pytest.mark.parametrize(
    ("path", "status"),
    [("/ogc/collections/voies/items?limit=0", "400"), ("/ogc/collections/x", "404")],
)
def test_the_errors_are_as_defined(
    client: FlaskClient, definition: dict[str, Any], path: str, status: str
) -> None:
    answer = client.get(path)
    operation = definition["paths"]["/collections/{collectionId}/items"]["get"]
    content = resolve(definition, operation["responses"][status])["content"]
    schema = content[answer.content_type]["schema"]
    OAS30Validator({"components": definition["components"], **schema}).validate(answer.get_json())


def test_the_limits_are_told(definition: dict[str, Any]) -> None:
    limit = definition["components"]["parameters"]["limit"]["schema"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 10_000, 10)
    ids = definition["components"]["parameters"]["collectionId"]["schema"]["enum"]
    assert ids == sorted([*REGISTER, "sites", "territoires", "voies"])
