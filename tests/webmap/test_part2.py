"""Part 2, coordinate reference systems by reference: the abstract tests of OGC 18-058r1."""

from __future__ import annotations

from typing import Any

import pyproj
import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import shape

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
ITEMS = "/ogc/collections/voies/items"
NORTH_FIRST = (f"{EPSG}4326",)


def collections(client: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/ogc/collections").get_json()["collections"]
    return found


def code(uri: str) -> str:
    return "OGC:CRS84" if uri == CRS84 else f"EPSG:{uri.rpartition('/')[2]}"


def projected(geometry: Any, uri: str) -> Any:
    """What PROJ makes of a WGS84 geometry, in the axis order of the system."""
    transformer = pyproj.Transformer.from_crs("OGC:CRS84", code(uri))
    return shapely.transform(geometry, transformer.transform, interleaved=False)


def test_each_collection_lists_its_systems(client: FlaskClient) -> None:
    """/conf/crs/crs-uri, /conf/crs/storageCrs."""
    for collection in collections(client):
        assert collection["crs"][0] == CRS84
        assert collection["storageCrs"] in collection["crs"]
        for uri in collection["crs"]:
            assert pyproj.CRS.from_user_input(code(uri))


@pytest.mark.parametrize("path", [ITEMS, f"{ITEMS}/rue-ouest"])
def test_the_default_is_crs84_and_is_stated(client: FlaskClient, path: str) -> None:
    """/conf/crs/default-crs, /conf/crs/crs-parameter-default."""
    plain = client.get(path)
    assert plain.headers["Content-Crs"] == f"<{CRS84}>"
    asked = client.get(path, query_string={"crs": CRS84})
    assert asked.headers["Content-Crs"] == f"<{CRS84}>"
    for answer in (plain, asked):
        assert "Content-Crs" in answer.headers["Access-Control-Expose-Headers"]
    assert asked.get_json().get("features") == plain.get_json().get("features")


def test_coordinates_are_transformed(client: FlaskClient) -> None:
    """/conf/crs/crs-parameter, /conf/crs/crs-parameter-transform, /conf/crs/ogc-crs-header."""
    for collection in collections(client):
        path = f"/ogc/collections/{collection['id']}/items"
        plain = client.get(path).get_json()["features"]
        for uri in collection["crs"]:
            answer = client.get(path, query_string={"crs": uri})
            assert answer.status_code == 200
            assert answer.headers["Content-Crs"] == f"<{uri}>"
            for before, after in zip(plain, answer.get_json()["features"], strict=True):
                assert {**after, "geometry": None} == {**before, "geometry": None}
                if before["geometry"] is None:
                    assert after["geometry"] is None
                    continue
                expected = projected(shape(before["geometry"]), uri)
                assert shapely.equals_exact(shape(after["geometry"]), expected, tolerance=1e-3)
                alone = client.get(f"{path}/{before['id']}", query_string={"crs": uri})
                assert alone.headers["Content-Crs"] == f"<{uri}>"
                assert alone.get_json()["geometry"] == after["geometry"]


@pytest.mark.parametrize("name", ["crs", "bbox-crs"])
@pytest.mark.parametrize(
    "uri", ["", "x", "EPSG:2154", f"{EPSG}27572", f"{EPSG}2154 ", CRS84.replace("http", "https")]
)
def test_an_unknown_system_is_refused(client: FlaskClient, name: str, uri: str) -> None:
    """/conf/crs/crs-parameter-invalid, /conf/crs/bbox-crs-parameter-invalid."""
    answer = client.get(ITEMS, query_string={name: uri, "bbox": "2,48,3,49"})
    assert answer.status_code == 400
    problem = answer.get_json()
    assert problem["parameter"] == name
    assert f"{EPSG}2154" in problem["allowed"]


def test_a_system_that_the_collection_does_not_list_is_refused(atlas_client: FlaskClient) -> None:
    for collection in collections(atlas_client):
        path = f"/ogc/collections/{collection['id']}/items"
        for name in ("crs", "bbox-crs"):
            answer = atlas_client.get(path, query_string={name: f"{EPSG}3949"})
            listed = f"{EPSG}3949" in collection["crs"]
            assert answer.status_code == (200 if listed else 400)
            if not listed:
                assert "latitude de 48 à 50" in answer.get_json()["detail"]


def test_a_box_selects_the_same_in_every_system(client: FlaskClient) -> None:
    """/conf/crs/bbox-crs-parameter, /conf/crs/bbox-crs-parameter-default, -transform."""
    box = (2.3045, 48.8, 2.3075, 48.8091)
    expected = [f["id"] for f in client.get(f"{ITEMS}?bbox=2.3045,48.8,2.3075,48.8091")
                .get_json()["features"]]  # fmt: skip
    assert expected == ["coulee-sud", "coulee-rupture"]
    for uri in collections(client)[0]["crs"]:
        corners = shapely.bounds(projected(shapely.box(*box), uri)).tolist()
        query = {"bbox": ",".join(map(str, corners)), "bbox-crs": uri}
        found = [f["id"] for f in client.get(ITEMS, query_string=query).get_json()["features"]]
        assert found == expected
        with_heights = [*corners[:2], -9, *corners[2:], 9]
        query["bbox"] = ",".join(map(str, with_heights))
        again = client.get(ITEMS, query_string=query).get_json()["features"]
        assert [f["id"] for f in again] == expected


@pytest.mark.parametrize(
    ("bbox", "number", "said"),
    [
        ("2.3,48.8,2.4,48.9", "2154", "domaine d’usage de EPSG:2154"),
        ("6855000,640000,6865000,660000", "2154", "axes semblent échangés"),
        ("650000,6860000,640000,6870000", "2154", "sud au plus égal à nord"),
        ("640000,6850000,660000", "2154", "quatre nombres"),
        ("nan,6850000,660000,6870000", "2154", "quatre nombres"),
        ("640000,6850000,1e999,6870000", "2154", "quatre nombres"),
        ("600000,6800000,700000,6900000", "3949", "domaine d’usage de EPSG:3949"),
        ("0,0,30000000,1", "3857", "domaine d’usage de EPSG:3857"),
        ("48.9,2.3,48.8,2.4", "4326", "sud au plus égal à nord"),
        ("48,200,49,201", "4326", "domaine d’usage de EPSG:4326"),
    ],
)
def test_a_bad_box_of_a_system_is_refused_saying_why(
    client: FlaskClient, bbox: str, number: str, said: str
) -> None:
    answer = client.get(ITEMS, query_string={"bbox": bbox, "bbox-crs": EPSG + number})
    assert answer.status_code == 400
    problem = answer.get_json()
    assert (problem["parameter"], problem["got"]) == ("bbox", bbox)
    assert said in problem["allowed"]


def test_pages_keep_the_system(client: FlaskClient) -> None:
    answer = client.get(ITEMS, query_string={"crs": f"{EPSG}2154", "limit": 2})
    (following,) = [k["href"] for k in answer.get_json()["links"] if k["rel"] == "next"]
    second = client.get(following)
    assert second.headers["Content-Crs"] == f"<{EPSG}2154>"
    x, y = second.get_json()["features"][0]["geometry"]["coordinates"][0]
    assert x > 600_000
    assert y > 6_800_000


def test_each_system_has_an_etag_of_its_own_and_a_304(client: FlaskClient) -> None:
    etags = set()
    for uri in collections(client)[0]["crs"]:
        answer = client.get(ITEMS, query_string={"crs": uri})
        etags.add(answer.headers["ETag"])
        again = client.get(
            ITEMS, query_string={"crs": uri}, headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert again.status_code == 304
    assert len(etags) == 5
