"""Printing: the form that prepares a map to scale, and the PDF itself."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from layers.drawing import Plane
from layers.errors import ParameterError
from layers.sheets import LARGEST, SHORT_AND_LONG_MM, SMALLEST, USUAL, TooManySheets
from webmap.i18n import language
from webmap.params import takes
from webmap.printing.document import Order, TooMuchToDraw, compose, sheets_of, summary
from webmap.printing.order import (
    LAYERS,
    LONGEST_TITLE,
    PARAMETERS,
    chosen_layers,
    filters,
    order_of,
    told,
    told_too_much,
)
from webmap.printing.order import subject as asked_subject
from webmap.responses import Body, bodies, respond
from webmap.site import current_site
from webmap.urls import here

blueprint = Blueprint("printing", __name__)

PDF = "application/pdf"
_PLANE = "limitrophe-plane"


def current_plane() -> Plane:
    """The atlas in Lambert-93, made when somebody prints for the first time."""
    kept = current_app.extensions
    if _PLANE not in kept:
        kept[_PLANE] = Plane(current_site().atlas)
    plane: Plane = kept[_PLANE]
    return plane


@blueprint.get("/imprimer")
@takes(*PARAMETERS)
def index() -> str | AnyResponse:
    """Answer with the form, filled in with what the address says, and what it would print."""
    if len(request.args.getlist(LAYERS.name)) > 1:
        return redirect(here(couches=",".join(chosen_layers())), 303)
    about = asked_subject()
    order = order_of(about)
    refused: ParameterError | None = None
    said = ""
    count = 0
    try:
        planned = sheets_of(order)
        said, count = summary(order, planned), len(planned.sheets)
    except TooManySheets as error:
        refused = told(error)
    return render_template(
        "printing.html",
        about=about,
        order=order,
        refused=refused,
        summary=said,
        count=count,
        places=current_plane().count(order.layer_ids, order.area),
        scales=USUAL,
        smallest=SMALLEST,
        largest=LARGEST,
        longest_title=LONGEST_TITLE,
        papers=tuple(SHORT_AND_LONG_MM),
        filters=filters(),
    )


@blueprint.get("/imprimer/carte.pdf")
@takes(*PARAMETERS)
def pdf() -> Response:
    """Answer with the PDF: made once a day for the same address, then kept."""
    order = order_of(asked_subject())
    key = ("pdf", request.root_url, order, language())
    response = respond(bodies().get(key, lambda: Body(_made(order), PDF)))
    response.headers["Content-Disposition"] = f'inline; filename="{_filename(order)}"'
    return response


def _made(order: Order) -> bytes:
    try:
        return compose(current_site().atlas, current_plane(), order)
    except TooManySheets as error:
        raise told(error) from error
    except TooMuchToDraw as error:
        raise told_too_much(error) from error


def _filename(order: Order) -> str:
    return f"limitrophe_{order.paper}_1-{order.scale}.pdf"
