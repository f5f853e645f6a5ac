"""What pages and collections say of the metadata: links, settings."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from webmap.config import SettingFaults, read_settings


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
