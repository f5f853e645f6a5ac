"""How does somebody come to a consultation? By link, QR code or room code; then by one button.

Joining gives the browser a token and writes nothing down; reading gives it nothing at all. The
form that joins needs no token against forged ones: a page of another site that sent it would
only let a browser take part, which it may undo by forgetting its cookie.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from webmap import errors
from webmap.accounts import personal
from webmap.consultation import limits, store
from webmap.consultation.access import shown
from webmap.consultation.limits import JOINS_OF_ADDRESS, WRONG_CODES, by_address, limiter
from webmap.consultation.participants import guest, new_guest, remember
from webmap.consultation.refusals import code_words
from webmap.consultation.store import Known
from webmap.params import choice, takes, text
from webmap.posted import refuse_foreign
from webmap.state import current_state

blueprint = Blueprint("joining", __name__)

CODE = text("code")
ROOM = choice("par", ("salle",))
"""Says that somebody comes by the code of a room."""
LONGEST_CODE = 40

_few_wrong_codes = limiter.shared_limit(
    WRONG_CODES, scope="codes", key_func=by_address, deduct_when=limits.is_wrong
)


def _by_code(code: str) -> Known | None:
    known = store.by_code(current_state(), code[:LONGEST_CODE])
    return None if known is None or known.stage in ("draft", "archived") else known


def _go(known: Known) -> Response:
    address = url_for("consultations.show", slug=known.slug, par="salle")
    return redirect(address, 303)  # type: ignore[return-value]


@blueprint.get("/consultations/rejoindre")
@takes(CODE)
@_few_wrong_codes
def code() -> Any:
    """Answer with the form for a room code, or lead to the consultation that has it."""
    if not CODE.value:
        return render_template("consultation/code.html", code="", fault="")
    known = _by_code(CODE.value)
    if known is not None:
        return _go(known)
    page = render_template(
        "consultation/code.html", code=CODE.value[:LONGEST_CODE], fault=code_words()
    )
    return page, 404


@blueprint.get("/c/<code>")
@_few_wrong_codes
def short(code: str) -> Any:
    """Lead from the address of a QR code to its consultation."""
    known = _by_code(code)
    if known is None:
        return errors.tell(errors.Problem("introuvable", 404, code_words()))
    return _go(known)


@blueprint.post("/consultations/<slug>/participer")
@limiter.limit(JOINS_OF_ADDRESS, key_func=by_address)
def join(slug: str) -> Response:
    """Let a browser take part: it is given the one cookie that this needs."""
    refuse_foreign()
    request.max_content_length = 1000
    known = shown(slug)
    personal()
    on_the_map = request.form.get("vue") != "liste"
    page = "on_the_map.show" if on_the_map else "by_form.contribute"
    response: Response = redirect(url_for(page, slug=slug), 303)  # type: ignore[assignment]
    if guest(known) is None:
        someone = new_guest(known, "room" if request.form.get("par") == "salle" else "online")
        remember(response, someone, url_for("consultations.show", slug=slug, lang=None))
    return response
