"""What is in the file to take away? The chosen layers, the whole register, and all it needs."""

from __future__ import annotations

import base64
import datetime
import gzip
from collections.abc import Iterable
from typing import Any

import orjson
from flask_babel import gettext as _
from markupsafe import Markup

from layers.exporters.geojson import attribution
from layers.model import Layer
from webmap.i18n import language, localised
from webmap.mapping.bundle import bundle, style_sheet
from webmap.mapping.compose import Contents, standalone_map
from webmap.mapping.drawn import drawn
from webmap.mapping.grounds import styles
from webmap.mapping.panel import panel
from webmap.security import inline_script
from webmap.site import current_site
from webmap.standalone.pack import Pack
from webmap.static_files import FOLDER
from webmap.views import search
from webmap.views.map import texts

ENTRY = "standalone/main.js"
STAND_INS = {"api.js": "standalone/api.js"}
STYLES = (
    ("vendor/leaflet/leaflet.css", (".png",)),
    ("css/base.css", ("latin-ext.woff2", "latin-italic.woff2")),
    ("css/pages.css", ()),
    ("css/map.css", ()),
    ("css/standalone.css", ()),
)
"""The style sheets in their order, each with the ends of files that it goes without."""


def choose(ids: Iterable[str] | None) -> list[Layer]:
    """The layers of a file: those of ``ids`` (all when None) and the ground, in atlas order.

    Raises
    ------
    layers.errors.NotFoundError
        If the atlas has no layer of one of these ids.
    """
    atlas = current_site().atlas
    wanted = None if ids is None else {atlas.layer(id).id for id in ids}
    return [
        layer
        for layer in atlas.layers.values()
        if layer.background or wanted is None or layer.id in wanted
    ]


def make(layers: Iterable[Layer], address: str = "") -> str:
    """Make the file, in the language of the request.

    Parameters
    ----------
    layers
        The layers to take; see `choose`.
    address
        Where the atlas is online, to be named in the file; empty when it is not known.

    Returns
    -------
    str
        An HTML document that asks nothing of any server.
    """
    taken = list(layers)
    pack = Pack(taken)
    sheets = _packed({"sheets": pack.sheets(), "records": pack.records(), "lists": pack.lists})
    atlas = current_site().atlas
    title = _("Limitrophe, carte à emporter")

    def body(element: Markup) -> Markup:
        made = pack.render(
            "standalone/page.html",
            **panel(taken),
            layers=taken,
            map_html=element,
            address=address,
            credits=attribution(atlas, {s for layer in taken for s in layer.sources}),
            today=datetime.datetime.now(datetime.UTC).date(),
        )
        return made + pack.drawings()

    return standalone_map(
        "carte",
        next(iter(atlas.areas.values())).bbox,
        Contents(
            language=language(),
            title=title,
            first=inline_script("appearance"),
            styles=tuple(style_sheet(*sheet) for sheet in STYLES),
            body=body,
            blocks=_block("application/json", "donnees", json_text(_data(pack, taken)))
            + _block("application/gzip;base64", "fiches", sheets),
            library=(FOLDER / "vendor/leaflet/leaflet.js").read_text(encoding="utf-8").strip(),
            module=bundle(ENTRY, STAND_INS),
        ),
    )


def json_text(value: Any) -> str:
    """JSON that may stand inside a script element and inside JavaScript.

    ``<``, ``>``, ``&`` and the two line separators of Unicode are written as escapes.
    """
    text = orjson.dumps(value).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _packed(value: Any) -> str:
    """JSON, compressed and in base64: a tenth of its size, and no character to escape."""
    return base64.b64encode(gzip.compress(orjson.dumps(value), mtime=0)).decode()


def _block(mimetype: str, id: str, text: str) -> Markup:
    return Markup('<script type="{}" id="{}">{}</script>\n').format(mimetype, id, Markup(text))


def _data(pack: Pack, layers: Iterable[Layer]) -> dict[str, Any]:
    site = current_site()
    return {
        "areas": [
            {"id": area.id, "title": localised(area, "title"), "bbox": area.bbox}
            for area in site.atlas.areas.values()
        ],
        "layers": [_layer(layer) for layer in layers],
        "styles": dict(styles()),
        "search": {
            "entries": [
                *(entry for entry in search.places(site.atlas) if pack.holds(entry["id"])),
                *search.commitments(site.atlas),
            ],
            "geocoder": "",
            "texts": search.texts(),
        },
        "texts": texts() | _own_texts(),
    }


def _layer(layer: Layer) -> dict[str, Any]:
    return {
        "id": layer.id,
        "title": localised(layer, "title"),
        "style": layer.style,
        "visible": layer.visible,
        "background": layer.background,
        "features": drawn(layer),
    }


def _own_texts() -> dict[str, str]:
    return {
        "credit": _(
            "Données : © contributeurs OpenStreetMap et autres producteurs (voir À propos)"
        ),
        "sheetGone": _("Ce fichier n’a pas ce que ce lien désigne."),
        "networkLost": _("Les fiches ne s’ouvrent pas : ce navigateur est trop ancien."),
    }
