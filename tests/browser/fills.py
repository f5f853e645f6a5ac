"""Where can the fill of an area be seen? A view on the roomiest place of each look."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from playwright.sync_api import Page
from pyproj import Transformer

from tests.browser.conftest import ROOT
from tests.browser.pictures import shot
from tests.hatching import lies, slope
from webmap.mapping.grounds import styles

HALF = 24
"""CSS pixels from the middle of a fill to where it is looked at no more."""
METRES_PER_PIXEL = 156_543.034
"""Of Web Mercator at zoom 0 on the equator."""
to_plane = Transformer.from_crs("OGC:CRS84", "EPSG:2154", always_xy=True).transform
to_degrees = Transformer.from_crs("EPSG:2154", "OGC:CRS84", always_xy=True).transform


@dataclass(frozen=True)
class View:
    """A view on the fill of a place, and the look that the styles give it."""

    address: str
    look: dict[str, Any]
    corner: tuple[float, float]
    """The upper left of the fill, in pixels of the world."""


def views(layer: str) -> list[View]:
    """A view for each category of a layer, or one where it has none."""
    style = styles()[layer]
    category = style.get("category", {"property": "", "values": [{"value": ""}]})
    places = json.loads((ROOT / "data" / "geo" / f"{layer}.geojson").read_text())["features"]
    found = []
    for entry in category["values"]:
        circles = [
            circle(place["geometry"])
            for place in places
            if place["geometry"] and place["geometry"]["type"].endswith("Polygon")
            and place["properties"].get(category["property"], "") == entry["value"]
        ]  # fmt: skip
        lon, lat, radius = max(circles, key=lambda one: one[2])
        finest = radius / (HALF * math.sqrt(2) + 4)
        wide = METRES_PER_PIXEL * math.cos(math.radians(lat))
        zoom = math.ceil(math.log2(wide / finest))
        x, y = world(lat, lon, zoom)
        address = f"/?couches={layer}&vue={lat:.6f},{lon:.6f},{zoom}"
        found.append(View(address, {**style, **entry}, (x - HALF, y - HALF)))
    return found


def circle(geometry: dict[str, Any]) -> tuple[float, float, float]:
    """The largest circle in an area: degrees east and north of its middle, and metres."""
    area = shapely.transform(shapely.geometry.shape(geometry), to_plane, interleaved=False)
    line = shapely.maximum_inscribed_circle(area, tolerance=1)
    lon, lat = to_degrees(*line.coords[0])
    return lon, lat, line.length


def world(lat: float, lon: float, zoom: int) -> tuple[float, float]:
    """Pixels of the world in Web Mercator, from its north-west corner."""
    side = 256 * 2**zoom
    y = math.asinh(math.tan(math.radians(lat)))
    return (lon + 180) / 360 * side, (1 - y / math.pi) / 2 * side


def fill(page: Page) -> np.ndarray:
    """The pixels around the middle of the map, without names and what lies over it."""
    whole = shot(page)
    row, column = whole.shape[0] // 2, whole.shape[1] // 2
    return whole[row - HALF : row + HALF, column - HALF : column + HALF]


def assert_hatched(page: Page, view: View) -> None:
    """The map hatches as the style says, with lines counted from the corner of the world."""
    seen, hatch = fill(page), view.look["hatch"]
    assert slope(seen) == hatch, view.address
    assert lies(seen, hatch, view.look["hatch_every"], view.corner), view.address
