"""How does Folium compose a live map? The only file that imports folium.

Folium makes the map object, its basemaps and its scale; the ES modules of ``static/js`` bring
the data to it. Ids are fixed, so the page has a stable ETag; scripts and styles that Folium
would load from elsewhere are replaced on the instance by the project's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import folium
from markupsafe import Markup

from layers.model import BBox
from webmap.mapping.grounds import Basemap


@dataclass(frozen=True, slots=True)
class ComposedMap:
    """A map's element and the script that makes it (to be placed under the page's nonce)."""

    id: str
    html: Markup
    script: Markup


def live_map(name: str, bbox_lonlat: BBox, grounds: tuple[Basemap, ...]) -> ComposedMap:
    """Compose an empty Leaflet map that shows a box.

    Parameters
    ----------
    name : str
        The map's name; its element and its JavaScript variable are ``map_<name>``, and each
        basemap with an address is the variable ``tile_layer_<basemap id>``, not yet shown.
    bbox_lonlat : tuple of float
        ``(west, south, east, north)`` in degrees, WGS84.
    grounds : tuple of Basemap
        The basemaps that the page offers.

    Returns
    -------
    ComposedMap
    """
    west, south, east, north = bbox_lonlat
    composed = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_control=False,
        control_scale=False,
        zoom_snap=0.5,
        max_zoom=19,
        min_zoom=6,
    )
    composed._id = name
    composed.default_js = []
    composed.default_css = []
    for ground in grounds:
        if ground.url:
            tiles = folium.TileLayer(
                tiles=ground.url,
                attr=ground.attribution,
                name=ground.title_fr,
                max_zoom=19,
                max_native_zoom=ground.max_zoom,
                overlay=False,
                show=False,
            )
            tiles._id = ground.id
            tiles.add_to(composed)
    composed.fit_bounds([[south, west], [north, east]])
    figure = composed.get_root()
    figure.render()
    return ComposedMap(
        id=composed.get_name(),
        html=Markup(figure.html.render().strip()),
        script=Markup(figure.script.render().strip()),
    )
