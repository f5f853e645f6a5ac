"""What can be handed on of the map? One file to take away, and the map for other sites' pages."""

from __future__ import annotations

from flask import Blueprint, Response

from webmap.params import Parameter, takes
from webmap.responses import prepared
from webmap.site import current_site
from webmap.standalone.page import choose, make
from webmap.urls import absolute
from webmap.views.map import STATE, map_page

blueprint = Blueprint("share", __name__)

HTML = "text/html; charset=utf-8"


def _layer_ids(text: str) -> tuple[str, ...]:
    ids = tuple(id for id in text.split(",") if id)
    if not set(ids) <= set(current_site().atlas.layers):
        raise ValueError(text)
    return ids


LAYERS = Parameter("couches", _layer_ids, lambda: ", ".join(current_site().atlas.layers), None)


@blueprint.get("/telecharger/limitrophe.html")
@takes(LAYERS)
def standalone() -> Response:
    """Answer with the map as one file that opens without a network, to be saved."""
    layers, address = choose(LAYERS.value), absolute("map.show")
    response = prepared(HTML, lambda: make(layers, address).encode())
    response.headers["Content-Disposition"] = 'attachment; filename="limitrophe.html"'
    return response


@blueprint.get("/integrer")
@takes(*STATE)
def embed() -> str:
    """Answer with the map alone, which the pages of any site may hold in a frame."""
    return map_page(embedded=True)
