"""Does a real QGIS open the project that the service offers, and the service by its address?"""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import shapely
from flask import Flask
from PIL import Image

from layers.atlas import ENGAGEMENTS
from tests.hatching import slope
from webmap.mapping.grounds import styles
from webmap.views.downloads import REGISTER_STYLE

pytestmark = pytest.mark.live

PROGRAM = Path(__file__).with_name("qgis_reading.py")
NOT_IN_THE_PROJECT = {"documents", "indicateurs", "discordances", "contributions"}
APART = {"drawn from its description", "computed"}
"""Methods of a position that the map draws apart."""
Features = dict[str, list[dict[str, Any]]]


def read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        body: bytes = answer.read()
        return body


@pytest.fixture(scope="module")
def served(live_address: str) -> Features:
    """The features of each collection, as the service gives them."""
    listed = json.loads(read(f"{live_address}/ogc/collections"))["collections"]
    found = {}
    for id in (collection["id"] for collection in listed):
        page = json.loads(read(f"{live_address}/ogc/collections/{id}/items?limit=10000"))
        found[id] = page["features"]
        assert len(found[id]) == page["numberMatched"]
    return found


@pytest.fixture(scope="module")
def boxes(served: Features) -> dict[str, list[float]]:
    """The western half of each collection of one geometry type: QGIS shows one by itself."""
    found = {}
    for id, features in served.items():
        shapes = shapes_of(features)
        if len({shape.geom_type.removeprefix("Multi") for shape in shapes}) == 1:
            west, south, east, north = shapely.total_bounds(shapes).tolist()
            found[id] = [west, south, (west + east) / 2, north]
    return found


def shapes_of(features: list[dict[str, Any]]) -> list[Any]:
    return [shapely.geometry.shape(f["geometry"]) for f in features if f["geometry"]]


@pytest.fixture(scope="module")
def seen(
    live_address: str, boxes: dict[str, list[float]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What QGIS says, with a profile of its own."""
    home = tmp_path_factory.mktemp("qgis")
    project = home / "limitrophe.qgz"
    project.write_bytes(read(f"{live_address}/telecharger/limitrophe.qgz"))
    own = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "QGIS_CUSTOM_CONFIG_PATH"), str(home))
    done = subprocess.run(
        [os.environ.get("LIMITROPHE_TEST_QGIS_PYTHON", "/usr/bin/python3"), PROGRAM, project,
         f"{live_address}/ogc", json.dumps(boxes)],
        env={**os.environ, **own, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def project(seen: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = seen["project"]
    return found


@pytest.fixture(scope="module")
def layers(project: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers that show a collection: all but the table of links."""
    return [layer for layer in project["layers"].values() if layer["collection"]]


def test_the_project_opens_without_a_complaint(project: dict[str, Any]) -> None:
    assert project["opened"]
    assert project["crs"] == "EPSG:2154"
    assert project["messages"] == []
    assert [id for id, layer in project["layers"].items() if not layer["valid"]] == []


def test_the_layers_are_those_of_the_service(
    layers: list[dict[str, Any]], served: Features
) -> None:
    assert {layer["collection"] for layer in layers} == served.keys() - NOT_IN_THE_PROJECT


def test_every_feature_is_in_one_layer(layers: list[dict[str, Any]], served: Features) -> None:
    for id in served.keys() - NOT_IN_THE_PROJECT:
        parts = [layer["features"] for layer in layers if layer["collection"] == id]
        found = [feature["properties"]["id"] for part in parts for feature in part]
        assert sorted(found) == sorted(feature["id"] for feature in served[id])


def stated(properties: dict[str, Any]) -> dict[str, Any]:
    """What is not empty: QGIS reads an empty list as nothing."""
    return {name: value for name, value in properties.items() if value not in (None, "", [], {})}


def test_no_property_is_lost(layers: list[dict[str, Any]], served: Features) -> None:
    for layer in layers:
        expected = {f["id"]: stated(f["properties"]) for f in served[layer["collection"]]}
        found = {f["properties"]["id"]: stated(f["properties"]) for f in layer["features"]}
        assert found == {id: expected[id] for id in found}


def test_due_is_a_date(layers: list[dict[str, Any]], served: Features) -> None:
    register = next(layer for layer in layers if layer["collection"] == ENGAGEMENTS)
    assert any(commitment["properties"]["due"] for commitment in served[ENGAGEMENTS])
    assert register["types"]["due"] == "Date"


def test_geometries_are_where_they_are(layers: list[dict[str, Any]], served: Features) -> None:
    for layer in layers:
        shapes = {feature["id"]: feature["geometry"] for feature in served[layer["collection"]]}
        assert layer["crs"] == "EPSG:4326"
        for feature in layer["features"]:
            geometry = shapes[feature["properties"]["id"]]
            assert feature["type"] == (geometry and geometry["type"])
            if geometry:
                assert layer["geometry"] in geometry["type"]
                bounds = shapely.geometry.shape(geometry).bounds
                assert feature["bounds"] == pytest.approx(bounds, abs=1e-9)


def test_places_and_commitments_are_related(project: dict[str, Any], served: Features) -> None:
    assert len(project["relations"]) == len(project["layers"]) - 1
    for relation in project["relations"].values():
        assert relation["valid"]
        collection = project["layers"][relation["layer"]]["collection"]
        ends = "places" if collection == ENGAGEMENTS else "commitment_ids"
        expected = {f["id"]: sorted(f["properties"][ends]) for f in served[collection]}
        found = {id: sorted(others) for id, others in relation["ends"].items()}
        assert found == {id: expected[id] for id in found}
        assert bool(relation["back"]) == any(found.values())
        assert all(start == end for start, end in relation["back"].items())


def test_features_are_drawn_as_on_the_map(layers: list[dict[str, Any]], live_app: Flask) -> None:
    atlas = live_app.extensions["limitrophe"].atlas
    style_of = {id: styles()[layer.style] for id, layer in atlas.layers.items()}
    style_of[ENGAGEMENTS] = REGISTER_STYLE
    for layer in layers:
        if layer["geometry"] == "No geometry":
            continue
        style = style_of[layer["collection"]]
        values = style.get("category", {}).get("values", [])
        assert len(layer["rules"]) == looks(atlas, layer) * (len(values) + bool(values) or 1)
        for feature in layer["features"]:
            drawn = category(style, feature["properties"])
            (rule,) = feature["rules"]
            assert rule.startswith(drawn.get("label_fr", "Autre" if values else ""))
            assert {drawn["color"], drawn.get("fill", drawn["color"])} & {*feature["colors"]}


def test_areas_are_hatched_as_on_the_map(layers: list[dict[str, Any]], live_app: Flask) -> None:
    atlas, found = live_app.extensions["limitrophe"].atlas, set()
    for layer in layers:
        described = atlas.layers.get(layer["collection"])
        if layer["geometry"] != "Polygon" or described is None or described.background:
            continue
        style = styles()[described.style]
        entries = {e["label_fr"]: e for e in style.get("category", {}).get("values", [])}
        for label, png in layer["pictures"].items():
            hatch = {**style, **entries.get(label.split(" (")[0], {})}.get("hatch", "")
            image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA")
            paper = Image.new("RGBA", image.size, "white")
            seen = np.asarray(Image.alpha_composite(paper, image).convert("RGB"))[12:-12, 12:-12]
            assert slope(seen) == hatch, f"{layer['collection']}: {label}"
            found.add(hatch)
    districts = {"rising", "falling", "horizontal"} if "qpv" in atlas.layers else set()
    assert districts | {""} <= found


def looks(atlas: Any, layer: dict[str, Any]) -> int:
    """How many looks a category has: one more for each method that is drawn apart, if any is."""
    places = atlas.by_layer.get(layer["collection"], ())
    apart = any(p.position.method in APART and p.geometry is not None for p in places)
    return 1 + len(APART) * apart


def category(style: Any, properties: dict[str, Any]) -> dict[str, Any]:
    """How the map draws a feature: as its category where there is one, else as the style."""
    told = style.get("category", {"property": "id", "values": []})
    value = properties[told["property"]]
    own = next((entry for entry in told["values"] if entry["value"] == value), {})
    return {**style, **own}


def test_a_box_is_asked_of_the_service_by_its_address_alone(
    seen: dict[str, Any], boxes: dict[str, list[float]], live_address: str, served: Features
) -> None:
    assert ENGAGEMENTS in boxes
    for id, box in boxes.items():
        items = f"{live_address}/ogc/collections/{id}/items"
        text = ",".join(map(repr, box))
        page = json.loads(read(f"{items}?limit=10000&bbox={text}"))
        found = seen["connection"]["found"][id]
        assert sorted(found) == sorted(feature["id"] for feature in page["features"])
        assert 0 < len(found) == page["numberMatched"]
        asked = [urlsplit(a) for a in seen["connection"]["asked"] if a.startswith(f"{items}?")]
        sent = [parse_qs(address.query)["bbox"][0] for address in asked if "bbox" in address.query]
        assert sent
        assert all([*map(float, s.split(","))] == pytest.approx(box) for s in sent)
