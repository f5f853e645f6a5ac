"""Open data below ``/ogc``: OGC API - Features (`webmap.ogc.conformance`), one file per resource.

Reading is allowed from every origin.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request

from webmap.ogc import collections, conformance, fields, items, landing, openapi, reach
from webmap.ogc.state import attach as attach
from webmap.ogc.words import geometry_name, property_label

ROUTES = (
    ("", "landing", landing.show),
    ("/", "landing", landing.show),
    ("/api", "api", openapi.show),
    ("/conformance", "conformance", conformance.show),
    ("/collections", "collections", collections.show_all),
    ("/collections/<collection_id>", "collection", collections.show),
    ("/collections/<collection_id>/queryables", "queryables", fields.show_queryables),
    ("/collections/<collection_id>/schema", "schema", fields.show_schema),
    ("/collections/<collection_id>/sortables", "sortables", fields.show_sortables),
    ("/collections/<collection_id>/items", "items", items.show_page),
    ("/collections/<collection_id>/items/<feature_id>", "item", items.show),
    ("/portee", "reach", reach.show),
)
"""Path below ``/ogc``, endpoint, view."""
ASKED_BY_POST = (("/portee", "reach_of_geometry", reach.draw),)
"""The same for questions that come in the body; they change nothing."""

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Content-Crs, Content-Language",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def _open_to_all(response: Response) -> Response:
    response.headers.update(CORS)
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
    return response


def register(app: Flask) -> None:
    """Serve the open data of ``app``, to which it is attached (`attach`)."""
    blueprint = Blueprint("ogc", __name__, url_prefix="/ogc")
    for path, endpoint, view in ROUTES:
        blueprint.add_url_rule(path, endpoint, view)
    for path, endpoint, view in ASKED_BY_POST:
        blueprint.add_url_rule(path, endpoint, view, methods=["POST"])
    blueprint.after_request(_open_to_all)
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(property_label=property_label, geometry_name=geometry_name)
