"""A file brought to the area question: read, shown, asked with; and what it finds, taken away."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import mapping, shape

from layers.exporters.formats import FORMATS
from layers.given import read_outline
from webmap.outline import LONGEST_ADDRESS
from webmap.views import brought

PROGRAM = {"Accept": "application/json"}
SQUARE = shapely.box(2.3052, 48.8055, 2.3067, 48.8095)
"""Holds the garden, the square and the ends of the corridor of the trial atlas."""
STAR = shapely.Polygon(
    [
        (
            2.31 + (0.004 + 0.002 * (n % 2)) * np.cos(t),
            48.81 + (0.003 + 0.001 * (n % 2)) * np.sin(t),
        )
        for n, t in enumerate(np.linspace(0, 2 * np.pi, 2000, endpoint=False))
    ]
)
"""Too detailed for an address."""


def planar(geometry: Any, system: str) -> Any:
    to = Transformer.from_crs("OGC:CRS84", system, always_xy=True)
    return shapely.transform(geometry, lambda xy: np.column_stack(to.transform(*xy.T)))


def bring(client: FlaskClient, data: bytes, **more: Any) -> Any:
    headers = more.pop("headers", PROGRAM)
    form = {"fichier": (io.BytesIO(data), more.pop("name", "zone.geojson")), **more}
    return client.post("/question/fichier", data=form, headers=headers)


def geojson(geometry: Any) -> bytes:
    return json.dumps(mapping(geometry)).encode()


def test_a_file_in_cc49_without_its_system_is_shown_before_it_is_used(client: FlaskClient) -> None:
    answer = bring(client, geojson(planar(SQUARE, "EPSG:3949")), name="../dossier/projet.json")
    told = answer.get_json()
    assert told["name"] == "projet.json"
    assert told["sure"]
    (read,) = told["readings"]
    assert read["system"] == "EPSG:3949"
    assert "reconnu par les coordonnées" in read["how"]
    assert read["where"] == "Commune Ouest"
    assert shapely.hausdorff_distance(shape(read["geometry"]), SQUARE) < 1.5e-6
    asked = client.get("/question/fiche", query_string={"contour": read["contour"]})
    assert asked.status_code == 200
    assert "Acte convention-a-2" in asked.text


def test_where_systems_differ_the_reader_chooses(atlas_client: FlaskClient) -> None:
    told = bring(atlas_client, b'{"type": "Point", "coordinates": [1228000, 6195000]}').get_json()
    assert not told["sure"]
    assert told["question"]
    assert [read["system"] for read in told["readings"]] == ["EPSG:2154", "EPSG:3947"]
    assert all("km de la commune" in read["where"] for read in told["readings"])


def test_swapped_axes_are_said(client: FlaskClient) -> None:
    turned = shapely.transform(SQUARE, lambda xy: xy[:, ::-1])
    english = {**PROGRAM, "Accept-Language": "en"}
    (read,) = bring(client, geojson(turned), headers=english).get_json()["readings"]
    assert any("latitude" in note for note in read["notes"])
    assert "Axes swapped" in read["notes"][0]


def test_without_scripts_the_file_is_read_checked_and_asked_with(client: FlaskClient) -> None:
    page = client.get("/question")
    assert 'action="/question/fichier"' in page.text
    assert 'enctype="multipart/form-data"' in page.text
    review = bring(client, geojson(STAR), headers={"Accept": "text/html"})
    assert "WGS 84" in review.text
    assert "Commune Ouest" in review.text
    field = review.text.split('name="contour" value="')[1].split('"')[0]
    answer = client.post("/question", data={"contour": field, "distance": "100"})
    assert answer.status_code == 200
    assert "Télécharger le résultat" in answer.text
    assert 'method="post" action="/telecharger/selection.zip"' in answer.text


def test_an_outline_too_long_for_an_address_is_asked_by_form(client: FlaskClient) -> None:
    (read,) = bring(client, geojson(STAR)).get_json()["readings"]
    assert read["contour"] == ""
    assert len(read["field"]) > LONGEST_ADDRESS
    assert any("adresse" in note for note in read["notes"])
    assert read_outline(read["field"], (-10, 41, 11, 52)).equals(shape(read["geometry"]))
    for address in ("/question", "/question/fiche"):
        assert client.post(address, data={"contour": read["field"]}).status_code == 200


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"", 422, "vide"),
        (b"nom;x;y", 415, "GeoPackage"),
        (b"{", 422, "endommagé"),
        (b'{"type": "Point", "coordinates": [12.5, 41.9]}', 422, "CC42"),
        (b"\0\0\x27\x0a" + bytes(100), 415, "ZIP"),
    ],
)
def test_a_file_that_cannot_serve_says_why_and_what_can(
    client: FlaskClient, data: bytes, status: int, said: str
) -> None:
    answer = bring(client, data)
    problem = answer.get_json()
    assert answer.status_code == status
    assert problem["parameter"] == "fichier"
    assert said in problem["detail"]
    assert "Shapefile (ZIP)" in problem["allowed"]
    page = bring(client, data, headers={"Accept": "text/html"})
    assert page.status_code == status
    assert "Fichier refusé" in page.text


def test_what_is_not_one_file_in_a_form_is_refused(client: FlaskClient) -> None:
    file = (io.BytesIO(b"{}"), "a.json")
    for sent in (
        {},
        {"data": {"fichier": ""}},
        {"data": {"autre": file}},
        {"data": {"fichier": (io.BytesIO(b"{}"), "a.json"), "bidon": "1"}},
        {"data": b"{}", "content_type": "application/json"},
    ):
        answer = client.post("/question/fichier", headers=PROGRAM, **sent)
        assert answer.status_code == 400
        assert answer.get_json()["parameter"] in ("fichier", "bidon")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brought, "MAX_FILE", 1000)
    answer = bring(client, bytes(1000 + brought.FIELDS))
    assert answer.status_code == 413
    assert answer.get_json()["title"] == "Corps de la demande refusé"


def test_one_file_at_a_time_is_read(client: FlaskClient) -> None:
    with brought._TURN:
        answer = bring(client, geojson(SQUARE))
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert bring(client, geojson(SQUARE)).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://ailleurs.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://localhost"}, 200),
        ({"Origin": "http://localhost"}, 200),
    ],
)
def test_another_site_may_not_send_its_reader_s_browser(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    for address in ("/question", "/question/fiche"):
        answer = client.post(address, data={"contour": "2.31,48.81"}, headers=headers)
        assert answer.status_code == status
    assert bring(client, b"", headers={**PROGRAM, **headers}).status_code in (403, 422)


def test_nothing_of_a_file_stays(client: FlaskClient, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for data in (geojson(SQUARE), b"{", b"PK\x03\x04"):
        bring(client, data)
        assert list(tmp_path.iterdir()) == []


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_damage_is_answered_or_refused(app: Flask, data: st.DataObject) -> None:
    sound = data.draw(st.sampled_from([geojson(SQUARE), GEOPACKAGE, SHAPEFILE, FLATGEOBUF, KML]))
    places = data.draw(
        st.lists(st.tuples(st.integers(0, len(sound) - 1), st.binary(max_size=40)), max_size=4)
    )
    damaged = bytearray(sound[: data.draw(st.integers(1, len(sound)))])
    for at, harm in places:
        damaged[at : at + len(harm)] = harm
    answer = bring(app.test_client(), bytes(damaged))
    assert answer.status_code in (200, 413, 415, 422)
    if answer.status_code != 200:
        assert answer.get_json()["detail"]


def packed(driver: str, suffix: str) -> bytes:
    """Write the square with GDAL; a Shapefile comes as a ZIP."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"zone{suffix}"
        wkb = shapely.to_wkb(np.array([SQUARE]))
        pyogrio.raw.write(
            path, wkb, [np.array(["x"], dtype=object)], ["nom"], crs="EPSG:4326",
            geometry_type="Polygon", driver=driver,
        )  # fmt: skip
        if suffix != ".shp":
            return path.read_bytes()
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
        return whole.getvalue()


GEOPACKAGE, FLATGEOBUF = packed("GPKG", ".gpkg"), packed("FlatGeobuf", ".fgb")
SHAPEFILE, KML = packed("ESRI Shapefile", ".shp"), packed("KML", ".kml")


# What an area question finds, taken away.

SELECTION = "/telecharger/selection.zip"
CONTOUR = "2.3052,48.8055;2.3067,48.8055;2.3067,48.8095;2.3052,48.8095"


def taken(client: FlaskClient, method: str = "get", **query: Any) -> zipfile.ZipFile:
    sent = {"query_string": query} if method == "get" else {"data": query}
    with getattr(client, method)(SELECTION, **sent) as answer:
        assert answer.status_code == 200, answer.text
        return zipfile.ZipFile(io.BytesIO(answer.data))


def announced(readme: str) -> list[int]:
    return [int(line.split(":")[1]) for line in readme.splitlines() if "Objets annoncés" in line]


def opened(archive: zipfile.ZipFile, folder: Path, collection: str) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    archive.extractall(folder)
    found = [p for p in folder.iterdir() if f"_{collection}_" in p.name and p.suffix == ".gpkg"]
    return pyogrio.read_dataframe(found[0])


def test_the_places_that_an_area_meets_or_comes_near_are_those_that_are_delivered(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    atlas = app.extensions["limitrophe"].atlas
    area = shapely.Polygon([p.split(",") for p in CONTOUR.split(";")])
    for distance in (0, 150, 2000):
        archive = taken(
            client, collection="sites", contour=CONTOUR, distance=distance, format="gpkg", crs=2154
        )
        read = opened(archive, tmp_path / str(distance), "sites")
        expected = {
            place.id
            for place in atlas.places_in("sites")
            if place.geometry is not None
            and planar(place.geometry, "EPSG:2154").distance(planar(area, "EPSG:2154")) <= distance
        }
        assert set(read["id"]) == expected
        readme = archive.read("README.txt").decode("utf-8-sig")
        assert announced(readme) == [len(expected)]
        assert f"contour = {CONTOUR}" in readme
        assert f"distance = {distance} m" in readme
        zone = json.loads(archive.read("limitrophe_zone_20240630_4326.geojson"))
        assert shape(zone).equals(area)


@pytest.mark.parametrize("method", ["get", "post"])
def test_commitments_come_with_what_ties_them(
    client: FlaskClient, tmp_path: Path, method: str
) -> None:
    reach = client.post(
        "/ogc/portee?distance=500", json=mapping(SQUARE), content_type="application/geo+json"
    ).get_json()
    expected = {f["id"]: f["properties"]["link"] for f in reach["features"]}
    assert set(expected.values()) == {"direct", "territorial", "near"}
    archive = taken(client, method, contour=CONTOUR, distance=500)
    read = opened(archive, tmp_path, "engagements")
    assert dict(zip(read["id"], read["link"], strict=True)) == expected
    some = taken(client, method, contour=CONTOUR, distance=500, lien="direct,near")
    read = opened(some, tmp_path / "some", "engagements")
    assert set(read["link"]) == {"direct", "near"}
    assert "lien = direct,near" in some.read("README.txt").decode("utf-8-sig")


@pytest.mark.parametrize("format_id", list(FORMATS))
def test_the_whole_result_comes_in_every_format(client: FlaskClient, format_id: str) -> None:
    page = client.get("/question", query_string={"contour": CONTOUR, "distance": "300"}).text
    options = page.split('id="resultat-collection"')[1].split("</select>")[0]
    counts = [int(part.split(")")[0]) for part in options.split("(")[1:]]
    archive = taken(client, collection="resultat", contour=CONTOUR, distance=300, format=format_id)
    readme = archive.read("README.txt").decode("utf-8-sig")
    assert announced(readme) == counts
    delivered = [int(s.split(":")[1]) for s in readme.splitlines() if "Objets livrés" in s]
    assert delivered == counts


def test_the_result_for_a_municipality_is_that_of_its_page(client: FlaskClient) -> None:
    page = client.get("/question?commune=commune-ouest&distance=100").text
    number = int(page.split('class="lead">')[1].split(" ")[0])
    archive = taken(client, lieu="commune-ouest", distance=100, format="geojson")
    assert announced(archive.read("README.txt").decode("utf-8-sig")) == [number]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"contour": "2.3,48.8;2.4,48.9;2.4,48.8;2.3,48.9"}, "contour"),
        ({"contour": "POLYGON((2.3 48.8,2.4 48.8,2.4 48.9))"}, "contour"),
        ({"contour": "48.81,2.31"}, "contour"),
        ({"contour": "2.31,48.81", "lieu": "rue-ouest"}, "lieu"),
        ({"contour": "2.31,48.81", "distance": "9000"}, "distance"),
        ({"contour": "2.31,48.81", "lien": "loin"}, "lien"),
        ({"distance": "100"}, "distance"),
        ({"lien": "near"}, "lien"),
        ({"lieu": "site-perdu"}, "lieu"),
        ({"collection": "resultat"}, "collection"),
        ({"collection": "resultat", "contour": "2.31,48.81", "bbox": "2,48,3,49"}, "collection"),
    ],
)
def test_an_area_that_cannot_be_asked_about_says_why(
    client: FlaskClient, query: dict[str, str], parameter: str
) -> None:
    for answer in (
        client.get(SELECTION, query_string=query, headers=PROGRAM),
        client.post(SELECTION, data=query, headers=PROGRAM),
    ):
        assert answer.status_code == 400
        assert answer.get_json()["parameter"] == parameter


@pytest.mark.parametrize(
    "contour",
    [
        "2.31,48.81",
        "2.31,48.81;2.32,48.82",
        "LINESTRING(2.31 48.81,2.32 48.82,2.33 48.81)",
        "MULTIPOLYGON(((2.31 48.81,2.32 48.81,2.32 48.82,2.31 48.81)),"
        "((2.33 48.81,2.34 48.81,2.34 48.82,2.33 48.81)))",
        '{"type": "MultiPoint", "coordinates": [[2.31, 48.81], [2.32, 48.82]]}',
    ],
)
def test_an_outline_may_be_written_in_several_ways(client: FlaskClient, contour: str) -> None:
    assert client.get("/question", query_string={"contour": contour}).status_code == 200
    page = client.get("/telecharger", query_string={"contour": contour, "distance": "50"})
    assert page.status_code == 200
    assert 'name="contour"' in page.text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=60) | st.from_regex(r"[A-Z]{5,10} ?\([-0-9., ()]{0,40}\)"))
def test_any_text_is_an_outline_or_is_refused(app: Flask, text: str) -> None:
    answer = app.test_client().get("/question", query_string={"contour": text}, headers=PROGRAM)
    assert answer.status_code in (200, 400)
