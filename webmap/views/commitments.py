"""The commitments: the register, the page of one, and its sheet beside the map."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from layers.model import LinkKind, Place
from layers.selection import CommitmentSelection
from webmap.choices import DOCUMENT, DUE, EVERY, KIND, LEAD, PARTNER, PLACE, TEXT, THEME, chosen
from webmap.labels import DUE_WORDS, DUES
from webmap.params import Parameter, takes, whole_number
from webmap.site import current_site

blueprint = Blueprint("commitments", __name__)

PER_PAGE = 40


def _page(text: str) -> int:
    number = whole_number(text)
    if number < 1:
        raise ValueError(text)
    return number


PAGE = Parameter("page", _page, lambda: "1, 2, 3 …", 1)


@blueprint.get("/engagements")
@takes(*EVERY, PAGE)
def index() -> str:
    """Answer with the commitments that meet the choices, page by page."""
    site = current_site()
    selection = chosen()
    found = site.register.commitments(selection)
    counts = site.register.commitment_counts(selection)
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(PAGE.value, pages)
    places = {id: site.atlas.place(id) for c in found for id in c.places}
    return render_template(
        "commitments.html",
        found=found,
        shown=found[(page - 1) * PER_PAGE : page * PER_PAGE],
        first=(page - 1) * PER_PAGE + 1,
        page=page,
        pages=pages,
        places=list(places.values()),
        selection=selection,
        counts=counts,
        due_options=[
            (word, str(DUES[state]), counts["due"].get(state, 0))
            for state, word in DUE_WORDS.items()
        ],
        due=DUE.value,
        empty_selection=CommitmentSelection(today=selection.today),
        freeing=[] if found else _freeing(selection),
    )


def _freeing(selection: CommitmentSelection) -> list[tuple[str, str, int]]:
    """The choices that, set aside one at a time, leave something: (parameter, label, how many)."""
    facets = {
        "text": (TEXT, _("sans les mots")),
        "document": (DOCUMENT, _("tous les documents")),
        "kind": (KIND, _("toutes les natures")),
        "theme": (THEME, _("tous les thèmes")),
        "lead": (LEAD, _("tous les porteurs")),
        "partner": (PARTNER, _("tous les partenaires")),
        "place": (PLACE, _("tous les lieux")),
        "due": (DUE, _("toutes les échéances")),
    }
    register = current_site().register
    left = [
        (parameter.name, title, len(register.commitments(replace(selection, **{facet: ""}))))
        for facet, (parameter, title) in facets.items()
        if getattr(selection, facet)
    ]
    return [choice for choice in left if choice[2]]


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
