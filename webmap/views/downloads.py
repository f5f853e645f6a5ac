"""What can be taken away as a file? The layers and the register, and the page that lists them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, render_template

from layers.atlas import ENGAGEMENTS
from layers.exporters.geojson import geojson_bytes
from layers.exporters.table import register_csv
from webmap.negotiation import GEOJSON
from webmap.responses import prepared
from webmap.site import current_site

blueprint = Blueprint("downloads", __name__)

CSV = "text/csv; charset=utf-8"


@blueprint.get("/telecharger")
def index() -> str:
    """Answer with the page of downloads."""
    return render_template("downloads.html")


def _attachment(filename: str, mimetype: str, make: Callable[[], bytes]) -> Response:
    """Answer with a file to save, made once."""
    response = prepared(mimetype, make)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _geojson(collection_id: str) -> Response:
    atlas = current_site().atlas
    return _attachment(
        f"limitrophe_{collection_id}.geojson", GEOJSON, lambda: geojson_bytes(atlas, collection_id)
    )


@blueprint.get("/telecharger/<layer_id>.geojson")
def layer_geojson(layer_id: str) -> Response:
    """Answer with a layer, or a part of the register, as an RFC 7946 file."""
    current_site().atlas.collection(layer_id)
    return _geojson(layer_id)


@blueprint.get(f"/telecharger/{ENGAGEMENTS}.geojson")
def commitments_geojson() -> Response:
    """Answer with the register as an RFC 7946 file."""
    return _geojson(ENGAGEMENTS)


@blueprint.get(f"/telecharger/{ENGAGEMENTS}.csv")
def commitments_csv() -> Response:
    """Answer with the register as a table that a French spreadsheet opens as it is."""
    atlas = current_site().atlas
    return _attachment(
        f"limitrophe_{ENGAGEMENTS}.csv", CSV, lambda: register_csv(atlas, spreadsheet=True)
    )
