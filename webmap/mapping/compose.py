"""How does Folium compose a map, live or in one file? The only file that imports folium.

Folium makes the map object, its basemaps and, for a file to take away, the document; the ES
modules of ``static/js`` bring the data to it. Ids are fixed, so the page has a stable ETag;
scripts and styles that Folium would load from elsewhere are replaced on the instance by the
project's own.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from layers.model import BBox
from webmap.mapping.grounds import Basemap


@contextmanager
def _without(name: str) -> Iterator[None]:
    """Make a package look as if it were not installed, unless it is imported already."""
    modules: dict[str, Any] = sys.modules
    if name in modules:
        yield
        return
    modules[name] = None  # importing it raises ImportError then
    try:
        yield
    finally:
        del modules[name]


# Folium does with or without pandas, which takes 70 MB in every worker. Nothing here needs it.
with _without("pandas"):
    import folium


@dataclass(frozen=True, slots=True)
class ComposedMap:
    """A map's element and the script that makes it (to be placed under the page's nonce)."""

    id: str
    html: Markup
    script: Markup


@cache
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
        Made once for the same parameters.
    """
    composed = _empty_map(name, bbox_lonlat)
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
                class_name="photographs" if ground.photographs else None,
            )
            tiles._id = ground.id
            tiles.add_to(composed)
    figure = composed.get_root()
    figure.render()
    return ComposedMap(
        id=composed.get_name(),
        html=Markup(figure.html.render().strip()),
        script=Markup(figure.script.render().strip()),
    )


def _empty_map(name: str, bbox_lonlat: BBox) -> folium.Map:
    """A Leaflet map of a fixed name that loads nothing by itself."""
    west, south, east, north = bbox_lonlat
    composed = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_control=False,
        control_scale=False,
        zoom_snap=0.5,
        max_zoom=19,
        min_zoom=6,
        # Fading squares in composes the page anew for each of a dozen frames.
        fade_animation=False,
    )
    composed._id = name
    composed.default_js = []
    composed.default_css = []
    fit = folium.FitBounds([[south, west], [north, east]])
    # Leaflet passes over whatever moves the map while it is still on its way to the first view.
    fit.options["animate"] = False
    fit.add_to(composed)
    return composed


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file to take away holds besides its map.

    ``title`` is plain text. ``body`` sets the map's element into the page. ``blocks`` are
    elements that hold data. ``first`` runs before anything is drawn, ``library`` before the map
    is made, ``module`` after it.
    """

    language: str
    title: str
    first: str
    styles: tuple[str, ...]
    body: Callable[[Markup], Markup]
    blocks: Markup
    library: str
    module: str


DOCUMENT = Template(
    """<!doctype html>
<html lang="{{ this.contents.language }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ this.policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ this.contents.title | e }}</title>
<script>{{ this.contents.first }}</script>
{% for style in this.contents.styles %}<style>{{ style }}</style>
{% endfor %}</head>
<body class="map-page standalone">
{{ this.body }}
{{ this.contents.blocks }}
{% for script in this.scripts %}<script>{{ script }}</script>
{% endfor %}<script type="module">{{ this.contents.module }}</script>
</body>
</html>
"""
)
"""The document that Folium's figure writes for a file to take away."""


def standalone_map(name: str, bbox_lonlat: BBox, contents: Contents) -> str:
    """Compose one HTML document that holds its map and everything that the map needs.

    Its own policy allows the scripts and styles inside it by their digests and no request at
    all, so that it cannot load anything even by mistake.

    Parameters
    ----------
    name : str
        The map's name, as for `live_map`.
    bbox_lonlat : tuple of float
        ``(west, south, east, north)`` in degrees, WGS84: what the map shows first.
    contents : Contents
        The rest of the document.

    Raises
    ------
    ValueError
        If a script or a style holds text that would end its element.
    """
    figure = _empty_map(name, bbox_lonlat).get_root()
    figure.render()
    figure.contents = contents
    figure.scripts = (contents.library, figure.script.render().strip())
    figure.policy = _policy((contents.first, *figure.scripts, contents.module), contents.styles)
    figure.body = contents.body(Markup(figure.html.render().strip()))
    figure._template = DOCUMENT
    return str(figure.render())


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    def digests(texts: Iterable[str], end: str) -> str:
        found = []
        for text in texts:
            if end in text.lower() or "<!--" in text:
                raise ValueError(f"a script or style of the file has {end} or <!-- in it")
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            found.append(f"'sha256-{digest}'")
        return " ".join(found)

    return (
        f"default-src 'none'; script-src {digests(scripts, '</script')};"
        f" style-src {digests(styles, '</style')};"
        " img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )
