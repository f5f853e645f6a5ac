"""The discrepancies: where the sources disagree, and where they disagree with the ground."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, render_template

from webmap.labels import SEVERITIES
from webmap.params import Parameter, choice, takes
from webmap.site import current_site

blueprint = Blueprint("discrepancies", __name__)

SEVERITY = choice("gravite", ("", *SEVERITIES), "")
DOCUMENT = Parameter("document", str.strip, lambda: "", "")


@blueprint.get("/discordances")
@takes(SEVERITY, DOCUMENT)
def index() -> str:
    """Answer with the discrepancies that meet the choices, the weightier first."""
    site = current_site()
    every = site.atlas.discrepancies.values()
    rank = list(SEVERITIES)
    found = sorted(
        (
            d
            for d in every
            if SEVERITY.value in ("", str(d.severity))
            and DOCUMENT.value in ("", d.document_a, d.document_b)
        ),
        key=lambda d: rank.index(str(d.severity)),
    )
    return render_template(
        "discrepancies.html",
        found=found,
        severity=SEVERITY.value,
        document=DOCUMENT.value,
        counts=Counter(str(d.severity) for d in every),
        document_counts=Counter(x for d in every for x in {d.document_a, d.document_b} if x),
        comparisons=site.comparisons,
        places=[site.atlas.place(id) for id in dict.fromkeys(p for d in found for p in d.places)],
    )
