"""OGC API - Features, Part 1: the requirements of 17-069r4, one test or more for each."""

from __future__ import annotations

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers.records import REGISTER as RECORDS
from tests.webmap.conftest import trial_content
from webmap import create_app
from webmap.ogc.conformance import CLASSES
from webmap.ogc.words import property_label, shown_properties

GEOJSON = "application/geo+json"
HTML = "text/html; charset=utf-8"
ITEMS = "/ogc/collections/voies/items"
REGISTER = "/ogc/collections/engagements/items"
RESOURCES = [
    ("/ogc", "application/json"),
    ("/ogc/", "application/json"),
    ("/ogc/api", "application/vnd.oai.openapi+json;version=3.0"),
    ("/ogc/conformance", "application/json"),
    ("/ogc/collections", "application/json"),
    ("/ogc/collections/voies", "application/json"),
    (ITEMS, GEOJSON),
    (f"{ITEMS}/rue-ouest", GEOJSON),
    (f"{REGISTER}/convention-a-1", GEOJSON),
]


def rels(document: dict) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for link in document["links"]:
        found.setdefault(link["rel"], []).append(link)
    return found


def ids(answer) -> list[str]:
    return [feature["id"] for feature in answer.get_json()["features"]]


@pytest.mark.parametrize(("path", "mimetype"), RESOURCES)
def test_each_resource_is_json_by_default_and_html_for_people(
    client: FlaskClient, path: str, mimetype: str
) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for accept in ("", "*/*", "application/json", mimetype):
        answer = client.get(path, headers={"Accept": accept} if accept else {})
        assert answer.status_code == 200
        assert answer.content_type == mimetype
        assert "Accept" in answer.headers["Vary"].split(", ")
    page = client.get(path, headers={"Accept": browser})
    assert page.content_type == HTML
    assert "Accept" in page.headers["Vary"].split(", ")


@pytest.mark.parametrize(("path", "mimetype"), RESOURCES)
def test_f_overrides_accept(client: FlaskClient, path: str, mimetype: str) -> None:
    json = client.get(f"{path}?f=json", headers={"Accept": "text/html"})
    assert json.content_type == mimetype
    html = client.get(f"{path}?f=html", headers={"Accept": "application/json"})
    assert html.content_type == HTML


@pytest.mark.parametrize(("path", "mimetype"), RESOURCES)
def test_a_resource_links_to_its_two_forms(client: FlaskClient, path: str, mimetype: str) -> None:
    if path == "/ogc/api":
        return
    found = rels(client.get(f"{path}?lang=fr").get_json())
    (self_link,), (alternate,) = found["self"], found["alternate"]
    assert self_link["type"] == mimetype
    assert client.get(self_link["href"]).content_type == mimetype
    assert alternate["type"] == "text/html"
    assert client.get(alternate["href"]).content_type == HTML


def test_what_is_neither_json_nor_html_is_not_acceptable(client: FlaskClient) -> None:
    answer = client.get(ITEMS, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.content_type == "application/problem+json"


def test_landing_page_links(client: FlaskClient) -> None:
    document = client.get("/ogc").get_json()
    found = rels(document)
    types = {rel: {link["type"] for link in links} for rel, links in found.items()}
    assert document["title"] == "Atlas d’essai"
    assert types["service-desc"] == {"application/vnd.oai.openapi+json;version=3.0"}
    assert types["service-doc"] == {"text/html"}
    assert types["conformance"] == types["data"] == {"application/json", "text/html"}


def test_conformance(client: FlaskClient) -> None:
    declared = client.get("/ogc/conformance").get_json()["conformsTo"]
    assert declared == list(CLASSES)
    for name in ("core", "geojson", "html", "oas30"):
        assert f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" in declared


def test_collections_are_the_register_and_the_layers(client: FlaskClient) -> None:
    listed = client.get("/ogc/collections").get_json()["collections"]
    layers = ["territoires", "voies", "sites"]
    assert [c["id"] for c in listed] == [*RECORDS, *layers, "contributions"]
    for collection in listed:
        alone = client.get(f"/ogc/collections/{collection['id']}").get_json()
        same = set(collection) - {"links"}
        assert {name: alone[name] for name in same} == {name: collection[name] for name in same}
        found = rels(collection)
        assert {link["type"] for link in found["items"]} == {GEOJSON, "text/html"}
        assert collection["itemType"] == "feature"


def test_a_layer_states_extent_licence_and_credit(client: FlaskClient) -> None:
    streets = client.get("/ogc/collections/voies").get_json()
    assert streets["extent"]["spatial"]["bbox"] == [[2.301, 48.8005, 2.32, 48.8195]]
    assert streets["attribution"] == "Les tests, ODbL"
    (licence,) = rels(streets)["license"]
    assert licence["href"] == "https://opendatacommons.org/licenses/odbl/1-0/"
    assert rels(streets)["describedby"][0]["href"].endswith("/sources")


def test_the_register_states_its_dates_and_has_no_licence_of_its_own(client: FlaskClient) -> None:
    register = client.get("/ogc/collections/engagements").get_json()
    interval = ["2022-12-31T00:00:00Z", "2022-12-31T23:59:59Z"]
    assert register["extent"]["temporal"]["interval"] == [interval]
    assert "license" not in rels(register)
    assert "attribution" not in register


def test_a_collection_that_nothing_locates_has_no_spatial_extent(tmp_path) -> None:
    content = trial_content()
    for line in content.tables["convention"]:
        line.update(places="", scope="commune-ouest")
    app = create_app({"LIMITROPHE_DATA": content.write(tmp_path), "TESTING": True})
    register = app.test_client().get("/ogc/collections/engagements").get_json()
    assert set(register["extent"]) == {"temporal"}
    assert app.test_client().get("/ogc/collections/engagements?f=html").status_code == 200


def test_items_are_a_feature_collection_with_counts(client: FlaskClient) -> None:
    document = client.get(ITEMS).get_json()
    assert document["type"] == "FeatureCollection"
    assert document["numberMatched"] == document["numberReturned"] == len(document["features"])
    assert "timeStamp" not in document
    assert "next" not in rels(document)
    assert "prev" not in rels(document)
    feature = next(f for f in document["features"] if f["id"] == "rue-ouest")
    assert feature["properties"]["commitment_ids"] == ["convention-a-1", "convention-a-2"]
    assert feature["properties"]["length_m"] == pytest.approx(734, abs=1)


def test_a_place_that_nothing_locates_has_a_null_geometry(client: FlaskClient) -> None:
    feature = client.get("/ogc/collections/sites/items/site-perdu").get_json()
    assert feature["geometry"] is None


@pytest.mark.parametrize(
    ("bbox", "expected"),
    [
        ("2.30,48.80,2.305,48.82", ["rue-ouest"]),
        ("2.319,48.80,2.321,48.82", ["rue-mitoyenne"]),
        ("2.32,48.819,2.32,48.819", ["rue-mitoyenne"]),
        ("2.30,48.80,-100,2.305,48.82,100", ["rue-ouest"]),
        ("170,48.80,2.305,48.82", ["rue-ouest"]),
        ("2.315,48.80,-170,48.82", ["rue-mitoyenne"]),
        ("10,10,11,11", []),
        ("-180,-90,180,90", None),
    ],
)
def test_bbox(client: FlaskClient, bbox: str, expected: list[str] | None) -> None:
    answer = client.get(f"{ITEMS}?bbox={bbox}")
    assert answer.status_code == 200
    found = ids(answer)
    assert found == (expected if expected is not None else ids(client.get(ITEMS)))
    assert answer.get_json()["numberMatched"] == len(found)


def test_a_box_never_selects_what_has_no_geometry(client: FlaskClient) -> None:
    world = client.get("/ogc/collections/sites/items?bbox=-180,-90,180,90")
    assert "site-perdu" not in ids(world)
    assert "site-perdu" in ids(client.get("/ogc/collections/sites/items"))


BAD_BOXES = [
    "", "1", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,b,c,d", "nan,48,3,49", "2,48,inf,49",
    "2,-inf,3,49", "2,49,3,48", "2,48,3,149", "200,48,201,49", "2,48,3,49,", "2;48;3;49",
    "2 48 3 49", "1_0,48,20,49", "٢,48,3,49", "2,48,3,4e999", "0x2,48,3,49", "2,48,3,49%00",
]  # fmt: skip


@pytest.mark.parametrize("bbox", BAD_BOXES)
def test_a_bad_box_is_refused(client: FlaskClient, bbox: str) -> None:
    answer = client.get(ITEMS, query_string={"bbox": bbox})
    assert answer.status_code == 400
    problem = answer.get_json()
    assert problem["parameter"] == "bbox"
    assert problem["got"] == bbox
    assert "ouest,sud,est,nord" in problem["allowed"]


@pytest.mark.parametrize(
    ("limit", "returned"), [("1", 1), ("3", 3), ("10000", 5), ("10001", 5), ("9" * 5000, 5)]
)
def test_limit_above_the_maximum_is_taken_as_the_maximum(
    client: FlaskClient, limit: str, returned: int
) -> None:
    document = client.get(f"{ITEMS}?limit={limit}").get_json()
    assert document["numberReturned"] == returned == len(document["features"])
    assert document["numberMatched"] == 5


def test_limit_is_ten_by_default(tmp_path) -> None:
    content = trial_content()
    streets = content.layers["voies"]
    for n in range(20):
        copied = trial_content().feature("rue-mitoyenne")
        copied["id"] = copied["properties"]["id"] = f"rue-{n}"
        streets.append(copied)
    app = create_app({"LIMITROPHE_DATA": content.write(tmp_path), "TESTING": True})
    document = app.test_client().get(ITEMS).get_json()
    assert document["numberReturned"] == 10
    assert document["numberMatched"] == 25


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("text", ["abc", "-1", "1.5", "", " 1", "1e3", "١", "0x1", "1,2", "NaN"])
def test_a_bad_number_is_refused(client: FlaskClient, name: str, text: str) -> None:
    answer = client.get(ITEMS, query_string={name: text})
    assert answer.status_code == 400
    assert answer.get_json()["parameter"] == name


def test_limit_zero_is_refused(client: FlaskClient) -> None:
    assert client.get(f"{ITEMS}?limit=0").status_code == 400


def test_the_pages_make_up_the_collection(client: FlaskClient) -> None:
    address, seen = f"{ITEMS}?limit=3&bbox=-180,-90,180,90", []
    for _page in range(2):
        answer = client.get(address)
        seen += ids(answer)
        following = rels(answer.get_json()).get("next")
        address = following[0]["href"] if following else ""
    assert not address
    assert seen == ids(client.get(ITEMS))
    back = rels(answer.get_json())["prev"][0]["href"]
    assert ids(client.get(back)) == seen[:3]
    assert "bbox=" in back
    assert "offset=" not in back


@pytest.mark.parametrize("offset", ["5", "6", "1000", "9" * 4000])
def test_beyond_the_end_there_is_an_empty_page_with_a_way_back(
    client: FlaskClient, offset: str
) -> None:
    document = client.get(f"{ITEMS}?limit=3&offset={offset}").get_json()
    assert document["features"] == []
    assert document["numberMatched"] == 5
    found = rels(document)
    assert "next" not in found
    assert ids(client.get(found["prev"][0]["href"]))
    assert client.get(f"{ITEMS}?limit=3&offset={offset}&f=html").status_code == 200


@pytest.mark.parametrize("parameter", ["name", "Limit", "f[]", ""])
def test_an_unknown_parameter_is_refused(client: FlaskClient, parameter: str) -> None:
    answer = client.get(ITEMS, query_string={parameter: "x"})
    assert answer.status_code == 400
    problem = answer.get_json()
    assert problem["type"].endswith("#probleme-parametre-inconnu")
    assert problem["parameter"] == parameter
    assert "bbox" in problem["allowed"]


def test_a_repeated_parameter_is_refused(client: FlaskClient) -> None:
    answer = client.get(f"{ITEMS}?limit=1&limit=2")
    assert answer.status_code == 400
    assert answer.get_json()["got"] == "1 / 2"


def test_a_single_feature(client: FlaskClient) -> None:
    feature = client.get(f"{ITEMS}/rue-ouest").get_json()
    listed = next(f for f in client.get(ITEMS).get_json()["features"] if f["id"] == "rue-ouest")
    found = rels(feature)
    assert feature.pop("links")
    assert feature == listed
    assert {link["type"] for link in found["collection"]} == {"application/json", "text/html"}


@pytest.mark.parametrize(
    ("path", "kind", "near"),
    [
        ("/ogc/collections/voie", "collection", "voies"),
        ("/ogc/collections/voie/items", "collection", "voies"),
        ("/ogc/collections/voies/items/rue-ouets", "feature", "rue-ouest"),
        ("/ogc/collections/voies/items/jardin", "feature", None),
    ],
)
def test_an_unknown_id_is_not_found_with_those_that_resemble_it(
    client: FlaskClient, path: str, kind: str, near: str | None
) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    problem = answer.get_json()
    assert problem["kind"] == kind
    assert problem["suggestions"][:1] == ([near] if near else [])


@pytest.mark.parametrize("path", [path for path, _ in RESOURCES])
def test_reading_is_allowed_from_every_origin(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"
    preflight = client.options(path, headers={"Access-Control-Request-Method": "GET"})
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in preflight.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in preflight.headers["Access-Control-Allow-Headers"]
    assert "GET" in preflight.headers["Allow"]


def test_errors_may_be_read_from_every_origin_too(client: FlaskClient) -> None:
    for path in (f"{ITEMS}?limit=0", "/ogc/collections/none"):
        assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"


def test_pages_are_for_their_own_origin(client: FlaskClient) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/lieux").headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writing_is_refused(client: FlaskClient, method: str) -> None:
    answer = client.open(ITEMS, method=method)
    assert answer.status_code == 405
    assert answer.content_type == "application/problem+json"
    assert "GET" in answer.headers["Allow"]


def test_the_pages_are_for_people(client: FlaskClient) -> None:
    landing = client.get("/ogc?f=html").text
    assert "QGIS" in landing
    assert 'value="http://localhost/ogc"' in landing
    items = client.get(f"{ITEMS}?f=html&limit=3").text
    assert "Rue de l’Ouest" in items
    assert "Objets 1 à 3 sur 5" in items
    assert 'rel="next"' in items
    item = client.get(f"{ITEMS}/rue-ouest?f=html").text
    assert '"/engagements/convention-a-1"' in item
    assert '"/lieux/rue-ouest"' in item
    register = client.get(f"{REGISTER}?f=html&lang=en").text
    assert "Act convention-a-1" in register
    api = client.get("/ogc/api?f=html").text
    assert 'id="probleme-parametre-inconnu"' in api


def test_every_property_that_a_page_shows_has_words(atlas_app: Flask) -> None:
    atlas = atlas_app.extensions["limitrophe"].atlas
    with atlas_app.test_request_context():
        for id, features in atlas.features.items():
            layer = atlas.layers.get(id)
            for encoded in features.encoded:
                properties = orjson.loads(encoded)["properties"]
                for name in shown_properties(properties):
                    assert property_label(name, layer) != name


def test_every_link_of_the_real_open_data_leads_somewhere(atlas_client: FlaskClient) -> None:
    for collection in atlas_client.get("/ogc/collections").get_json()["collections"]:
        for link in collection["links"]:
            if link["href"].startswith("http://localhost/"):
                assert atlas_client.get(link["href"]).status_code == 200
        page = atlas_client.get(f"/ogc/collections/{collection['id']}/items?limit=10000").get_json()
        described = atlas_client.get(f"/ogc/collections/{collection['id']}?f=json").get_json()
        assert page["numberReturned"] == page["numberMatched"] == described["numberOfItems"]
        for feature in page["features"]:
            path = f"/ogc/collections/{collection['id']}/items/{feature['id']}"
            for form in ("json", "html"):
                assert atlas_client.get(f"{path}?f={form}").status_code == 200
