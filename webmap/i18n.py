"""In which language does the service answer? French by default, English complete.

``?lang=`` decides, else ``Accept-Language``, else French. Message ids are the French texts.
"""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask, Response, request
from flask_babel import Babel, get_locale

from webmap.params import LANG, LANGUAGES

DEFAULT = "fr"
NBSP = "\N{NO-BREAK SPACE}"
CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.mo"


class CatalogueMissing(Exception):
    """The English catalogue is not compiled: the interface would be half French."""


def select_language() -> str:
    """The language of the current request; a ``lang`` that is refused counts as absent."""
    asked = request.args.get(LANG.name, "")
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES, DEFAULT) or DEFAULT


def language() -> str:
    """``fr`` or ``en``: the language in which the current request is answered."""
    return str(get_locale() or DEFAULT)


def localised(thing: object, name: str) -> str:
    """The text ``name`` of a thing of the atlas, in the language of the request.

    Reads the attribute ``<name>_en`` or ``<name>_fr``; what has no English is told in French.
    """
    french: str = getattr(thing, f"{name}_fr")
    english: str = "" if language() == "fr" else getattr(thing, f"{name}_en", "")
    return english or typeset(french)


def typeset(french: str) -> str:
    """A French text whose signs stay with their words: colons, question marks, guillemets, units.

    So do the thousands of a number with what follows them.
    """
    return re.sub(r" (?=[:;?!»%€])|(?<=«) |(?<=\d) (?=\d{3}(?!\d))", NBSP, french)


def _tell_language(response: Response) -> Response:
    if request.endpoint != "static":
        response.headers["Content-Language"] = language()
        response.vary.add("Accept-Language")
    return response


def register(app: Flask) -> None:
    """Make ``app`` speak both languages.

    Raises
    ------
    CatalogueMissing
        If the English catalogue has not been compiled.
    """
    if not CATALOGUE.exists():
        raise CatalogueMissing(
            "the English interface is not compiled: run python scripts/translations.py compile"
        )
    Babel(app, default_locale=DEFAULT, locale_selector=select_language)
    app.after_request(_tell_language)
    app.jinja_env.globals.update(language=language, localised=localised, languages=LANGUAGES)
