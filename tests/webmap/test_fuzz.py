"""No input makes the service fail: whatever comes is answered, or refused in one shape."""

from __future__ import annotations

import string

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import create_environ, run_wsgi_app

ITEMS = "/ogc/collections/{}/items"
SETTINGS = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)

numbers = st.one_of(
    st.floats().map(str), st.integers().map(str), st.sampled_from(["", "NaN", "-0", "1e400", "१"])
)
boxes = st.one_of(st.lists(numbers, max_size=7).map(",".join), st.text(max_size=60))
counts = st.one_of(numbers, st.text(max_size=30))
moments = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.one_of(st.datetimes().map(lambda d: f"{d.isoformat()}Z"), st.dates().map(str)),
        min_size=1,
        max_size=3,
    ).map("/".join),
)
queries = st.fixed_dictionaries(
    {},
    optional={
        "bbox": boxes,
        "limit": counts,
        "offset": counts,
        "datetime": moments,
        "f": st.sampled_from(["json", "html", "HTML", ""]),
        "lang": st.sampled_from(["fr", "en", "de", ""]),
        "bbox-crs": st.text(max_size=5),
    },
)
collections = st.sampled_from(["voies", "engagements", "sites", "nulle-part"])


def check(answer) -> None:
    assert answer.status_code in (200, 304, 400, 404, 406)
    if answer.status_code >= 400 and "json" in answer.content_type:
        problem = answer.get_json()
        assert problem["status"] == answer.status_code
        assert problem["detail"]


@SETTINGS
@given(collection=collections, query=queries)
def test_any_query_of_items(app: Flask, collection: str, query: dict[str, str]) -> None:
    answer = app.test_client().get(ITEMS.format(collection), query_string=query)
    check(answer)
    if answer.status_code == 200 and "json" in answer.content_type:
        document = answer.get_json()
        assert document["numberReturned"] == len(document["features"])
        assert document["numberReturned"] <= document["numberMatched"]


finite = st.floats(allow_nan=False, allow_infinity=False, width=32)


@SETTINGS
@given(
    west=st.floats(-180, 180), south=st.floats(-90, 90), east=st.floats(-180, 180),
    north=st.floats(-90, 90), limit=st.integers(1, 20_000), offset=st.integers(0, 10),
)  # fmt: skip
def test_a_box_is_refused_only_when_it_is_upside_down(
    app: Flask, west: float, south: float, east: float, north: float, limit: int, offset: int
) -> None:
    query = {"bbox": f"{west},{south},{east},{north}", "limit": limit, "offset": offset}
    answer = app.test_client().get(ITEMS.format("voies"), query_string=query)
    assert answer.status_code == (200 if south <= north else 400)


@SETTINGS
@given(query=st.text(alphabet=string.printable, max_size=60))
def test_any_query_string(app: Flask, query: str) -> None:
    for path in (ITEMS.format("voies"), "/ogc", "/lieux"):
        check(app.test_client().get(path, query_string=query))


@SETTINGS
@given(path=st.binary(max_size=40))
def test_any_path(app: Flask, path: bytes) -> None:
    for start in ("/", "/ogc/", "/ogc/collections/", "/static/", "/telecharger/", "/lieux/"):
        environ = {**create_environ(), "PATH_INFO": start + path.decode("latin-1")}
        _body, status, _headers = run_wsgi_app(app, environ, buffered=True)
        assert int(status[:3]) in (200, 308, 400, 404)


headers = st.fixed_dictionaries(
    {},
    optional={
        name: st.text(alphabet=string.printable[:94], max_size=60)
        for name in (
            "Accept",
            "Accept-Language",
            "Accept-Encoding",
            "If-None-Match",
            "X-Forwarded-Host",
            "X-Forwarded-Prefix",
            "Range",
            "If-Modified-Since",
        )
    },
)


@SETTINGS
@given(sent=headers)
def test_any_header(app: Flask, sent: dict[str, str]) -> None:
    for path in (ITEMS.format("voies"), "/ogc?f=html"):
        check(app.test_client().get(path, headers=sent))
