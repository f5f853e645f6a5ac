"""What is promised here? The commitments for a commune, or for what somebody draws or brings."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import Blueprint, render_template

from layers.area import Area, counted, links_of
from layers.encode import geometry_text
from layers.exporters.formats import FORMATS, SYSTEMS
from layers.exporters.package import RESULT
from layers.exporters.readme import title
from layers.importers.bring import FORMATS as BROUGHT
from layers.importers.faults import MAX_FILE
from layers.model import Commitment, Link, LinkKind, Place
from webmap.i18n import language
from webmap.labels import by_name
from webmap.ogc.state import open_data
from webmap.outline import OUTLINE, address_of, field_of, outline_measure
from webmap.params import Parameter, choice, takes
from webmap.posted import read_fields
from webmap.site import current_site

blueprint = Blueprint("question", __name__)

DISTANCES_M = ("0", "100", "300", "500", "1000")
COMMUNE = Parameter("commune", str.strip, lambda: "", "")
DISTANCE = choice("distance", DISTANCES_M, "300")


def _area() -> Area | None:
    """What is asked about; None when nothing is, or a place that nothing locates."""
    distance_m = float(DISTANCE.value)
    if OUTLINE.value is not None:
        return Area(OUTLINE.value, distance_m)
    place = COMMUNE.value and current_site().atlas.territory_geometry(COMMUNE.value)
    return Area(place, distance_m, place=COMMUNE.value) if place else None


def _about() -> dict[str, Any]:
    """What the page and the sheet of an answer say."""
    atlas = current_site().atlas
    area = _area()
    links = links_of(open_data().reach, area) if area else ()
    found = counted(atlas, area, links) if area else {}
    return {
        "asked": area is not None,
        "place": atlas.place(COMMUNE.value) if COMMUNE.value and OUTLINE.value is None else None,
        "shape": None if OUTLINE.value is None else OUTLINE.value.geom_type,
        "outline": field_of(OUTLINE.value),
        "outline_address": address_of(OUTLINE.value),
        "outline_measure": outline_measure(OUTLINE.value),
        "outline_geometry": _geojson(),
        "distance": int(DISTANCE.value),
        "groups": _by_kind(links),
        "total": len(links),
        "places": _named_places(links),
        "found": [(id, title(atlas, id, language() == "en"), n) for id, n in found.items()],
        "formats": FORMATS.values(),
        "systems": SYSTEMS,
        "whole_result": RESULT,
    }


def _geojson() -> str:
    """The outline for the map's scripts; empty for a commune, which is a place of a layer."""
    return "" if OUTLINE.value is None else geometry_text(OUTLINE.value)


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
        territories=by_name(territories),
        distances=DISTANCES_M,
        **_about(),
    )


@blueprint.app_template_global()
def brought_limits() -> dict[str, Any]:
    """What a form says of the files that may be brought: their formats, and the most megabytes."""
    return {"formats": ", ".join(BROUGHT), "megabytes": MAX_FILE // 1_000_000}


@blueprint.post("/question")
@takes()
def show_of_form() -> str:
    """Answer as `show` does to an outline that is too long for an address."""
    read_fields(OUTLINE, COMMUNE, DISTANCE)
    return show()


@blueprint.get("/question/fiche")
@takes(OUTLINE, COMMUNE, DISTANCE)
def sheet() -> str:
    """Answer with the answer beside the map, a fragment of HTML."""
    return render_template("sheets/question.html", **_about())


@blueprint.post("/question/fiche")
@takes()
def sheet_of_form() -> str:
    """Answer as `sheet` does to an outline that is too long for an address."""
    read_fields(OUTLINE, COMMUNE, DISTANCE)
    return sheet()
