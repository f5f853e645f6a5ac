"""Is this the browser that was here before? A signed token, of which only a digest is kept.

The token names a consultation and a channel, and nobody. It is in a cookie that is sent to the
pages of that consultation alone; a row is written when the browser first contributes.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from dataclasses import dataclass

from flask import Response, current_app, request
from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap.clock import now, today
from webmap.consultation.store import Known
from webmap.state.consultations import CHANNELS, Participant

COOKIE = "limitrophe_participation"
_SALT = "limitrophe-participation"
SHORTEST = datetime.timedelta(seconds=3)
"""Nobody has read what is asked and answered within less than this of joining."""


@dataclass(frozen=True)
class Guest:
    """A browser that takes part in a consultation.

    Parameters
    ----------
    token
        What the browser keeps; without the secret nobody can make one.
    channel
        How it came: ``online``, ``room`` or ``paper``.
    """

    token: str
    channel: str

    @property
    def digest(self) -> str:
        """What the database knows it by."""
        return hashlib.sha256(self.token.encode()).hexdigest()


class _Signer(TimestampSigner):
    """Signs with the moment at which a browser has joined."""

    moment: datetime.datetime | None = None

    def get_timestamp(self) -> int:
        return int((self.moment or now()).timestamp())


def _signer() -> _Signer:
    key: bytes = current_app.config["SECRET_KEY"]
    return _Signer(key, salt=_SALT, digest_method=hashlib.sha256)


def new_guest(known: Known, channel: str, at: datetime.datetime | None = None) -> Guest:
    """Make the token of a browser that joins, now or at a moment that is given."""
    text = f"{known.id}.{channel}.{secrets.token_urlsafe(18)}"
    signer = _signer()
    signer.moment = at
    return Guest(signer.sign(text).decode(), channel)


def too_fast(guest: Guest) -> bool:
    """Tell whether a browser has joined so lately that no person can have answered yet."""
    _text, joined_at = _signer().unsign(guest.token, return_timestamp=True)
    return now() - joined_at < SHORTEST


def read_guest(known: Known, token: str) -> Guest | None:
    """Whose token this is; None when it was not made here, or for another consultation."""
    try:
        text = _signer().unsign(token[:300]).decode()
    except (BadSignature, UnicodeDecodeError):
        return None
    id, _, rest = text.partition(".")
    channel = rest.partition(".")[0]
    if id != str(known.id) or channel not in CHANNELS:
        return None
    return Guest(token, channel)


def guest(known: Known) -> Guest | None:
    """The browser that asks, None when it has not joined."""
    return read_guest(known, request.cookies.get(COOKIE, ""))


def remember(response: Response, guest: Guest, path: str) -> None:
    """Give the browser its token, for the pages of the consultation alone (``path``)."""
    response.set_cookie(
        COOKIE,
        guest.token,
        max_age=60 * 60 * 24 * 45,
        path=path,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def row_of(session: Session, known: Known, guest: Guest) -> Participant:
    """The row of a browser within a transaction that writes, made when it is the first time."""
    query = select(Participant).where(
        Participant.consultation_id == known.id, Participant.digest == guest.digest
    )
    found = session.scalar(query)
    if found is None:
        found = Participant(
            consultation_id=known.id, digest=guest.digest, channel=guest.channel, joined_on=today()
        )
        session.add(found)
        session.flush()
    return found
