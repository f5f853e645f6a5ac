"""What has become of a commitment? What authorised people record, kept as history.

The atlas says what the documents promise; this says what somebody reports of it, with author,
date and evidence. Entries are only ever added.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g
from flask_wtf import FlaskForm
from sqlalchemy.exc import SQLAlchemyError

from webmap.accounts import author
from webmap.clock import today
from webmap.progress import forms, history
from webmap.progress.history import Entry
from webmap.state import current_state, has_state

Known = TypeVar("Known")


def progress_of(commitment: str) -> list[Entry] | None:
    """What was recorded on a commitment, the newest first; None when it cannot be known.

    Read once for a response: the form of a page answers the very history that the page shows.
    """
    if "progress_known" not in g:
        g.progress_known = {}
    known: dict[str, list[Entry] | None] = g.progress_known
    if commitment not in known:
        known[commitment] = _read(lambda: history.of(current_state(), commitment))
    return known[commitment]


def latest_progress() -> dict[str, Entry] | None:
    """The newest entry of each commitment that has any; None when it cannot be known."""
    return _read(lambda: history.latest(current_state()))


def _read(read: Callable[[], Known]) -> Known | None:
    """Read from the state; a database that is away takes nothing from the atlas."""
    if not has_state():
        return None
    try:
        return read()
    except SQLAlchemyError:
        current_app.logger.exception("progress cannot be read")
        return None


def blank_progress(commitment: str) -> FlaskForm:
    """An empty form that answers the history that the page shows."""
    return forms.blank(len(progress_of(commitment) or ()))


def register(app: Flask) -> None:
    """Let the templates of ``app`` show progress; without a state there is none to show."""
    app.jinja_env.globals.update(
        author=author,
        blank_progress=blank_progress,
        has_state=has_state,
        latest_progress=latest_progress,
        progress_of=progress_of,
        today=today,
    )
