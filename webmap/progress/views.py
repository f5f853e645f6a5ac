"""Recording what has become of a commitment, and taking all that was recorded as a table."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from flask_babel import gettext as _

from webmap.accounts import guard, need, personal
from webmap.labels import label
from webmap.progress import history, progress_of
from webmap.progress.forms import ProgressForm
from webmap.responses import AtlasResponse
from webmap.site import current_site
from webmap.state import current_state
from webmap.views.commitments import about

blueprint = Blueprint("progress", __name__)
blueprint.before_request(guard)

CSV = "text/csv; charset=utf-8"
COLUMNS = (
    "commitment", "number", "status", "status_label", "date", "evidence", "note", "author",
    "recorded_at",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula."""


@blueprint.post("/engagements/<id>")
def record(id: str) -> Any:
    """Add a report to the history of a commitment, or show the form again with its faults."""
    author = need("editor")
    commitment = current_site().atlas.commitment(id)
    form = ProgressForm()
    if not form.validate():
        return _again(id, form, 422, _("Rien n’est enregistré : voyez les champs signalés."))
    try:
        history.add(current_state(), commitment.id, form.seen_number(), form.report(), author)
    except history.OutdatedError:
        message = _(
            "Quelqu’un d’autre a complété cet historique entre-temps. Rien n’est perdu : lisez sa"
            " saisie sous « Avancement », puis consignez ou corrigez la vôtre."
        )
        form.seen.data = str(len(progress_of(id) or ()))
        return _again(id, form, 409, message)
    personal()
    return redirect(url_for("commitments.show", id=id, _anchor="avancement"), 303)


def _again(id: str, form: ProgressForm, status: int, message: str) -> tuple[str, int]:
    """Answer with the page of the commitment, the form as it was filled in."""
    personal()
    page = render_template("commitment.html", **about(id), form=form, form_message=message)
    return page, status


@blueprint.get("/telecharger/avancement.csv")
def table() -> Response:
    """Answer with every entry, as a table that a French spreadsheet opens as it is."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in history.everything(current_state()):
        moment = entry.recorded_at.isoformat(timespec="seconds")
        writer.writerow(
            [
                entry.commitment, entry.number, entry.status, label(entry.status, "status"),
                entry.day.isoformat(), entry.evidence, _plain(entry.note), _plain(entry.author),
                moment,
            ]
        )  # fmt: skip
    response = AtlasResponse(text.getvalue().encode("utf-8-sig"), content_type=CSV)
    response.headers["Content-Disposition"] = 'attachment; filename="limitrophe_avancement.csv"'
    return response


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
