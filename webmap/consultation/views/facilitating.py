"""The pages of those who run consultations: preparing, opening, closing, working together."""

from __future__ import annotations

from flask import Blueprint, render_template

from webmap.accounts import guard, need
from webmap.consultation import store
from webmap.consultation.access import facilitated
from webmap.state import current_state

blueprint = Blueprint("facilitating", __name__)
blueprint.before_request(guard)


@blueprint.get("/animation")
def index() -> str:
    """Answer with the consultations that the account runs."""
    person = need("editor")
    return render_template(
        "consultation/mine.html", mine=store.run_by(current_state(), person), person=person
    )


@blueprint.get("/animation/<slug>")
def show(slug: str) -> str:
    """Answer with the board of a consultation."""
    known, person = facilitated(slug)
    return render_template("consultation/board.html", known=known, person=person)
