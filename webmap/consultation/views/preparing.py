"""Preparing a consultation: the form of its plan, its versions, what participants will see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webmap.accounts import csrf, need, personal
from webmap.accounts.people import Person
from webmap.consultation import drafting, kept, store
from webmap.consultation.access import facilitated
from webmap.consultation.checking import answers_lost, plan_of
from webmap.consultation.choices import commitments_of, places_of, territories_of
from webmap.consultation.drafting import Draft
from webmap.consultation.plan import BLURS_M, LICENCES, Plan
from webmap.consultation.store import Known, OutdatedError
from webmap.consultation.words import field_names
from webmap.i18n import localised
from webmap.labels import licence_name
from webmap.site import current_site
from webmap.state import current_state
from webmap.state.consultations import CONTRIBUTION_STATES

blueprint = Blueprint("preparing", __name__)

LARGEST_PLAN = 400_000
"""Bytes of the form: the longest plan, each character written as percent signs."""


@blueprint.before_request
def guard() -> None:
    """Refuse a form that this service has not given to this browser."""
    if request.method == "POST":
        request.max_content_length = LARGEST_PLAN
        csrf.protect()


def _page(draft: Draft, known: Known | None, **more: Any) -> str:
    """The form; ``more`` has a message, what would be lost, and the version it answers."""
    personal()
    atlas = current_site().atlas
    return render_template(
        "consultation/form.html",
        draft=draft,
        known=known,
        seen=more.pop("seen", known.version if known else 0),
        territories=[(one.id, one.name) for one in territories_of(drafting.START, atlas)],
        layers=[(id, localised(a, "title")) for id, a in atlas.layers.items() if not a.background],
        documents=[(id, localised(one, "short")) for id, one in atlas.documents.items()],
        palette=drafting.PALETTE,
        blurs=[(side, _("centre d’une case de %(n)s m", n=side)) for side in BLURS_M[1:]],
        licences=[(id, licence_name(id)) for id in LICENCES],
        **more,
    )


def _read() -> tuple[Draft, bool]:
    """The draft that was sent, and whether it is to be kept rather than changed in its shape."""
    draft = drafting.of_form(request.form)
    order = request.form.get("do", "save")
    if order == "add:commitments":
        _add_commitments(draft)
    elif order != "save":
        drafting.change(draft, order)
    return draft, order == "save"


def _add_commitments(draft: Draft) -> None:
    """Add the commitments of a document, and those that were named, to the list."""
    atlas = current_site().atlas
    document = request.form.get("add-document", "")
    named = request.form.get("add-ids", "").replace(",", " ").split()
    found = [one.id for one in atlas.commitments.values() if document == one.document]
    chosen = draft.tree["commitments"]
    chosen += [id for id in [*found, *named] if id not in chosen]
    unknown = [id for id in named if id not in atlas.commitments]
    if unknown:
        draft.tree["commitments"] = [id for id in chosen if id in atlas.commitments]
        draft.faults["commitments"] = _(
            "L’atlas ne connaît pas : %(ids)s.", ids=", ".join(unknown)[:200]
        )
    draft.focus = "commitments-more"


@blueprint.get("/animation/nouvelle")
def begin() -> str:
    """Answer with the form of a new consultation, filled in but for its title."""
    need("editor")
    return _page(drafting.starting(), None)


@blueprint.post("/animation/nouvelle")
def create() -> Any:
    """Make a consultation, or show the form again."""
    person = need("editor")
    draft, wanted = _read()
    if not wanted:
        return _page(draft, None)
    plan = plan_of(draft, current_site().atlas)
    if plan is None:
        return _page(draft, None), 422
    made = store.create(current_state(), plan, person)
    return _to_board(made)


@blueprint.get("/animation/<slug>/modifier")
def edit(slug: str) -> str:
    """Answer with the form of a consultation."""
    known, _person = facilitated(slug)
    return _page(drafting.of_plan(known.plan), known)


@blueprint.post("/animation/<slug>/modifier")
def revise(slug: str) -> Any:
    """Keep a new version, or show the form again: with its faults, or with what others did."""
    known, person = facilitated(slug)
    draft, wanted = _read()
    text = request.form.get("seen", "")
    seen = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not wanted:
        return _page(draft, known, seen=seen)
    versions = store.versions(current_state(), known)
    taken = {id for _n, plan, _who, _at in versions for id in drafting.ids_of(plan)}
    plan = plan_of(draft, current_site().atlas, taken)
    if plan is None:
        return _page(draft, known, seen=seen), 422
    said = kept.listed(current_state(), known, CONTRIBUTION_STATES[:3])
    lost = answers_lost(known.plan, plan, said)
    if lost and not request.form.get("lose"):
        return _page(draft, known, seen=seen, lost=lost), 422
    try:
        store.revise(current_state(), replace(known, version=seen), plan, person)
    except OutdatedError:
        return _page(draft, known, **_meanwhile(known, seen)), 409
    return _to_board(known)


def _meanwhile(known: Known, seen: int) -> dict[str, Any]:
    """What others have kept since the version that a form answers."""
    versions = store.versions(current_state(), known)
    base = next((plan for number, plan, _who, _at in versions if number == seen), versions[-1][1])
    names = sorted({who for number, _plan, who, _at in versions if number > seen and who})
    return {
        "others": ", ".join(names),
        "theirs": field_names(drafting.changed_fields(base, known.plan)),
    }


def _to_board(known: Known) -> Response:
    personal()
    return redirect(url_for("facilitating.show", slug=known.slug), 303)


@blueprint.get("/animation/<slug>/versions")
def versions(slug: str) -> str:
    """Answer with the versions of the plan, and what each has changed."""
    known, _person = facilitated(slug)
    return _history(known)


def _history(known: Known, message: str = "") -> str:
    found = store.versions(current_state(), known)
    before: list[Plan | None] = [*(plan for _n, plan, _who, _at in found[1:]), None]
    rows = [
        (number, plan, who, at, field_names(drafting.changed_fields(old, plan)) if old else [])
        for (number, plan, who, at), old in zip(found, before, strict=True)
    ]
    personal()
    return render_template("consultation/versions.html", known=known, rows=rows, message=message)


@blueprint.post("/animation/<slug>/versions")
def undo(slug: str) -> Any:
    """Make an earlier version the newest again, as a new version."""
    known, person = facilitated(slug)
    wanted, seen = request.form.get("version", ""), request.form.get("seen", "")
    found = {str(n): plan for n, plan, _who, _at in store.versions(current_state(), known)}
    if wanted not in found or seen != str(known.version):
        message = _("Quelqu’un a enregistré une autre version entre-temps : relisez la liste.")
        return _history(known, message), 409
    try:
        store.revise(current_state(), known, found[wanted], person)
    except OutdatedError:
        message = _("Quelqu’un a enregistré une autre version entre-temps : relisez la liste.")
        return _history(known, message), 409
    return _to_board(known)


@blueprint.post("/animation/<slug>/dupliquer")
def duplicate(slug: str) -> Response:
    """Make a draft with the same plan, without its dates, that the account owns."""
    known, person = facilitated(slug)
    made = _copy(known, person)
    personal()
    return redirect(url_for("preparing.edit", slug=made.slug), 303)


def _copy(known: Known, person: Person) -> Known:
    title = f"{known.plan.title_fr[:180]} (copie)"
    english = f"{known.plan.title_en[:180]} (copy)" if known.plan.title_en else ""
    changes = {"title_fr": title, "title_en": english, "opens": None, "closes": None}
    return store.create(current_state(), known.plan.model_copy(update=changes), person)


@blueprint.get("/animation/<slug>/apercu")
def preview(slug: str) -> str:
    """Answer with what participants will see; nothing can be sent from it."""
    known, _person = facilitated(slug)
    plan, atlas = known.plan, current_site().atlas
    personal()
    return render_template(
        "consultation/preview.html",
        known=known,
        places=places_of(plan, atlas),
        territories=territories_of(plan, atlas),
        commitments=commitments_of(plan, atlas),
    )
