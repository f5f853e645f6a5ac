"""Downloads: whole files, with their names, that other software opens."""

from __future__ import annotations

import csv
import io

import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from layers.atlas import ENGAGEMENTS, Atlas


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
