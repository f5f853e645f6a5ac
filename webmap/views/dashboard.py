"""The dashboard: what is promised, by document, kind, theme, lead and date; what is left aside."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template

from layers.model import Commitment
from layers.selection import DUE_STATES, Selection, due_state
from webmap.clock import today
from webmap.labels import DUE_WORDS, DUES, KINDS, THEMES, facet_options
from webmap.params import Parameter, takes
from webmap.site import current_site

blueprint = Blueprint("dashboard", __name__)

LEADS_SHOWN = 15


def _document(text: str) -> str:
    if text and text not in current_site().atlas.documents:
        raise ValueError(text)
    return text


DOCUMENT = Parameter("document", _document, lambda: ", ".join(current_site().atlas.documents), "")


@blueprint.get("/tableau-de-bord")
@takes(DOCUMENT)
def index() -> str:
    """Answer with the dashboard of all documents, or of one."""
    site = current_site()
    selection = Selection(choices={"document": DOCUMENT.value}, today=today())
    counts = site.register.commitment_counts(selection)
    found = site.register.commitments(selection)
    leads = sorted(facet_options(counts["lead"], "actor"), key=lambda option: -option[2])
    return render_template(
        "dashboard.html",
        document=DOCUMENT.value,
        found=found,
        counts=counts,
        document_options=facet_options(counts["document"], "document"),
        kinds=[(code, counts["kind"].get(code, 0)) for code in KINDS],
        kind_rows=_rows(counts["kind"], KINDS),
        theme_rows=sorted(_rows(counts["theme"], THEMES), key=lambda row: -row[2]),
        due_rows=[(DUE_WORDS[s], str(DUES[s]), counts["due"].get(s, 0)) for s in DUE_STATES],
        leads=leads[:LEADS_SHOWN],
        more_leads=len(leads) - LEADS_SHOWN,
        matrix=_matrix(found),
        dated=_dated(found),
        placeless=[c for c in found if not c.places],
        unnamed=site.join.places_without_commitment(),
        districts=site.join.districts_without_commitment(),
    )


def _rows(counts: Mapping[str, int], names: Mapping[str, object]) -> list[tuple[str, str, int]]:
    """The values of a facet as (value, label, count), in the order of their names."""
    return [(code, str(name), counts.get(code, 0)) for code, name in names.items()]


def _matrix(commitments: tuple[Commitment, ...]) -> dict[str, dict[str, int]]:
    """How many commitments of each kind each document holds."""
    rows: dict[str, dict[str, int]] = {}
    for commitment in commitments:
        row = rows.setdefault(commitment.document, dict.fromkeys(KINDS, 0))
        row[str(commitment.kind)] += 1
    return rows


def _dated(commitments: tuple[Commitment, ...]) -> list[tuple[Commitment, str]]:
    """The commitments to which the text gives a date, the earliest first, with their state."""
    day = today()
    dated = [c for c in commitments if c.due is not None]
    return [
        (c, due_state(c, day))
        for c in sorted(dated, key=lambda c: c.due.isoformat() if c.due else "")
    ]
