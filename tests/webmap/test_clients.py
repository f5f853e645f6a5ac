"""Clients that nobody here wrote read the service: GDAL's OAPIF driver and OWSLib."""

from __future__ import annotations

from typing import Any

import geopandas
import pandas
import pyogrio
import pyproj
import pytest
import shapely
from flask import Flask
from owslib.ogcapi.features import Features

from webmap.site import Site

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def site(live_app: Flask) -> Site:
    found: Site = live_app.extensions["limitrophe"]
    return found


def gdal(address: str, collection: str, **options: Any) -> geopandas.GeoDataFrame:
    return pyogrio.read_dataframe(f"OAPIF:{address}/ogc", layer=collection, **options)


def test_gdal_sees_every_collection(live_address: str, site: Site) -> None:
    names = [name for name, _geometry in pyogrio.list_layers(f"OAPIF:{live_address}/ogc")]
    assert sorted(names) == sorted([*site.atlas.features, "contributions"])


def test_gdal_reads_every_layer_as_it_is(live_address: str, site: Site) -> None:
    for id, features in site.atlas.features.items():
        read = gdal(live_address, id)
        assert read.crs.to_authority() == ("OGC", "CRS84")
        assert list(read["id"]) == list(features.ids)
        same = shapely.equals_exact(read.geometry.to_numpy(), features.geometries, tolerance=1e-9)
        null = read.geometry.isna().to_numpy()
        assert (same | null).all()
        assert (null == shapely.is_missing(features.geometries)).all()


def projected(features: Any, number: int) -> Any:
    """What PROJ makes of the features, x before y."""
    turn = pyproj.Transformer.from_crs("OGC:CRS84", f"EPSG:{number}", always_xy=True).transform
    return shapely.transform(features.geometries, turn, interleaved=False)


@pytest.mark.parametrize("number", [2154, 3857])
def test_gdal_reads_every_layer_in_metres(live_address: str, site: Site, number: int) -> None:
    for id, features in site.atlas.features.items():
        read = gdal(live_address, id, CRS=f"EPSG:{number}")
        assert read.crs.to_epsg() == number
        assert list(read["id"]) == list(features.ids)
        shapes, expected = read.geometry.to_numpy(), projected(features, number)
        same = shapely.equals_exact(shapes, expected, tolerance=2e-3)
        assert (same | shapely.is_missing(expected)).all()


def test_gdal_reads_cc49_and_latitude_first(live_address: str, site: Site) -> None:
    features = site.atlas.features["voies"]
    for number in (3949, 4326):
        read = gdal(live_address, "voies", CRS=f"EPSG:{number}")
        shapes, expected = read.geometry.to_numpy(), projected(features, number)
        same = shapely.equals_exact(shapes, expected, tolerance=2e-3)
        assert (same | shapely.is_missing(expected)).all()


def test_gdal_asks_for_a_box_in_metres(live_address: str, site: Site) -> None:
    features = site.atlas.features["voies"]
    planar = projected(features, 2154)
    west, south, east, north = shapely.total_bounds(planar).tolist()
    box = (west, south, (west + east) / 2, (south + north) / 2)
    inside = shapely.intersects(planar, shapely.box(*box))
    expected = {id for id, hit in zip(features.ids, inside, strict=True) if hit}
    read = gdal(live_address, "voies", bbox=box, CRS="EPSG:2154")
    assert expected
    assert set(read["id"]) == expected


def test_gdal_filters_on_the_server(live_address: str, site: Site) -> None:
    for where, test in (
        ("kind = 'study'", lambda c: c.kind == "study"),
        ("kind = 'study' AND theme <> 'habitat'", lambda c: c.kind == "study"
         and c.theme != "habitat"),
        ("document IN ('convention', 'malakoff')", lambda c: c.document in
         ("convention", "malakoff")),
    ):  # fmt: skip
        read = gdal(live_address, "engagements", where=where)
        assert list(read["id"]) == [c.id for c in site.atlas.commitments.values() if test(c)]


def test_gdal_asks_for_one_feature_by_its_id(live_address: str, site: Site) -> None:
    for id, features in site.atlas.features.items():
        last = features.ids[-1]
        assert list(gdal(live_address, id, where=f"id = '{last}'")["id"]) == [last]


def test_gdal_reads_due_as_a_date(live_address: str, site: Site) -> None:
    # GDAL takes the types from the first page; QGIS from the schema.
    read = gdal(live_address, "engagements", INITIAL_REQUEST_PAGE_SIZE=1000)
    assert read["due"].dtype.kind == "M"
    stated = [c.due for c in site.atlas.commitments.values()]
    found = [None if value is pandas.NaT else value.date() for value in read["due"]]
    assert found == stated


def test_gdal_asks_for_a_box(live_address: str, site: Site) -> None:
    for id, features in site.atlas.features.items():
        if features.bounds is None:
            continue
        west, south, east, north = features.bounds
        box = (west, south, (west + east) / 2, (south + north) / 2)
        inside = shapely.intersects(features.geometries, shapely.box(*box))
        expected = {id for id, hit in zip(features.ids, inside, strict=True) if hit}
        assert set(gdal(live_address, id, bbox=box)["id"]) == expected


def test_gdal_follows_the_pages(live_address: str, site: Site) -> None:
    id, features = max(site.atlas.features.items(), key=lambda pair: len(pair[1]))
    read = gdal(live_address, id, PAGE_SIZE=3, INITIAL_REQUEST_PAGE_SIZE=2)
    assert list(read["id"]) == list(features.ids)


def test_gdal_opens_one_collection_by_its_address(live_address: str, site: Site) -> None:
    read = pyogrio.read_dataframe(f"OAPIF:{live_address}/ogc/collections/voies")
    assert len(read) == len(site.atlas.features["voies"])


@pytest.fixture
def owslib(live_address: str) -> Features:
    return Features(f"{live_address}/ogc")


def test_owslib_reads_the_service(owslib: Features, site: Site) -> None:
    assert owslib.api()["openapi"].startswith("3.0")
    assert any(uri.endswith("/conf/core") for uri in owslib.conformance()["conformsTo"])
    assert sorted(owslib.feature_collections()) == sorted([*site.atlas.features, "contributions"])
    for id, features in site.atlas.features.items():
        assert owslib.collection(id)["id"] == id
        page = owslib.collection_items(id, limit=10_000)
        assert [feature["id"] for feature in page["features"]] == list(features.ids)
        assert owslib.collection_item(id, features.ids[0])["id"] == features.ids[0]


def test_owslib_asks_for_a_box_and_a_page(owslib: Features, site: Site) -> None:
    bounds = site.atlas.features["voies"].bounds
    assert bounds is not None
    located = (~shapely.is_missing(site.atlas.features["voies"].geometries)).sum()
    page = owslib.collection_items("voies", bbox=list(bounds), limit=1, offset=1)
    assert page["numberMatched"] == located
    assert page["numberReturned"] == 1


def test_owslib_filters_and_knows_the_schema(owslib: Features, site: Site) -> None:
    queryables = owslib.collection_queryables("engagements")
    assert queryables["properties"]["due"]["format"] == "date"
    schema = owslib.collection_schema("engagements")
    assert schema["properties"]["geometry"]["x-ogc-role"] == "primary-geometry"
    expected = [c.id for c in site.atlas.commitments.values() if c.kind == "study"]
    page = owslib.collection_items("engagements", filter="kind = 'study'", limit=10_000)
    assert [feature["id"] for feature in page["features"]] == expected


def test_owslib_is_told_what_is_wrong(owslib: Features) -> None:
    with pytest.raises(RuntimeError, match="probleme-parametre-refuse"):
        owslib.collection_items("voies", limit=0)
