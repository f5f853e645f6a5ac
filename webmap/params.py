"""What does the query of a request ask for? Strict reading of declared parameters.

A view declares what it takes with `takes`; the factory checks every request before its view
runs, so that an unknown, repeated or malformed parameter is never passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Flask, current_app, g, request
from flask_babel import gettext as _

from layers.errors import ParameterError

Value = TypeVar("Value")
View = TypeVar("View", bound=Callable[..., Any])

HUGE = 10**15
"""Stands for every whole number that is larger still, so that no input costs time."""


class UnknownParameterError(ParameterError):
    """A request has a parameter that its address does not take."""


@dataclass(frozen=True)
class Parameter(Generic[Value]):
    """One query parameter.

    Parameters
    ----------
    name
        Its name in the address.
    parse
        Turns the text into a value; raises ``ValueError``, or the domain's ``ParameterError``,
        when it cannot.
    allowed
        Says, in the language of the request, what would do.
    default
        The value when the parameter is absent.
    """

    name: str
    parse: Callable[[str], Value]
    allowed: Callable[[], str]
    default: Value

    @property
    def value(self) -> Value:
        """The value in the request that is being answered."""
        result: Value = g.query[self.name]
        return result

    def read(self, texts: list[str]) -> Value:
        """Parse what came; ``texts`` has every occurrence.

        Raises
        ------
        ParameterError
            If the parameter came more than once or cannot be understood.
        """
        if not texts:
            return self.default
        if len(texts) > 1:
            raise ParameterError(self.name, " / ".join(texts), _("une seule valeur"))
        try:
            return self.parse(texts[0])
        except (ValueError, ParameterError) as error:
            raise ParameterError(self.name, texts[0], self.allowed()) from error


class Several(Parameter[Any]):
    """A list: separated by commas, or one value for each box that was ticked."""

    def read(self, texts: list[str]) -> Any:
        """Parse every occurrence together; absent is the default."""
        return super().read([",".join(texts)] if texts else [])


def choice(name: str, options: tuple[str, ...], default: str | None = None) -> Parameter[Any]:
    """Declare a parameter that takes one of a few words."""

    def parse(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    return Parameter(name, parse, lambda: ", ".join(options), default)


def text(name: str) -> Parameter[str]:
    """Declare a parameter that takes any text, without the blanks around it."""
    return Parameter(name, str.strip, lambda: "", "")


def whole_number(text: str) -> int:
    """Parse ASCII digits; anything beyond `HUGE` counts as `HUGE`.

    Raises
    ------
    ValueError
        If there is anything but digits.
    """
    if not re.fullmatch(r"[0-9]+", text, re.ASCII):
        raise ValueError(text)
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) <= 15 else HUGE


LANGUAGES = ("fr", "en")
LANG = choice("lang", LANGUAGES)
"""Taken by every page and every answer of the service."""


def takes(*parameters: Parameter[Any]) -> Callable[[View], View]:
    """Declare the query parameters of a view, besides `LANG`."""

    def declare(view: View) -> View:
        view.parameters = parameters  # type: ignore[attr-defined]
        return view

    return declare


def parameters_of(endpoint: str) -> tuple[Parameter[Any], ...]:
    """The parameters that the view of an endpoint takes, `LANG` last."""
    view = current_app.view_functions[endpoint]
    return (*getattr(view, "parameters", ()), LANG)


def check_query() -> None:
    """Read the query of the current request into ``g.query`` before its view runs.

    Raises
    ------
    UnknownParameterError, ParameterError
        Naming the first parameter at fault, what came and what is allowed.
    """
    if request.endpoint is None or request.method == "OPTIONS":
        return
    parameters = parameters_of(request.endpoint)
    names = {parameter.name for parameter in parameters}
    for name, text in request.args.items():
        if name not in names:
            known = ", ".join(sorted(names))
            raise UnknownParameterError(name, text, _("paramètres connus ici : %(n)s", n=known))
    g.query = {p.name: p.read(request.args.getlist(p.name)) for p in parameters}


def register(app: Flask) -> None:
    """Check the query of every request of ``app``."""
    app.before_request(check_query)
