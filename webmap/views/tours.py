"""The guided tours, for a projector: the map under a card of large type, moved by arrow keys."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext as _

from layers.errors import NotFoundError, closest
from webmap.params import Parameter, takes, whole_number
from webmap.site import current_site
from webmap.tours import Step, Tour
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


@blueprint.get("/presentation")
@takes(STEP)
def own() -> str:
    """Answer with the presentation that the reader's device keeps: its script puts the steps in."""
    title = _("Votre présentation est vide")
    text = _(
        "Montrez sur la carte ce dont vous voulez parler, puis « Partager » et « Ajouter cette vue"
        " à ma présentation »."
    )
    steps = (Step(title_fr=title, title_en=title, text_fr=text, text_en=text, view=""),)
    name = _("Ma présentation")
    return map_page(tour=Tour(id="", title_fr=name, title_en=name, steps=steps))
