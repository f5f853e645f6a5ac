"""How is an answer given again without making it again? A small layer ahead of Flask.

Flask answers first. An answer that a view has declared to depend on its address and on how it
is negotiated alone (`webmap.responses.prepared`) is kept as it was sent, headers included, and
the same question gets it again without Flask; so do ``HEAD`` and conditional requests. The
atlas does not change while the service runs, so nothing is ever out of date. What the
application does before its views (counting, limiting) is not done for such an answer: it costs
less than that.

What is never kept: an answer other than 200, one that sets a cookie, one without a strong
ETag, and one whose ``Vary`` names a header that is not part of the question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from flask import Flask
from werkzeug.http import parse_etags, parse_set_header, remove_entity_headers

from webmap.kept import Kept
from webmap.responses import MARK, NOT_OF_304

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Question = tuple[str, ...]

NEGOTIATED = frozenset({"accept", "accept-language", "accept-encoding"})
"""Headers that are part of the question, as ``Vary`` names them."""
OVERHEAD = 2048
"""Bytes that keeping an answer costs besides its body and its address."""


class Answer:
    """An answer as it is sent again.

    Parameters
    ----------
    headers
        Those of the whole answer.
    payload
        Its bytes as they are sent: under the coding that the headers name.
    etag
        The strong validator, in its quotes.
    """

    __slots__ = ("_alone", "etag", "headers", "payload")

    def __init__(self, headers: Headers, payload: bytes, etag: str) -> None:
        self.headers = headers
        self.payload = payload
        self.etag = etag
        self._alone: Headers | None = None

    def not_modified(self) -> Headers:
        """The headers of its 304."""
        if self._alone is None:
            kept = [pair for pair in self.headers if pair[0] not in NOT_OF_304]
            remove_entity_headers(kept)
            self._alone = kept
        return self._alone

    def give(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """Answer ``GET`` or ``HEAD``, whole or as 304."""
        condition = environ.get("HTTP_IF_NONE_MATCH")
        if condition is not None and self._matches(condition):
            start_response("304 NOT MODIFIED", list(self.not_modified()))
            return []
        start_response("200 OK", list(self.headers))
        return [self.payload] if environ["REQUEST_METHOD"] == "GET" else []

    def _matches(self, condition: str) -> bool:
        return condition == self.etag or parse_etags(condition).contains_weak(self.etag[1:-1])


def question(environ: Environ) -> Question | None:
    """All that a prepared answer may depend on; None for a method that changes or describes."""
    method = environ["REQUEST_METHOD"]
    if method not in ("GET", "HEAD"):
        return None
    get = environ.get
    return (
        environ["wsgi.url_scheme"],
        get("HTTP_HOST") or f"{get('SERVER_NAME', '')}:{get('SERVER_PORT', '')}",
        get("SCRIPT_NAME", ""),
        get("PATH_INFO", ""),
        get("QUERY_STRING", ""),
        get("HTTP_ACCEPT", ""),
        get("HTTP_ACCEPT_LANGUAGE", ""),
        get("HTTP_ACCEPT_ENCODING", ""),
    )


def strong_etag(headers: Headers) -> str:
    """The strong validator of an answer that may be sent again; empty if it may not be."""
    etag = ""
    for name, value in headers:
        match name.lower():
            case "set-cookie":
                return ""
            case "vary":
                if not NEGOTIATED.issuperset(part.lower() for part in parse_set_header(value)):
                    return ""
            case "etag":
                etag = value
    return etag if etag.startswith('"') else ""


class Shortcut(Protocol):
    """What can answer some questions that have not been asked before."""

    def answer(self, question: Question) -> Answer | None:
        """Return the answer that Flask would give, or None."""

    def learn(self, question: Question, told: Answer) -> None:
        """Take note of what Flask has answered."""


class Prepared:
    """The layer: a WSGI application around another.

    Parameters
    ----------
    application
        Flask.
    capacity
        Bytes that the answers kept may take, bodies as sent.
    shortcut
        What can answer some questions without Flask; see `webmap.plain`.
    """

    def __init__(
        self, application: Application, capacity: int, shortcut: Shortcut | None = None
    ) -> None:
        self.application = application
        self.answers: Kept[Question, Answer] = Kept(capacity)
        self.shortcut = shortcut

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        asked = question(environ)
        if asked is None:
            return self.application(environ, start_response)
        answer = self.answers.get(asked)
        if answer is None and self.shortcut is not None:
            answer = self.shortcut.answer(asked)
            self._keep(asked, answer)
        if answer is None:
            return self._ask(asked, environ, start_response)
        return answer.give(environ, start_response)

    def _keep(self, asked: Question, answer: Answer | None) -> None:
        if answer is not None:
            cost = OVERHEAD + len(answer.payload) + sum(map(len, asked))
            self.answers.keep(asked, answer, cost)

    def _ask(
        self, asked: Question, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let Flask answer; keep what may be kept."""
        told: list[Any] = []

        def listen(status: str, headers: Headers, *rest: Any) -> Any:
            told[:] = [status, headers]
            return start_response(status, headers, *rest)

        made = self.application(environ, listen)
        whole = environ["REQUEST_METHOD"] == "GET" and environ.get(MARK, False)
        if not whole or not told or told[0] != "200 OK":
            return made
        etag = strong_etag(told[1])
        if not etag:
            return made
        try:
            payload = b"".join(made)
        finally:
            if hasattr(made, "close"):
                made.close()
        answer = Answer(list(told[1]), payload, etag)
        self._keep(asked, answer)
        if self.shortcut is not None:
            self.shortcut.learn(asked, answer)
        return [payload]


def register(app: Flask, capacity: int, shortcut: Shortcut | None = None) -> None:
    """Put the layer ahead of ``app``; ``capacity`` is in bytes.

    To be called before the layer that believes proxies (`webmap.urls`), which must come first
    when a request arrives: scheme, host and prefix are part of the question.
    """
    app.wsgi_app = Prepared(app.wsgi_app, capacity, shortcut)  # type: ignore[method-assign]
