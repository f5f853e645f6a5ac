"""The source documents: their list, and the page of one with its sections and figures."""

from __future__ import annotations

from collections import Counter, defaultdict

from flask import Blueprint, render_template

from layers.model import Commitment
from webmap.site import current_site

blueprint = Blueprint("documents", __name__)


@blueprint.get("/documents")
def index() -> str:
    """Answer with the list of documents."""
    atlas = current_site().atlas
    counts = Counter(c.document for c in atlas.commitments.values())
    return render_template("documents.html", documents=atlas.documents.values(), counts=counts)


@blueprint.get("/documents/<id>")
def show(id: str) -> str:
    """Answer with the page of a document."""
    atlas = current_site().atlas
    document = atlas.document(id)
    by_section: dict[str, list[Commitment]] = defaultdict(list)
    for commitment in atlas.commitments.values():
        if commitment.document == id:
            by_section[commitment.section].append(commitment)
    commitments = [c for listed in by_section.values() for c in listed]
    return render_template(
        "document.html",
        document=document,
        by_section=by_section,
        commitments=commitments,
        kinds=Counter(str(c.kind) for c in commitments),
        places=[p for p in atlas.places.values() if id in p.documents],
        indicators=[i for i in atlas.indicators.values() if i.document == id],
        discrepancies=[
            d for d in atlas.discrepancies.values() if id in (d.document_a, d.document_b)
        ],
    )
