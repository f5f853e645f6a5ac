"""The corridors: each as a strip beside its map, with what remains to be crossed."""

from __future__ import annotations

from flask import Blueprint, render_template

from webmap.params import takes
from webmap.site import current_site
from webmap.strips import drawing
from webmap.views.map import PLACE

blueprint = Blueprint("corridors", __name__)


@blueprint.get("/corridors/<id>")
@takes(PLACE)
def show(id: str) -> str:
    """Answer with the page of a corridor; ``lieu`` is the place that is marked on it."""
    site = current_site()
    atlas = site.atlas
    plan = atlas.corridor(id)
    found = drawing(plan)
    stated = [c for c in site.comparisons if c.place == plan.whole and c.unit == "m" and c.stated]
    return render_template(
        "corridor.html",
        plan=plan,
        drawing=found,
        whole=atlas.place(plan.whole) if plan.whole else None,
        commitments=[atlas.commitment(c) for c in atlas.direct.get(plan.whole, ())],
        stated=next(iter(stated), None),
        selected=PLACE.value if PLACE.value in found.places else "",
        places=[place for place in map(atlas.place, found.places) if place.geometry is not None],
    )
