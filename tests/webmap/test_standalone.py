"""The map in one file: what is inside, what is not, and how it is asked for."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers.atlas import Atlas
from webmap.mapping.compose import Contents, standalone_map
from webmap.standalone.__main__ import main
from webmap.standalone.page import json_text

LOADS = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src")}
ADDRESS = "/telecharger/limitrophe.html"


class Reader(HTMLParser):
    """Collects the blocks, the loads and the links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.inline: dict[str, list[str]] = {"script": [], "style": []}
        self.blocks: dict[str, str] = {}
        self.policy = ""
        self.language = ""
        self._open: tuple[str, dict[str, str]] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.loads += [given[name] for kind, name in LOADS if kind == tag and name in given]
        assert "style" not in given
        assert not [name for name in given if name.startswith("on")]
        if tag == "a":
            self.links.append(given["href"])
        if tag == "html":
            self.language = given["lang"]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self._open = (tag, given) if tag in self.inline else None

    def handle_data(self, data: str) -> None:
        if self._open is None:
            return
        tag, given = self._open
        if "id" in given:
            self.blocks[given["id"]] = self.blocks.get(given["id"], "") + data
        else:
            self.inline[tag].append(data)

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.blocks["donnees"])
        return found

    def packed(self) -> dict[str, Any]:
        text = gzip.decompress(base64.b64decode(self.blocks["fiches"]))
        found: dict[str, Any] = json.loads(text)
        return found


@pytest.fixture(scope="module")
def whole(atlas_app: Flask) -> bytes:
    answer = atlas_app.test_client().get(f"{ADDRESS}?lang=fr")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="limitrophe.html"'
    return answer.data


@pytest.fixture(scope="module")
def page(whole: bytes) -> Reader:
    return Reader(whole.decode())


@pytest.fixture(scope="module")
def atlas(atlas_app: Flask) -> Atlas:
    found: Atlas = atlas_app.extensions["limitrophe"].atlas
    return found


def test_the_whole_atlas_is_under_three_megabytes(whole: bytes) -> None:
    assert len(whole) < 3_000_000


def test_nothing_is_loaded_and_the_file_forbids_itself_to(page: Reader) -> None:
    assert page.loads == []
    packed = page.packed()
    assert not [text for text in packed["sheets"].values() if Reader(text).loads]
    policy = dict(part.split(" ", 1) for part in page.policy.split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == policy["font-src"] == "data:"
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        digests = {
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in page.inline[tag]
        }
        assert set(policy[rule].split()) == digests
    urls = re.findall(r"url\(([^)]*)\)", " ".join(page.inline["style"]))
    assert all(url.startswith(("data:", "#", '"data:')) for url in urls)


def test_every_layer_place_and_commitment_is_inside(page: Reader, atlas: Atlas) -> None:
    data, packed = page.data(), page.packed()
    assert [layer["id"] for layer in data["layers"]] == list(atlas.layers)
    for layer in data["layers"]:
        features = {feature["id"]: feature for feature in layer["features"]}
        served = [json.loads(text) for text in atlas.collection(layer["id"]).encoded]
        assert {id: f["geometry"] for id, f in features.items()} == {
            feature["id"]: feature["geometry"] for feature in served
        }
    keys = {f"lieu:{id}" for id in atlas.places} | {f"engagement:{id}" for id in atlas.commitments}
    assert set(packed["sheets"]) == keys
    found = {(entry["type"], entry["id"]) for entry in data["search"]["entries"]}
    assert {id for kind, id in found if kind == "commitment"} == set(atlas.commitments)


def test_links_lead_inside_the_file_to_what_it_has(page: Reader, atlas: Atlas) -> None:
    packed = page.packed()
    texts = [*packed["sheets"].values(), *(t for kind in packed["records"].values() for t in kind)]
    links = {link for text in texts for link in Reader(text).links}
    assert links
    assert not [text for text in texts if "absent:" in text or "url_for" in text]
    for link in links:
        kind, _, id = link.removeprefix("#").partition("=")
        assert f"{kind}:{id}" in packed["sheets"], link


def test_lists_hold_what_the_atlas_joins(page: Reader, atlas: Atlas) -> None:
    packed = page.packed()
    sheet = packed["sheets"]["lieu:boulevard-adolphe-pinard"]
    number = re.search(r"Engagements qui nomment ce lieu.*?data-list=\"(\d+)\"", sheet)
    assert number
    kind, entries = packed["lists"][int(number[1])]
    assert kind == "c"
    named = [list(atlas.commitments)[entry] for entry in entries]
    assert named == list(atlas.direct["boulevard-adolphe-pinard"])
    assert f'data-commitment="{named[0]}"' in packed["records"]["c"][entries[0]]


def test_chosen_layers_alone_are_inside_and_the_register_stays_whole(
    atlas_client: FlaskClient, atlas: Atlas
) -> None:
    page = Reader(atlas_client.get(f"{ADDRESS}?couches=qpv&lang=en").text)
    ids = [layer["id"] for layer in page.data()["layers"]]
    assert ids == [
        layer.id for layer in atlas.layers.values() if layer.background or layer.id == "qpv"
    ]
    sheets = page.packed()["sheets"]
    assert len([key for key in sheets if key.startswith("engagement:")]) == len(atlas.commitments)
    assert "lieu:boulevard-adolphe-pinard" not in sheets
    links = {link for text in sheets.values() for link in Reader(text).links}
    assert "#lieu=boulevard-adolphe-pinard" not in links
    assert page.language == "en"
    assert "Layers and legend" in atlas_client.get(f"{ADDRESS}?couches=qpv&lang=en").text


def test_a_layer_that_does_not_exist_is_refused(client: FlaskClient) -> None:
    answer = client.get(f"{ADDRESS}?couches=voies,routes", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.get_json()["parameter"] == "couches"
    assert "voies" in answer.get_json()["allowed"]


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--", "a & b", "\u2028\u2029", '"\\']
)
def test_data_cannot_leave_its_element(text: str) -> None:
    written = json_text({"text": text})
    assert json.loads(written) == {"text": text}
    assert not set("<>&\u2028\u2029") & set(written)


def test_a_script_that_would_end_its_element_is_refused() -> None:
    contents = Contents("fr", "t", "", (), lambda element: element, "", "'</script>'", "")
    with pytest.raises(ValueError, match="</script"):
        standalone_map("carte", (2, 48, 3, 49), contents)


def test_the_file_is_written_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "carte.html"
    arguments = [str(out), "--layers", "voies-limitrophes", "--lang", "en"]
    assert main([*arguments, "--address", "https://atlas.example/"]) == 0
    assert "MB" in capsys.readouterr().out
    page = Reader(out.read_text(encoding="utf-8"))
    assert page.language == "en"
    assert "https://atlas.example/" in page.links
    assert main([str(tmp_path / "x.html"), "--layers", "voies-limitrofes"]) == 2
    assert "voies-limitrophes" in capsys.readouterr().err
    assert not (tmp_path / "x.html").exists()
    assert main([str(tmp_path / "missing" / "x.html")]) == 2


@pytest.mark.parametrize("path", ["/integrer", "/integrer?lieu=rue-ouest&lang=en"])
def test_the_map_alone_may_be_framed_by_any_site(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "site-header" not in answer.text
    for other in ("/", "/lieux", "/telecharger"):
        assert "frame-ancestors 'self'" in client.get(other).headers["Content-Security-Policy"]
