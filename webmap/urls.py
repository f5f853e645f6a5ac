"""Which address does a link have? Links keep the language and survive proxies and prefixes.

``url_for`` adds ``lang`` by itself when the current address has it. Absolute addresses follow
``X-Forwarded-*`` only where the settings say that a proxy is to be believed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, has_request_context, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from webmap.params import LANG, LANGUAGES

WITHOUT_LANGUAGE = frozenset({"static", "health.show"})


def absolute(endpoint: str, **values: Any) -> str:
    """The address of an endpoint with scheme, host and prefix."""
    return url_for(endpoint, _external=True, **values)


def here(**changes: str | int | None) -> str:
    """The path of the current address with some query parameters changed.

    Parameters
    ----------
    **changes
        New values by parameter name; ``None`` takes the parameter away. A hyphen in a name is
        written as an underscore.
    """
    query: dict[str, Any] = dict(request.args.items())
    for name, value in changes.items():
        query[name.replace("_", "-")] = value
    return _with_query([(name, value) for name, value in query.items() if value is not None])


def here_without(names: Collection[str]) -> str:
    """The path of the current address without the query parameters of some names."""
    given = request.args.items(multi=True)
    return _with_query([(name, value) for name, value in given if name not in names])


def _with_query(query: list[tuple[str, Any]]) -> str:
    path = quote(request.script_root + request.path, safe="/~:@!$&'()*+,;=")
    return f"{path}?{urlencode(query)}" if query else path


def here_absolute(**changes: str | int | None) -> str:
    """`here` with scheme and host."""
    return request.host_url.rstrip("/") + here(**changes)


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in WITHOUT_LANGUAGE or LANG.name in values or not has_request_context():
        return
    asked = request.args.get(LANG.name, "")
    if asked in LANGUAGES:
        values[LANG.name] = asked


def register(app: Flask, trusted_proxies: int) -> None:
    """Give ``app`` its link building.

    Parameters
    ----------
    app
        The application.
    trusted_proxies
        How many proxies in front set ``X-Forwarded-For``, ``-Proto``, ``-Host``, ``-Port`` and
        ``-Prefix``; with 0 these headers are ignored.
    """
    if trusted_proxies:
        n = trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=n, x_proto=n, x_host=n, x_port=n, x_prefix=n
        )
    app.url_default_functions.setdefault(None, []).append(_keep_language)
    app.jinja_env.globals.update(absolute=absolute, here=here, here_without=here_without)
