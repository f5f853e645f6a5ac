"""How does a body reach the client? Validators, 304, compression, caching.

An answer is a `Body`: its bytes, their digest, and its compressed forms, each made once. Bodies
that are asked for again and again are kept by `prepared`; every other text answer becomes a
body on its way out, so that there is one path for ETags and encodings.

The ETag is a digest of the content alone: workers started apart agree on it. Each coding has
an ETag of its own (``"<digest>"``, ``"<digest>-br"``, ``"<digest>-gzip"``), as a strong
validator requires. A page that holds the nonce of its response is unique and has none.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import brotli
import xxhash
from flask import Flask, Response, current_app, request

from webmap.i18n import language
from webmap.security import uses_nonce

CODINGS = ("br", "gzip")
SMALLEST = 1024
"""Bytes below which compression is not worth its headers."""
COMPRESSIBLE = ("text/", "json", "xml", "javascript")
"""What the type of a body has in it when compression pays."""
MARK = "limitrophe.prepared"
"""Set in the WSGI environment of a request whose answer depends on its address alone."""
NOT_OF_304 = ("Content-Type", "Content-Length", "Content-Disposition")
"""Headers that describe a body, which a 304 has not."""
_KEY = "limitrophe_bodies"


class Body:
    """A body and its compressed forms, each made at most once.

    Parameters
    ----------
    raw
        The bytes as they are.
    mimetype
        The whole ``Content-Type``.
    """

    __slots__ = ("_coded", "_lock", "digest", "mimetype", "raw")

    def __init__(self, raw: bytes, mimetype: str) -> None:
        self.raw = raw
        self.mimetype = mimetype
        self.digest = xxhash.xxh3_128_hexdigest(raw)
        self._coded: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def coded(self, coding: str) -> bytes:
        """The bytes under a content coding; ``identity`` is the raw ones."""
        if coding == "identity":
            return self.raw
        with self._lock:
            if coding not in self._coded:
                self._coded[coding] = _compress(self.raw, coding)
            return self._coded[coding]

    def etag(self, coding: str) -> str:
        """The entity tag of a coding, without quotes."""
        return self.digest if coding == "identity" else f"{self.digest}-{coding}"


def _compress(raw: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(raw, quality=7)
    return gzip.compress(raw, compresslevel=6, mtime=0)


class Bodies:
    """The bodies kept in memory: the least recently used go first.

    Parameters
    ----------
    capacity
        Total bytes of raw bodies.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self._kept: OrderedDict[Hashable, Body] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Body]) -> Body:
        """Return the body kept under ``key``, else make it and keep it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        body = make()
        with self._lock:
            self._keep(key, body)
        return body

    def _keep(self, key: Hashable, body: Body) -> None:
        if key in self._kept or len(body.raw) > self.capacity:
            return
        self._kept[key] = body
        self.size += len(body.raw)
        while self.size > self.capacity:
            _key, oldest = self._kept.popitem(last=False)
            self.size -= len(oldest.raw)


class AtlasResponse(Response):
    """A response that may already know its body."""

    body: Body | None = None


def bodies() -> Bodies:
    """The bodies that the current application keeps."""
    kept: Bodies = current_app.extensions[_KEY]
    return kept


def respond(body: Body) -> AtlasResponse:
    """Answer with a body; open data may be reused for the time that the settings give."""
    response = AtlasResponse(body.raw, content_type=body.mimetype)
    response.body = body
    response.cache_control.public = True
    response.cache_control.max_age = current_app.config["LIMITROPHE_MAX_AGE"]
    return response


def prepared(mimetype: str, make: Callable[[], bytes]) -> AtlasResponse:
    """Answer with the body that this address had before, else make it.

    The key is all that a body may depend on: root address, path, query, language, type. The
    mark tells `webmap.prepared` that the whole answer may be given again.
    """
    request.environ[MARK] = True
    query = tuple(sorted(request.args.items()))
    key = (request.root_url, request.path, query, language(), mimetype)
    return respond(bodies().get(key, lambda: Body(make(), mimetype)))


def _is_text(mimetype: str) -> bool:
    return any(part in mimetype for part in COMPRESSIBLE)


def _body_of(response: Response) -> Body | None:
    """The body of a text response; the one kept in memory if it was sent before."""
    known = getattr(response, "body", None)
    if known is not None:
        return known
    if response.is_streamed or response.direct_passthrough or not _is_text(response.mimetype or ""):
        return None
    body = Body(response.get_data(), response.content_type)
    if uses_nonce() or response.cache_control.private:
        return body
    return bodies().get(("page", body.digest), lambda: body)


def _wanted_coding(body: Body) -> str:
    if len(body.raw) < SMALLEST or not _is_text(body.mimetype):
        return "identity"
    accepted = request.accept_encodings
    return accepted.best_match([*CODINGS, "identity"], default="identity") or "identity"


def _finish(response: Response) -> Response:
    """Give a response its validator, its coding and its freshness, or turn it into a 304."""
    body = _body_of(response)
    if body is None:
        return response
    response.vary.add("Accept-Encoding")
    coding = _wanted_coding(body)
    cacheable = response.status_code == 200 and not uses_nonce()
    if response.status_code >= 400:
        response.cache_control.no_store = True
    elif not response.cache_control:
        response.cache_control.no_cache = True
    if cacheable and request.method in ("GET", "HEAD"):
        response.set_etag(body.etag(coding))
        if request.if_none_match.contains_weak(body.etag(coding)):
            return _not_modified(response)
    response.set_data(body.coded(coding))
    if coding != "identity":
        response.content_encoding = coding
    return response


def _not_modified(response: Response) -> Response:
    response.status_code = 304
    response.set_data(b"")
    for name in NOT_OF_304:
        response.headers.pop(name, None)
    return response


def register(app: Flask, capacity: int) -> None:
    """Finish every response of ``app``; ``capacity`` is in bytes.

    To be called first: Flask runs what comes after a request in reverse order, and this must
    see the response as all others have left it.
    """
    app.response_class = AtlasResponse
    app.extensions[_KEY] = Bodies(capacity)
    app.after_request(_finish)
