"""The layer ahead of Flask: what it answers is what Flask answers, byte for byte."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask, Response
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from webmap import create_app
from webmap.kept import Kept
from webmap.prepared import OVERHEAD, Prepared
from webmap.responses import MARK

ITEMS = "/ogc/collections/sites/items"
BOX = f"{ITEMS}?bbox=2.3,48.8,2.4,48.9"
KEPT = [
    ITEMS,
    f"{ITEMS}?limit=2&f=json&lang=en",
    f"{ITEMS}/jardin",
    "/ogc",
    "/ogc/collections",
    "/ogc/conformance",
    "/telecharger/sites.geojson",
    "/telecharger/engagements.csv",
]
NEVER_KEPT = ["/", "/ogc?f=html", "/healthz", "/ogc/none", f"{ITEMS}?limit=0", "/static/js/app.js"]
ENCODINGS = ["", "gzip", "br, gzip", "identity", "*"]
Answered = tuple[str, list[tuple[str, str]], bytes]


def layer(app: Flask) -> Prepared:
    found = app.wsgi_app
    assert isinstance(found, Prepared)
    return found


def ask(application: Any, path: str, method: str = "GET", **headers: str) -> Answered:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    environ = EnvironBuilder(path, method=method, headers=named).get_environ()
    body, status, told = run_wsgi_app(application, environ)
    return status, list(told), b"".join(body)


@pytest.fixture
def fresh(trial_folder) -> Flask:
    return create_app({"LIMITROPHE_DATA": trial_folder, "TESTING": True})


def refuse(*_arguments: Any) -> Any:
    raise AssertionError("Flask was asked")


@pytest.mark.parametrize("path", KEPT)
@pytest.mark.parametrize("accepted", ENCODINGS)
def test_an_answer_given_again_is_the_one_of_flask(fresh, monkeypatch, path, accepted) -> None:
    flask = layer(fresh).application
    headers = {"Accept_Encoding": accepted, "Accept_Language": "en;q=0.9, fr;q=0.8"}
    etag = dict(ask(flask, path, **headers)[1])["ETag"]
    asked = [("GET", {}), ("HEAD", {})]
    asked += [(method, {"If_None_Match": etag}) for method in ("GET", "HEAD")]
    asked += [("GET", {"If_None_Match": match}) for match in ('"x"', f'"x", W/{etag}', "*", "")]
    expected = [ask(flask, path, method, **headers, **more) for method, more in asked]
    ask(fresh.wsgi_app, path, **headers)
    monkeypatch.setattr(layer(fresh), "application", refuse)
    assert [ask(fresh.wsgi_app, path, method, **headers, **more) for method, more in asked] == (
        expected
    )


@pytest.mark.parametrize("path", NEVER_KEPT)
def test_what_may_change_or_is_refused_is_asked_of_flask_each_time(fresh, path) -> None:
    for _time in range(2):
        ask(fresh.wsgi_app, path)
    assert len(layer(fresh).answers) == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_for_flask(fresh, method) -> None:
    ask(fresh.wsgi_app, ITEMS)
    assert ask(fresh.wsgi_app, ITEMS, method)[0] == ask(layer(fresh).application, ITEMS, method)[0]
    assert ask(fresh.wsgi_app, ITEMS, method)[0] != "200 OK" or method == "OPTIONS"


@pytest.mark.parametrize("way", ["HEAD", "condition"])
def test_an_answer_without_its_body_is_not_kept(fresh, way) -> None:
    etag = dict(ask(layer(fresh).application, ITEMS)[1])["ETag"]
    if way == "HEAD":
        ask(fresh.wsgi_app, ITEMS, "HEAD")
    else:
        ask(fresh.wsgi_app, ITEMS, If_None_Match=etag)
    assert len(layer(fresh).answers) == 0
    assert ask(fresh.wsgi_app, ITEMS)[2]


@pytest.mark.parametrize(
    "change",
    [
        {"Host": "two.example"},
        {"Accept": "text/html"},
        {"Accept_Language": "en"},
        {"Accept_Encoding": "br"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", [f"{ITEMS}?limit=100", BOX])
def test_what_an_answer_depends_on_is_part_of_the_question(fresh, path, change) -> None:
    for headers in ({"Host": "one.example"}, change, {"Host": "one.example"}, change):
        flask = layer(fresh).application
        assert ask(fresh.wsgi_app, path, **headers) == ask(flask, path, **headers)


def test_a_proxy_that_is_believed_changes_the_links(trial_folder) -> None:
    app = create_app(
        {"LIMITROPHE_DATA": trial_folder, "LIMITROPHE_TRUSTED_PROXIES": 1, "TESTING": True}
    )
    client = app.test_client()
    for _time in range(2):
        for prefix in ("/atlas", "/autre"):
            forwarded = {
                "X-Forwarded-Proto": "https",
                "X-Forwarded-Host": "carte.example",
                "X-Forwarded-Prefix": prefix,
            }
            answer = client.get(BOX, headers=forwarded)
            own = answer.get_json()["links"][0]["href"]
            assert own.startswith(f"https://carte.example{prefix}/ogc/")
            assert "Strict-Transport-Security" in answer.headers


def test_a_proxy_that_is_not_believed_changes_nothing(fresh) -> None:
    expected = ask(fresh.wsgi_app, BOX)
    forged = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Prefix": "/x"}
    assert ask(fresh.wsgi_app, BOX, **forged) == expected
    assert b"evil.example" not in expected[2]


@pytest.mark.parametrize(
    "header", ["Limitrophe.Prepared", "limitrophe.prepared", "Limitrophe_Prepared"]
)
def test_a_client_cannot_mark_an_answer_as_prepared(fresh, header) -> None:
    environ = EnvironBuilder("/", headers={header: "1"}).get_environ()
    assert MARK not in environ
    run_wsgi_app(fresh.wsgi_app, environ)
    assert len(layer(fresh).answers) == 0


def test_a_host_that_is_not_trusted_never_gets_an_answer_of_another(trial_folder) -> None:
    app = create_app(
        {
            "LIMITROPHE_DATA": trial_folder,
            "LIMITROPHE_TRUSTED_HOSTS": "one.example",
            "TESTING": True,
        }
    )
    for path in (ITEMS, BOX):
        assert ask(app.wsgi_app, path, Host="one.example")[0] == "200 OK"
        assert ask(app.wsgi_app, path, Host="evil.example")[0] == "400 BAD REQUEST"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda r: r.set_cookie("a", "b"),
        lambda r: r.vary.add("Cookie"),
        lambda r: r.headers.set("Vary", "*"),
        lambda r: r.headers.pop("ETag"),
        lambda r: r.set_etag("weak", weak=True),
        lambda r: setattr(r, "status_code", 206),
    ],
    ids=["cookie", "vary", "vary-all", "no-etag", "weak-etag", "status"],
)
def test_an_answer_that_is_for_one_client_is_not_kept(fresh, spoil) -> None:
    def spoilt(response: Response) -> Response:
        spoil(response)
        return response

    fresh.after_request_funcs[None].insert(0, spoilt)  # runs last
    ask(fresh.wsgi_app, ITEMS)
    assert len(layer(fresh).answers) == 0


def test_memory_is_bounded_whatever_is_asked(trial_folder) -> None:
    app = create_app({"LIMITROPHE_DATA": trial_folder, "LIMITROPHE_CACHE_MB": 1, "TESTING": True})
    answers = layer(app).answers
    assert answers.capacity == 250_000
    for number in range(400):
        ask(app.wsgi_app, ITEMS, Accept_Language=f"x-{number}", Host=f"h{number}.example")
        assert answers.cost <= answers.capacity
    assert 0 < len(answers) <= answers.capacity // OVERHEAD


def test_nothing_is_kept_where_nothing_may_be(trial_folder) -> None:
    app = create_app({"LIMITROPHE_DATA": trial_folder, "LIMITROPHE_CACHE_MB": 0, "TESTING": True})
    for _time in range(2):
        assert ask(app.wsgi_app, ITEMS) == ask(layer(app).application, ITEMS)
    assert len(layer(app).answers) == 0


@given(
    st.integers(0, 40),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 15)), max_size=200),
)
def test_what_is_kept_never_costs_more_than_its_bound(capacity, asked) -> None:
    kept: Kept[int, int] = Kept(capacity)
    for key, cost in asked:
        if kept.get(key) is None:
            kept.keep(key, key, cost)
        assert kept.get(key) in (key, None)
        assert kept.cost <= max(capacity, 0)


def test_what_is_used_lately_stays() -> None:
    kept: Kept[str, str] = Kept(8)
    for number in range(50):
        kept.keep("often", "often")
        assert kept.get("often") == "often"
        kept.keep(str(number), "once")
    assert kept.get("0") is None


def numbers(low: float, high: float) -> st.SearchStrategy[str]:
    return st.one_of(
        st.floats(low, high).map(lambda x: f"{x:.6f}"),
        st.integers(-1, 181).map(str),
        st.sampled_from(["2.32", "48.81", "-0", "1e1", "+2", "nan", "", " 2", "002.3", "2."]),
    )


BOXES = st.tuples(
    numbers(2.29, 2.33), numbers(48.79, 48.81), numbers(2.31, 2.36), numbers(48.8, 48.83)
)
FILTERS = [
    "S_INTERSECTS(geometry,BBOX(2.29,48.79,2.33,48.82))",
    "S_INTERSECTS%28geometry%2CBBOX%282.3%2C48.8%2C2.4%2C48.9%29%29+AND+name+LIKE+%27%25a%25%27",
    "kind='x'%20OR%20name%20LIKE%20'%C3%89%25'",
    "NOT%20name%20LIKE%20'J%25'",
    "name%20LIKE%20'%25%26%25'",
    *("", "%20", "+", "aucune='x'", "name=", "name='%FF'", "name='%00'", "name='é'", "name='%2B'"),
    "S_INTERSECTS(geometry,POINT(900%20900))",
]
PARAMETERS = st.one_of(
    st.tuples(st.just("bbox"), st.tuples(BOXES, st.sampled_from([",", "%2C", ", "]))),
    st.tuples(
        st.sampled_from(["limit", "offset"]),
        st.one_of(st.integers(0, 7).map(str), st.sampled_from(["", "-1", "007", "9" * 12, "a"])),
    ),
    st.tuples(st.just("f"), st.sampled_from(["json", "html", "xml"])),
    st.tuples(st.just("lang"), st.sampled_from(["fr", "en", "de"])),
    st.tuples(st.just("datetime"), st.sampled_from(["2022-12-31", "2020-01-01/.."])),
    st.tuples(st.just("filter"), st.sampled_from(FILTERS)),
    st.tuples(st.just("filter-lang"), st.sampled_from(["cql2-text", "cql2-json"])),
)


def written(parameter: tuple[str, Any]) -> str:
    name, value = parameter
    return f"{name}={value[1].join(value[0]) if name == 'bbox' else value}"


@settings(max_examples=400, deadline=None)
@given(
    collection=st.sampled_from(["sites", "voies", "territoires", "engagements", "aucune"]),
    parameters=st.lists(PARAMETERS, max_size=4),
    accepted=st.sampled_from(ENCODINGS),
    spoken=st.sampled_from(["fr", "en", "de, en;q=0.5"]),
    wanted=st.sampled_from(["", "application/geo+json", "text/html", "*/*"]),
    method=st.sampled_from(["GET", "HEAD"]),
)
def test_any_page_of_items_is_the_one_of_flask(
    app, collection, parameters, accepted, spoken, wanted, method
) -> None:
    path = f"/ogc/collections/{collection}/items?{'&'.join(map(written, parameters))}"
    headers = {"Accept_Encoding": accepted, "Accept_Language": spoken, "Accept": wanted}
    flask = ask(layer(app).application, path, method, **headers)
    assert ask(app.wsgi_app, path, method, **headers) == flask


@settings(max_examples=300, deadline=None)
@given(
    box=BOXES.filter(lambda box: all(x.replace(".", "").isdigit() for x in box)),
    limit=st.integers(1, 6),
    offset=st.integers(0, 6),
    accepted=st.sampled_from(ENCODINGS),
)
def test_new_boxes_are_answered_without_flask_as_flask_does(
    atlas_app, box, limit, offset, accepted
) -> None:
    path = f"/ogc/collections/equipements/items?bbox={','.join(box)}&limit={limit}&offset={offset}"
    flask = ask(layer(atlas_app).application, path, Accept_Encoding=accepted)
    assert ask(atlas_app.wsgi_app, path, Accept_Encoding=accepted) == flask


@pytest.mark.parametrize(
    "paths",
    [
        [f"{ITEMS}?bbox=2.3,48.8,{east},48.9&limit=2" for east in (2.31, 2.35)],
        [f"{ITEMS}?limit=2&filter={FILTERS[n]}&filter-lang=cql2-text" for n in (1, 2)],
        [f"{ITEMS}?bbox=2.3,48.8,2.4,48.9&filter={FILTERS[n]}" for n in (3, 4)],
    ],
)
def test_a_second_question_does_not_ask_flask(fresh, monkeypatch, paths) -> None:
    """Fails when the answers of Flask come to hold what `webmap.plain` does not compose."""
    headers = {"Accept": "application/geo+json"}
    expected = ask(layer(fresh).application, paths[1], **headers)
    ask(fresh.wsgi_app, paths[0], **headers)
    monkeypatch.setattr(layer(fresh), "application", refuse)
    assert ask(fresh.wsgi_app, paths[1], **headers) == expected


@pytest.mark.parametrize("member", [{"timeStamp": "2026"}, {"crs": "x"}])
def test_an_answer_that_is_composed_otherwise_is_left_to_flask(fresh, monkeypatch, member) -> None:
    from layers.encode import collection_bytes

    monkeypatch.setattr(
        "webmap.ogc.items.collection_bytes", lambda *given: collection_bytes(*given, members=member)
    )
    for east in (2.31, 2.33, 2.35):
        path = f"{ITEMS}?bbox=2.3,48.8,{east},48.9"
        answer = ask(fresh.wsgi_app, path)
        assert answer == ask(layer(fresh).application, path)
        assert next(iter(member)).encode() in answer[2]
    assert len(layer(fresh).shortcut.frames) == 0


def test_threads_that_ask_at_once_get_the_same_answers(trial_folder) -> None:
    app = create_app({"LIMITROPHE_DATA": trial_folder, "LIMITROPHE_CACHE_MB": 1, "TESTING": True})
    paths = [f"{ITEMS}?limit={1 + n % 5}&offset={n % 3}" for n in range(15)] + KEPT
    expected = {path: ask(layer(app).application, path) for path in paths}
    wrong: list[str] = []
    gate = threading.Barrier(8)

    def client(shift: int) -> None:
        gate.wait()
        for turn in range(150):
            path = paths[(turn * (shift + 1)) % len(paths)]
            if ask(app.wsgi_app, path) != expected[path]:
                wrong.append(path)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not wrong
    assert layer(app).answers.cost <= layer(app).answers.capacity
