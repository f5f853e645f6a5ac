"""The reach of a place or of a drawn geometry, over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping

from layers.join import Join
from layers.model import LinkKind

REACH = "/ogc/portee"


def post(client: FlaskClient, body: Any, **query: Any) -> Any:
    data = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.post(REACH, data=data, content_type="application/geo+json", query_string=query)


def tied(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.text
    return [
        (f["properties"]["link"], f["id"], f["properties"]["link_place"])
        for f in answer.get_json()["features"]
    ]


def box(west: float, south: float, east: float, north: float) -> Any:
    return mapping(shapely.box(west, south, east, north))


def test_a_place_has_its_direct_territorial_and_near_commitments(client: FlaskClient) -> None:
    answer = client.get(f"{REACH}?lieu=square&distance=300")
    assert answer.content_type == "application/geo+json"
    document = answer.get_json()
    assert tied(answer) == [
        ("territorial", "convention-b-1-1", "square"),
        ("territorial", "convention-b-1-2", "square"),
        ("near", "convention-a-2", "square"),
    ]
    assert document["counts"] == {"direct": 0, "territorial": 2, "near": 1}
    assert document["asked"] == {"lieu": "square", "distance": 300}
    near = document["features"][-1]["properties"]
    assert near["link_via"] == "jardin"
    assert near["link_distance_m"] == pytest.approx(166.8, abs=0.5)  # 0.0015 degrees of latitude
    assert near["summary_fr"] == "Acte convention-a-2"


def test_the_reach_of_a_place_is_that_of_the_join(atlas_app: Flask) -> None:
    join: Join = atlas_app.extensions["limitrophe"].join
    client = atlas_app.test_client()
    for place in join.places:
        links = join.links_of_place(place.id)
        near = join.near_place(place.id, 300)
        found = tied(client.get(REACH, query_string={"lieu": place.id}))
        linked = [(str(k.kind), k.commitment) for k in links]
        known = {k.commitment for k in links}
        linked += [("near", k.commitment) for k in near if k.commitment not in known]
        assert [(kind, id) for kind, id, _place in found] == linked


def test_a_geometry_reaches_what_it_meets_and_what_is_near(client: FlaskClient) -> None:
    drawn = box(2.3056, 48.8082, 2.3064, 48.8088)  # within the garden
    assert tied(post(client, drawn, distance=0)) == [
        ("direct", "convention-a-2", "jardin"),
        ("territorial", "convention-b-1-1", "commune-ouest"),
        ("territorial", "convention-b-1-2", "les-deux"),
    ]
    with_near = tied(post(client, drawn, distance=200))
    assert with_near[3:] == [("near", "convention-a-1", "rue-ouest")]
    as_feature = {"type": "Feature", "properties": {}, "geometry": drawn}
    assert tied(post(client, as_feature, distance=200)) == with_near
    document = post(client, drawn).get_json()
    assert shapely.geometry.shape(document["asked"]["geometry"]).equals(
        shapely.geometry.shape(drawn)
    )


def test_on_the_common_edge_both_territories_count(client: FlaskClient) -> None:
    edge = {"type": "LineString", "coordinates": [[2.32, 48.802], [2.32, 48.803]]}
    places = {place for kind, _id, place in tied(post(client, edge)) if kind == "territorial"}
    assert places == {"commune-ouest", "commune-est", "les-deux"}


def test_the_same_question_gives_the_same_answer_for_a_place_and_its_outline(
    atlas_app: Flask,
) -> None:
    join: Join = atlas_app.extensions["limitrophe"].join
    client = atlas_app.test_client()
    for place in join.places:
        if place.geometry is None or shapely.get_num_coordinates(place.geometry) > 5000:
            continue
        drawn = tied(post(client, mapping(place.geometry), distance=0))
        named = {id for kind, id, _ in drawn if kind in ("direct", "territorial")}
        assert set(join.atlas.direct[place.id]) <= named
        territorial = {
            k.commitment for k in join.links_of_place(place.id) if k.kind is LinkKind.TERRITORIAL
        }
        outlined = {
            id for id in territorial
            if any(join.atlas.territory_geometry(s) is not None
                   and join.atlas.territory_geometry(s).intersects(place.geometry)
                   for s in join.atlas.commitments[id].scope)
        }  # fmt: skip
        assert outlined <= named


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.floats(2.295, 2.345), st.floats(48.795, 48.825), st.floats(0.0001, 0.01),
    st.integers(0, 2000), st.integers(0, 2000),
)  # fmt: skip
def test_a_larger_distance_only_adds(
    app: Flask, x: float, y: float, size: float, first: int, second: int
) -> None:
    client = app.test_client()
    low, high = sorted((first, second))
    drawn = box(x, y, x + size, y + size)
    fewer, more = (tied(post(client, drawn, distance=d)) for d in (low, high))
    assert more[: len(fewer)] == fewer
    assert len({id for _kind, id, _place in more}) == len(more)


RING = [[2.30, 48.81], [2.31, 48.81], [2.31, 48.82], [2.30, 48.81]]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b'{"type":"Point","coordinates":[NaN,48.8]}', "NaN"),
        (b'{"type":"Point","coordinates":[1e999,48.8]}', "infini"),
        (b"[" * 50_000, "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"null", "GeoJSON"),
        (b'{"type":"GeometryCollection","geometries":[]}', "GeoJSON"),
        (b'{"type":"Feature","geometry":null}', "pas de géométrie"),
        (b'{"type":"Point","coordinates":["2","48"]}', "nombres finis"),
        (b'{"type":"Point","coordinates":[true,48]}', "nombres finis"),
        (b'{"type":"Point","coordinates":[2.3]}', "nombres finis"),
        (b'{"type":"MultiPoint","coordinates":[]}', "vide"),
        (b'{"type":"Polygon","coordinates":[[]]}', "vide"),
        ({"type": "Polygon", "coordinates": [RING[:-1]]}, "pas fermé"),
        ({"type": "Polygon", "coordinates": [[RING[0], RING[1], RING[0]]]}, "quatre à un anneau"),
        ({"type": "LineString", "coordinates": [RING[0]]}, "deux positions à une ligne"),
        ({"type": "Polygon", "coordinates": [[[2.30, 48.81], [2.31, 48.82], [2.31, 48.81],
                                              [2.30, 48.82], [2.30, 48.81]]]}, "se croise"),
        ({"type": "Point", "coordinates": [48.81, 2.31]}, "latitude semble écrite avant"),
        ({"type": "Point", "coordinates": [650000, 6860000]}, "sort du domaine"),
        ({"type": "MultiPoint", "coordinates": [[2.31, 48.81]] * 10_001}, "trop de positions"),
        ({"type": "MultiLineString", "coordinates": [RING[:2]] * 1001}, "trop de positions"),
    ],
)  # fmt: skip
def test_a_geometry_that_cannot_serve_is_refused_saying_why(
    client: FlaskClient, body: Any, said: str
) -> None:
    answer = post(client, body)
    assert answer.status_code == 400
    problem = answer.get_json()
    assert problem["parameter"] == "body"
    assert problem["type"].endswith("#probleme-geometrie-refusee")
    assert said in problem["detail"]


def test_a_body_that_is_too_large_or_no_geojson_is_refused(client: FlaskClient) -> None:
    answer = post(client, b" " * 300_000)
    assert answer.status_code == 413
    assert "256" in answer.get_json()["detail"]
    answer = client.post(REACH, data=b"{}", content_type="text/plain")
    assert answer.status_code == 415
    assert "geo+json" in answer.get_json()["detail"]
    for answer in (post(client, b" " * 300_000), post(client, b"{}")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("text", ["-1", "5001", "abc", "", "NaN", "1e3", "١", "0.0001"])
def test_a_bad_distance_is_refused(client: FlaskClient, text: str) -> None:
    for answer in (
        client.get(REACH, query_string={"lieu": "jardin", "distance": text}),
        post(client, box(2.3, 48.8, 2.31, 48.81), distance=text),
    ):
        assert answer.status_code == 400
        assert answer.get_json()["parameter"] == "distance"


def test_a_place_must_be_named_and_exist(client: FlaskClient) -> None:
    for query in ("", "?lieu="):
        answer = client.get(REACH + query)
        assert answer.status_code == 400
        assert answer.get_json()["parameter"] == "lieu"
    answer = client.get(f"{REACH}?lieu=jardn")
    assert answer.status_code == 404
    assert answer.get_json()["suggestions"] == ["jardin"]


def test_a_browser_of_another_origin_may_post(client: FlaskClient) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Origin": "https://example.org"}
    preflight = client.options(REACH, headers=asked)
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]


def test_the_page_is_for_people(client: FlaskClient) -> None:
    form = client.get(f"{REACH}?f=html")
    assert form.status_code == 200
    assert "<select" in form.text
    page = client.get(f"{REACH}?f=html&lieu=jardin&distance=500").text
    assert "Acte convention-a-2" in page
    assert "Nommé par le texte (1)" in page
    assert "data-small-map" in page
    english = client.get(f"{REACH}?f=html&lieu=jardin&lang=en").text
    assert "Act convention-a-2" in english
