"""The guided tours, for a projector: the map under a card of large type, moved by arrow keys."""

from __future__ import annotations

from flask import Blueprint

from layers.errors import NotFoundError, closest
from webmap.params import Parameter, takes, whole_number
from webmap.site import current_site
from webmap.views.map import map_page

blueprint = Blueprint("tours", __name__)

STEP = Parameter("etape", whole_number, lambda: "1, 2, 3 …", 1)


@blueprint.get("/visite/<id>")
@takes(STEP)
def show(id: str) -> str:
    """Answer with a tour, open at a step."""
    tours = current_site().tours
    if id not in tours:
        raise NotFoundError("tour", id, closest(id, tours))
    tour = tours[id]
    return map_page(tour=tour, step=max(1, min(STEP.value, len(tour.steps))))
