"""What pages and collections say of the metadata: schema.org, links, settings."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers.atlas import Atlas
from layers.exporters.formats import FORMATS
from tests.webmap.conftest import trial_content
from webmap import create_app
from webmap.config import SettingFaults, read_settings
from webmap.labels import LICENCES

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def atlas(atlas_app: Flask) -> Atlas:
    found: Atlas = atlas_app.extensions["limitrophe"].atlas
    return found


def described(client: FlaskClient, path: str) -> dict[str, Any]:
    (script,) = SCRIPT.findall(client.get(path).text)
    found: dict[str, Any] = json.loads(script)
    assert found["@context"] == "https://schema.org/"
    return found


def check_dataset(found: dict[str, Any], atlas: Atlas) -> None:
    """Check a dataset against what search engines require: name, description of 50 letters."""
    assert found["@type"] == "Dataset"
    assert found["name"]
    assert 50 <= len(found["description"]) <= 5000
    id = found["@id"].rpartition("/")[2]
    bounds = atlas.features[id].bounds
    if bounds:
        south, west, north, east = map(float, found["spatialCoverage"]["geo"]["box"].split())
        assert (west, south, east, north) == pytest.approx(bounds, abs=1e-9)
    licence = atlas.layers[id].licence if id in atlas.layers else "ODbL-1.0"
    assert found["license"] == LICENCES[licence][1]


def test_the_page_of_a_collection_describes_it(atlas_client: FlaskClient, atlas: Atlas) -> None:
    for id in atlas.features:
        found = described(atlas_client, f"/ogc/collections/{id}?f=html")
        check_dataset(found, atlas)
        assert found["@id"] == f"http://localhost/catalogue/{id}"
        assert {form["@type"] for form in found["distribution"]} == {"DataDownload"}
        addresses = {form["contentUrl"] for form in found["distribution"]}
        assert f"http://localhost/telecharger/{id}.geojson" in addresses
        assert len(addresses) >= len(FORMATS) + 2
        assert found["includedInDataCatalog"]["@id"] == "http://localhost/catalogue"


@pytest.mark.parametrize("path", ["/telecharger", "/sources"])
def test_the_pages_that_list_everything_describe_everything(
    atlas_client: FlaskClient, atlas: Atlas, path: str
) -> None:
    found = described(atlas_client, path)
    assert found["@type"] == "DataCatalog"
    assert {d["@id"].rpartition("/")[2] for d in found["dataset"]} == set(atlas.features)
    for dataset in found["dataset"]:
        check_dataset(dataset, atlas)


def test_descriptions_speak_the_language_of_the_page(atlas_client: FlaskClient) -> None:
    french = described(atlas_client, "/ogc/collections/qpv?f=html&lang=fr")
    english = described(atlas_client, "/ogc/collections/qpv?f=html&lang=en")
    assert french["name"] == "Limitrophe – Quartiers prioritaires"
    assert english["name"] == "Limitrophe – Priority districts"
    assert french["@id"] == english["@id"]


def test_content_cannot_leave_the_script(tmp_path) -> None:
    content = trial_content()
    content.catalogue = content.catalogue.replace(
        'title_fr = "Voies"', 'title_fr = "</script><script>alert(1)</script>"'
    )
    app = create_app({"LIMITROPHE_DATA": content.write(tmp_path), "TESTING": True})
    for path in ("/ogc/collections/voies?f=html", "/telecharger"):
        page = app.test_client().get(path).text
        assert "<script>alert" not in page
        assert "</script><script>alert(1)</script>" in json.dumps(
            described(app.test_client(), path)
        )


def test_pages_link_to_the_metadata(client: FlaskClient) -> None:
    page = client.get("/ogc/collections/voies?f=html").text
    assert re.search(r'<link rel="describedby" type="application/xml"[^>]*voies\.xml"', page)
    for path, target in (
        ("/ogc/collections/voies?f=html", "/catalogue/voies"),
        ("/telecharger", "/catalogue"),
        ("/sources", "/catalogue"),
    ):
        page = client.get(path).text
        for extension, mimetype in (
            ("jsonld", r"application/ld\+json"),
            ("ttl", "text/turtle"),
            ("rdf", r"application/rdf\+xml"),
        ):
            wanted = rf'<link rel="alternate" type="{mimetype}"[^>]*href="{target}\.{extension}"'
            assert re.search(wanted, page), (path, extension)


def test_collections_are_described_by_their_records(client: FlaskClient) -> None:
    links = client.get("/ogc/collections/voies").get_json()["links"]
    records = {link["type"]: link["href"] for link in links if link["rel"] == "describedby"}
    assert records["application/xml"] == "http://localhost/catalogue/voies.xml"
    assert records["application/ld+json"] == "http://localhost/catalogue/voies.jsonld"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LIMITROPHE_CONTACT", "somebody"),
        ("LIMITROPHE_CONTACT", "a b@c.example"),
        ("LIMITROPHE_CONTACT", "javascript:alert(1)"),
        ("LIMITROPHE_CONTACT", "https://user:pass@b.example"),
        ("LIMITROPHE_PUBLISHER", "two\nlines"),
        ("LIMITROPHE_PUBLISHER", "x" * 201),
    ],
)
def test_what_is_no_publisher_and_no_contact_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingFaults, match=name):
        read_settings({name: text})


@pytest.mark.parametrize("path", ["none.xml", "none.ttl", "none", "voies.html", "voies.json"])
def test_what_is_no_record_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/catalogue/{path}", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
