"""What does a form without JavaScript say? Its fields as a device would have sent them."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Sequence
from typing import Any, Protocol

from flask import current_app
from itsdangerous import BadSignature, TimestampSigner

from webmap.clock import now
from webmap.consultation.participants import SHORTEST
from webmap.consultation.plan import Plan, Question
from webmap.consultation.said import SaidError
from webmap.i18n import language

TRAP = "site"
"""A field that no person sees; programs fill it in."""
_NUMBER = re.compile(r"-?\d{1,3}(?:[.,]\d{1,12})?", re.ASCII)


class Form(Protocol):
    """The fields of a form that was sent, as Werkzeug reads them."""

    def get(self, name: str, default: str) -> str:
        """The first value of a field."""

    def getlist(self, name: str) -> Sequence[str]:
        """Every value of a field."""


def new_key() -> str:
    """A number for a contribution, made with the form: sent twice it is kept once."""
    return str(uuid.uuid4())


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt="limitrophe-form")


def start_stamp() -> str:
    """When a form was given out, signed."""
    return _signer().sign("form").decode()


def _given_at(stamp: str) -> datetime.datetime | None:
    try:
        return _signer().unsign(stamp[:200], return_timestamp=True)[1]
    except (BadSignature, UnicodeEncodeError):
        return None


def filled_too_fast(stamp: str) -> bool:
    """Tell whether a form comes back sooner than a person can fill it in, or without a stamp."""
    given_at = _given_at(stamp)
    return given_at is None or now() - given_at < SHORTEST


def kept_stamp(stamp: str) -> str:
    """The stamp of a form that is shown again: the time that was taken already counts."""
    return stamp if _given_at(stamp) else start_stamp()


def sent_by(form: Form, plan: Plan) -> dict[str, Any]:
    """A contribution as `webmap.consultation.said.read_said` reads it.

    Raises
    ------
    SaidError
        If the coordinates are none.
    """
    answers = {question.id: _answer(form, question) for question in plan.questions}
    return {
        "key": form.get("key", ""),
        "language": language(),
        "category": form.get("category", ""),
        "geometry": _position(form.get("position", "")),
        "place": form.get("place", "") or None,
        "commitment": form.get("commitment", "") or None,
        "territory": form.get("territory", "") or None,
        "answers": {id: answer for id, answer in answers.items() if answer not in (None, "", [])},
    }


def _answer(form: Form, question: Question) -> Any:
    name = f"q-{question.id}"
    if question.kind == "multiple":
        return list(form.getlist(name))
    text = form.get(name, "")
    if question.kind == "scale" and re.fullmatch(r"\d{1,3}", text, re.ASCII):
        return int(text)
    return text


def _position(text: str) -> dict[str, Any] | None:
    """A point from latitude and longitude in degrees, as people write them."""
    if not text.strip():
        return None
    found = [float(number.replace(",", ".")) for number in _NUMBER.findall(text[:100])]
    if len(found) != 2:
        raise SaidError("position", "malformed")
    return {"type": "Point", "coordinates": [found[1], found[0]]}
