"""What does the map draw of a layer in one square? What a layer of many features is fetched by."""

from __future__ import annotations

import re
from typing import Any

import orjson
from flask import Blueprint, url_for
from werkzeug.exceptions import NotFound

from layers.model import Layer, Place
from layers.tiles import DEEPEST, EXTENT, exists, square
from webmap.mapping.grounds import styles
from webmap.responses import AtlasResponse, Body, bodies, prepared
from webmap.site import current_site

blueprint = Blueprint("tiles", __name__)

MOST = 16
"""Squares of one request."""
_NAME = re.compile(r"([0-9]{1,5})\.([0-9]{1,5})", re.ASCII)
"""Column and row of a square."""


def dense(layer: Layer) -> dict[str, Any] | None:
    """How the map fetches a layer of too many features to send whole; None for a smaller one."""
    site = current_site()
    features = site.atlas.features[layer.id]
    if layer.background or len(features) <= site.settings["LIMITROPHE_WHOLE_LAYER"]:
        return None
    address = url_for("tiles.show", layer_id=layer.id, z=0, names="0.0")
    return {
        "squares": address.replace("/0/0.0.", "/{z}/{names}."),
        "deepest": DEEPEST,
        "bbox": features.bounds,
        "kind": layer.geometry_type,
    }


@blueprint.get("/carte/carreaux/<layer_id>/<int:z>/<names>.json")
def show(layer_id: str, z: int, names: str) -> AtlasResponse:
    """Answer with what some squares of a layer hold, in their order; see `layers.tiles`.

    ``names`` has up to `MOST` of them, ``<column>.<row>`` each, with commas between.
    """
    layer = current_site().atlas.layer(layer_id)
    squares = _named(z, names.split(","))
    return prepared("application/json", lambda: _squares(layer, z, squares))


def _named(z: int, names: list[str]) -> list[tuple[int, int]]:
    """Column and row of each square.

    Raises
    ------
    NotFound
        If one is none, is named twice, or there are more than `MOST`.
    """
    if len(names) > MOST or len(names) > len(set(names)):
        raise NotFound
    squares = []
    for name in names:
        match = _NAME.fullmatch(name)
        if not (match and exists(z, int(match[1]), int(match[2]))):
            raise NotFound
        squares.append((int(match[1]), int(match[2])))
    return squares


def _squares(layer: Layer, z: int, squares: list[tuple[int, int]]) -> bytes:
    return orjson.dumps([orjson.Fragment(_kept(layer, z, x, y)) for x, y in squares])


def _kept(layer: Layer, z: int, x: int, y: int) -> bytes:
    """What a square holds, made once however many requests it is a part of."""
    key = ("square", layer.id, z, x, y)
    return bodies().get(key, lambda: Body(_square(layer, z, x, y), "application/json")).raw


def _square(layer: Layer, z: int, x: int, y: int) -> bytes:
    atlas = current_site().atlas
    features = atlas.features[layer.id]
    found = square(features, z, x, y)
    places = [atlas.places[features.ids[position]] for position in found.positions]
    looks: dict[bytes, int] = {}
    look = [looks.setdefault(orjson.dumps(_look(p, layer)), len(looks)) for p in places]
    return orjson.dumps(
        {
            "extent": EXTENT,
            "matched": found.matched,
            "ids": [place.id for place in places],
            "names": [place.name for place in places],
            "looks": [orjson.Fragment(text) for text in looks],
            "look": look,
            "kinds": found.kinds,
            "paths": found.paths,
            "sizes": found.sizes,
            "steps": found.steps.ravel(),
        },
        option=orjson.OPT_SERIALIZE_NUMPY,
    )


def _look(place: Place, layer: Layer) -> dict[str, Any]:
    """The properties that the style of the layer reads."""
    category = styles()[layer.style].get("category")
    look: dict[str, Any] = {"position": {"method": place.position.method}}
    if category:
        look[category["property"]] = {"kind": place.kind, **place.extra}.get(category["property"])
    return look
