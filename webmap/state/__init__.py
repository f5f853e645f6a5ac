"""What does the service remember? Accounts, progress, consultations, in a database of its own.

The atlas is files that nobody writes to. What people write is here: `folder` (where it lies and
who may read it), `models` and `consultations` (the tables), `database` (transactions), `migrate`
(the tables' versions). Without a folder that can be written to the atlas serves all the same,
without state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from webmap import errors
from webmap.state import consultations as _consultations  # noqa: F401 - its tables join the others
from webmap.state.database import Database
from webmap.state.folder import StateFault, StateFolder, StateUnavailable
from webmap.state.migrate import migrate

__all__ = ["Database", "StateFault", "StateUnavailable", "current_state", "has_state", "open_state"]

_KEY = "limitrophe_state"
RETRY_S = 5
"""Seconds after which to ask again when the database is away."""


def open_state(settings: Mapping[str, Any]) -> tuple[Database, bytes]:
    """Open the state that the settings name, at its newest version.

    Returns
    -------
    tuple
        The database, and the secret that signs what browsers are given.

    Raises
    ------
    StateUnavailable
        If the state folder cannot be written to.
    StateFault
        If the database cannot be opened or brought to the version of the program.
    """
    folder = StateFolder.prepare(settings["LIMITROPHE_STATE"])
    secret = folder.secret()
    database = Database(settings["DATABASE_URL"] or folder.sqlite_url())
    migrate(database, folder)
    return database, secret


def register(app: Flask, settings: Mapping[str, Any]) -> bool:
    """Give ``app`` its state; False, and a warning, where there can be none.

    Raises
    ------
    StateFault
        See `open_state`.
    """
    try:
        database, secret = open_state(settings)
    except StateUnavailable as error:
        app.logger.warning("%s The atlas is served without accounts or progress.", error)
        return False
    app.register_error_handler(DBAPIError, _tell_away)
    app.extensions[_KEY] = database
    app.config["SECRET_KEY"] = secret
    return True


def _tell_away(error: DBAPIError) -> Response:
    """Answer that the database is away or full: a transaction that ends so has kept nothing."""
    current_app.logger.error("the database failed: %s", error.orig)
    detail = _(
        "La base de données du service ne répond pas, ou son disque est plein. Rien de cette"
        " demande n’est enregistré : réessayez dans un moment."
    )
    response = errors.tell(errors.Problem("panne", 503, detail))
    response.headers["Retry-After"] = str(RETRY_S)
    return response


def has_state() -> bool:
    """Tell whether the application that answers has a state."""
    return _KEY in current_app.extensions


def current_state() -> Database:
    """The state of the application that answers."""
    database: Database = current_app.extensions[_KEY]
    return database
