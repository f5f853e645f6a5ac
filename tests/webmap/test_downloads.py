"""Downloads: whole files, with their names, that other software opens."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from layers.atlas import ENGAGEMENTS, Atlas
from layers.exporters.formats import FORMATS


@pytest.fixture
def atlas(atlas_app: Flask) -> Atlas:
    found: Atlas = atlas_app.extensions["limitrophe"].atlas
    return found


def test_every_collection_is_a_file_that_gdal_opens(
    atlas_client: FlaskClient, atlas: Atlas
) -> None:
    for id, features in atlas.features.items():
        answer = atlas_client.get(f"/telecharger/{id}.geojson")
        assert answer.content_type == "application/geo+json"
        name = f"limitrophe_{id}.geojson"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        read = pyogrio.read_dataframe(io.BytesIO(answer.data))
        assert list(read["id"]) == list(features.ids)
        geometries = read.geometry.to_numpy()
        assert shapely.is_valid(geometries[~shapely.is_missing(geometries)]).all()
        assert (shapely.is_missing(geometries) == shapely.is_missing(features.geometries)).all()


def test_a_file_carries_its_licence_and_credit(client: FlaskClient) -> None:
    document = client.get("/telecharger/voies.geojson").get_json()
    assert document["licence"] == "ODbL-1.0"
    assert document["attribution"] == "Les tests, ODbL"
    assert "links" not in document
    assert "crs" not in document


def test_the_register_is_a_table_that_a_french_spreadsheet_opens(
    atlas_client: FlaskClient, atlas: Atlas
) -> None:
    answer = atlas_client.get("/telecharger/engagements.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "limitrophe_engagements.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert answer.data.startswith("\N{BOM}".encode())
    assert [row["id"] for row in rows] == list(atlas.commitments)


def test_the_page_lists_every_file(client: FlaskClient) -> None:
    page = client.get("/telecharger").text
    for id in ("territoires", "voies", "sites", ENGAGEMENTS):
        assert f'href="/telecharger/{id}.geojson"' in page
    assert 'href="/telecharger/engagements.csv"' in page


@pytest.mark.parametrize("name", ["none.geojson", "none.csv", "voies.csv", "voies", "voies.json"])
def test_what_is_no_file_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/telecharger/{name}").status_code == 404


SELECTION = "/telecharger/selection.zip"


def archive(client: FlaskClient, address: str, **query: object) -> tuple[str, zipfile.ZipFile]:
    """Take a ZIP, check its headers and its sums, and return its name and content."""
    with client.get(address, query_string=query) as answer:
        assert answer.status_code == 200, answer.text
        assert answer.content_type == "application/zip"
        assert answer.content_length == len(answer.data)
        name = answer.headers["Content-Disposition"].removeprefix('attachment; filename="')[:-1]
        found = zipfile.ZipFile(io.BytesIO(answer.data))
    assert found.testzip() is None
    sums = dict(
        reversed(line.split("  ")) for line in found.read("SHA256SUMS").decode().splitlines()
    )
    assert set(sums) == set(found.namelist()) - {"SHA256SUMS"}
    for file, digest in sums.items():
        assert hashlib.sha256(found.read(file)).hexdigest() == digest
    return name, found


@pytest.mark.parametrize("format_id", list(FORMATS))
def test_every_format_is_a_download_that_says_what_it_is(
    client: FlaskClient, format_id: str
) -> None:
    for epsg in FORMATS[format_id].systems:
        name, found = archive(
            client, SELECTION, collection="sites", format=format_id, crs=epsg, bbox="", filter=""
        )
        assert name == f"limitrophe_sites_20240630_{epsg}.zip"
        assert all("_20240630_" in n for n in found.namelist() if n[0] == "l")
        readme = found.read("README.txt").decode("utf-8-sig")
        for said in (
            "Objets annoncés : 4", "Objets livrés : 4", "Features announced: 4",
            "Features delivered: 4", "sans géométrie (rien ne les situe) : 1", f"EPSG:{epsg}",
            "ODbL", "Mention à citer : Limitrophe ; Les tests ; Les tests, ODbL", "1:5000",
            "Date des données : 2024-06-30", "généralisation à 5 m", "Demande : tout",
            "Millésime : 2024", "Dessin d’essai – Les tests",
        ):  # fmt: skip
            assert said in readme, said
        assert sum(n.endswith(".qml") for n in found.namelist()) == 2
        assert sum(n.endswith(".sld") for n in found.namelist()) == 2


def test_a_choice_is_told_and_counted(client: FlaskClient) -> None:
    _name, found = archive(
        client, SELECTION, collection="voies", format="csv", document="convention",
        commune="commune-ouest", bbox="2.3,48.8,2.4,48.9", filter="name LIKE 'Rue%'",
    )  # fmt: skip
    readme = found.read("README.txt").decode("utf-8-sig")
    asked = "document = convention ; commune = commune-ouest ; bbox = 2.3,48.8,2.4,48.9"
    assert f"Demande : {asked} ; filter = name LIKE 'Rue%'" in readme
    assert "Objets livrés : 1" in readme


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ({"format": "geojson", "crs": "2154"}, "crs", ("JSON-FG", "GeoPackage")),
        ({"format": "kml", "crs": "EPSG:3949"}, "crs", ("JSON-FG", "GeoPackage")),
        ({"format": "dwg"}, "format", ("gpkg", "xlsx")),
        ({"crs": "3857"}, "crs", ("4326", "2154", "3949")),
        ({"bbox": "2,49,1,48"}, "bbox", ("ouest,sud,est,nord",)),
        ({"filter": "name LIKE"}, "filter", ("signe 10",)),
        ({"filter": "nom = 'x'"}, "filter", ()),
        ({"filter": "x" * 9000}, "filter", ("8000",)),
    ],
)
def test_what_cannot_be_taken_says_why(
    client: FlaskClient, query: dict[str, str], parameter: str, said: tuple[str, ...]
) -> None:
    answer = client.get(
        SELECTION, query_string={"collection": "voies", **query}, headers={"Accept": "*/json"}
    )
    assert answer.status_code == 400
    answer = client.get(
        SELECTION,
        query_string={"collection": "voies", **query},
        headers={"Accept": "application/json"},
    )
    problem = answer.get_json()
    assert problem["parameter"] == parameter
    for part in said:
        assert part in problem["detail"]


@pytest.mark.parametrize("name", ["collection", "document", "commune"])
def test_what_does_not_exist_is_not_found(client: FlaskClient, name: str) -> None:
    answer = client.get(SELECTION, query_string={"collection": "voies", name: "nulle-part"})
    assert answer.status_code == 404


def test_the_whole_atlas_is_one_geopackage(client: FlaskClient, app: Flask, tmp_path: Path) -> None:
    atlas: Atlas = app.extensions["limitrophe"].atlas
    name, found = archive(client, "/telecharger/atlas.zip", crs=2154)
    assert name == "limitrophe_atlas_20240630_2154.zip"
    readme = found.read("README.txt").decode("utf-8-sig")
    assert "Ce lot réunit des données sous ODbL et sous Licence Ouverte" in readme
    assert "Territoires : Licence Ouverte" in readme
    path = tmp_path / "atlas.gpkg"
    path.write_bytes(found.read("limitrophe_atlas_20240630_2154.gpkg"))
    layers = {name for name, _type in pyogrio.list_layers(path)}
    assert layers == {*atlas.features, "liens"}
    for id, features in atlas.features.items():
        read = pyogrio.read_dataframe(path, layer=id)
        assert list(read["id"]) == list(features.ids)
        assert read.crs.to_epsg() == 2154
    links = pyogrio.read_dataframe(path, layer="liens")
    assert set(links["engagement"]) <= set(atlas.commitments)
    assert set(links["lieu"]) <= set(atlas.places)
    direct = links[links["lien"] == "direct"]
    assert len(direct) == sum(len(c.places) for c in atlas.commitments.values())


def test_the_form_is_filled_as_the_address_says(client: FlaskClient) -> None:
    page = client.get("/telecharger?collection=voies&format=shp&bbox=2.3,48.8,2.4,48.9").text
    assert '<option value="voies" selected>' in page
    assert '<option value="shp" selected>' in page
    assert 'value="2.3,48.8,2.4,48.9"' in page


def test_a_download_leaves_nothing_behind(client: FlaskClient, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    archive(client, SELECTION, collection="voies")
    assert client.get(SELECTION, query_string={"filter": "x ="}).status_code == 400
    with client.head(SELECTION) as answer:
        assert answer.status_code == 200
    assert list(tmp_path.iterdir()) == []


def test_the_links_are_a_table_that_gdal_reads(client: FlaskClient, app: Flask) -> None:
    atlas: Atlas = app.extensions["limitrophe"].atlas
    read = pyogrio.read_dataframe(io.BytesIO(client.get("/telecharger/liens.geojson").data))
    pairs = {(c.id, place) for c in atlas.commitments.values() for place in c.places}
    assert set(zip(read["engagement"], read["lieu"], strict=True)) == pairs


def test_the_project_opens_every_layer_from_this_service(atlas_client: FlaskClient) -> None:
    """As QGIS 3.22 asks for it: ids above ten letters, a system with WKT, layers by id."""
    answer = atlas_client.get("/telecharger/limitrophe.qgz", base_url="https://atlas.example/x/")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as found:
        assert found.namelist() == ["limitrophe.qgs"]
        root = ET.fromstring(found.read("limitrophe.qgs"))
    layers = {layer.findtext("id"): layer for layer in root.iter("maplayer")}
    collections = set()
    for id, layer in layers.items():
        assert len(id) > 10
        source = layer.findtext("datasource")
        assert "https://atlas.example/x/" in source
        if "|layername=" in source:
            collections.add(source.split("|layername=")[1].split("|")[0])
        renderer = layer.find("renderer-v2")
        if renderer is not None:
            used = {rule.get("symbol") for rule in renderer.iter("rule")}
            assert used == {one.get("name") for one in renderer.findall("symbols/symbol")}
    atlas = atlas_client.application.extensions["limitrophe"].atlas
    assert collections == {*atlas.layers, ENGAGEMENTS}
    assert {leaf.get("id") for leaf in root.iter("layer-tree-layer")} == set(layers)
    for relation in root.iter("relation"):
        assert {relation.get("referencingLayer"), relation.get("referencedLayer")} <= set(layers)
    assert root.find("projectCrs/spatialrefsys/wkt").text.startswith("PROJCRS")
    assert root.findtext("properties/SpatialRefSys/ProjectionsEnabled") == "1"
