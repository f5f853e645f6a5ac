"""Order and properties of features, and the register as collections that join by id."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from flask.testing import FlaskClient

REGISTER = ("engagements", "documents", "indicateurs", "discordances")


def features(client: FlaskClient, collection: str, **query: Any) -> list[dict[str, Any]]:
    path = f"/ogc/collections/{collection}/items"
    answer = client.get(path, query_string={"limit": 10_000, **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["features"]
    return found


def plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("œ", "oe"))
    return "".join(c for c in apart if not unicodedata.combining(c))


def test_names_are_ordered_without_case_and_accents(atlas_client: FlaskClient) -> None:
    names = [f["properties"]["name"] for f in features(atlas_client, "voies", sortby="name")]
    assert names == sorted(names, key=lambda name: (plain(name), name))
    down = [f["properties"]["name"] for f in features(atlas_client, "voies", sortby="-name")]
    assert down == names[::-1]


@pytest.mark.parametrize("written", ["+length_m", " length_m", "length_m", "-length_m"])
def test_what_has_no_value_comes_last(atlas_client: FlaskClient, written: str) -> None:
    found = [f["properties"].get("length_m") for f in
             features(atlas_client, "voies", sortby=written)]  # fmt: skip
    known = [value for value in found if value is not None]
    assert found == known + [None] * (len(found) - len(known))
    assert None in found
    assert known == sorted(known, reverse=written.startswith("-"))


def test_the_first_property_weighs_most_and_ties_keep_their_order(
    atlas_client: FlaskClient,
) -> None:
    found = features(atlas_client, "engagements", sortby="-document,kind")
    keys = [(f["properties"]["document"], f["properties"]["kind"]) for f in found]
    assert [document for document, _ in keys] == sorted((d for d, _ in keys), reverse=True)
    for document in {d for d, _ in keys}:
        kinds = [kind for d, kind in keys if d == document]
        assert kinds == sorted(kinds)
    position = {f["id"]: i for i, f in enumerate(features(atlas_client, "engagements"))}
    for key in set(keys):
        tied = [position[f["id"]] for f, k in zip(found, keys, strict=True) if k == key]
        assert tied == sorted(tied)


def test_pages_of_an_order_make_up_the_collection(atlas_client: FlaskClient) -> None:
    path = "/ogc/collections/engagements/items"
    whole = [f["id"] for f in features(atlas_client, "engagements", sortby="due,-id")]
    seen: list[str] = []
    for offset in range(0, len(whole), 100):
        query = {"sortby": "due,-id", "limit": 100, "offset": offset}
        page = atlas_client.get(path, query_string=query).get_json()
        assert page["numberMatched"] == len(whole)
        seen += [f["id"] for f in page["features"]]
    assert seen == whole


def test_only_the_properties_asked_for_come(client: FlaskClient) -> None:
    plain_ones = features(client, "voies")
    found = features(client, "voies", properties="name,commitment_count")
    for before, after in zip(plain_ones, found, strict=True):
        assert set(after["properties"]) == {"name", "commitment_count"}
        assert (after["id"], after["geometry"]) == (before["id"], before["geometry"])
        assert after["properties"].items() <= before["properties"].items()
    single = client.get("/ogc/collections/voies/items/rue-ouest?properties=name").get_json()
    assert single["properties"] == {"name": "Rue de l’Ouest"}
    page = client.get("/ogc/collections/voies/items?properties=name&f=html").text
    assert "Rue de l’Ouest" in page
    assert "Longueur ou surface" not in page


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("sortby", "nom", "name"),
        ("sortby", "name,", "séparés par des virgules"),
        ("sortby", "", "séparés par des virgules"),
        ("sortby", "--name", "séparés par des virgules"),
        ("sortby", "facts", "name"),
        ("sortby", ",".join(["name"] * 101), "séparés par des virgules"),
        ("properties", "nom", "name"),
        ("properties", "", "séparés par des virgules"),
        ("properties", "name,,id", "séparés par des virgules"),
    ],
)
def test_what_is_no_property_is_refused(
    client: FlaskClient, name: str, text: str, said: str
) -> None:
    answer = client.get("/ogc/collections/voies/items", query_string={name: text})
    assert answer.status_code == 400
    problem = answer.get_json()
    assert problem["parameter"] == name
    assert said in problem["allowed"]


def test_the_register_joins_by_id(atlas_client: FlaskClient) -> None:
    found = {id: {f["id"]: f["properties"] for f in features(atlas_client, id)} for id in REGISTER}
    places = {
        f["id"]
        for c in atlas_client.get("/ogc/collections").get_json()["collections"]
        if c["id"] not in REGISTER
        for f in features(atlas_client, c["id"])
    }
    commitments, documents = found["engagements"], found["documents"]
    assert [len(found[id]) for id in REGISTER] == [584, 5, 250, 270]
    for properties in (*commitments.values(), *found["indicateurs"].values()):
        assert properties["document"] in documents
        assert set(properties["places"]) <= places
    for id, properties in documents.items():
        own = [c for c in commitments.values() if c["document"] == id]
        assert properties["commitment_count"] == len(own)
        assert set(properties["territory"]) <= places
    for properties in found["discordances"].values():
        assert {properties["document_a"], properties["document_b"]} - {""} <= documents.keys()
        assert set(properties["commitments"]) <= commitments.keys()
        assert set(properties["indicators"]) <= found["indicateurs"].keys()
        assert set(properties["places"]) <= places


def test_a_part_of_the_register_is_drawn_where_its_places_are(client: FlaskClient) -> None:
    (indicator,) = features(client, "indicateurs")
    assert indicator["properties"]["number"] == 700
    assert indicator["geometry"] == {"type": "MultiPoint", "coordinates": [[2.306, 48.81]]}
    (document,) = features(client, "documents")
    assert len(document["geometry"]["coordinates"]) == 2
    (discrepancy,) = features(client, "discordances", bbox="2.305,48.80,2.307,48.82")
    assert discrepancy["properties"]["section_b_label"] == "B.1 Pilotage"


@pytest.mark.parametrize("collection", REGISTER)
def test_the_pages_of_the_register_are_for_people(client: FlaskClient, collection: str) -> None:
    for lang in ("fr", "en"):
        page = client.get(f"/ogc/collections/{collection}/items?f=html&lang={lang}")
        assert page.status_code == 200
        assert "data-small-map" in page.text
        (first, *_) = features(client, collection)
        item = client.get(f"/ogc/collections/{collection}/items/{first['id']}?f=html&lang={lang}")
        assert item.status_code == 200
        assert "data-small-map" in item.text
    description = client.get(f"/ogc/collections/{collection}?f=html").text
    assert 'data-copy="adresse-du-service"' in description
