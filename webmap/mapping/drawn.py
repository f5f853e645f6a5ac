"""What does a map need to know of a feature? Where it is and what it looks like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from layers.model import Layer
from webmap.mapping.grounds import styles
from webmap.site import current_site


def drawn(layer: Layer) -> list[dict[str, Any]]:
    """The features of a layer as GeoJSON (EPSG:4326, longitude first), for drawing.

    Of their properties they keep the name, the kind, the one that the style goes by and the
    method of the position; the sheet of a place says the rest.
    """
    category = styles()[layer.style].get("category", {}).get("property", "kind")
    features = [orjson.loads(text) for text in current_site().atlas.collection(layer.id).encoded]
    for feature in features:
        feature["properties"] = _kept(feature["properties"], category)
    return features


def _kept(properties: Mapping[str, Any], category: str) -> dict[str, Any]:
    kept = {name: properties[name] for name in ("name", "kind", category) if name in properties}
    return kept | {"position": {"method": properties["position"]["method"]}}
