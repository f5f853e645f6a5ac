"""Contributing and reading without map and without JavaScript: plain forms, plain lists."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from webmap import errors
from webmap.accounts import AccessRefused, csrf, personal
from webmap.clock import now
from webmap.consultation import contributions, kept
from webmap.consultation.access import shown, taking_part
from webmap.consultation.choices import commitments_of, places_of, territories_of
from webmap.consultation.contributions import ContributionRefused
from webmap.consultation.fields import TRAP, filled_too_fast, kept_stamp, new_key, sent_by
from webmap.consultation.kept import Kept
from webmap.consultation.limits import GESTURES, WRITES, by_token, limiter
from webmap.consultation.participants import Guest, guest
from webmap.consultation.plan import Question
from webmap.consultation.published import chosen, is_public, record_of
from webmap.consultation.refusals import fault_words, refusal_words, stage_words
from webmap.consultation.said import SaidError
from webmap.consultation.store import Known
from webmap.consultation.views.taking_part import (
    LARGEST,
    LONGEST_REASON,
    editable_s,
    read_sent,
)
from webmap.consultation.wording import value_text
from webmap.i18n import language
from webmap.params import takes, text
from webmap.site import current_site
from webmap.state import current_state

blueprint = Blueprint("by_form", __name__)

KEY_TO_CORRECT = text("modifier")
DONE = text("fait")
FROM = text("apres")
PAGE = 50
"""Contributions of others on one page."""


@blueprint.before_request
def guard() -> None:
    """Refuse a form that this service has not given to this browser."""
    if request.method == "POST":
        request.max_content_length = LARGEST
        csrf.protect()


def _own(known: Known, someone: Guest, key: str) -> Kept | None:
    return next((k for k in kept.own(current_state(), known, someone) if k.key == key), None)


def _form_page(
    known: Known, values: dict[str, Any], fault: SaidError | None = None, message: str = ""
) -> str:
    plan, atlas = known.plan, current_site().atlas
    return render_template(
        "consultation/contribute.html",
        known=known,
        values=values,
        key=values.get("key") or new_key(),
        stamp=kept_stamp(request.form.get("debut", "")),
        trap=TRAP,
        fault_field=fault.field if fault else "",
        message=fault_words(fault, plan) if fault else message,
        places=places_of(plan, atlas),
        territories=territories_of(plan, atlas),
        commitments=commitments_of(plan, atlas),
        correcting=bool(KEY_TO_CORRECT.value),
    )


@blueprint.get("/consultations/<slug>/contribuer")
@takes(KEY_TO_CORRECT)
def contribute(slug: str) -> str:
    """Answer with the form; with what one has said in it when that is to be corrected."""
    known = shown(slug)
    personal()
    someone = guest(known)
    taking = known.takes_contributions(now())
    if someone is None or not taking:
        page = "consultation/not_now.html"
        return render_template(page, known=known, joined=someone, words=stage_words(known))
    one = _own(known, someone, KEY_TO_CORRECT.value) if KEY_TO_CORRECT.value else None
    return _form_page(known, _values_of(one) if one else {})


def _values_of(one: Kept) -> dict[str, Any]:
    point = one.geometry if one.geometry and one.geometry["type"] == "Point" else None
    position = "{1} ; {0}".format(*point["coordinates"]) if point else ""
    return {
        "key": one.key,
        "category": one.category,
        "place": one.place,
        "commitment": one.commitment,
        "territory": one.territory,
        "position": position,
        "drawn": bool(one.geometry and not point),
        "answers": one.answers,
    }


@blueprint.post("/consultations/<slug>/contribuer")
@takes(KEY_TO_CORRECT)
@limiter.limit(WRITES, key_func=by_token)
def send(slug: str) -> Any:
    """Keep or correct a contribution, or show the form again with its fault."""
    personal()
    known, someone = taking_part(slug)
    form = request.form
    values: dict[str, Any] = {"position": form.get("position", ""), "answers": {}}
    fault, message = None, ""
    try:
        if form.get(TRAP, ""):
            return _done(slug)
        sent = sent_by(form, known.plan)
        values |= sent
        if filled_too_fast(form.get("debut", "")):
            raise ContributionRefused("too-fast")
        _keep(known, someone, sent)
    except SaidError as error:
        fault, values["answers"] = error, values["answers"] or _raw(known)
    except ContributionRefused as error:
        message = refusal_words(error.reason, known)
    else:
        return _done(slug)
    values["key"] = form.get("key", "")
    return _form_page(known, values, fault, message), 422


def _raw(known: Known) -> dict[str, Any]:
    answers = {q.id: request.form.getlist(f"q-{q.id}") for q in known.plan.questions}
    several = {q.id for q in known.plan.questions if q.kind == "multiple"}
    return {id: found if id in several else "".join(found[:1]) for id, found in answers.items()}


def _keep(known: Known, someone: Guest, sent: dict[str, Any]) -> None:
    state = current_state()
    one = _own(known, someone, KEY_TO_CORRECT.value) if KEY_TO_CORRECT.value else None
    if one is not None:
        drawn = one.geometry and one.geometry["type"] != "Point"
        if drawn and sent["geometry"] is None:
            sent["geometry"] = one.geometry
        said, _queued = read_sent(known, sent, one.key)
        contributions.correct(state, known, someone, said)
    else:
        said, _queued = read_sent(known, sent)
        contributions.submit(state, known, someone, said)


def _done(slug: str) -> Response:
    address = url_for("by_form.read", slug=slug, fait="1", _anchor="les-miennes")
    return redirect(address, 303)  # type: ignore[return-value]


@blueprint.get("/consultations/<slug>/mes-contributions")
@takes(DONE, FROM)
def read(slug: str) -> str:
    """Answer with one's own contributions, then those of others, as lists."""
    return _lists(slug)


def _lists(slug: str, message: str = "") -> str:
    known = shown(slug)
    personal()
    someone = guest(known)
    state = current_state()
    own = kept.own(state, known, someone) if someone else []
    mine = {one.number for one in own}
    others = [
        one
        for one in (record_of(known).contributions if is_public(known) else ())
        if one.number not in mine
    ]
    later = [one for one in others if not FROM.value.isdigit() or one.number < int(FROM.value)]
    return render_template(
        "consultation/said.html",
        known=known,
        joined=someone,
        own=own,
        others=later[:PAGE],
        total=len(others),
        rest=later[PAGE - 1].number if len(later) > PAGE else None,
        public=is_public(known),
        supported=kept.supported(state, known, someone) if someone else [],
        taking=known.takes_contributions(now()),
        editable=lambda one: editable_s(known, one) > 0,
        words=stage_words(known),
        message=message,
        done=bool(DONE.value),
        longest_reason=LONGEST_REASON,
        said_text=_said_text,
    )


def _said_text(question: Question, answer: Any) -> str:
    """An answer in words."""
    if question.kind == "text":
        return str(answer)
    return ", ".join(value_text(question, value, language()) for value in chosen(answer))


@blueprint.post("/consultations/<slug>/mes-contributions/<key>/retirer")
@takes(DONE, FROM)
@limiter.limit(WRITES, key_func=by_token)
def withdraw(slug: str, key: str) -> Any:
    """Withdraw a contribution."""
    return _gesture(slug, lambda known, me: contributions.withdraw(current_state(), known, me, key))


@blueprint.post("/consultations/<slug>/mes-contributions/<int(max=999999999):number>/soutenir")
@takes(DONE, FROM)
@limiter.limit(GESTURES, key_func=by_token)
def support(slug: str, number: int) -> Any:
    """Support a contribution of somebody else, or no longer."""
    on = request.form.get("oui") == "1"
    return _gesture(
        slug, lambda known, me: contributions.support(current_state(), known, me, number, on=on)
    )


@blueprint.post("/consultations/<slug>/mes-contributions/<int(max=999999999):number>/signaler")
@takes(DONE, FROM)
@limiter.limit(GESTURES, key_func=by_token)
def flag(slug: str, number: int) -> Any:
    """Ask the team to look at a contribution of somebody else."""
    reason = request.form.get("motif", "").strip()

    def act(known: Known, me: Guest) -> None:
        if not 0 < len(reason) <= LONGEST_REASON:
            raise ContributionRefused("reason-missing")
        contributions.flag(current_state(), known, me, number, reason)

    return _gesture(slug, act)


def _gesture(slug: str, act: Any) -> Any:
    personal()
    known, someone = taking_part(slug)
    try:
        act(known, someone)
    except ContributionRefused as error:
        return _lists(slug, refusal_words(error.reason, known)), 422
    return redirect(url_for("by_form.read", slug=slug, fait="1"), 303)


@blueprint.errorhandler(AccessRefused)
def _tell_not_joined(_error: AccessRefused) -> Response:
    known = shown((request.view_args or {})["slug"])
    return errors.tell(errors.Problem("acces-reserve", 403, refusal_words("not-joined", known)))
