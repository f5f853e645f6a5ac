"""Who is writing? Accounts made on the command line, and the session of whoever has logged in.

Readers have no account and are given no cookie. The session of an author is a token: the
browser has it signed, the database has its digest, and it ends with the account.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Forbidden

from webmap import errors
from webmap.accounts.people import Person
from webmap.accounts.sessions import person_of
from webmap.state import current_state, has_state

COOKIE = "limitrophe_session"

LARGEST_FORM = 64_000
"""Bytes of a form: the longest note, each character written as percent signs, with room."""

csrf = CSRFProtect()


class _Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, sent back over https alone where it came over https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


class _Logins(LoginManager):
    """Flask-Login without its cookie that remembers, which would touch every session."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


class AccessRefused(Forbidden):
    """Someone who may not do it has tried to."""


def person() -> Person | None:
    """Who is logged in, else None. The answer depends on the cookie from here on."""
    if not current_user.is_authenticated:
        return None
    personal()
    found: Person = current_user._get_current_object()
    return found


def author() -> Person | None:
    """Who is logged in and may record, else None; None where nothing can be recorded."""
    found = person() if has_state() else None
    return found if found is not None and found.may("editor") else None


def need(role: str) -> Person:
    """Return who is logged in.

    Raises
    ------
    AccessRefused
        If nobody is, or somebody who has not this role.
    """
    found = person()
    if found is None or not found.may(role):
        raise AccessRefused
    return found


def personal() -> None:
    """Say that the response in the making is for this reader alone: nobody else may keep it."""
    g.personal = True


def guard() -> None:
    """Refuse a form that this service has not given to this browser; before every writing view.

    Raises
    ------
    flask_wtf.csrf.CSRFError
        If the form has no valid token.
    werkzeug.exceptions.RequestEntityTooLarge
        If it is larger than `LARGEST_FORM`.
    """
    if request.method == "POST":
        request.max_content_length = LARGEST_FORM
        csrf.protect()


def _load(token: str) -> Person | None:
    """Who a session belongs to; while the database is away everyone is a reader."""
    try:
        return person_of(current_state(), token)
    except SQLAlchemyError:
        current_app.logger.exception("the session cannot be read")
        return None


def _tell_csrf(_error: CSRFError) -> Response:
    detail = _(
        "Ce formulaire n’est plus valable, ou ne vient pas de ce site. Revenez en arrière, copiez"
        " votre texte, rechargez la page et recommencez."
    )
    return errors.tell(errors.Problem("demande-refusee", 400, detail))


def _tell_refused(_error: AccessRefused) -> Response:
    detail = _("Seule une personne autorisée et connectée peut faire cela.")
    return errors.tell(errors.Problem("acces-reserve", 403, detail))


def _keep_personal(response: Response) -> Response:
    if g.get("personal", False):
        response.cache_control.private = True
        response.cache_control.no_cache = True
    return response


def register(app: Flask) -> None:
    """Give ``app``, which has a state, its accounts."""
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.session_interface = _Sessions()
    csrf.init_app(app)
    logins = _Logins()
    logins.session_protection = None
    logins.init_app(app, add_context_processor=False)
    logins.user_loader(_load)
    app.register_error_handler(CSRFError, _tell_csrf)
    app.register_error_handler(AccessRefused, _tell_refused)
    app.after_request(_keep_personal)
