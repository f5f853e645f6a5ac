"""The pages that everyone may read: the list of consultations, and what each of them is about."""

from __future__ import annotations

from flask import Blueprint, render_template

from webmap.accounts import person
from webmap.consultation import store
from webmap.consultation.access import runs, shown
from webmap.consultation.refusals import stage_words
from webmap.consultation.views.joining import ROOM
from webmap.consultation.words import situation
from webmap.params import takes
from webmap.state import current_state

blueprint = Blueprint("consultations", __name__)

GROUPS = (("open", "paused"), ("coming",), ("ended", "closed"))
"""What the list shows together, in its order."""


@blueprint.get("/consultations")
def index() -> str:
    """Answer with the consultations that the public may see."""
    known = store.every(current_state(), ("open", "paused", "closed"))
    groups = [[one for one in known if situation(one) in group] for group in GROUPS]
    return render_template("consultation/index.html", groups=groups, person=person())


@blueprint.get("/consultations/<slug>")
@takes(ROOM)
def show(slug: str) -> str:
    """Answer with what a consultation is about, before anybody takes part."""
    known = shown(slug)
    return render_template(
        "consultation/landing.html",
        known=known,
        runs=runs(known),
        room=ROOM.value is not None,
        words=stage_words(known),
    )
