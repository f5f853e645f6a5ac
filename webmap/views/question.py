"""What is promised here? The commitments for a commune, or for what somebody draws."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import orjson
from flask import Blueprint, render_template
from flask_babel import gettext as _

from layers.given import GeometryError, read_geometry
from layers.model import Commitment, Link, LinkKind, Place
from webmap.ogc.state import open_data
from webmap.params import Parameter, choice, takes
from webmap.site import current_site

blueprint = Blueprint("question", __name__)

FRANCE = (-6.0, 41.0, 10.0, 52.0)
MAX_POINTS = 200
DISTANCES_M = ("0", "100", "300", "500", "1000")


def _outline(text: str) -> Any:
    """Read ``lon,lat;lon,lat;…`` as a geometry: one position a point, two a line, more a surface.

    Raises
    ------
    ValueError
        If that is not what it is.
    """
    if not text:
        return None
    positions = [[float(number) for number in part.split(",")] for part in text.split(";")]
    if len(positions) > MAX_POINTS or any(len(position) != 2 for position in positions):
        raise ValueError(text)
    match len(positions):
        case 1:
            geometry: dict[str, Any] = {"type": "Point", "coordinates": positions[0]}
        case 2:
            geometry = {"type": "LineString", "coordinates": positions}
        case _:
            geometry = {"type": "Polygon", "coordinates": [[*positions, positions[0]]]}
    try:
        return read_geometry(orjson.dumps(geometry), FRANCE)
    except GeometryError as error:
        raise ValueError(text) from error


def _allowed_outline() -> str:
    return _(
        "longitude,latitude;longitude,latitude… en degrés, en France, %(n)s points au plus, sans"
        " que le tracé se croise",
        n=MAX_POINTS,
    )


OUTLINE = Parameter("contour", _outline, _allowed_outline, None)
COMMUNE = Parameter("commune", str.strip, lambda: "", "")
DISTANCE = choice("distance", DISTANCES_M, "300")


def _about() -> dict[str, Any]:
    site = current_site()
    place = site.atlas.place(COMMUNE.value) if COMMUNE.value else None
    links: tuple[Link, ...] = ()
    distance_m = float(DISTANCE.value)
    if OUTLINE.value is not None:
        links = open_data().reach.of_geometry(OUTLINE.value, distance_m)
    elif place is not None:
        links = open_data().reach.of_place(place.id, distance_m)
    return {
        "asked": OUTLINE.value is not None or place is not None,
        "place": place,
        "shape": None if OUTLINE.value is None else OUTLINE.value.geom_type,
        "distance": int(DISTANCE.value),
        "groups": _by_kind(links),
        "total": len(links),
        "places": _named_places(links),
    }


def _by_kind(links: tuple[Link, ...]) -> dict[str, list[tuple[Commitment, Link]]]:
    groups: dict[str, list[tuple[Commitment, Link]]] = defaultdict(list)
    for link in links:
        groups[str(link.kind)].append((current_site().atlas.commitment(link.commitment), link))
    return {str(kind): groups[str(kind)] for kind in LinkKind if groups[str(kind)]}


def _named_places(links: tuple[Link, ...]) -> list[Place]:
    """The places that the direct and near commitments name, once each."""
    atlas = current_site().atlas
    near = (link for link in links if link.kind is not LinkKind.TERRITORIAL)
    ids = dict.fromkeys(id for link in near for id in atlas.commitment(link.commitment).places)
    return [atlas.place(id) for id in ids]


@blueprint.get("/question")
@takes(OUTLINE, COMMUNE, DISTANCE)
def show() -> str:
    """Answer with the page of the question: its form, and the answer once it is asked."""
    territories = [
        place
        for place in current_site().atlas.places.values()
        if place.extra.get("level") in ("commune", "arrondissement")
    ]
    return render_template(
        "question.html",
        territories=sorted(territories, key=lambda place: place.name),
        distances=DISTANCES_M,
        **_about(),
    )


@blueprint.get("/question/fiche")
@takes(OUTLINE, COMMUNE, DISTANCE)
def sheet() -> str:
    """Answer with the answer beside the map, a fragment of HTML."""
    return render_template("sheets/question.html", **_about())
