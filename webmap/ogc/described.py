"""What does each query parameter of the service mean? As the OpenAPI definition says it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from layers.cql.reading import MAX_LENGTH
from layers.query import DEFAULT_LIMIT, MAX_LIMIT
from layers.reach import MAX_DISTANCE_M
from layers.systems import CRS84, systems
from webmap.ogc.parameters import LANGUAGES as CQL2
from webmap.ogc.parameters import MAX_NAMES
from webmap.ogc.reach import DEFAULT_DISTANCE_M
from webmap.params import LANGUAGES
from webmap.site import current_site

Described = dict[str, dict[str, Any]]


def parameters() -> Described:
    """Every parameter of the service by its name."""
    groups = (
        _path(), _selection(), _systems(), _presentation(), _paging(), _reaching(), _forms()
    )  # fmt: skip
    return {name: parameter for group in groups for name, parameter in group.items()}


def _query(
    name: str, description: str, schema: dict[str, Any], *, required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


def _path() -> Described:
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


def _selection() -> Described:
    box = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    return {
        "bbox": _query(
            "bbox",
            _(
                "Ne garde que les objets dont la géométrie touche la boîte ouest,sud,est,nord"
                " (WGS84, degrés). Avec bbox-crs, les nombres sont dans les unités et l’ordre des"
                " axes de ce système, et la boîte tient dans son domaine d’usage. Avec six"
                " nombres, les hauteurs (3e et 6e) sont sans effet. En degrés, si ouest est plus"
                " grand qu’est, la boîte passe l’antiméridien. Un objet sans géométrie n’est"
                " jamais gardé."
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
        "filter": _query(
            "filter",
            _(
                "Filtre CQL2 (OGC 21-065r2) sur les propriétés que la collection annonce"
                " (queryables) : ne garde que les objets pour lesquels il est vrai. Se combine"
                " avec bbox et datetime."
            ),
            {"type": "string", "maxLength": MAX_LENGTH},
        ),
        "filter-lang": _query(
            "filter-lang",
            _("Écriture du filtre."),
            {"type": "string", "enum": list(CQL2), "default": CQL2[0]},
        ),
    }


def _systems() -> Described:
    uris: dict[str, Any] = {"type": "string", "enum": list(systems()), "default": CRS84}
    return {
        "crs": _query(
            "crs",
            _(
                "Système de coordonnées de la réponse, dans l’ordre de ses axes, parmi ceux que la"
                " collection annonce (crs) : ceux dont le domaine d’usage la contient toute."
            ),
            uris,
        ),
        "bbox-crs": _query("bbox-crs", _("Système de coordonnées de bbox."), uris),
        "filter-crs": _query(
            "filter-crs", _("Système de coordonnées des géométries du filtre."), uris
        ),
    }


def _presentation() -> Described:
    names: dict[str, Any] = {
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "minItems": 1,
        "maxItems": MAX_NAMES,
    }
    return {
        "sortby": _query(
            "sortby",
            _(
                "Propriétés qui donnent l’ordre des objets, chacune précédée de + (croissant, par"
                " défaut) ou de - (décroissant). Les textes se rangent sans casse ni accents ; ce"
                " qui n’a pas de valeur vient en dernier."
            ),
            names,
        ),
        "properties": _query(
            "properties",
            _("Propriétés à rendre ; l’identifiant et la géométrie viennent toujours."),
            names,
        ),
    }


def _paging() -> Described:
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


def _reaching() -> Described:
    metres = {
        "type": "number",
        "minimum": 0,
        "maximum": MAX_DISTANCE_M,
        "default": DEFAULT_DISTANCE_M,
    }
    return {
        "lieu": _query(
            "lieu", _("Identifiant d’un lieu de l’atlas."), {"type": "string"}, required=True
        ),
        "distance": _query(
            "distance",
            _(
                "Distance des engagements proches, en mètres (plan Lambert-93, entre les points"
                " les plus proches) ; 0 : aucun. Trois décimales au plus."
            ),
            metres,
        ),
    }


def _forms() -> Described:
    forms = {"type": "string", "enum": ["json", "html"]}
    languages = {"type": "string", "enum": list(LANGUAGES)}
    return {
        "f": _query("f", _("Forme de la réponse ; l’emporte sur l’en-tête Accept."), forms),
        "lang": _query("lang", _("Langue ; l’emporte sur l’en-tête Accept-Language."), languages),
    }
