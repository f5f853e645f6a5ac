"""What do the filters of the map leave? Places with their commitments, and what each choice has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import orjson
from flask import Blueprint, url_for
from flask_babel import ngettext

from webmap.choices import DOCUMENT, DUE, KIND, LEAD, ON_THE_MAP, THEME, chosen
from webmap.labels import DUE_WORDS, DUES, facet_options
from webmap.params import takes
from webmap.responses import AtlasResponse, Body, respond
from webmap.site import current_site

blueprint = Blueprint("filters", __name__)

Options = list[tuple[str, str, int]]


def options(counts: Mapping[str, Mapping[str, int]]) -> dict[str, Options]:
    """The choices of each filter of the map: (value in the address, label, how many it leaves)."""
    return {
        DOCUMENT.name: facet_options(counts["document"], "document"),
        KIND.name: facet_options(counts["kind"], "kind"),
        THEME.name: facet_options(counts["theme"], "theme"),
        LEAD.name: facet_options(counts["lead"], "actor"),
        DUE.name: [
            (word, str(DUES[state]), counts["due"][state])
            for state, word in DUE_WORDS.items()
            if counts["due"].get(state)
        ],
    }


@blueprint.get("/carte/filtre.json")
@takes(*ON_THE_MAP)
def show() -> AtlasResponse:
    """Answer with the places that the chosen commitments name, and the counts of every choice."""
    site = current_site()
    selection = chosen(ON_THE_MAP)
    found = site.register.commitments(selection)
    places = Counter(id for commitment in found for id in commitment.places)
    asked = {p.name: p.value for p in ON_THE_MAP if p.value}
    answer = {
        "places": dict(places),
        "summary": ngettext("%(num)s engagement", "%(num)s engagements", len(found)),
        "placed": ngettext(
            "%(num)s lieu nommé sur la carte", "%(num)s lieux nommés sur la carte", len(places)
        ),
        "list": url_for("commitments.index", **asked),
        "options": options(site.register.commitment_counts(selection)),
    }
    return respond(Body(orjson.dumps(answer), "application/json"))
