"""How is the service asked? The OpenAPI 3.0 definition, complete and without remote references."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import gettext as _

from webmap.errors import KINDS
from webmap.i18n import localised
from webmap.negotiation import GEOJSON, HTML, JSON, OPENAPI, PROBLEM, SCHEMA, F
from webmap.ogc.answer import document
from webmap.ogc.described import parameters
from webmap.ogc.schemas import SCHEMAS
from webmap.params import takes
from webmap.site import current_site
from webmap.urls import absolute

VERSION = "1.1.0"
"""Version of the interface."""
SELECTING = ("bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs")
"""Parameters that select features."""


def _responses() -> dict[str, Any]:
    problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}}
    page = {HTML: {"schema": {"type": "string"}}}
    told = {
        "BadRequest": _("Un paramètre est inconnu, répété ou mal formé."),
        "NotFound": _("L’identifiant ne désigne rien."),
        "NotAcceptable": _("Ni JSON ni HTML n’est accepté."),
        "TooLarge": _("Le corps de la demande est trop gros."),
        "NotGeoJSON": _("Le corps de la demande n’est pas annoncé comme du GeoJSON."),
    }
    # The server itself refuses such a request, before there is anybody to explain it in words.
    too_long = _(
        "L’adresse et les en-têtes dépassent ce que le serveur lit : posez un filtre plus court."
    )
    return {
        name: {"description": description, "content": {**problem, **page}}
        for name, description in told.items()
    } | {"TooLong": {"description": too_long}}


def _headers() -> dict[str, Any]:
    return {
        "Content-Crs": {
            "description": _("Système de coordonnées de la réponse, entre chevrons."),
            "schema": {"type": "string"},
        }
    }


def _operation(
    id: str, summary: str, schema: str, names: tuple[str, ...] = (), mimetype: str = JSON
) -> dict[str, Any]:
    """Describe one GET operation; ``names`` are those of parameters in the components."""
    refused = {"400": "BadRequest", "406": "NotAcceptable", "414": "TooLong", "431": "TooLong"}
    if {"collectionId", "lieu"} & set(names):
        refused["404"] = "NotFound"
    content = {
        mimetype: {"schema": {"$ref": f"#/components/schemas/{schema}"}},
        HTML: {"schema": {"type": "string"}},
    }
    errors = {code: {"$ref": f"#/components/responses/{name}"} for code, name in refused.items()}
    told: dict[str, Any] = {"description": summary, "content": content}
    if "crs" in names:
        told["headers"] = {"Content-Crs": {"$ref": "#/components/headers/Content-Crs"}}
    named = [{"$ref": f"#/components/parameters/{name}"} for name in (*names, "f", "lang")]
    return {
        "get": {
            "operationId": id,
            "summary": summary,
            "parameters": named,
            "responses": {"200": told, **errors},
        }
    }


def _reach_summary() -> str:
    return _(
        "La portée d’un lieu ou d’une géométrie : les engagements qui les concernent, chacun une"
        " fois, sous son lien le plus fort (nommé, territorial, proche)"
    )


def _asked_by_post(id: str, summary: str, schema: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Describe one operation whose question is a geometry in the body."""
    refused = {
        "400": "BadRequest",
        "413": "TooLarge",
        "415": "NotGeoJSON",
        "414": "TooLong",
        "431": "TooLong",
    }
    drawn = {"schema": {"$ref": "#/components/schemas/drawn"}}
    answer = {GEOJSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    errors = {code: {"$ref": f"#/components/responses/{name}"} for code, name in refused.items()}
    return {
        "post": {
            "operationId": id,
            "summary": summary,
            "parameters": [
                {"$ref": f"#/components/parameters/{name}"} for name in (*names, "lang")
            ],
            "requestBody": {"required": True, "content": {GEOJSON: drawn, JSON: drawn}},
            "responses": {"200": {"description": summary, "content": answer}, **errors},
        }
    }


def _paths() -> dict[str, Any]:
    one = ("collectionId",)
    many = ("collectionId", *SELECTING, "crs", "sortby", "properties", "limit", "offset")
    feature = ("collectionId", "featureId", "crs", "properties")
    return {
        "/": _operation("getLandingPage", _("Page d’accueil du service"), "landingPage"),
        "/api": _operation("getApi", _("Cette définition"), "openapi", mimetype=OPENAPI),
        "/conformance": _operation("getConformance", _("Classes de conformité"), "conformance"),
        "/collections": _operation("getCollections", _("Collections"), "collections"),
        "/collections/{collectionId}": _operation(
            "getCollection", _("Une collection"), "collection", one
        ),
        "/collections/{collectionId}/queryables": _operation(
            "getQueryables", _("Propriétés pour filtrer"), "jsonSchema", one, SCHEMA
        ),
        "/collections/{collectionId}/schema": _operation(
            "getSchema", _("Propriétés des objets"), "jsonSchema", one, SCHEMA
        ),
        "/collections/{collectionId}/sortables": _operation(
            "getSortables", _("Propriétés pour trier"), "jsonSchema", one, SCHEMA
        ),
        "/collections/{collectionId}/items": _operation(
            "getFeatures", _("Les objets d’une collection"), "featureCollection", many, GEOJSON
        ),
        "/collections/{collectionId}/items/{featureId}": _operation(
            "getFeature", _("Un objet"), "feature", feature, GEOJSON
        ),
        "/portee": {
            **_operation("getReach", _reach_summary(), "reach", ("lieu", "distance"), GEOJSON),
            **_asked_by_post("postReach", _reach_summary(), "reach", ("distance",)),
        },
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
            "parameters": parameters(),
            "headers": _headers(),
            "responses": _responses(),
            "schemas": SCHEMAS,
        },
    }


@takes(F)
def show() -> Response:
    """Answer ``/ogc/api``."""
    return document("api", openapi_document, OPENAPI, problems=KINDS)
