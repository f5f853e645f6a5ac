"""Clients that nobody here wrote read the service: GDAL's OAPIF driver and OWSLib."""

from __future__ import annotations

from typing import Any

import geopandas
import pyogrio
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
    assert sorted(names) == sorted(site.atlas.features)


def test_gdal_reads_every_layer_as_it_is(live_address: str, site: Site) -> None:
    for id, features in site.atlas.features.items():
        read = gdal(live_address, id)
        assert read.crs.to_epsg() == 4326  # pyogrio has no other name for CRS84
        assert list(read["id"]) == list(features.ids)
        same = shapely.equals_exact(read.geometry.to_numpy(), features.geometries, tolerance=1e-9)
        null = read.geometry.isna().to_numpy()
        assert (same | null).all()
        assert (null == shapely.is_missing(features.geometries)).all()


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
    assert sorted(owslib.feature_collections()) == sorted(site.atlas.features)
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


def test_owslib_is_told_what_is_wrong(owslib: Features) -> None:
    with pytest.raises(RuntimeError, match="probleme-parametre-refuse"):
        owslib.collection_items("voies", limit=0)
