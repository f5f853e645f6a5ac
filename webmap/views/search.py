"""What can be searched for: the index that the search box of the map asks for once."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from flask import Blueprint, url_for
from flask_babel import gettext as _

from layers.atlas import Atlas
from layers.join import TERRITORIES
from layers.locate import BASE_URL
from webmap.i18n import localised
from webmap.responses import AtlasResponse, prepared
from webmap.site import current_site

blueprint = Blueprint("search", __name__)

Entry = dict[str, str | int]


@blueprint.get("/carte/recherche.json")
def index() -> AtlasResponse:
    """Answer with everything that can be searched for, in the language of the request."""
    return prepared("application/json", _index)


def _index() -> bytes:
    atlas = current_site().atlas
    entries = [*places(atlas), *commitments(atlas), *_documents(atlas), *_actors(atlas)]
    return orjson.dumps({"entries": entries, "geocoder": BASE_URL, "texts": texts()})


def places(atlas: Atlas) -> Iterator[Entry]:
    """The places and territories, as the search box lists them.

    ``named`` counts the commitments that name a place: of two that answer equally well, the one
    of which more is promised comes first.
    """
    for place in atlas.places.values():
        layer = atlas.layer(place.layer)
        if layer.background:
            continue
        within = ", ".join(atlas.place(id).name for id in place.communes)
        yield {
            "id": place.id,
            "type": "territory" if layer.group == TERRITORIES else "place",
            "title": place.name,
            "detail": f"{place.kind} · {within}" if within else place.kind,
            "words": " ".join(
                (*place.aliases, place.kind, within, str(place.extra.get("code", "")))
            ),
            "named": len(atlas.direct[place.id]),
        }


def commitments(atlas: Atlas) -> Iterator[Entry]:
    """The commitments, as the search box lists them; ``detail`` is their document."""
    for commitment in atlas.commitments.values():
        actors = (localised(atlas.actor(id), "name") for id in commitment.lead)
        yield {
            "id": commitment.id,
            "type": "commitment",
            "title": localised(commitment, "summary"),
            "detail": localised(atlas.document(commitment.document), "short"),
            "words": " ".join((commitment.id, *actors)),
        }


def _documents(atlas: Atlas) -> Iterator[Entry]:
    for document in atlas.documents.values():
        yield {
            "id": document.id,
            "type": "document",
            "title": localised(document, "title"),
            "detail": document.type_fr,
            "words": localised(document, "short"),
            "url": url_for("documents.show", id=document.id),
        }


def _actors(atlas: Atlas) -> Iterator[Entry]:
    for actor in atlas.actors.values():
        yield {
            "id": actor.id,
            "type": "actor",
            "title": localised(actor, "name"),
            "detail": "",
            "words": " ".join((actor.id, *actor.aliases)),
            "url": url_for("commitments.index", porteur=actor.id),
        }


def texts() -> dict[str, str]:
    """The words of the search box, in the language of the request."""
    return {
        "place": _("Lieux"),
        "territory": _("Communes et territoires"),
        "commitment": _("Engagements"),
        "document": _("Documents"),
        "actor": _("Acteurs"),
        "found": _("{n} résultats"),
        "nothing": _("Aucun résultat dans l’atlas"),
        "address": _("Chercher l’adresse « {text} » auprès du géocodeur national"),
        "asking": _("Question posée au géocodeur national…"),
        "offline": _(
            "Le géocodeur national ne répond pas : sans réseau, seul l’atlas est cherché."
        ),
        "noAddress": _("Le géocodeur national ne connaît pas cette adresse."),
        "here": _("Adresse trouvée"),
    }
