"""How is a page of features in a box answered without Flask? From parts that Flask has sent.

A map asks for ever new boxes, so that keeping whole answers does not help. But everything in
such an answer except the features, their counts, and the links to itself and its neighbours is
the same for all boxes. The first answer of Flask for a collection, a client's preferences and a
shape of query is taken as the frame of the next ones: only if composing that very answer here
gives the same bytes and headers. Whatever Flask comes to answer otherwise is thus left to Flask.

Only plain queries are answered here: ``bbox`` of four numbers, ``limit``, ``offset``,
``f=json`` and ``lang``, each at most once.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass

import brotli
import orjson
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from layers.atlas import Atlas
from layers.encode import collection_bytes
from layers.errors import ParameterError
from layers.query import FeatureSet, positions_in
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
    "f": re.compile("json"),
    "lang": re.compile("|".join(LANGUAGES)),
}
"""What a plain query may hold: names, and values as they are written in an address."""
LONGEST = 300
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
    """A plain question: features, query, the frame that holds for it, codings accepted."""

    features: FeatureSet
    query: Query
    frame: FrameKey
    accepted: str


class Boxes:
    """Answers plain questions for the features of an atlas; see `webmap.prepared.Prepared`."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.frames: Kept[FrameKey, Frame] = Kept(FRAMES)

    def answer(self, question: Question) -> Answer | None:
        """Return the answer to a plain question whose frame is known, else None."""
        asked = self._understand(question)
        if asked is None:
            return None
        for coding in dict.fromkeys((coding_of(asked.accepted, SMALLEST), "identity")):
            frame = self.frames.get((*asked.frame, coding))
            body = compose(asked, frame) if frame else None
            if frame and body and coding_of(asked.accepted, len(body.raw)) == coding:
                return _answer(frame, body, coding)
        return None

    def learn(self, question: Question, told: Answer) -> None:
        """Take an answer of Flask as a frame, if composing it here gives the same."""
        asked = self._understand(question)
        if asked is None:
            return
        coding = dict(told.headers).get("Content-Encoding", "identity")
        frame = frame_of(_UNPACK[coding](told.payload), told.headers, tuple(asked.query))
        body = compose(asked, frame) if frame else None
        if not frame or not body or coding_of(asked.accepted, len(body.raw)) != coding:
            return
        made = _answer(frame, body, coding)
        if (made.headers, made.payload, made.etag) == (told.headers, told.payload, told.etag):
            self.frames.keep((*asked.frame, coding), frame)

    def _understand(self, question: Question) -> Asked | None:
        *root, path, text, accept, languages, codings = question
        found = _PATH.fullmatch(path)
        features = self.atlas.features.get(found[1]) if found else None
        query = plain_query(text) if features is not None else None
        if features is None or query is None:
            return None
        fixed = (query.get("f"), query.get("lang"), accept, languages, codings)
        return Asked(features, query, (*root, path, *query, *fixed), codings)


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
        query[name] = value.replace("%2C", ",")
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


def compose(asked: Asked, frame: Frame) -> Body | None:
    """Make the page; None if the query holds what Flask is to refuse."""
    query, features = asked.query, asked.features
    try:
        limit = LIMIT.parse(query["limit"]) if "limit" in query else LIMIT.default
        offset = OFFSET.parse(query["offset"]) if "offset" in query else OFFSET.default
        box = BBOX.parse(query["bbox"]) if "bbox" in query else None
    except (ValueError, ParameterError):
        return None
    if box is None:
        matched = len(features)
        positions = list(range(matched)[offset : offset + limit])
    else:
        inside = positions_in(features, box)
        matched = len(inside)
        positions = inside[offset : offset + limit].tolist()
    chosen = features.encoded.many(positions)
    kind = frame.own[0]["type"]
    forms = ("json", "html")
    links = [
        *(
            {**link, "href": _href(frame.base, query, f=f)}
            for link, f in zip(frame.own, forms, strict=True)
        ),
        *(
            {"rel": rel, "href": _href(frame.base, query, f="json", offset=start), "type": kind}
            for rel, start in _neighbours(offset, limit, matched, len(chosen))
        ),
        *frame.rest,
    ]
    return Body(collection_bytes(chosen, links, matched, len(chosen)), kind)


def _neighbours(offset: int, limit: int, matched: int, returned: int) -> list[tuple[str, str]]:
    """The offsets of the pages before and after, as texts, where there are any."""
    steps = []
    if offset > 0:
        last_start = max(matched - 1, 0) // limit * limit
        start = min(max(offset - limit, 0), last_start)
        steps.append(("prev", str(start) if start else ""))
    if returned and offset + returned < matched:
        steps.append(("next", str(offset + limit)))
    return steps


def _href(base: str, query: Query, **changes: str) -> str:
    """The address with some parameters changed; an empty text takes one away."""
    parts = [
        f"{name}={value.replace(',', '%2C')}"
        for name, value in {**query, **changes}.items()
        if value
    ]
    return f"{base}?{'&'.join(parts)}"


def _answer(frame: Frame, body: Body, coding: str) -> Answer:
    payload, etag = body.coded(coding), f'"{body.etag(coding)}"'
    headers = frame.headers.copy()
    headers[frame.etag_at] = ("ETag", etag)
    headers[frame.length_at] = ("Content-Length", str(len(payload)))
    return Answer(headers, payload, etag)
