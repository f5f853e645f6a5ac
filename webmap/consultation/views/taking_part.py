"""What does a device send to a consultation? Contributions, supports and flags, as JSON.

A queue on the device may have waited for a day, so that no token of a form can be asked for.
Instead a request must be JSON, which no page of another site can send, and come from here.
What is not sure to have arrived is sent again: nothing is kept twice.
"""

from __future__ import annotations

import datetime
from typing import Any

import orjson
from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from webmap import errors
from webmap.accounts import AccessRefused, personal
from webmap.clock import now
from webmap.consultation import contributions, kept, limits
from webmap.consultation.access import shown, taking_part
from webmap.consultation.contributions import ContributionRefused
from webmap.consultation.kept import Kept
from webmap.consultation.limits import (
    GESTURES,
    JOINS_OF_ADDRESS,
    WRITES,
    WRITES_OF_ADDRESS,
    by_address,
    by_token,
    limiter,
)
from webmap.consultation.participants import Guest, guest, new_guest, remember, too_fast
from webmap.consultation.published import body_of, is_public, record_of
from webmap.consultation.refusals import fault_words, refusal_words
from webmap.consultation.said import KEY, Said, SaidError, read_said
from webmap.consultation.store import Known
from webmap.consultation.within import reach_of
from webmap.negotiation import JSON
from webmap.posted import refuse_foreign
from webmap.responses import AtlasResponse
from webmap.site import current_site
from webmap.state import current_state

blueprint = Blueprint("taking_part", __name__)
blueprint.record_once(lambda state: limits.register(state.app))

LARGEST = 256 * 1024
"""Bytes of a contribution: every answer at its longest, with a long drawing."""
LONGEST_REASON = 200
STATUSES = {
    "unknown": 404,
    "not-yours": 403,
    "not-joined": 403,
    "own": 403,
    "not-taking": 409,
    "too-late": 409,
    "withdrawn": 409,
    "too-fast": 429,
    "reason-missing": 422,
}
"""HTTP status of each refusal."""


def refused(known: Known, reason: str) -> Response:
    """Answer with why a change is refused; ``phase`` says where the consultation is."""
    members = {"reason": reason, "phase": known.phase(now())}
    kind = "contribution-refusee"
    told = errors.Problem(kind, STATUSES[reason], refusal_words(reason, known), members)
    response = errors.tell(told)
    if reason == "too-fast":
        response.headers["Retry-After"] = "3"
    return response


def faulty(known: Known, error: SaidError) -> Response:
    """Answer with what is wrong with a contribution, and in which field."""
    members = {"field": error.field[:80], "reason": error.reason, "got": error.got}
    detail = fault_words(error, known.plan)
    return errors.tell(errors.Problem("contribution-refusee", 422, detail, members))


def _unread(status: int) -> Response:
    detail = _("Le corps de la demande doit être du JSON (application/json).")
    return errors.tell(errors.Problem("corps-refuse", status, detail))


def _json() -> Any:
    """The body, which must be JSON and sent by a page of this service.

    Raises
    ------
    werkzeug.exceptions.HTTPException
        403 for a page of another site, 413, 415, or 400 for what is no JSON.
    """
    refuse_foreign()
    request.max_content_length = LARGEST
    if request.mimetype != JSON:
        abort(_unread(415))
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        abort(_unread(400))


def _joined(slug: str) -> tuple[Known, Guest]:
    found = taking_part(slug)
    personal()
    return found


def editable_s(known: Known, one: Kept) -> int:
    """How many seconds are left to correct or withdraw a contribution.

    A number, because the clock of a device may be wrong.
    """
    until = one.received_at + datetime.timedelta(minutes=known.plan.edit_minutes)
    return max(int((until - now()).total_seconds()), 0)


def own_form(known: Known, one: Kept) -> dict[str, Any]:
    """A contribution as its author reads it."""
    return {
        "key": one.key,
        "number": one.number,
        "state": one.state,
        "revision": one.revision,
        "category": one.category,
        "geometry": one.geometry,
        "place": one.place,
        "commitment": one.commitment,
        "territory": one.territory,
        "answers": one.answers,
        "supports": one.supports,
        "received_at": one.received_at.isoformat(timespec="seconds"),
        "editable_s": editable_s(known, one),
    }


def _answer(found: Any, status: int = 200) -> AtlasResponse:
    return AtlasResponse(orjson.dumps(found), status=status, content_type=JSON)


@blueprint.post("/consultations/<slug>/jeton")
@limiter.limit(JOINS_OF_ADDRESS, key_func=by_address)
def join(slug: str) -> Response:
    """Give the device a token without a form: its queue outlives a cookie that is lost.

    With ``fresh`` it is a new one: a tablet goes to the next person, who sees nothing of the last.
    """
    sent = _json()
    known = shown(slug)
    personal()
    fresh = isinstance(sent, dict) and sent.get("fresh") is True
    someone = guest(known)
    response = _answer({"joined": True})
    if someone is None or fresh:
        found = new_guest(known, someone.channel if someone else "online")
        remember(response, found, url_for("consultations.show", slug=slug, lang=None))
    return response


@blueprint.get("/consultations/<slug>/contributions")
def published(slug: str) -> Response:
    """Answer with what everybody may read, as GeoJSON."""
    known = shown(slug)
    body = record_of(known).body if is_public(known) else body_of(())
    response = AtlasResponse(body.raw, content_type=body.mimetype)
    response.body = body
    response.cache_control.no_cache = True
    return response


def read_sent(known: Known, sent: Any, key: str | None = None) -> tuple[Said, bool]:
    """What a device says, and whether it had waited for the network.

    Raises
    ------
    SaidError
        With the first fault.
    """
    if not isinstance(sent, dict):
        raise SaidError("", "malformed")
    queued = sent.pop("queued", False)
    if not isinstance(queued, bool):
        raise SaidError("queued", "malformed")
    if key is not None and sent.setdefault("key", key) != key:
        raise SaidError("key", "malformed")
    site = current_site()
    return read_said(sent, known.plan, site.atlas, reach_of(known.plan, site.atlas)), queued


@blueprint.post("/consultations/<slug>/contributions")
@limiter.limit(WRITES, key_func=by_token)
@limiter.limit(WRITES_OF_ADDRESS, key_func=by_address)
def submit(slug: str) -> Response:
    """Keep a contribution: 201 the first time, 200 when it was kept already."""
    sent = _json()
    known, someone = _joined(slug)
    try:
        if too_fast(someone):
            raise ContributionRefused("too-fast")
        said, queued = read_sent(known, sent)
        one = contributions.submit(current_state(), known, someone, said, queued=queued)
    except SaidError as error:
        return faulty(known, error)
    except ContributionRefused as error:
        return refused(known, error.reason)
    return _answer(own_form(known, one), 200 if one.repeated else 201)


@blueprint.put("/consultations/<slug>/contributions/<key>")
@limiter.limit(WRITES, key_func=by_token)
def correct(slug: str, key: str) -> Response:
    """Replace what a contribution says."""
    sent = _json()
    known, someone = _joined(slug)
    try:
        said, _queued = read_sent(known, sent, key)
        one = contributions.correct(current_state(), known, someone, said)
    except SaidError as error:
        return faulty(known, error)
    except ContributionRefused as error:
        return refused(known, error.reason)
    return _answer(own_form(known, one))


@blueprint.delete("/consultations/<slug>/contributions/<key>")
@limiter.limit(WRITES, key_func=by_token)
def withdraw(slug: str, key: str) -> Response:
    """Withdraw a contribution."""
    refuse_foreign()
    known, someone = _joined(slug)
    try:
        if not KEY.fullmatch(key):
            raise ContributionRefused("unknown")
        contributions.withdraw(current_state(), known, someone, key)
    except ContributionRefused as error:
        return refused(known, error.reason)
    return _answer({"key": key, "state": "withdrawn"})


@blueprint.route(
    "/consultations/<slug>/soutiens/<int(max=999999999):number>", methods=["PUT", "DELETE"]
)
@limiter.limit(GESTURES, key_func=by_token)
def support(slug: str, number: int) -> Response:
    """Support a contribution of somebody else, or no longer."""
    refuse_foreign()
    known, someone = _joined(slug)
    on = request.method == "PUT"
    try:
        one = contributions.support(current_state(), known, someone, number, on=on)
    except ContributionRefused as error:
        return refused(known, error.reason)
    return _answer({"number": number, "supports": one.supports, "on": on})


@blueprint.put("/consultations/<slug>/signalements/<int(max=999999999):number>")
@limiter.limit(GESTURES, key_func=by_token)
def flag(slug: str, number: int) -> Response:
    """Ask the team to look at a contribution of somebody else."""
    sent = _json()
    known, someone = _joined(slug)
    reason = sent.get("reason") if isinstance(sent, dict) else None
    if not isinstance(reason, str) or not 0 < len(reason.strip()) <= LONGEST_REASON:
        return refused(known, "reason-missing")
    try:
        contributions.flag(current_state(), known, someone, number, reason.strip())
    except ContributionRefused as error:
        return refused(known, error.reason)
    return _answer({"number": number, "flagged": True})


@blueprint.get("/consultations/<slug>/mes-contributions.json")
def mine(slug: str) -> Response:
    """Answer with what this browser has said, the newest first, and what it supports.

    Nothing for one that has not joined, which is no fault: the map asks to know it.
    """
    known = shown(slug)
    personal()
    someone, state = guest(known), current_state()
    own = kept.own(state, known, someone) if someone else []
    return _answer(
        {
            "joined": someone is not None,
            "contributions": [own_form(known, one) for one in own],
            "supports": kept.supported(state, known, someone) if someone else [],
        }
    )


@blueprint.errorhandler(AccessRefused)
def _tell_not_joined(_error: AccessRefused) -> Response:
    known = shown((request.view_args or {})["slug"])
    return refused(known, "not-joined")
