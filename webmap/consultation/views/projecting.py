"""What does the room see? Results in large type, renewed while people contribute."""

from __future__ import annotations

import segno
from flask import Blueprint, render_template
from markupsafe import Markup

from webmap.clock import now
from webmap.consultation.published import is_public
from webmap.consultation.views.results import readable
from webmap.urls import absolute

blueprint = Blueprint("projecting", __name__)


@blueprint.get("/consultations/<slug>/projection")
def show(slug: str) -> str:
    """Answer with the projector's page; its script asks for the results."""
    known, record = readable(slug)
    address = absolute("joining.short", code=known.code, lang=None)
    code = segno.make(address, error="m").svg_inline(border=2, omitsize=True, light="#ffffff")
    return render_template(
        "consultation/projection.html",
        known=known,
        record=record,
        public=is_public(known),
        taking=known.takes_contributions(now()),
        address=address.partition("://")[2],
        qr=Markup(code),
    )
