"""Do files that leave the atlas open elsewhere, with everything in them?"""

from __future__ import annotations

import csv
import io

import orjson
import pyogrio
import pytest
import shapely

from layers.atlas import ENGAGEMENTS
from layers.encode import layer_text
from layers.errors import NotFoundError
from layers.exporters.geojson import geojson_bytes
from layers.exporters.table import COLUMNS, register_csv
from layers.geometry import problems
from layers.places import layer_file


@pytest.mark.parametrize("collection", ["territoires", "voies", "sites", ENGAGEMENTS])
def test_gdal_reads_what_is_written(tiny, tmp_path, collection):
    path = tmp_path / f"{collection}.geojson"
    path.write_bytes(geojson_bytes(tiny, collection))
    frame = pyogrio.read_dataframe(path)
    features = tiny.collection(collection)
    assert frame.crs.to_epsg() == 4326
    assert frame["id"].tolist() == list(features.ids)
    for found, expected in zip(frame.geometry, features.geometries, strict=True):
        if expected is None:
            assert found is None
        else:
            assert shapely.equals_exact(found, expected)


@pytest.mark.parametrize("collection", ["territoires", "voies", "sites", ENGAGEMENTS])
def test_geojson_is_rfc_7946(tiny, collection):
    document = orjson.loads(geojson_bytes(tiny, collection))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    for feature in document["features"]:
        assert set(feature) == {"type", "id", "properties", "geometry"}
        if feature["geometry"]:
            assert problems(shapely.geometry.shape(feature["geometry"])) == []


def test_the_credit_goes_where_the_data_goes(tiny):
    document = orjson.loads(geojson_bytes(tiny, "sites"))
    assert document["attribution"] == "Les tests ; Les tests, ODbL"
    assert document["licence"] == "ODbL-1.0"
    assert orjson.loads(geojson_bytes(tiny, ENGAGEMENTS))["attribution"] == "Les tests"


def test_an_unknown_collection_is_not_found(tiny):
    with pytest.raises(NotFoundError, match="voies"):
        geojson_bytes(tiny, "voie")


def test_the_register_leaves_as_it_came(tiny, tiny_folder):
    written = (tiny_folder / "commitments" / "convention.csv").read_bytes()
    assert register_csv(tiny) == written
    assert register_csv(tiny, "convention") == written


def test_a_spreadsheet_gets_its_mark_and_semicolons(tiny):
    data = register_csv(tiny, spreadsheet=True)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == list(COLUMNS)
    assert len(rows) == 7


def test_an_unknown_document_is_not_found(tiny):
    with pytest.raises(NotFoundError, match="convention"):
        register_csv(tiny, "conventio")


def test_the_form_of_the_data_folder_is_one_feature_a_line(tiny_folder):
    path = tiny_folder / layer_file("voies")
    collection = orjson.loads(path.read_bytes())
    lines = layer_text(collection).splitlines()
    assert lines[:3] == ["{", '"type": "FeatureCollection",', '"features": [']
    assert lines[-2:] == ["]", "}"]
    assert len(lines) == 5 + len(collection["features"])
    assert orjson.loads("".join(lines)) == collection
