"""What do the filters of the map leave? Places with their commitments, and what each choice has."""

from __future__ import annotations

from dataclasses import replace

import orjson
from flask import Blueprint, url_for
from flask_babel import ngettext

from webmap.choices import ON_THE_MAP, asked, chosen, freeing, options
from webmap.params import takes
from webmap.responses import AtlasResponse, Body, respond
from webmap.site import current_site

blueprint = Blueprint("filters", __name__)


@blueprint.get("/carte/filtre.json")
@takes(*ON_THE_MAP)
def show() -> AtlasResponse:
    """Answer with the places that the chosen commitments are tied to, and every choice's count.

    The places are those of the whole territory, so that the map may be moved; the counts are
    those of the extent, when it is a choice.
    """
    register, selection = current_site().register, chosen()
    found = register.commitments(selection)
    everywhere = replace(selection, within=None)
    places = register.tied(register.commitments(everywhere), everywhere)
    inside = len(places) if selection.within is None else len(selection.within & places.keys())
    answer = {
        "places": dict(places),
        "summary": ngettext("%(num)s engagement", "%(num)s engagements", len(found)),
        "placed": ngettext("%(num)s lieu concerné", "%(num)s lieux concernés", inside),
        "list": url_for("commitments.index", **asked()),
        "options": options(selection),
        "freeing": [] if found else freeing(selection),
    }
    return respond(Body(orjson.dumps(answer), "application/json"))
