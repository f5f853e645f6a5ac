"""How is each error told over HTTP? One table from errors to status, title and explanation.

Programs are answered with problem details (RFC 9457), people with a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Flask, Response, render_template, request, url_for
from flask.globals import request_ctx
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from layers.cql import FilterError
from layers.errors import LimitropheError, NotFoundError, ParameterError
from layers.exporters.extract import TooManyFeaturesError
from layers.given import MAX_PARTS, MAX_VERTICES, GeometryError
from layers.importers.bring import FORMATS
from layers.importers.faults import (
    MAX_ENTRIES,
    MAX_FEATURES,
    MAX_FILE,
    MAX_POSITIONS,
    MAX_UNPACKED,
    FileFault,
)
from layers.importers.faults import Reason as FileReason
from webmap.filter_words import in_words
from webmap.geometry_words import GEOMETRY_FAULTS
from webmap.negotiation import PROBLEM, prefers_problem_json
from webmap.params import UnknownParameterError
from webmap.responses import AtlasResponse

LONGEST = 200
"""Characters of a client's own text that an error repeats."""


@dataclass(frozen=True)
class Problem:
    """An error as it is told.

    Parameters
    ----------
    kind
        Its row in `KINDS`.
    status
        HTTP status.
    detail
        What happened here and what to do, in the language of the request.
    members
        Extension members of the problem details: ``parameter``, ``got``, ``allowed`` …
    """

    kind: str
    status: int
    detail: str
    members: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of its kind."""
        return str(KINDS[self.kind])


KINDS: dict[str, Any] = {
    "parametre-inconnu": _l("Paramètre inconnu"),
    "parametre-refuse": _l("Paramètre refusé"),
    "filtre-refuse": _l("Filtre refusé"),
    "geometrie-refusee": _l("Géométrie refusée"),
    "corps-refuse": _l("Corps de la demande refusé"),
    "fichier-refuse": _l("Fichier refusé"),
    "introuvable": _l("Introuvable"),
    "methode-refusee": _l("Méthode refusée"),
    "format-indisponible": _l("Format indisponible"),
    "demande-refusee": _l("Demande refusée"),
    "acces-reserve": _l("Accès réservé"),
    "contribution-refusee": _l("Contribution refusée"),
    "trop-de-demandes": _l("Trop de demandes"),
    "panne": _l("Panne du service"),
}
"""Kinds of problems by the name that ends their ``type`` address; the API page lists them."""

_KIND_OF_STATUS = {
    404: "introuvable",
    405: "methode-refusee",
    406: "format-indisponible",
    413: "corps-refuse",
    415: "corps-refuse",
}

_NOUNS = {
    "place": _l("lieu"),
    "commitment": _l("engagement"),
    "document": _l("document"),
    "actor": _l("acteur"),
    "tour": _l("visite"),
    "corridor": _l("corridor"),
    "layer": _l("couche"),
    "collection": _l("collection"),
    "feature": _l("objet"),
    "consultation": _l("concertation"),
}


def _short(text: object) -> str:
    shown = str(text)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def _parameter_problem(error: ParameterError) -> Problem:
    got = _short(error.got)
    if isinstance(error, UnknownParameterError):
        kind = "parametre-inconnu"
        detail = _(
            "Le paramètre « %(name)s » n’existe pas ici ; %(allowed)s.",
            name=_short(error.parameter),
            allowed=error.allowed,
        )
    else:
        kind = "parametre-refuse"
        detail = _(
            "Le paramètre « %(name)s » vaut « %(got)s » ; est permis : %(allowed)s.",
            name=_short(error.parameter),
            got=got,
            allowed=error.allowed,
        )
    members = {"parameter": _short(error.parameter), "got": got, "allowed": error.allowed}
    return Problem(kind, 400, detail, members)


def _too_many_problem(error: TooManyFeaturesError) -> Problem:
    allowed = _(
        "%(max)s objets au plus : choisir par bbox, document, commune ou filter, ou lire page par"
        " page sous /ogc (limit, offset)",
        max=error.most,
    )
    return _parameter_problem(ParameterError(error.parameter, error.got, allowed))


def _not_found_problem(error: NotFoundError) -> Problem:
    detail = _(
        "L’identifiant « %(id)s » ne désigne rien dans cet atlas (nature : %(noun)s).",
        id=_short(error.id),
        noun=_NOUNS.get(error.kind, error.kind),
    )
    if error.suggestions:
        near = _("Identifiants proches : %(near)s.", near=", ".join(error.suggestions))
        detail = f"{detail} {near}"
    members = {"kind": error.kind, "id": _short(error.id), "suggestions": list(error.suggestions)}
    return Problem("introuvable", 404, detail, members)


def _geometry_problem(error: GeometryError) -> Problem:
    fault = str(GEOMETRY_FAULTS[error.reason])
    allowed = _(
        "un Point, une LineString, un Polygon ou leurs multiples (RFC 7946), ou un objet qui en a"
        " un : longitude puis latitude en degrés, %(vertices)s positions et %(parts)s parties au"
        " plus",
        vertices=MAX_VERTICES,
        parts=MAX_PARTS,
    )
    got = _short(error.got)
    where = f" ({got})" if got else ""
    detail = _(
        "La géométrie ne peut pas servir : %(fault)s%(where)s. Est permis : %(allowed)s.",
        fault=fault,
        where=where,
        allowed=allowed,
    )
    members = {"parameter": "body", "got": got, "allowed": allowed}
    return Problem("geometrie-refusee", 400, detail, members)


FILE_FAULTS: dict[FileReason, Any] = {
    FileReason.EMPTY: _l("il est vide. Exportez-le de nouveau"),
    FileReason.SIZE: _l(
        "il est trop gros : %(megabytes)s Mo au plus. Gardez-y le seul périmètre de la question"
    ),
    FileReason.FORMAT: _l(
        "son format n’est pas de ceux que l’atlas lit. Exportez-le dans l’un d’eux"
    ),
    FileReason.PARTS: _l(
        "un Shapefile est fait de plusieurs fichiers. Mettez .shp, .shx, .dbf et .prj ensemble"
        " dans un ZIP"
    ),
    FileReason.ARCHIVE: _l(
        "l’archive ne s’ouvre pas : endommagée, ou protégée par un mot de passe. Refaites-la"
    ),
    FileReason.ENTRIES: _l(
        "l’archive contient trop de fichiers : %(entries)s au plus. Gardez-y les seuls fichiers"
        " du périmètre"
    ),
    FileReason.UNPACKED: _l(
        "l’archive devient trop grosse une fois ouverte : %(unpacked)s Mo au plus"
    ),
    FileReason.NO_DATA: _l("l’archive ne contient aucun des formats que l’atlas lit"),
    FileReason.DAMAGED: _l("il est endommagé ou incomplet. Exportez-le de nouveau"),
    FileReason.LAYER: _l("il n’a pas de couche de ce nom"),
    FileReason.NO_GEOMETRY: _l("il ne contient aucune géométrie"),
    FileReason.FEATURES: _l(
        "sa couche a trop d’objets : %(features)s au plus. Gardez-y le seul périmètre"
    ),
    FileReason.POSITIONS: _l(
        "ses géométries ont trop de positions : %(positions)s au plus. Simplifiez-les"
    ),
    FileReason.SHAPES: _l(
        "même simplifié, il reste trop découpé (parties / positions) : %(parts)s parties au plus."
        " Fusionnez les objets, ou dessinez leur enveloppe"
    ),
    FileReason.SYSTEM: _l(
        "ses coordonnées (emprise ci-après) ne tombent en France dans aucun des systèmes"
        " reconnus : WGS 84, Lambert-93, CC42 à CC50, axes dans un ordre ou dans l’autre."
        " Exportez-le dans l’un d’eux, ou avec son système (.prj, GeoPackage)"
    ),
    FileReason.SLOW: _l("sa lecture demande trop de temps ou de mémoire. Simplifiez-le"),
}
"""What is wrong with a file, and what to do."""
_STATUS_OF_FILE = {FileReason.SIZE: 413, FileReason.FORMAT: 415, FileReason.PARTS: 415}


def _file_problem(error: FileFault) -> Problem:
    most = {
        "megabytes": MAX_FILE // 1_000_000,
        "unpacked": MAX_UNPACKED // 1_000_000,
        "entries": MAX_ENTRIES,
        "features": MAX_FEATURES,
        "positions": MAX_POSITIONS,
        "parts": MAX_PARTS,
    }
    fault = str(FILE_FAULTS[error.reason]) % most
    got = _short(error.got)
    allowed = _(
        "%(formats)s, %(megabytes)s Mo au plus, situé en France",
        formats=", ".join(FORMATS),
        megabytes=most["megabytes"],
    )
    detail = _(
        "Ce fichier ne peut pas servir : %(fault)s%(got)s. Est permis : %(allowed)s.",
        fault=fault,
        got=f" ({got})" if got else "",
        allowed=allowed,
    )
    members = {"parameter": "fichier", "got": got, "allowed": allowed}
    return Problem("fichier-refuse", _STATUS_OF_FILE.get(error.reason, 422), detail, members)


def _filter_problem(error: FilterError) -> Problem:
    text = request.args.get("filter", "")
    start = max((error.position or 1) - 1 - LONGEST // 2, 0)
    got = _short(("…" if start else "") + text[start:])
    members: dict[str, Any] = {"parameter": "filter", "got": got}
    if error.position:
        where = _("au caractère %(n)s", n=error.position)
        members["position"] = error.position
    elif error.pointer:
        where = _("à l’endroit %(pointer)s", pointer=error.pointer)
        members["pointer"] = error.pointer
    else:
        where = _("dans son ensemble")
    detail = _(
        "Le filtre ne peut pas servir, %(where)s : %(problem)s.",
        where=where,
        problem=in_words(error.said).rstrip("."),
    )
    if error.suggestions:
        near = ", ".join(error.suggestions)
        members["suggestions"] = list(error.suggestions)
        detail = f"{detail} {_('Noms proches : %(near)s.', near=near)}"
    members["allowed"] = _(
        "un filtre CQL2 (OGC 21-065r2) sur les propriétés que la collection annonce"
    )
    return Problem("filtre-refuse", 400, detail, members)


PROBLEMS: dict[type[LimitropheError], Callable[[Any], Problem]] = {
    TooManyFeaturesError: _too_many_problem,
    ParameterError: _parameter_problem,
    NotFoundError: _not_found_problem,
    GeometryError: _geometry_problem,
    FilterError: _filter_problem,
    FileFault: _file_problem,
}
"""Errors of the domain that a request may cause; any other one is a fault of ours."""


def _http_detail(status: int) -> str:
    match status:
        case 403:
            return _("Cette demande vient de la page d’un autre site ; elle ne se fait que d’ici.")
        case 404:
            return _("Aucune page n’a cette adresse.")
        case 405:
            return _("Cette adresse ne répond pas à la méthode %(m)s.", m=_short(request.method))
        case 406:
            return _("Cette adresse répond en JSON ou en HTML (f=json, f=html).")
        case 413:
            most = (request.max_content_length or MAX_FILE) // 1024
            return _("Le corps de la demande est trop gros : %(n)s Kio au plus.", n=most)
        case 415:
            return _(
                "Le corps de la demande est du GeoJSON : application/geo+json ou application/json."
            )
        case 429:
            return _("Le service lit d’autres fichiers en ce moment ; réessayez dans un instant.")
        case status if status >= 500:
            return _("Le service n’a pas pu répondre ; la cause est notée dans son journal.")
        case _:
            return _("La demande ne peut pas être comprise.")


def _http_problem(error: HTTPException) -> Problem:
    status = error.code or 500
    kind = _KIND_OF_STATUS.get(status, "panne" if status >= 500 else "demande-refusee")
    return Problem(kind, status, _http_detail(status))


def _as_json(problem: Problem) -> Response:
    body = {
        "type": _type(problem),
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
        **problem.members,
    }
    return AtlasResponse(orjson.dumps(body), status=problem.status, content_type=PROBLEM)


def _links_can_be_built() -> bool:
    """False when the ``Host`` of the request was refused: no address can be built then."""
    return request_ctx.url_adapter is not None


def _type(problem: Problem) -> str:
    if not _links_can_be_built():
        return "about:blank"
    return url_for("ogc.api", f="html", _external=True, _anchor=f"probleme-{problem.kind}")


def tell(problem: Problem) -> Response:
    """Answer with a problem, as the client prefers to read it."""
    if prefers_problem_json() or not _links_can_be_built():
        return _as_json(problem)
    page = render_template("error.html", problem=problem)
    return AtlasResponse(page, status=problem.status, content_type="text/html; charset=utf-8")


def _handle_domain(error: LimitropheError) -> Response:
    for kind, make in PROBLEMS.items():
        if isinstance(error, kind):
            return tell(make(error))
    raise error


def _handle_http(error: HTTPException) -> Response:
    response = tell(_http_problem(error))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def register(app: Flask) -> None:
    """Tell the errors of ``app`` by the table."""
    for kind in PROBLEMS:
        app.register_error_handler(kind, _handle_domain)
    app.register_error_handler(HTTPException, _handle_http)
