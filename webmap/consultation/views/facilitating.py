"""Running consultations: which are mine, where each of them is, who runs it with me, its link."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from webmap.accounts import guard, need, person, personal
from webmap.accounts.people import folded_name
from webmap.consultation import store
from webmap.consultation.access import facilitated
from webmap.consultation.store import MOVES, Known, StageError
from webmap.responses import AtlasResponse
from webmap.state import current_state
from webmap.urls import absolute

blueprint = Blueprint("facilitating", __name__)
blueprint.before_request(guard)

SVG = "image/svg+xml"


def _link(known: Known) -> str:
    """The short address that leads to a consultation."""
    return absolute("joining.short", code=known.code, lang=None)


def _board(known: Known, message: str = "") -> str:
    someone = person()
    role = store.role_of(current_state(), known, someone) if someone else None
    personal()
    return render_template(
        "consultation/board.html",
        known=known,
        owner=role == "owner",
        moves=MOVES[known.stage],
        team=store.team(current_state(), known),
        link=_link(known),
        qr=Markup(_qr(known, inline=True)),
        message=message,
    )


def _qr(known: Known, *, inline: bool) -> str:
    """The QR code of the short address as SVG; its modules are black on white."""
    code = segno.make(_link(known), error="m", micro=False)
    kinds: dict[str, Any] = {"border": 4, "light": "#ffffff", "omitsize": True}
    if inline:
        return str(code.svg_inline(svgclass="qr", lineclass=None, **kinds))
    file = io.BytesIO()
    code.save(file, kind="svg", **kinds)
    return file.getvalue().decode()


@blueprint.get("/animation")
def index() -> str:
    """Answer with the consultations that the account runs."""
    someone = need("editor")
    mine = store.run_by(current_state(), someone)
    groups = [
        [known for known in mine if known.stage != "archived"],
        [known for known in mine if known.stage == "archived"],
    ]
    return render_template("consultation/mine.html", groups=groups, person=someone)


@blueprint.get("/animation/<slug>")
def show(slug: str) -> str:
    """Answer with the board of a consultation."""
    known, _person = facilitated(slug)
    return _board(known)


@blueprint.get("/animation/<slug>/code.svg")
def code(slug: str) -> Response:
    """Answer with the QR code of the short address, to be put on a poster."""
    known, _person = facilitated(slug)
    response = AtlasResponse(_qr(known, inline=False), content_type=SVG)
    response.headers["Content-Disposition"] = f'attachment; filename="{known.slug}.svg"'
    return response


@blueprint.post("/animation/<slug>/etape")
def move(slug: str) -> Any:
    """Bring the consultation into another stage, from the one that the page showed."""
    known, _person = facilitated(slug)
    if request.form.get("de") != known.stage:
        return _board(known, _("Quelqu’un d’autre a changé l’étape entre-temps : relisez.")), 409
    try:
        store.move(current_state(), known, request.form.get("vers", ""))
    except StageError:
        return _board(known, _("Cette étape ne suit pas celle où en est la concertation.")), 409
    return _back(slug)


@blueprint.post("/animation/<slug>/equipe")
def team(slug: str) -> Any:
    """Invite an account, or take the consultation from one."""
    known, _person = facilitated(slug, "owner")
    name = folded_name(request.form.get("nom", "")[:80])
    if request.form.get("do") == "dismiss":
        if not store.dismiss(current_state(), known, name):
            message = _("Cette personne n’est pas de l’équipe, ou en est la seule responsable.")
            return _board(known, message), 422
    elif not store.invite(current_state(), known, name):
        message = _("Aucun compte ouvert ne porte ce nom. Un compte s’obtient auprès de qui"
                    " administre cet atlas.")  # fmt: skip
        return _board(known, message), 422
    return _back(slug)


def _back(slug: str) -> Any:
    personal()
    return redirect(url_for("facilitating.show", slug=slug), 303)
