"""The places: their list, the page of one, and its sheet beside the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template

from layers.model import Commitment, Discrepancy, Link, LinkKind, Place
from layers.selection import Selection
from webmap.params import Parameter, choice, takes, text, whole_number
from webmap.site import current_site
from webmap.strips import corridors_of

blueprint = Blueprint("places", __name__)

RADII_M = (100, 300, 500, 1000)


TEXT, LAYER, DOCUMENT, COMMUNE = (text(n) for n in ("q", "couche", "document", "commune"))
LOCATED = choice("situe", ("", "oui", "non"), "")
COMMITTED = choice("engage", ("", "oui", "non"), "")
RADIUS = Parameter(
    "rayon",
    lambda text: RADII_M[RADII_M.index(whole_number(text))],
    lambda: ", ".join(map(str, RADII_M)),
    300,
)
_YES_NO = {"": "", "oui": "yes", "non": "no"}


@blueprint.get("/lieux")
@takes(TEXT, LAYER, DOCUMENT, COMMUNE, LOCATED, COMMITTED)
def index() -> str:
    """Answer with the list of places that meet the choices, by layer."""
    site = current_site()
    selection = Selection(
        text=TEXT.value,
        choices={
            "layer": LAYER.value,
            "document": DOCUMENT.value,
            "commune": COMMUNE.value,
            "located": _YES_NO[LOCATED.value],
            "committed": _YES_NO[COMMITTED.value],
        },
    )
    found = site.register.places(selection)
    by_layer: dict[str, list[Place]] = defaultdict(list)
    for place in found:
        by_layer[place.layer].append(place)
    return render_template(
        "places.html",
        found=found,
        by_layer=by_layer,
        selection=selection,
        counts=site.register.place_counts(selection),
        named={id: len(ids) for id, ids in site.atlas.direct.items()},
    )


def _commitments_by_link(links: tuple[Link, ...]) -> Mapping[str, Any]:
    """The commitments of links: direct ones listed, territorial ones by territory."""
    atlas = current_site().atlas
    direct = [atlas.commitment(k.commitment) for k in links if k.kind is LinkKind.DIRECT]
    territorial: dict[str, list[Commitment]] = defaultdict(list)
    for link in links:
        if link.kind is LinkKind.TERRITORIAL:
            territorial[link.via].append(atlas.commitment(link.commitment))
    return {"direct": direct, "territorial": territorial}


def discrepancies_of_place(id: str) -> tuple[Discrepancy, ...]:
    """The discrepancies that bear on a place."""
    return tuple(d for d in current_site().atlas.discrepancies.values() if id in d.places)


def about(id: str, radius_m: int) -> dict[str, Any]:
    """What the page and the sheet of a place say: the variables of their templates."""
    site = current_site()
    place = site.atlas.place(id)
    nearby = [
        (link, site.atlas.commitment(link.commitment))
        for link in site.join.near_place(id, radius_m)
    ]
    return {
        "place": place,
        "layer": site.atlas.layer(place.layer),
        "sources": [site.atlas.sources[s] for s in place.position.sources],
        "links": _commitments_by_link(site.join.links_of_place(id)),
        "near": nearby,
        "radius": radius_m,
        "discrepancies": discrepancies_of_place(id),
        "corridors_of": corridors_of,
        "comparisons": [c for c in site.comparisons if c.place == id],
    }


@blueprint.get("/lieux/<id>")
@takes(RADIUS)
def show(id: str) -> str:
    """Answer with the page of a place."""
    return render_template("place.html", radii=RADII_M, **about(id, RADIUS.value))


@blueprint.get("/lieux/<id>/fiche")
def sheet(id: str) -> str:
    """Answer with the sheet of a place, a fragment of HTML."""
    return render_template("sheets/place.html", **about(id, RADIUS.default))
