"""The map page, and what its scripts need to know: the layers, their styles, the words."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from layers.errors import NotFoundError
from layers.model import Layer
from webmap.choices import FILTERS, ON_THE_MAP
from webmap.i18n import localised, typeset
from webmap.mapping.compose import live_map
from webmap.mapping.drawn import drawn
from webmap.mapping.grounds import basemaps, styles
from webmap.mapping.panel import panel
from webmap.params import Parameter, takes
from webmap.responses import AtlasResponse, prepared
from webmap.site import current_site
from webmap.strips import drawing
from webmap.tours import Tour
from webmap.views.tiles import dense
from webmap.views.timeline import whole_chart

blueprint = Blueprint("map", __name__)

MAPS = ("carte", "petite")
"""The live maps that Folium composes: the map page's, and the small one of the other pages."""


def _free(name: str) -> Parameter[str]:
    """A part of the map's address; the scripts read it, and say so when it means nothing."""
    return Parameter(name, lambda text: text, lambda: "", "")


PLACE, COMMITMENT = _free("lieu"), _free("engagement")
STATE = (
    PLACE,
    COMMITMENT,
    *(_free(name) for name in ("zone", "vue", "couches", "fond", "contour")),
    *(_free(name) for name in ("tableau", "tri", "colonnes", "page")),
    *(_free(parameter.name) for parameter in ON_THE_MAP),
)


def _gone() -> str:
    """What to say when the address names something that the atlas does not have (any more)."""
    atlas = current_site().atlas
    try:
        if PLACE.value:
            atlas.place(PLACE.value)
        if COMMITMENT.value:
            atlas.commitment(COMMITMENT.value)
    except NotFoundError as error:
        return _gone_text(error.id)
    return ""


def _gone_text(id: str) -> str:
    said = _(
        "Ce lien mène à « %(id)s », que l’atlas n’a pas ou n’a plus. Le reste de la vue est"
        " conservé.",
        id=id,
    )
    return typeset(said)


@blueprint.get("/")
@takes(*STATE)
def show() -> str:
    """Answer with the map page."""
    return map_page()


def map_page(*, embedded: bool = False, tour: Tour | None = None, step: int = 1) -> str:
    """The page of the map.

    Parameters
    ----------
    embedded
        Without the site's header, for the frame of another site's page.
    tour, step
        A guided tour that leads over the map, and the step that it opens at (from 1).
    """
    together, first_data = _first_data()
    return render_template(
        "map.html",
        embedded=embedded,
        tour=tour,
        step=step,
        tours=current_site().tours.values(),
        **panel(),
        chart=whole_chart(),
        corridors=[drawing(plan) for plan in current_site().atlas.corridors.values()],
        filters=FILTERS,
        grounds=basemaps(),
        configuration=_configuration_block(),
        first_layers=together,
        first_data=first_data,
        gone="" if tour else _gone(),
        map_html=live_map("carte", _home(), basemaps()).html,
    )


def _first_data() -> tuple[str, list[str]]:
    """The addresses of what the map draws first, so that the browser asks for them at once.

    Returns
    -------
    The address of the layers that come in one answer, empty when the request shows others; and
    the addresses of all.
    """
    usual, asked = _usual(), request.args.get("couches")
    shown = usual if asked is None else _asked_for(asked.split(","))
    shows_usual = bool(usual) and all(layer in shown for layer in usual)
    together = url_for("map.first_layers") if shows_usual else ""
    alone = [layer for layer in shown if not together or layer not in usual]
    return together, [*([together] if together else []), *map(_items, alone)]


def _sent_whole() -> list[Layer]:
    return [layer for layer in current_site().atlas.layers.values() if dense(layer) is None]


def _asked_for(ids: list[str]) -> list[Layer]:
    return [layer for layer in _sent_whole() if layer.background or layer.id in ids]


def _usual() -> list[Layer]:
    return [layer for layer in _sent_whole() if layer.background or layer.visible]


def _items(layer: Layer) -> str:
    return url_for("ogc.items", collection_id=layer.id, f="json", limit=10_000)


def _home() -> tuple[float, float, float, float]:
    return next(iter(current_site().atlas.areas.values())).bbox


@blueprint.get("/carte/<name>.js")
def script(name: str) -> AtlasResponse:
    """Answer with the script of a live map, as Folium composes it."""
    if name not in MAPS:
        raise NotFound
    return prepared(
        "text/javascript; charset=utf-8",
        lambda: live_map(name, _home(), basemaps()).script.encode(),
    )


@blueprint.get("/carte/premieres-couches.json")
def first_layers() -> AtlasResponse:
    """Answer with the features of the layers that the map shows at first, by layer."""
    return prepared(
        "application/json",
        lambda: orjson.dumps({layer.id: drawn(layer) for layer in _usual()}),
    )


@blueprint.get("/carte/configuration.json")
def configuration() -> AtlasResponse:
    """Answer with what the scripts of every map need, in the language of the request."""
    return prepared("application/json", _configuration)


def _configuration_block() -> Markup:
    """What `configuration` answers, to stand in a script element, which no text in it can end."""
    return Markup(_configuration().decode().replace("<", "\\u003c"))


def _configuration() -> bytes:
    site = current_site()
    return orjson.dumps(
        {
            "areas": [
                {"id": area.id, "title": localised(area, "title"), "bbox": area.bbox}
                for area in site.atlas.areas.values()
            ],
            "layers": [_layer(layer) for layer in site.atlas.layers.values()],
            "styles": dict(styles()),
            "basemaps": [{"id": ground.id, "own": not ground.url} for ground in basemaps()],
            "basemap": site.settings["LIMITROPHE_BASEMAP"],
            "placeSheet": url_for("places.sheet", id="__ID__"),
            "commitmentSheet": url_for("commitments.sheet", id="__ID__"),
            "questionSheet": url_for("question.sheet", contour="__ID__"),
            "placePage": url_for("places.show", id="__ID__"),
            "texts": texts(),
        }
    )


def _layer(layer: Layer) -> dict[str, Any]:
    return {
        "id": layer.id,
        "title": localised(layer, "title"),
        "style": layer.style,
        "visible": layer.visible,
        "background": layer.background,
        "items": _items(layer),
        "dense": dense(layer),
    }


def texts() -> dict[str, str]:
    """The words that the scripts of a map say, in the language of the request."""
    return {
        "sheetFailed": _("La fiche n’est pas arrivée"),
        "sheetGone": _("L’atlas n’a pas, ou n’a plus, ce que ce lien désigne."),
        "gone": _gone_text("{id}"),
        "setAside": _(
            "Ce lien demande {parts}, que l’atlas n’a pas ou ne sait pas lire. Le reste de la vue"
            " est conservé."
        ),
        "quoted": typeset(_("« {text} »")),
        "networkLost": _("Le réseau ne répond pas. La carte reste utilisable ; réessayez."),
        "layerFailed": _("La couche « {layer} » n’est pas arrivée, ou pas entière."),
        "retry": _("Réessayer"),
        "close": _("Fermer"),
        "tilesLost": _("Le fond choisi ne répond pas : le fond de l’atlas le remplace."),
        "areaShown": _("Zone affichée : {area}"),
        "moreInView": _("et {n} autres : rapprochez la vue pour les lister"),
        "crowded": _("{layer} : {n} lieux, rapprochez la vue pour les lister"),
        "zoomIn": _("Se rapprocher"),
        "zoomOut": _("S’éloigner"),
        "credit": _(
            'Données : © contributeurs OpenStreetMap et <a href="%(url)s">autres producteurs</a>',
            url=url_for("sources.index"),
        ),
    }
