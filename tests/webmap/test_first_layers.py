"""What the map draws first comes in one answer: the usual layers, with what drawing needs."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient

ADDRESS = "/carte/premieres-couches.json"


def configured(client: FlaskClient) -> list[dict[str, object]]:
    layers: list[dict[str, object]] = client.get("/carte/configuration.json").json["layers"]
    return layers


def asked_for(client: FlaskClient, path: str) -> list[str]:
    """The addresses that a page has the browser fetch at once as data."""
    page = client.get(path).text
    found = re.findall(r'rel="preload" as="fetch" crossorigin href="([^"]+)"', page)
    return [address.replace("&amp;", "&") for address in found]


def test_it_holds_the_usual_layers_as_the_service_has_them(atlas_client: FlaskClient) -> None:
    layers = atlas_client.get(ADDRESS).json
    usual = {one["id"] for one in configured(atlas_client) if one["visible"] or one["background"]}
    assert set(layers) == usual
    for id, features in layers.items():
        served = atlas_client.get(f"/ogc/collections/{id}/items?f=json&limit=10000").json[
            "features"
        ]
        assert [(one["id"], one["geometry"]) for one in features] == [
            (one["id"], one["geometry"]) for one in served
        ]
        for drawn, whole in zip(features, served, strict=True):
            properties = drawn["properties"]
            assert properties["name"] == whole["properties"]["name"]
            assert properties["position"] == {"method": whole["properties"]["position"]["method"]}


@pytest.mark.parametrize("path", ["/", "/?vue=48.82,2.31,14", "/?lang=en"])
def test_a_page_of_the_usual_layers_asks_for_it_once(atlas_client: FlaskClient, path: str) -> None:
    [together] = asked_for(atlas_client, path)
    assert together.startswith(ADDRESS)
    assert f'data-first-layers="{together}"' in atlas_client.get(path).text


def test_a_page_of_other_layers_asks_for_those_alone(atlas_client: FlaskClient) -> None:
    layers = configured(atlas_client)
    [ground] = [one["id"] for one in layers if one["background"]]
    one = next(one["id"] for one in layers if one["visible"])
    items = asked_for(atlas_client, f"/?couches={one}")
    assert {address.split("/")[3] for address in items} == {one, ground}
    assert "data-first-layers" not in atlas_client.get(f"/?couches={one}").text


def test_a_page_of_more_layers_asks_for_the_others_beside_it(atlas_client: FlaskClient) -> None:
    layers = configured(atlas_client)
    usual = [str(one["id"]) for one in layers if one["visible"] and not one["background"]]
    other = next(str(one["id"]) for one in layers if not (one["visible"] or one["background"]))
    together, *items = asked_for(atlas_client, f"/?couches={','.join([*usual, other])}")
    assert together.startswith(ADDRESS)
    assert [address.split("/")[3] for address in items] == [other]


@pytest.mark.parametrize("path", ["/", "/?lang=en", "/visite/cinq-documents", "/integrer?lang=en"])
def test_a_map_has_its_settings_in_its_page(atlas_client: FlaskClient, path: str) -> None:
    page = atlas_client.get(path).text
    block = r'<script type="application/json" data-configuration\b[^>]*>(.*?)</script>'
    [text] = re.findall(block, page)
    assert "<" not in text
    _path, _mark, query = path.partition("?")
    assert json.loads(text) == atlas_client.get(f"/carte/configuration.json?{query}").json
