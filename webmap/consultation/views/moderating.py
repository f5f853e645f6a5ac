"""Moderating: the queue of the team, its decisions, and the log that everybody may read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from layers.folding import folded
from webmap.accounts import guard, personal
from webmap.consultation import kept, moderation, wording
from webmap.consultation.access import facilitated, shown
from webmap.consultation.moderation import Entry, ModerationRefused, Order
from webmap.consultation.signals import Span, occurrences
from webmap.consultation.store import Known
from webmap.params import Parameter, choice, takes, whole_number
from webmap.site import current_site
from webmap.state import current_state

blueprint = Blueprint("moderating", __name__)
blueprint.before_request(guard)

PAGE = 20
"""Contributions on a page of the queue."""
LOG_PAGE = 100
_NAMES = "limitrophe_names"
_FILES = {word: file for file, word in wording.FILE_WORDS.items()}
FILE = choice("file", tuple(_FILES), wording.FILE_WORDS["attention"])


def _page_number(text: str) -> int:
    number = whole_number(text)
    if not 1 <= number <= 10_000:
        raise ValueError(text)
    return number


PAGE_NUMBER = Parameter("page", _page_number, lambda: _("un nombre entier à partir de 1"), 1)
DONE = Parameter("fait", whole_number, lambda: _("le numéro d’une contribution"), 0)


def _names() -> frozenset[str]:
    """The names of places, bodies and documents, folded: none of them is a person."""
    known = current_app.extensions
    if _NAMES not in known:
        atlas = current_site().atlas
        names = [name for p in atlas.places.values() for name in (p.name, *p.aliases)]
        names += [name for a in atlas.actors.values() for name in (a.name_fr, *a.aliases)]
        known[_NAMES] = frozenset(map(folded, names))
    found: frozenset[str] = known[_NAMES]
    return found


@blueprint.get("/animation/<slug>/moderation")
@takes(FILE, PAGE_NUMBER, DONE)
def queue(slug: str) -> str:
    """Answer with the contributions to look at."""
    known, _person = facilitated(slug)
    return _queue(known, _FILES[FILE.value], done=DONE.value)


def _queue(known: Known, file: str, *, done: int = 0, refused: Order | None = None,
           why: str = "") -> str:  # fmt: skip
    personal()
    state = current_state()
    found = moderation.entries(state, known, file, _names())
    pages = max(1, -(-len(found) // PAGE))
    page = min(PAGE_NUMBER.value if request.method == "GET" else _asked_page(), pages)
    at = found[(page - 1) * PAGE : page * PAGE]
    others = kept.listed(state, known, ("pending", "published"))
    attention = found if file == "attention" else moderation.entries(
        state, known, "attention", _names()
    )  # fmt: skip
    return render_template(
        "consultation/moderation.html",
        known=known,
        entries=at,
        twins={e.kept.number: e.twin or moderation.near_twins(known, e, others) for e in at},
        texts={e.kept.number: moderation.texts_of(known.plan, e.kept) for e in at},
        waiting=moderation.waiting(attention),
        file=file,
        page=page,
        pages=pages,
        done=_said(known, done) if done else "",
        refused=refused,
        why=why,
        wording=wording,
        may=_may,
        mentioned=_mentioned,
    )


def _asked_page() -> int:
    asked = request.form.get("page", "1")
    return _page_number(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 5 else 1


def _may(entry: Entry) -> tuple[str, ...]:
    """What may be decided of an entry."""
    found = moderation.MAY[entry.kept.state]
    if entry.kept.state == "published" and entry.kept.shown is None:
        found = tuple(action for action in found if action != "restore")
    return found


def _mentioned(entry: Entry) -> str:
    """What an entry is about: names of its place, commitment and territory."""
    atlas, one = current_site().atlas, entry.kept
    found = [
        atlas.places[id].name for id in (one.place, one.territory) if id and id in atlas.places
    ]
    found += [one.commitment] if one.commitment else []
    return " · ".join(found)


def _said(known: Known, number: int) -> str:
    """What was decided last of a contribution, for whoever has just decided it."""
    latest = next((e for e in moderation.log(current_state(), known) if e.number == number), None)
    if latest is None:
        return ""
    what = str(wording.ACTIONS[latest.action])
    return str(_("N° %(n)s : %(what)s.", n=number, what=what[0].lower() + what[1:]))


@blueprint.post("/animation/<slug>/moderation")
@takes(FILE)
def decide(slug: str) -> Any:
    """Do what the form of a contribution says."""
    known, person = facilitated(slug)
    file = _FILES[FILE.value]
    order = _order(known)
    try:
        moderation.decide(current_state(), known, order, person)
    except ModerationRefused as refused:
        why = str(wording.REFUSALS[refused.reason])
        status = 409 if refused.reason in ("outdated", "withdrawn", "state") else 422
        return _queue(known, file, refused=order, why=why), status
    personal()
    page = _asked_page()
    back = url_for(
        "moderating.queue", slug=slug, file=None if file == "attention" else FILE.value,
        page=page if page > 1 else None, fait=order.number,
    )  # fmt: skip
    return redirect(back, 303)


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _order(known: Known) -> Order:
    """What the form says; what makes no sense is refused when it is carried out."""
    number = _number("number")
    action = request.form.get("action", "")
    return Order(
        number=number,
        action=action,
        revision=_number("revision"),
        seen=_number("seen"),
        reason=request.form.get("reason", ""),
        note=" ".join(request.form.get("note", "").split())[: moderation.LONGEST_NOTE],
        spans=_spans(known, number) if action == "redact" else None,
    )


def _spans(known: Known, number: int) -> dict[str, list[Span]]:
    """The parts that were ticked (``question:start:end``) or typed, one a line."""
    one = next(
        (o for o in kept.listed(current_state(), known, ("pending", "published"))
         if o.number == number), None,
    )  # fmt: skip
    if one is None:
        return {}
    texts = moderation.texts_of(known.plan, one)
    found: dict[str, list[Span]] = {id: [] for id in texts}
    for ticked in request.form.getlist("span"):
        id, _colon, edges = ticked.partition(":")
        start, _colon, end = edges.partition(":")
        if id in texts and start.isdecimal() and end.isdecimal() and len(edges) < 20:
            found[id].append(Span(int(start), min(int(end), len(texts[id])), "ticked"))
    for line in request.form.get("passages", "").splitlines():
        for id, text in texts.items():
            found[id] += occurrences(text, line.strip())
    return {id: spans for id, spans in found.items() if spans}


@blueprint.get("/consultations/<slug>/journal")
@takes(PAGE_NUMBER)
def journal(slug: str) -> str:
    """Answer with every decision, for everybody, without any text and without any name."""
    known = shown(slug)
    found = moderation.log(current_state(), known)
    pages = max(1, -(-len(found) // LOG_PAGE))
    page = min(PAGE_NUMBER.value, pages)
    return render_template(
        "consultation/journal.html",
        known=known,
        log=found[(page - 1) * LOG_PAGE : page * LOG_PAGE],
        total=len(found),
        page=page,
        pages=pages,
        wording=wording,
    )
