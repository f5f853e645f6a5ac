"""How is a plain query for features answered without Flask? From parts that Flask has sent.

A map asks for ever new boxes, a study for ever new filters, so that keeping whole answers does
not help. But everything in such an answer except the features, their counts, and the links to
itself and its neighbours is the same for all. The first answer of Flask for a collection, a
client's preferences and a shape of query is taken as the frame of the next ones: only if
composing that very answer here gives the same bytes and headers. Whatever Flask comes to answer
otherwise is thus left to Flask, and so is every query that is to be refused.

Plain is: ``bbox`` of four numbers, ``filter`` in CQL2 text, ``limit``, ``offset``, ``f=json`` and
``lang``, each at most once.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_plus

import brotli
import numpy as np
import orjson
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from layers.columns import Positions, Table
from layers.cql import FilterError, parse
from layers.encode import collection_bytes
from layers.errors import NotFoundError, ParameterError
from layers.query import Page, positions_in
from webmap.kept import Kept
from webmap.ogc.items import BBOX, LIMIT, OFFSET
from webmap.params import LANGUAGES
from webmap.prepared import Answer, Headers, Question
from webmap.responses import CODINGS, SMALLEST, Body

_PATH = re.compile(r"/ogc/collections/([a-z0-9-]+)/items")
_NUMBER = r"-?[0-9]{1,3}(?:\.[0-9]{0,17})?"
_PLAIN = {
    "bbox": re.compile(rf"{_NUMBER}(?:(?:,|%2C){_NUMBER}){{3}}"),
    "limit": re.compile(r"[0-9]{1,9}"),
    "offset": re.compile(r"[0-9]{1,9}"),
    "filter": re.compile("[!-~]+"),
    "filter-lang": re.compile("cql2-text"),
    "f": re.compile("json"),
    "lang": re.compile("|".join(LANGUAGES)),
}
"""What a plain query may hold: names, and values as they are written in an address."""
LONGEST = 4000
FRAMES = 2000
"""Frames that are kept: some hosts × collections × preferences."""

_PAGING = ("prev", "next")
_OWN = ("self", "alternate")
_FORMS = ("json", "html")
_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}
_FEATURES = b',"features":['

Query = dict[str, str]
Link = dict[str, str]
FrameKey = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pages of a collection have in common.

    Parameters
    ----------
    base
        The address of the page, without its query.
    own
        The links to the answer itself, in its two forms.
    rest
        The links that follow those to the neighbours.
    headers
        Those of the answer that was learnt.
    etag_at, length_at
        Positions of ``ETag`` and ``Content-Length`` in ``headers``.
    """

    base: str
    own: tuple[Link, ...]
    rest: tuple[Link, ...]
    headers: Headers
    etag_at: int
    length_at: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A plain question: collection, query, the frame that holds for it, codings accepted."""

    table: Table
    query: Query
    frame: FrameKey
    accepted: str


class Plain:
    """Answers plain questions for features; see `webmap.prepared.Prepared`.

    Parameters
    ----------
    table
        Gives the features of a collection and their properties by its id; raises
        `layers.errors.NotFoundError`.
    """

    def __init__(self, table: Callable[[str], Table]) -> None:
        self.table = table
        self.frames: Kept[FrameKey, Frame] = Kept(FRAMES)

    def answer(self, question: Question) -> Answer | None:
        """Return the answer to a plain question whose frame is known, else None."""
        asked = self._understand(question)
        if asked is None:
            return None
        codings = dict.fromkeys((coding_of(asked.accepted, SMALLEST), "identity"))
        frames = {coding: self.frames.get((*asked.frame, coding)) for coding in codings}
        page = page_of(asked) if any(frames.values()) else None
        for coding, frame in frames.items():
            body = compose(asked.query, page, frame) if page and frame else None
            if frame and body and coding_of(asked.accepted, len(body.raw)) == coding:
                return _answer(frame, body, coding)
        return None

    def learn(self, question: Question, told: Answer) -> None:
        """Take an answer of Flask as a frame, if composing it here gives the same."""
        asked = self._understand(question)
        page = page_of(asked) if asked else None
        if asked is None or page is None:
            return
        coding = dict(told.headers).get("Content-Encoding", "identity")
        frame = frame_of(_UNPACK[coding](told.payload), told.headers, tuple(asked.query))
        body = compose(asked.query, page, frame) if frame else None
        if not frame or not body or coding_of(asked.accepted, len(body.raw)) != coding:
            return
        made = _answer(frame, body, coding)
        if (made.headers, made.payload, made.etag) == (told.headers, told.payload, told.etag):
            self.frames.keep((*asked.frame, coding), frame)

    def _understand(self, question: Question) -> Asked | None:
        *root, path, text, accept, languages, codings = question
        found = _PATH.fullmatch(path)
        query = plain_query(text) if found else None
        if found is None or query is None:
            return None
        try:
            table = self.table(found[1])
        except NotFoundError:
            return None
        fixed = (query.get("f"), query.get("lang"), accept, languages, codings)
        return Asked(table, query, (*root, path, *query, *fixed), codings)


def plain_query(text: str) -> Query | None:
    """The parameters of a query by name, in their order; None if it is not plain."""
    query: Query = {}
    if len(text) > LONGEST:
        return None
    for part in text.split("&") if text else ():
        name, _equals, value = part.partition("=")
        rule = _PLAIN.get(name)
        if rule is None or name in query or not rule.fullmatch(value):
            return None
        try:
            query[name] = unquote_plus(value, errors="strict")
        except UnicodeDecodeError:
            return None
    return query


def coding_of(accepted: str, size: int) -> str:
    """The coding in which a body of JSON of so many bytes is sent."""
    if not accepted or size < SMALLEST:
        return "identity"
    found = parse_accept_header(accepted, Accept)
    return found.best_match([*CODINGS, "identity"], default="identity") or "identity"


def frame_of(raw: bytes, headers: Headers, names: tuple[str, ...]) -> Frame | None:
    """Read the frame of an answer; None if more in it depends on the query than is known.

    Parameters
    ----------
    raw
        The answer, unpacked.
    headers
        Its headers.
    names
        The parameters of its query.
    """
    head, found, _features = raw.partition(_FEATURES)
    titles = [name for name, _value in headers]
    if not found or titles.count("ETag") != 1 or titles.count("Content-Length") != 1:
        return None
    links: list[Link] = orjson.loads(head + b"}").get("links", [])
    own = tuple(link for link in links if link["rel"] in _OWN)
    rest = tuple(link for link in links if link["rel"] not in (*_OWN, *_PAGING))
    told = [*(link["href"] for link in rest), *(value for _name, value in headers)]
    varying = [f"{name}=" for name in names if name not in ("f", "lang")]
    if len(own) != len(_FORMS) or any(name in text for name in varying for text in told):
        return None
    base = own[0]["href"].partition("?")[0]
    return Frame(base, own, rest, headers, titles.index("ETag"), titles.index("Content-Length"))


def page_of(asked: Asked) -> Page | None:
    """The features that a plain question selects; None if it holds what Flask is to refuse."""
    query, features = asked.query, asked.table.features
    try:
        limit, offset = _paging(query)
        box = BBOX.parse(query["bbox"]) if "bbox" in query else None
        met = parse(query["filter"]).positions(asked.table) if "filter" in query else None
    except (ValueError, ParameterError, FilterError):
        return None
    found: range | Positions = range(len(features))
    if box is not None:
        found = positions_in(features, box)
    if met is not None:
        found = met if box is None else np.intersect1d(found, met, assume_unique=True)
    chosen = features.encoded.many(np.asarray(found[offset : offset + limit]).tolist())
    return Page(tuple(chosen), len(found), len(chosen))


def _paging(query: Query) -> tuple[int, int]:
    """The limit and the offset of a query. Raises what their parameters raise."""
    limit = LIMIT.parse(query["limit"]) if "limit" in query else LIMIT.default
    return limit, OFFSET.parse(query["offset"]) if "offset" in query else OFFSET.default


def compose(query: Query, page: Page, frame: Frame) -> Body:
    """Make the body of an answer: a page of features in a frame."""
    kind = frame.own[0]["type"]
    written = {name: quote_plus(value) for name, value in query.items()}
    links = [
        *(
            {**link, "href": _href(frame.base, written, f=f)}
            for link, f in zip(frame.own, _FORMS, strict=True)
        ),
        *(
            {"rel": rel, "href": _href(frame.base, written, f="json", offset=start), "type": kind}
            for rel, start in _neighbours(*_paging(query), page)
        ),
        *frame.rest,
    ]
    return Body(collection_bytes(page.encoded, links, page.matched, page.returned), kind)


def _neighbours(limit: int, offset: int, page: Page) -> list[tuple[str, str]]:
    """The offsets of the pages before and after, as texts, where there are any."""
    steps = []
    if offset > 0:
        last_start = max(page.matched - 1, 0) // limit * limit
        start = min(max(offset - limit, 0), last_start)
        steps.append(("prev", str(start) if start else ""))
    if page.returned and offset + page.returned < page.matched:
        steps.append(("next", str(offset + limit)))
    return steps


def _href(base: str, written: Query, **changes: str) -> str:
    """The address with some parameters changed; an empty text takes one away."""
    parts = [f"{name}={value}" for name, value in {**written, **changes}.items() if value]
    return f"{base}?{'&'.join(parts)}"


def _answer(frame: Frame, body: Body, coding: str) -> Answer:
    payload, etag = body.coded(coding), f'"{body.etag(coding)}"'
    headers = frame.headers.copy()
    headers[frame.etag_at] = ("ETag", etag)
    headers[frame.length_at] = ("Content-Length", str(len(payload)))
    return Answer(headers, payload, etag)
