"""How is the service asked? The OpenAPI 3.0 definition, complete and without remote references."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import gettext as _

from layers.query import DEFAULT_LIMIT, MAX_LIMIT
from webmap.errors import KINDS
from webmap.i18n import localised
from webmap.negotiation import GEOJSON, HTML, JSON, OPENAPI, PROBLEM, F
from webmap.ogc.answer import document
from webmap.ogc.schemas import SCHEMAS
from webmap.params import LANGUAGES, takes
from webmap.site import current_site
from webmap.urls import absolute

VERSION = "1.0.0"
"""Version of the interface."""


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


def _paging_parameters() -> dict[str, dict[str, Any]]:
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    return {
        "limit": _query(
            "limit",
            _("Nombre d’objets par réponse ; au-delà du maximum, c’est le maximum qui vaut."),
            limit,
        ),
        "offset": _query(
            "offset",
            _("Nombre d’objets à passer."),
            {"type": "integer", "minimum": 0, "default": 0},
        ),
    }


def _filter_parameters() -> dict[str, dict[str, Any]]:
    box = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    return {
        "bbox": _query(
            "bbox",
            _(
                "Ne garde que les objets dont la géométrie touche la boîte ouest,sud,est,nord"
                " (WGS84, degrés). Avec six nombres, les hauteurs (3e et 6e) sont sans effet."
                " Si ouest est plus grand qu’est, la boîte passe l’antiméridien. Un objet sans"
                " géométrie n’est jamais gardé."
            ),
            box,
        ),
        "datetime": _query(
            "datetime",
            _(
                "Instant ou intervalle (RFC 3339), ouvert d’un côté avec « .. ». Dans la"
                " collection engagements, ne garde que ceux dont l’échéance (due) y tombe ; les"
                " autres collections n’ont pas de temps : elles le vérifient et gardent tout."
            ),
            {"type": "string"},
        ),
    }


def _form_parameters() -> dict[str, dict[str, Any]]:
    forms = {"type": "string", "enum": ["json", "html"]}
    languages = {"type": "string", "enum": list(LANGUAGES)}
    return {
        "f": _query("f", _("Forme de la réponse ; l’emporte sur l’en-tête Accept."), forms),
        "lang": _query("lang", _("Langue ; l’emporte sur l’en-tête Accept-Language."), languages),
    }


def _path_parameters() -> dict[str, dict[str, Any]]:
    ids = sorted(current_site().atlas.features)
    return {
        "collectionId": {
            "name": "collectionId",
            "in": "path",
            "required": True,
            "description": _("Identifiant de la collection."),
            "schema": {"type": "string", "enum": ids},
        },
        "featureId": {
            "name": "featureId",
            "in": "path",
            "required": True,
            "description": _("Identifiant de l’objet."),
            "schema": {"type": "string"},
        },
    }


def _parameters() -> dict[str, dict[str, Any]]:
    return {
        **_path_parameters(),
        **_filter_parameters(),
        **_paging_parameters(),
        **_form_parameters(),
    }


def _responses() -> dict[str, Any]:
    problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}}
    page = {HTML: {"schema": {"type": "string"}}}
    told = {
        "BadRequest": _("Un paramètre est inconnu, répété ou mal formé."),
        "NotFound": _("L’identifiant ne désigne rien."),
        "NotAcceptable": _("Ni JSON ni HTML n’est accepté."),
    }
    return {
        name: {"description": description, "content": {**problem, **page}}
        for name, description in told.items()
    }


def _operation(
    id: str, summary: str, schema: str, parameters: tuple[str, ...] = (), mimetype: str = JSON
) -> dict[str, Any]:
    """Describe one GET operation; ``parameters`` are names in the components."""
    refused = {"400": "BadRequest", "406": "NotAcceptable"}
    if "collectionId" in parameters:
        refused["404"] = "NotFound"
    content = {
        mimetype: {"schema": {"$ref": f"#/components/schemas/{schema}"}},
        HTML: {"schema": {"type": "string"}},
    }
    errors = {code: {"$ref": f"#/components/responses/{name}"} for code, name in refused.items()}
    named = [{"$ref": f"#/components/parameters/{name}"} for name in (*parameters, "f", "lang")]
    return {
        "get": {
            "operationId": id,
            "summary": summary,
            "parameters": named,
            "responses": {"200": {"description": summary, "content": content}, **errors},
        }
    }


def _paths() -> dict[str, Any]:
    one = ("collectionId",)
    many = ("collectionId", "bbox", "datetime", "limit", "offset")
    feature = ("collectionId", "featureId")
    return {
        "/": _operation("getLandingPage", _("Page d’accueil du service"), "landingPage"),
        "/api": _operation("getApi", _("Cette définition"), "openapi", mimetype=OPENAPI),
        "/conformance": _operation("getConformance", _("Classes de conformité"), "conformance"),
        "/collections": _operation("getCollections", _("Collections"), "collections"),
        "/collections/{collectionId}": _operation(
            "getCollection", _("Une collection"), "collection", one
        ),
        "/collections/{collectionId}/items": _operation(
            "getFeatures", _("Les objets d’une collection"), "featureCollection", many, GEOJSON
        ),
        "/collections/{collectionId}/items/{featureId}": _operation(
            "getFeature", _("Un objet"), "feature", feature, GEOJSON
        ),
    }


def openapi_document() -> dict[str, Any]:
    """The definition (17-069r4, 7.3, OpenAPI 3.0.3)."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": localised(current_site().atlas, "title"),
            "description": _("Service de données ouvertes de l’atlas : lecture seule."),
            "version": VERSION,
        },
        "servers": [{"url": absolute("ogc.landing", lang=None)}],
        "paths": _paths(),
        "components": {
            "parameters": _parameters(),
            "responses": _responses(),
            "schemas": SCHEMAS,
        },
    }


@takes(F)
def show() -> Response:
    """Answer ``/ogc/api``."""
    return document("api", openapi_document, OPENAPI, problems=KINDS)
