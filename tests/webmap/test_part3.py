"""Part 3, filtering, and CQL2: the abstract tests of OGC 19-079r2, and one or more a CQL2 class."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import shape

from webmap.ogc.conformance import CLASSES

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
Feature = dict[str, Any]
SCHEMA_JSON = "application/schema+json"


def collections(client: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/ogc/collections").get_json()["collections"]
    return found


def ask(client: FlaskClient, collection: str, **query: Any) -> Any:
    names = {"filter_": "filter", "lang": "filter-lang", "crs": "filter-crs"}
    asked = {names.get(name, name): value for name, value in query.items()}
    return client.get(
        f"/ogc/collections/{collection}/items", query_string={"limit": 10_000, **asked}
    )


def features(answer: Any) -> list[Feature]:
    assert answer.status_code == 200, answer.text
    document = answer.get_json()
    assert document["numberMatched"] == len(document["features"])
    found: list[Feature] = document["features"]
    return found


def queryables(client: FlaskClient, collection: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/ogc/collections/{collection}/queryables").get_json()
    return found


def value(feature: Feature, name: str) -> Any:
    outer, _, inner = name.partition(".")
    found = feature["geometry"] if name == "geometry" else feature["properties"].get(outer)
    return found[inner] if inner else found


def test_each_collection_has_queryables(client: FlaskClient) -> None:
    """/conf/queryables: get-queryables, get-collection."""
    for collection in collections(client):
        path = f"/ogc/collections/{collection['id']}/queryables"
        answer = client.get(path, headers={"Accept": SCHEMA_JSON})
        assert answer.content_type == SCHEMA_JSON
        document = answer.get_json()
        assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert document["$id"] == f"http://localhost{path}"
        assert document["type"] == "object"
        assert document["properties"]
        assert document["additionalProperties"] is False
        (link,) = [k for k in collection["links"] if k["rel"] == QUERYABLES
                   and k["type"] == SCHEMA_JSON]  # fmt: skip
        assert link["href"].partition("?")[0] == document["$id"]
        for lang in ("fr", "en"):
            assert client.get(f"{path}?f=html&lang={lang}").status_code == 200
            assert client.get(f"{path}?lang={lang}").get_json()["$id"] == document["$id"]


def test_every_queryable_can_be_asked_about(client: FlaskClient) -> None:
    """/conf/filter: filter-param, filter-lang-default, response."""
    for collection in collections(client):
        id = collection["id"]
        plain = features(ask(client, id))
        for name in queryables(client, id)["properties"]:
            absent = [f["id"] for f in plain if value(f, name) is None]
            present = [f["id"] for f in plain if value(f, name) is not None]
            quoted = f'"{name}" IS NULL'
            as_json = json.dumps({"op": "isNull", "args": [{"property": name}]})
            for query in (
                {"filter_": f"{name} IS NULL"},
                {"filter_": quoted, "lang": "cql2-text"},
                {"filter_": as_json, "lang": "cql2-json"},
            ):
                assert [f["id"] for f in features(ask(client, id, **query))] == absent
            found = features(ask(client, id, filter_=f"{name} IS NOT NULL"))
            assert [f["id"] for f in found] == present


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("THIS IS NOT A FILTER", None),
        ("this_is_not_a_queryable IS NULL", 1),
        ("name = 'x' AND nom = 'y'", 16),
        ("name = 'x", 8),
        ("(name = 'x'", 1),
        ("name = 3", None),
        ("name LIKE 3", None),
        ("commitment_count LIKE 'a%'", None),
        ("S_INTERSECTS(name, POINT(2 48))", None),
        ("S_INTERSECTS(geometry, POINT(1000000 1000000))", None),
        ("S_INTERSECTS(geometry, POLYGON((2.3 48.8,2.31 48.8,2.31 48.81)))", None),
        ("facts IS NULL", None),
        ("name", None),
        ("1 = 1 AND", None),
        ("", None),
        (" ", None),
        ("(" * 500 + "name = 'x'" + ")" * 500, None),
        (" AND ".join(["name = 'x'"] * 2000), None),
        ("\x00", None),
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused_and_pointed_at(
    client: FlaskClient, text: str, position: int | None
) -> None:
    """/conf/filter: expression-construction; never an unfiltered 200."""
    answer = ask(client, "voies", filter_=text)
    assert answer.status_code == 400
    problem = answer.get_json()
    assert problem["parameter"] == "filter"
    assert problem["type"].endswith("#probleme-filtre-refuse")
    if position:
        assert problem["position"] == position
        assert f"au caractère {position}" in problem["detail"]


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("{", None),
        ("[]", None),
        ('{"op":"nope","args":[]}', ""),
        ('{"op":"=","args":[{"property":"nom"},"x"]}', "/args/0"),
        ('{"op":"and","args":[true,{"op":"=","args":[{"property":"nom"},1]}]}', "/args/1/args/0"),
    ],
)
def test_a_json_filter_is_pointed_at_too(
    client: FlaskClient, text: str, pointer: str | None
) -> None:
    answer = ask(client, "voies", filter_=text, lang="cql2-json")
    assert answer.status_code == 400
    if pointer:
        assert answer.get_json()["pointer"] == pointer


def test_other_parameters_of_filters_are_strict(client: FlaskClient) -> None:
    assert ask(client, "voies", filter_="TRUE", lang="cql2").status_code == 400
    assert (
        ask(client, "voies", filter_="TRUE", lang="ecql").get_json()["parameter"] == "filter-lang"
    )
    answer = ask(client, "voies", filter_="TRUE", crs="EPSG:2154")
    assert answer.get_json()["parameter"] == "filter-crs"
    answer = client.get("/ogc/collections/voies/items/rue-ouest?filter=TRUE")
    assert answer.get_json()["type"].endswith("parametre-inconnu")


def test_geometries_are_wgs84_unless_said_otherwise(client: FlaskClient) -> None:
    """/conf/filter: filter-crs-wgs84, filter-crs-param."""
    for collection in collections(client):
        if "spatial" not in collection.get("extent", {}):
            continue
        located = [f["id"] for f in features(ask(client, collection["id"])) if f["geometry"]]
        west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
        box = f"S_INTERSECTS(geometry,BBOX({west},{south},{east},{north}))"
        found = features(ask(client, collection["id"], filter_=box))
        assert [f["id"] for f in found] == located
        for uri in collection["crs"]:
            again = ask(client, collection["id"], filter_=box, crs=uri)
            if uri in (CRS84, f"{EPSG}2154", f"{EPSG}3949"):
                assert again.status_code == (200 if uri == CRS84 else 400)
    in_metres = "S_INTERSECTS(geometry, POLYGON((648000 6856000,650100 6856000,650100 6857100," \
                "648000 6857100,648000 6856000)))"  # fmt: skip
    found = features(ask(client, "voies", filter_=in_metres, crs=f"{EPSG}2154"))
    assert "rue-ouest" in [f["id"] for f in found]
    swapped = ask(client, "voies", filter_="S_INTERSECTS(geometry, POINT(48.81 2.305))")
    assert swapped.status_code == 400 or not features(swapped)
    as_written = features(
        ask(client, "voies", filter_="S_INTERSECTS(geometry, POINT(48.81 2.305))",
            crs=f"{EPSG}4326")
    )  # fmt: skip
    assert [f["id"] for f in as_written] == ["rue-ouest"]


def test_every_condition_of_a_request_holds(client: FlaskClient) -> None:
    """/req/filter/mixing-expressions."""
    query = {"bbox": "2.30,48.80,2.315,48.82", "filter_": "commitment_count = 0"}
    both = {f["id"] for f in features(ask(client, "voies", **query))}
    by_box = {f["id"] for f in features(ask(client, "voies", bbox=query["bbox"]))}
    by_filter = {f["id"] for f in features(ask(client, "voies", filter_="commitment_count = 0"))}
    assert both == by_box & by_filter
    assert both not in (by_box, by_filter)
    dated = ask(client, "engagements", datetime="2022-12-31", filter_="kind = 'study'")
    assert features(dated) == []


def test_pages_and_links_keep_the_filter(client: FlaskClient) -> None:
    answer = client.get("/ogc/collections/voies/items", query_string={
        "filter": "name LIKE '%Coulee%' OR name LIKE '%ue%'", "limit": 1})  # fmt: skip
    seen = [answer.get_json()["features"][0]["id"]]
    matched = answer.get_json()["numberMatched"]
    assert matched > 1
    while following := [k for k in answer.get_json()["links"] if k["rel"] == "next"]:
        answer = client.get(following[0]["href"])
        seen += [f["id"] for f in answer.get_json()["features"]]
    assert len(seen) == len(set(seen)) == matched
    etag = answer.headers["ETag"]
    again = client.get(answer.request.path, query_string=answer.request.args,
                       headers={"If-None-Match": etag})  # fmt: skip
    assert again.status_code == 304


def plain(text: str) -> str:
    return text.casefold().replace("é", "e").replace("è", "e").replace("â", "a")


def met(geometry: Any, other: Any) -> bool:
    return geometry is not None and shape(geometry).intersects(other)


SQUARE = shapely.box(2.30, 48.81, 2.33, 48.83)
WKT = SQUARE.wkt
Test = Callable[[dict[str, Any], Any], bool]
CONDITIONS: list[tuple[str, str, str, Test]] = [
    ("basic-cql2", "interfaces", "kind = 'interface' OR name <> 'x'", lambda p, g: True),
    ("basic-cql2", "interfaces", "commitment_count >= 3 AND NOT (commitment_count > 10)",
     lambda p, g: 3 <= p["commitment_count"] <= 10),
    ("basic-cql2", "engagements", "due <= DATE('2024-12-31')",
     lambda p, g: p["due"] is not None and p["due"] <= "2024-12-31"),
    ("basic-cql2", "engagements", "TRUE", lambda p, g: True),
    ("advanced-comparison-operators", "interfaces", "name LIKE 'Porte%'",
     lambda p, g: p["name"].startswith("Porte")),
    ("advanced-comparison-operators", "interfaces", "commitment_count BETWEEN 2 AND 5",
     lambda p, g: 2 <= p["commitment_count"] <= 5),
    ("advanced-comparison-operators", "engagements", "theme IN ('habitat','mobilites')",
     lambda p, g: p["theme"] in ("habitat", "mobilites")),
    ("case-insensitive-comparison", "interfaces", "CASEI(name) LIKE CASEI('PORTE%')",
     lambda p, g: p["name"].casefold().startswith("porte")),
    ("accent-insensitive-comparison", "interfaces",
     "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('%CHATILLON%'))",
     lambda p, g: "chatillon" in plain(p["name"])),
    ("basic-spatial-functions", "territoires", "S_INTERSECTS(geometry, POINT(2.3055 48.822))",
     lambda p, g: met(g, shapely.Point(2.3055, 48.822))),
    ("basic-spatial-functions", "interfaces", "S_INTERSECTS(geometry, BBOX(2.30,48.81,2.33,48.83))",
     lambda p, g: met(g, SQUARE)),
    ("basic-spatial-functions-plus", "voies", f"S_INTERSECTS(geometry, {WKT})",
     lambda p, g: met(g, SQUARE)),
    ("spatial-functions", "voies", f"S_WITHIN(geometry, {WKT})",
     lambda p, g: g is not None and shape(g).within(SQUARE)),
    ("spatial-functions", "voies", f"S_DISJOINT(geometry, {WKT})",
     lambda p, g: g is not None and shape(g).disjoint(SQUARE)),
    ("spatial-functions", "voies", f"S_CROSSES(geometry, {WKT})",
     lambda p, g: g is not None and shape(g).crosses(SQUARE)),
    ("spatial-functions", "qpv", f"S_OVERLAPS(geometry, {WKT})",
     lambda p, g: g is not None and shape(g).overlaps(SQUARE)),
    ("temporal-functions", "engagements", "T_BEFORE(due, DATE('2025-01-01'))",
     lambda p, g: p["due"] is not None and p["due"] < "2025-01-01"),
    ("temporal-functions", "engagements",
     "T_INTERSECTS(due, INTERVAL('2022-01-01','2022-12-31'))",
     lambda p, g: p["due"] is not None and p["due"].startswith("2022")),
    ("array-functions", "interfaces", "A_CONTAINS(communes, ('commune-malakoff'))",
     lambda p, g: "commune-malakoff" in p["communes"]),
    ("array-functions", "interfaces",
     "A_OVERLAPS(communes, ('commune-malakoff','commune-ivry-sur-seine'))",
     lambda p, g: bool({"commune-malakoff", "commune-ivry-sur-seine"} & set(p["communes"]))),
    ("property-property", "discordances", "document_a = document_b",
     lambda p, g: p["document_a"] == p["document_b"]),
    ("arithmetic", "interfaces", "commitment_count * 2 + 1 > 9",
     lambda p, g: p["commitment_count"] * 2 + 1 > 9),
]  # fmt: skip


@pytest.mark.parametrize(("name", "collection", "text", "test"), CONDITIONS,
                         ids=[c[2][:40] for c in CONDITIONS])  # fmt: skip
def test_the_classes_of_cql2(
    atlas_client: FlaskClient, name: str, collection: str, text: str, test: Test
) -> None:
    assert f"http://www.opengis.net/spec/cql2/1.0/conf/{name}" in CLASSES
    every = features(ask(atlas_client, collection))
    expected = [f["id"] for f in every if test(f["properties"], f["geometry"])]
    assert [f["id"] for f in features(ask(atlas_client, collection, filter_=text))] == expected
    assert expected or name == "spatial-functions"


def test_every_class_that_is_declared_is_tested() -> None:
    tested = {name for name, *_ in CONDITIONS} | {"cql2-text", "cql2-json"}
    declared = {uri.rpartition("/")[2] for uri in CLASSES if "/cql2/" in uri}
    assert declared == tested


def test_the_form_is_for_people(client: FlaskClient) -> None:
    page = client.get("/ogc/collections/voies/items?f=html").text
    assert "data-filter-form" in page
    query = {"f": "html", "filter": "name = 'Rue de l’Ouest'"}
    found = client.get("/ogc/collections/voies/items", query_string=query).text
    assert "Objets 1 à 1 sur 1" in found
    assert "Enlever le filtre" in found
    assert "name = &#39;Rue de l’Ouest&#39;" in found
    refused = client.get(
        "/ogc/collections/voies/items", query_string={**query, "filter": "nom = 1"}
    )
    assert refused.status_code == 400
    assert "au caractère 1" in refused.text
