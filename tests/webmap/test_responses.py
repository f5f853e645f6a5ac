"""Validators, 304, compression and caching: the same for prepared answers and for pages."""

import gzip

import brotli
import pytest
from flask.testing import FlaskClient

from tests.webmap.conftest import trial_content
from webmap import create_app
from webmap.responses import Bodies, Body

ITEMS = "/ogc/collections/sites/items?limit=100"
ANSWERS = [ITEMS, "/ogc", "/ogc?f=html", "/ogc/api?f=html", "/telecharger/engagements.csv"]
BIG_ANSWERS = [ITEMS, "/ogc/api", "/ogc/api?f=html"]
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "identity": bytes}


@pytest.mark.parametrize("path", ANSWERS)
def test_an_answer_has_a_strong_etag_and_turns_into_304(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    etag = first.headers["ETag"]
    assert first.status_code == 200
    assert etag.startswith('"')
    again = client.get(path, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == etag
    assert "Content-Length" not in again.headers
    for name in ("Cache-Control", "Vary", "Content-Security-Policy"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize("condition", ["*", '"other", {etag}', "W/{etag}", '"a",{etag},"b"'])
def test_if_none_match_may_be_a_list_a_star_or_weak(client: FlaskClient, condition: str) -> None:
    etag = client.get(ITEMS).headers["ETag"]
    answer = client.get(ITEMS, headers={"If-None-Match": condition.format(etag=etag)})
    assert answer.status_code == 304


@pytest.mark.parametrize("condition", ['"other"', "other", "", '"', "W/"])
def test_another_etag_gets_the_whole_answer(client: FlaskClient, condition: str) -> None:
    assert client.get(ITEMS, headers={"If-None-Match": condition}).status_code == 200


def test_etags_depend_on_the_content_alone(trial_folder, tmp_path) -> None:
    moved = trial_content().write(tmp_path / "moved")
    other = trial_content()
    other.feature("square")["properties"]["name"] = "Autre square"
    changed = other.write(tmp_path / "changed")
    tags = []
    for folder in (trial_folder, moved, changed):
        app = create_app({"LIMITROPHE_DATA": folder, "TESTING": True})
        tags.append(app.test_client().get(ITEMS).headers["ETag"])
    assert tags[0] == tags[1] != tags[2]


@pytest.mark.parametrize("path", BIG_ANSWERS)
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=1, br;q=0.2", "gzip"),
        ("identity", "identity"),
        ("deflate", "identity"),
        ("br;q=0, gzip;q=0", "identity"),
        ("", "identity"),
    ],
)
def test_bodies_are_compressed_as_the_client_accepts(
    client: FlaskClient, path: str, accepted: str, coding: str
) -> None:
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": accepted})
    assert packed.headers.get("Content-Encoding", "identity") == coding
    assert UNPACK[coding](packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_each_coding_has_its_own_etag(client: FlaskClient) -> None:
    tags = {
        client.get(ITEMS, headers={"Accept-Encoding": coding}).headers["ETag"]
        for coding in ("identity", "gzip", "br")
    }
    assert len(tags) == 3


def test_a_body_is_made_and_compressed_once(client: FlaskClient, monkeypatch) -> None:
    client.get(ITEMS, headers={"Accept-Encoding": "br"})
    monkeypatch.setattr("webmap.ogc.items.collection_bytes", pytest.fail)
    monkeypatch.setattr("webmap.responses._compress", pytest.fail)
    assert client.get(ITEMS, headers={"Accept-Encoding": "br"}).status_code == 200


@pytest.mark.parametrize("path", [*ANSWERS, "/healthz", "/ogc/none", "/ogc/api?x=1"])
def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.data == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert head.headers.get("ETag") == got.headers.get("ETag")


def test_open_data_may_be_reused_and_pages_are_asked_for_again(client: FlaskClient) -> None:
    assert client.get(ITEMS).headers["Cache-Control"] == "public, max-age=60"
    assert client.get("/ogc?f=html").headers["Cache-Control"] == "no-cache"
    assert client.get("/ogc/none").headers["Cache-Control"] == "no-store"
    assert client.get("/healthz").headers["Cache-Control"] == "no-store"


def test_addresses_of_different_hosts_do_not_share_an_answer(client: FlaskClient) -> None:
    first = client.get("/ogc", headers={"Host": "one.example"}).get_json()
    second = client.get("/ogc", headers={"Host": "two.example"}).get_json()
    assert first["links"][0]["href"].startswith("http://one.example/")
    assert second["links"][0]["href"].startswith("http://two.example/")


def test_the_least_recently_used_bodies_go_first() -> None:
    kept = Bodies(capacity=20)
    made = []

    def body(name: str) -> Body:
        made.append(name)
        return Body(name.encode() * 8, "text/plain")

    for name in ("a", "b", "a", "c", "a", "b"):
        kept.get(name, lambda name=name: body(name))
    assert made == ["a", "b", "c", "b"]
    assert kept.size <= 20
    kept.get("large", lambda: Body(b"x" * 100, "text/plain"))
    assert kept.size <= 20
