"""Do the squares of a layer name what they hold, and are only large layers fetched by them?"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from webmap import create_app

LAYERS = "/carte/configuration.json"


@pytest.mark.parametrize("layer", ["qpv", "coulee-verte", "equipements"])
def test_a_square_names_each_feature_and_what_its_style_reads(
    atlas_client: FlaskClient, layer: str
) -> None:
    [square] = atlas_client.get(f"/carte/carreaux/{layer}/6/32.22.json").json
    whole = atlas_client.get(f"/ogc/collections/{layer}/items?limit=10000&f=json").json
    known = {f["id"]: f["properties"] for f in whole["features"] if f["geometry"]}
    # Paris, from the Atlantic to the Rhine.
    assert set(square["ids"]) <= set(known)
    assert square["matched"] == len(square["ids"]) == len(square["names"]) > 1
    for id, name, look in zip(square["ids"], square["names"], square["look"], strict=True):
        assert name == known[id]["name"]
        for property, value in square["looks"][look].items():
            if property == "position":
                assert value["method"] == known[id]["position"]["method"]
            else:
                assert value == known[id].get(property)
    assert len(square["kinds"]) == len(square["paths"]) == len(square["ids"])
    assert sum(square["paths"]) == len(square["sizes"])
    assert 2 * sum(square["sizes"]) == len(square["steps"])


def test_several_squares_come_in_the_order_of_their_names(atlas_client: FlaskClient) -> None:
    # Side by side in and around Paris.
    names = ["1037.704", "1037.705", "1038.704"]
    each = [atlas_client.get(f"/carte/carreaux/qpv/11/{name}.json").json for name in names]
    assert [len(answer) for answer in each] == [1, 1, 1]
    assert len({tuple(answer[0]["ids"]) for answer in each}) == 3
    together = atlas_client.get(f"/carte/carreaux/qpv/11/{','.join(names)}.json").json
    assert together == [answer[0] for answer in each]
    turned = atlas_client.get(f"/carte/carreaux/qpv/11/{','.join(reversed(names))}.json").json
    assert turned == together[::-1]


def test_squares_are_kept_by_the_browser_and_revalidated(atlas_client: FlaskClient) -> None:
    path = "/carte/carreaux/qpv/6/32.22,33.22.json"
    first = atlas_client.get(path)
    assert "max-age" in first.headers["Cache-Control"]
    again = atlas_client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


NONE = ["3/8.0", "17/0.0", "1/0.2", f"{10**20}/0.0", "3/-1.0", "3/0", "3/0.0.0", "3/a.b", "3/².1"]
TOO_MANY = f"5/{','.join(f'{n}.0' for n in range(17))}"


@pytest.mark.parametrize("squares", [*NONE, "3/1.1,8.0", "3/1.1,", "3/1.1,1.1", TOO_MANY])
def test_a_square_that_is_none_is_not_found(client: FlaskClient, squares: str) -> None:
    assert client.get(f"/carte/carreaux/voies/{squares}.json").status_code == 404


def test_as_many_squares_as_may_be_named_come(client: FlaskClient) -> None:
    names = ",".join(f"{n}.0" for n in range(16))
    assert len(client.get(f"/carte/carreaux/voies/5/{names}.json").json) == 16


def test_only_layers_above_the_threshold_come_by_squares(trial_folder) -> None:
    def dense(threshold: int) -> set[str]:
        app = create_app({"LIMITROPHE_DATA": trial_folder, "LIMITROPHE_WHOLE_LAYER": threshold})
        layers = app.test_client().get(LAYERS).json["layers"]
        return {layer["id"] for layer in layers if layer["dense"]}

    app = create_app({"LIMITROPHE_DATA": trial_folder})
    collections = app.test_client().get("/ogc/collections?f=json").json["collections"]
    layers = [layer["id"] for layer in app.test_client().get(LAYERS).json["layers"]]
    counts = {
        id: app.test_client().get(f"/ogc/collections/{id}/items?f=json").json["numberMatched"]
        for id in layers
    }
    assert len(collections) > len(layers)
    assert dense(1000) == set()
    assert dense(1) == {id for id, count in counts.items() if count > 1}
