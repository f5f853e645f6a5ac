"""What does a form ask for that is too long for an address? Fields read as strictly as a query.

Such a form changes nothing on the server; it is a question with a large body. A page of another
site may not send it from a reader's browser all the same.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import g, request
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden

from webmap.params import LANG, Parameter, UnknownParameterError

LARGEST = 480_000
"""Bytes of a form without a file: the largest outline, its positions written in full."""


class ForeignFormError(Forbidden):
    """A page of another site has sent a form."""


def read_fields(*parameters: Parameter[Any], most: int = LARGEST) -> None:
    """Read the fields of the form that was sent as `webmap.params` reads a query.

    Raises
    ------
    UnknownParameterError, ParameterError
        Naming the first field at fault, what came and what is allowed.
    ForeignFormError
        If a page of another site sent it.
    werkzeug.exceptions.RequestEntityTooLarge
        If it is longer than ``most`` bytes.
    """
    refuse_foreign()
    request.max_content_length = most
    taken = (*parameters, LANG)
    names = [parameter.name for parameter in taken]
    for name, text in request.form.items():
        if name not in names:
            known = ", ".join(sorted(names))
            raise UnknownParameterError(name, text, _("champs connus ici : %(n)s", n=known))
    asked = {name: value for name, value in g.query.items() if name == LANG.name and value}
    g.query = {p.name: p.read(request.form.getlist(p.name)) for p in taken} | asked


def refuse_foreign() -> None:
    """Raise `ForeignFormError` when the browser says that another site sends the request.

    Programs say nothing of the kind and are let through.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    elsewhere = origin not in ("", "null") and urlsplit(origin).netloc != request.host
    if site == "cross-site" or (not site and elsewhere):
        raise ForeignFormError
