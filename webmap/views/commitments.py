"""The commitments: the register, the page of one, and its sheet beside the map."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_babel import ngettext
from werkzeug.wrappers import Response

from layers.exporters.formats import FORMATS, SYSTEMS
from layers.model import LinkKind, Place
from layers.selection import due_state
from webmap.choices import EVERY, IN_THE_REGISTER, asked, chosen, freeing, options
from webmap.clock import today
from webmap.params import choice, takes
from webmap.site import current_site
from webmap.tables import COLUMNS, COMMITMENTS, PAGE, SORT, TABLES, page_of
from webmap.urls import here
from webmap.views.table import places_of

blueprint = Blueprint("commitments", __name__)

FORM = choice("forme", ("liste", "tableau"), "liste")


@blueprint.get("/engagements")
@takes(*EVERY, FORM, SORT, COLUMNS, PAGE)
def index() -> str | Response:
    """Answer with the commitments that meet the choices, page by page, as a list or a table."""
    if len(request.args.getlist(COLUMNS.name)) > 1:
        return redirect(here(colonnes=",".join(COLUMNS.value)), 303)
    site = current_site()
    selection = chosen(IN_THE_REGISTER)
    found = site.register.commitments(selection)
    layout = COMMITMENTS.layout(SORT.value, COLUMNS.value)
    return render_template(
        "commitments.html",
        form=FORM.value,
        table=COMMITMENTS,
        layout=layout,
        page=page_of(layout.arranged(found, COMMITMENTS), PAGE.value),
        places=[site.atlas.place(id) for id in site.register.tied(found, selection)],
        selection=selection,
        filters=IN_THE_REGISTER,
        options=options(selection, IN_THE_REGISTER),
        asked=asked(),
        freeing=[] if found else freeing(selection, IN_THE_REGISTER),
        formats=FORMATS.values(),
        systems=SYSTEMS,
        to_take=_to_take(len(found), len(places_of(selection))) if found else [],
    )


def _to_take(commitments: int, places: int) -> list[tuple[str, str]]:
    """What of the chosen part of the register downloads: (word of the address, label)."""
    labels = (
        ngettext("%(num)s engagement", "%(num)s engagements", commitments),
        ngettext("%(num)s lieu", "%(num)s lieux", places) if places else "",
    )
    return [(table.name, said) for table, said in zip(TABLES, labels, strict=True) if said]


def about(id: str) -> dict[str, Any]:
    """What the page and the sheet of a commitment say: the variables of their templates."""
    site = current_site()
    commitment = site.atlas.commitment(id)
    direct: list[Place] = []
    territorial: dict[str, list[Place]] = defaultdict(list)
    for link in site.join.links_of_commitment(id):
        place = site.atlas.place(link.place)
        if link.kind is LinkKind.DIRECT:
            direct.append(place)
        elif not site.atlas.layer(place.layer).background:
            territorial[link.via].append(place)
    return {
        "commitment": commitment,
        "due": due_state(commitment, today()),
        "document": site.atlas.document(commitment.document),
        "direct": direct,
        "scope": [site.atlas.place(s) for s in commitment.scope],
        "territorial": territorial,
        "related": [site.atlas.commitment(r) for r in commitment.related],
        "referring": [c for c in site.atlas.commitments.values() if id in c.related],
        "discrepancies": [d for d in site.atlas.discrepancies.values() if id in d.commitments],
    }


@blueprint.get("/engagements/<id>")
def show(id: str) -> str:
    """Answer with the page of a commitment."""
    return render_template("commitment.html", **about(id))


@blueprint.get("/engagements/<id>/fiche")
def sheet(id: str) -> str:
    """Answer with the sheet of a commitment, a fragment of HTML."""
    return render_template("sheets/commitment.html", **about(id))
