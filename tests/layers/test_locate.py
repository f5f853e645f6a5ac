"""Does the geocoder's client cope with all that a geocoder does, and write only what is taken?"""

from __future__ import annotations

import datetime
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from layers.__main__ import main
from layers.atlas import Atlas
from layers.commands import OFFLINE, OK, USAGE
from layers.errors import DataFaults, GeocoderError, NotFoundError, ParameterError
from layers.locate import (
    PRECISION_M,
    SOURCE_ID,
    Candidate,
    Geocoder,
    accept,
    propose,
    question,
    unlocated,
)
from layers.model import PositionMethod
from tests.content import feature

DAY = datetime.date(2024, 5, 17)


def address(score: float, lon: float = 2.33, lat: float = 48.81, type: str = "housenumber") -> dict:
    """Return a feature as the address index does."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {
            "label": "12 Rue de l’Est 94200 Est",
            "score": score,
            "housenumber": "12",
            "id": "94041_0001_00012",
            "name": "12 Rue de l’Est",
            "postcode": "94200",
            "citycode": "94041",
            "x": 655000.1,
            "y": 6857000.2,
            "city": "Est",
            "context": "94, Val-de-Marne, Île-de-France",
            "type": type,
            "importance": 0.6,
            "street": "Rue de l’Est",
            "_type": "address",
        },
    }


def interest(score: float, category: list[str], lon: float = 2.331, lat: float = 48.811) -> dict:
    """Return a feature as the index of places of interest does: lists, and no label."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {
            "name": ["Site perdu", "Le site"],
            "toponym": "Site perdu",
            "category": category,
            "postcode": ["94200"],
            "citycode": ["94041", "94"],
            "city": ["Est"],
            "extrafields": {"cleabs": "SURFACTI0000000000000001"},
            "score": score,
            "_score": score,
            "_type": "poi",
        },
    }


class Service(ThreadingHTTPServer):
    """A geocoder on this machine; ``answer`` decides what it says, ``asked`` keeps questions."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.features: list[dict] = []
        self.status = 200
        self.body: bytes | None = None
        self.delay_s = 0.0
        self.cut = False
        self.asked: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/geocodage/search"


class Handler(BaseHTTPRequestHandler):
    """Answers as https://data.geopf.fr/geocodage/search is documented to."""

    server: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.server.asked.append(asked)
        time.sleep(self.server.delay_s)
        if parts.path != "/geocodage/search" or not asked.get("q"):
            return self.reply(400, error(400, "q: required param"))
        if not 1 <= int(asked["limit"]) <= 50:
            return self.reply(400, error(400, "limit: must be an integer between 1 and 50"))
        found = self.server.features[: int(asked["limit"])]
        body = json.dumps({"type": "FeatureCollection", "features": found, "query": asked["q"]})
        return self.reply(self.server.status, self.server.body or body.encode())

    def reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body) + (10 if self.server.cut else 0)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def error(code: int, detail: str) -> bytes:
    return json.dumps({"code": code, "detail": [detail], "message": "Bad request"}).encode()


@pytest.fixture
def service(monkeypatch) -> Iterator[Service]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(content, tmp_path):
    return content.write(tmp_path)


@pytest.fixture
def atlas(folder) -> Atlas:
    return Atlas.load(folder)


# The client


def test_addresses_and_places_of_interest_are_read(service):
    service.features = [address(0.93), interest(0.81, ["zone d'activité", "industriel"])]
    first, second = Geocoder(service.url).search("12 rue de l’Est")
    assert (first.rank, first.type, first.score, first.city) == (1, "housenumber", 0.93, "Est")
    assert (first.lon, first.lat, first.citycode) == (2.33, 48.81, "94041")
    assert (second.type, second.label) == ("poi", "Site perdu, Est")
    assert (second.category, second.citycode) == ("zone d'activité industriel", "94041")


def test_the_question_is_asked_as_documented(service):
    Geocoder(service.url).search("à côté & plus", limit=3, near=(2.33, 48.8), citycode="94041")
    assert service.asked == [
        {
            "q": "à côté & plus",
            "limit": "3",
            "index": "address,poi",
            "autocomplete": "0",
            "lon": "2.33",
            "lat": "48.8",
            "citycode": "94041",
        }
    ]


def test_no_answer_is_an_answer(service):
    assert Geocoder(service.url).search("nulle part") == ()


def test_a_refused_question_says_why(service):
    with pytest.raises(GeocoderError, match="answered 400: limit: must be an integer") as caught:
        Geocoder(service.url).search("x", limit=99)
    assert not caught.value.offline


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (429, b"<html>", "answered 429: too many questions"),
        (503, b"", "answered 503"),
        (500, b'{"message": "boom"}', "answered 500: boom"),
        (500, b"[]", "answered 500"),
        (200, b"<html>", "not JSON"),
        (200, b"\xff\xfe", "not JSON"),
        (200, b"[]", "not GeoJSON"),
        (200, b'{"type": "FeatureCollection"}', "not GeoJSON"),
        (200, b'{"features": [{"type": "Feature"}]}', "not as documented"),
        (200, b'{"features": [{"properties": {}, "geometry": null}]}', "not as documented"),
        (200, b'{"features": [3]}', "not as documented"),
    ],
)
def test_a_wrong_answer_is_told_apart_from_no_network(service, status, body, message):
    service.status, service.body = status, body or b" "
    with pytest.raises(GeocoderError, match=message) as caught:
        Geocoder(service.url).search("x")
    assert not caught.value.offline


def test_a_broken_off_answer_is_told(service):
    service.cut = True
    with pytest.raises(GeocoderError, match="broke its answer off"):
        Geocoder(service.url).search("x")


def test_a_slow_geocoder_counts_as_out_of_reach(service):
    service.delay_s = 0.5
    with pytest.raises(GeocoderError, match="cannot be reached: timed out") as caught:
        Geocoder(service.url, timeout_s=0.05).search("x")
    assert caught.value.offline


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_no_geocoder_is_out_of_reach():
    with pytest.raises(GeocoderError, match="cannot be reached") as caught:
        Geocoder(f"http://127.0.0.1:{closed_port()}/").search("x")
    assert caught.value.offline


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/", "data.geopf.fr"])
def test_only_http_addresses_are_asked(url):
    with pytest.raises(ParameterError, match="http"):
        Geocoder(url)


# What is proposed


def test_only_what_nothing_locates_is_asked_for(atlas):
    assert [place.id for place in unlocated(atlas)] == ["site-perdu"]


def test_an_address_goes_before_a_name(content, tmp_path):
    facts = [
        {"label": "Adresse", "value": "12 rue de l’Est", "unit": "", "document": "", "section": ""}
    ]
    content.layers["sites"] += [
        feature("avec", None, facts=facts, communes=["commune-est"]),
        feature("sans", None, name="Résidence (bailleur) Sans"),
    ]
    atlas = Atlas.load(content.write(tmp_path))
    assert question(atlas, atlas.place("avec")) == "12 rue de l’Est Commune Est"
    assert question(atlas, atlas.place("sans")) == "Résidence Sans"


def test_candidates_are_told_inside_or_outside_the_communes(service, atlas):
    service.features = [address(0.9), address(0.8, lon=2.305), address(0.7, lon=2.3185)]
    (proposal,) = propose(atlas, Geocoder(service.url), unlocated(atlas))
    assert proposal.place == "site-perdu"
    assert [c.inside for c in proposal.candidates] == [True, False, True]
    asked = service.asked[0]
    assert (float(asked["lon"]), float(asked["lat"])) == pytest.approx((2.33, 48.81), abs=0.001)


def test_without_outline_nobody_knows_whether_it_is_inside(service, content, tmp_path):
    content.feature("site-perdu")["properties"]["communes"] = []
    service.features = [address(0.9)]
    atlas = Atlas.load(content.write(tmp_path))
    (proposal,) = propose(atlas, Geocoder(service.url), unlocated(atlas))
    assert proposal.candidates[0].inside is None
    assert "lon" not in service.asked[0]


@pytest.mark.parametrize(("code", "sent"), [("94041", "94041"), ("75056", None), ("94", None)])
def test_the_code_of_an_only_commune_is_sent(service, content, tmp_path, code, sent):
    content.catalogue = content.catalogue.replace(
        "max_scale = 25000\n",
        'max_scale = 25000\n[[layer.property]]\nname = "code"\ntype = "string"\n'
        'label_fr = "Code"\nlabel_en = "Code"\n',
        1,
    )
    content.feature("commune-est")["properties"]["code"] = code
    atlas = Atlas.load(content.write(tmp_path))
    propose(atlas, Geocoder(service.url), unlocated(atlas))
    assert service.asked[0].get("citycode") == sent


def test_a_refusal_for_one_place_does_not_stop_the_others(service, content, tmp_path):
    content.layers["sites"].append(feature("autre", None))
    service.status, service.body = 500, b'{"message": "boom"}'
    atlas = Atlas.load(content.write(tmp_path))
    proposals = propose(atlas, Geocoder(service.url), unlocated(atlas))
    assert ["boom" in p.error for p in proposals] == [True, True]


@pytest.mark.parametrize(
    ("found", "taken"),
    [
        (address(0.85), True),
        (address(0.8), True),
        (address(0.79), False),
        (address(0.99, type="municipality"), False),
        (address(0.99, lon=2.305), False),
        (interest(0.9, ["administratif", "commune"]), False),
        (interest(0.9, ["industriel"]), True),
    ],
)
def test_the_best_is_only_taken_when_it_can_be(service, atlas, found, taken):
    service.features = [found]
    (proposal,) = propose(atlas, Geocoder(service.url), unlocated(atlas))
    assert (proposal.best(0.8) is not None) is taken


# What is written


def candidate(**values) -> Candidate:
    stated = {
        "rank": 1,
        "label": "12 Rue de l’Est",
        "type": "street",
        "category": "",
        "score": 0.876,
        "lon": 2.331234,
        "lat": 48.81,
        "city": "Est",
        "citycode": "94041",
    }
    return Candidate(**(stated | values))


@pytest.mark.parametrize(("type", "precision_m"), PRECISION_M.items())
def test_what_is_accepted_is_written_with_all_that_is_known_of_it(folder, atlas, type, precision_m):
    path = accept(folder, atlas, "site-perdu", candidate(type=type), DAY)
    assert path == folder / "geo" / "sites.geojson"
    place = Atlas.load(folder).place("site-perdu")
    assert place.position.method is PositionMethod.GEOCODED
    assert place.position.precision_m == precision_m
    assert place.position.sources == (SOURCE_ID,)
    assert "2024-05-17" in place.position.note
    assert f"type {type}, score 0,88" in place.position.note
    assert (place.geometry.x, place.geometry.y) == (2.331234, 48.81)
    assert Atlas.load(folder).sources[SOURCE_ID].licence == "etalab-2.0"


def test_only_one_line_of_the_layer_changes(folder, atlas):
    path = accept(folder, atlas, "site-perdu", candidate(), DAY)
    first = path.read_text("utf-8").splitlines()
    fresh = Atlas.load(folder)
    again = accept(folder, atlas, "site-perdu", candidate(lat=48.811), DAY)
    second = again.read_text("utf-8").splitlines()
    assert len([1 for a, b in zip(first, second, strict=True) if a != b]) == 1
    assert len(fresh.places) == len(atlas.places)


def test_the_source_is_added_once(folder, atlas):
    accept(folder, atlas, "site-perdu", candidate(), DAY)
    accept(folder, atlas, "site-perdu", candidate(), DAY)
    catalogue = (folder / "geo" / "catalogue.toml").read_text("utf-8")
    assert catalogue.count(f'id = "{SOURCE_ID}"') == 1


def test_a_located_place_is_left_alone(folder, atlas):
    with pytest.raises(ParameterError, match="without geometry"):
        accept(folder, atlas, "jardin", candidate(), DAY)
    with pytest.raises(NotFoundError):
        accept(folder, atlas, "x", candidate(), DAY)


@pytest.mark.parametrize("type", ["municipality", "", "parcel"])
def test_a_match_that_is_no_place_is_refused(folder, atlas, type):
    with pytest.raises(ParameterError, match="a match of the type"):
        accept(folder, atlas, "site-perdu", candidate(type=type), DAY)


def test_what_would_not_be_valid_is_not_written(folder, atlas):
    before = {p: p.read_bytes() for p in (folder / "geo").iterdir()}
    with pytest.raises(DataFaults, match="far from every area"):
        accept(folder, atlas, "site-perdu", candidate(lon=-61.0, lat=16.0), DAY)
    assert {p: p.read_bytes() for p in (folder / "geo").iterdir()} == before


# The command


def run(folder, url, *arguments, capsys) -> tuple[int, str, str]:
    code = main(["locate", "--data", str(folder), "--url", url, *arguments])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_the_command_shows_and_writes_nothing(service, folder, capsys):
    before = (folder / "geo" / "sites.geojson").read_bytes()
    service.features = [address(0.93), interest(0.81, ["industriel"])]
    code, out, _ = run(folder, service.url, capsys=capsys)
    assert code == OK
    assert re.search(r"1 +0\.93 +housenumber +yes +10 +12 Rue de l’Est", out)
    assert "--accept ID=RANK" in out
    assert (folder / "geo" / "sites.geojson").read_bytes() == before


def test_the_command_writes_a_rank(service, folder, capsys):
    service.features = [address(0.93), interest(0.81, ["industriel"])]
    code, out, _ = run(folder, service.url, "--accept", "site-perdu=2", capsys=capsys)
    assert code == OK
    assert "1 place asked for, 1 written" in out
    place = Atlas.load(folder).place("site-perdu")
    assert (place.geometry.x, place.position.precision_m) == (2.331, PRECISION_M["poi"])


def test_the_command_writes_above_a_score(service, folder, capsys):
    service.features = [address(0.83)]
    _, out, _ = run(folder, service.url, "--min-score", "0.9", "--json", capsys=capsys)
    assert json.loads(out)["written"] == {}
    _, out, _ = run(folder, service.url, "--min-score", "0.8", "--json", capsys=capsys)
    assert json.loads(out)["written"]["site-perdu"]["type"] == "housenumber"
    assert Atlas.load(folder).place("site-perdu").geometry is not None


def test_the_command_refuses_a_rank_that_is_not_there(service, folder, capsys):
    service.features = [address(0.83)]
    code, _, err = run(folder, service.url, "--accept", "site-perdu=3", capsys=capsys)
    assert code == USAGE
    assert "a rank from 1 to 1" in err


@pytest.mark.parametrize("arguments", [["--place", "x"], ["--place", "jardin"]])
def test_the_command_refuses_places_that_need_no_geocoder(service, folder, capsys, arguments):
    code, _, _ = run(folder, service.url, *arguments, capsys=capsys)
    assert code == USAGE
    assert service.asked == []


def test_the_command_says_when_there_is_no_network(folder, capsys):
    code, out, err = run(folder, f"http://127.0.0.1:{closed_port()}/", capsys=capsys)
    assert (code, out) == (OFFLINE, "")
    assert "cannot be reached" in err
    assert "machine with a network" in err


def test_the_command_keeps_to_a_layer(service, folder, capsys):
    code, out, _ = run(folder, service.url, "--layer", "voies", capsys=capsys)
    assert (code, service.asked) == (OK, [])
    assert "0 places asked for" in out
