"""Logging in and out: ``/connexion``, the one page that gives a reader a cookie."""

from __future__ import annotations

import re
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from webmap.accounts import guard, person, personal
from webmap.accounts.people import LONGEST, identify
from webmap.accounts.sessions import (
    PER_ADDRESS,
    PER_NAME,
    WINDOW,
    close_session,
    forgive,
    may_try,
    open_session,
    origin,
)
from webmap.params import LANG, Parameter, takes
from webmap.state import current_state

blueprint = Blueprint("accounts", __name__)
blueprint.before_request(guard)

_REQUIRED = _l("À remplir.")
_LOCAL = re.compile(r"/(?![/\\])[\w/.,;:=&?%+-]{0,500}", re.ASCII)


def _local(text: str) -> str:
    if text and not _LOCAL.fullmatch(text):
        raise ValueError(text)
    return text


NEXT = Parameter("suite", _local, lambda: _("un chemin de ce site, par exemple /engagements"), "")


class LoginForm(FlaskForm):
    """Name and password, and the path to go to afterwards."""

    name = StringField(_l("Nom du compte"), [InputRequired(_REQUIRED), Length(max=80)])
    password = PasswordField(_l("Mot de passe"), [InputRequired(_REQUIRED), Length(max=LONGEST)])
    suite = HiddenField()


def _page(form: LoginForm, status: int = 200, fault: str = "") -> tuple[str, int]:
    personal()
    page = render_template("accounts/login.html", form=form, person=person(), fault=fault)
    return page, status


@blueprint.get("/connexion")
@takes(NEXT)
def show() -> tuple[str, int]:
    """Answer with the form, or with who is logged in."""
    return _page(LoginForm(formdata=None, suite=NEXT.value))


@blueprint.post("/connexion")
def log_in() -> Any:
    """Open a session, a new one whatever the browser had before."""
    form = LoginForm()
    if not form.validate():
        return _page(form, 422)
    database, secret = current_state(), current_app.config["SECRET_KEY"]
    address, name = request.remote_addr or "", form.name.data or ""
    limits = {
        origin(secret, "address", address): PER_ADDRESS,
        origin(secret, "name", name.casefold()): PER_NAME,
    }
    if not may_try(database, limits):
        minutes = int(WINDOW.total_seconds() // 60)
        page, status = _page(form, 429, _("Trop d’essais ; attendez %(n)s minutes.", n=minutes))
        return page, status, {"Retry-After": str(minutes * 60)}
    found = identify(database, name, form.password.data or "")
    if found is None:
        return _page(form, 401, _("Ce nom et ce mot de passe ne vont pas ensemble."))
    forgive(database, limits)
    session.clear()
    login_user(open_session(database, found))
    # Flask-Login notes a digest of the address and the browser, which nothing here needs.
    session.pop("_id", None)
    return _go(form.suite.data or "")


def _go(path: str) -> Response:
    personal()
    if _LOCAL.fullmatch(path):
        language = f"?lang={LANG.value}" if LANG.value and "?" not in path else ""
        return redirect(request.script_root + path + language, 303)
    return redirect(url_for("accounts.show"), 303)


@blueprint.post("/deconnexion")
def log_out() -> Response:
    """End the session here and everywhere else."""
    found = person()
    if found is not None:
        close_session(current_state(), found.token)
    session.clear()
    personal()
    return redirect(url_for("accounts.show"), 303)
