"""Language by address or header; links that keep it and survive proxies and prefixes."""

import pytest
from flask.testing import FlaskClient

from webmap import create_app


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", "", "fr"),
        ("", "en", "en"),
        ("", "en-GB,en;q=0.8,fr;q=0.2", "en"),
        ("", "de", "fr"),
        ("", "de, en;q=0.5", "en"),
        ("", ";;;q=,", "fr"),
        ("?lang=en", "fr", "en"),
        ("?lang=fr", "en", "fr"),
    ],
)
def test_language(client: FlaskClient, query: str, header: str, expected: str) -> None:
    answer = client.get(f"/ogc/collections{query}", headers={"Accept-Language": header})
    assert answer.headers["Content-Language"] == expected
    assert "Accept-Language" in answer.headers["Vary"]
    titles = {c["id"]: c["title"] for c in answer.get_json()["collections"]}
    assert titles["voies"] == {"fr": "Voies", "en": "Streets"}[expected]


@pytest.mark.parametrize("path", ["/", "/ogc", "/ogc?f=html", "/telecharger", "/lieux"])
def test_another_language_is_refused(client: FlaskClient, path: str) -> None:
    joint = "&" if "?" in path else "?"
    answer = client.get(f"{path}{joint}lang=de")
    assert answer.status_code == 400
    assert "lang" in answer.text


def test_links_keep_the_language_of_the_address(client: FlaskClient) -> None:
    with_language = client.get("/ogc?lang=en").get_json()
    assert all("lang=en" in found["href"] for found in with_language["links"])
    without = client.get("/ogc", headers={"Accept-Language": "en"}).get_json()
    assert not any("lang=" in found["href"] for found in without["links"])


def test_the_page_in_the_other_language_is_one_click_away(client: FlaskClient) -> None:
    page = client.get("/ogc/collections/voies/items?limit=2&f=html").text
    assert "/ogc/collections/voies/items?limit=2&amp;f=html&amp;lang=en" in page


FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "atlas.example",
    "X-Forwarded-Prefix": "/limites",
}


def first_link(client: FlaskClient, **kwargs) -> str:
    return client.get("/ogc/conformance", **kwargs).get_json()["links"][0]["href"]


def test_forwarded_headers_are_believed_only_when_the_settings_say_so(
    client: FlaskClient, trial_folder
) -> None:
    assert first_link(client, headers=FORWARDED) == "http://localhost/ogc/conformance?f=json"
    settings = {"LIMITROPHE_DATA": trial_folder, "LIMITROPHE_TRUSTED_PROXIES": 1}
    behind = create_app({**settings, "TESTING": True}).test_client()
    expected = "https://atlas.example/limites/ogc/conformance?f=json"
    assert first_link(behind, headers=FORWARDED) == expected


def test_a_path_prefix_is_kept_in_links(client: FlaskClient) -> None:
    prefixed = {"environ_overrides": {"SCRIPT_NAME": "/limites"}}
    assert first_link(client, **prefixed) == "http://localhost/limites/ogc/conformance?f=json"
    page = client.get("/ogc?f=html", **prefixed).text
    assert 'href="/limites/ogc/collections"' in page
    assert 'href="/ogc' not in page


def test_a_host_that_is_not_trusted_is_refused(trial_folder) -> None:
    settings = {"LIMITROPHE_DATA": trial_folder, "LIMITROPHE_TRUSTED_HOSTS": "atlas.example"}
    client = create_app({**settings, "TESTING": True}).test_client()
    assert client.get("/ogc", headers={"Host": "atlas.example"}).status_code == 200
    refused = client.get("/ogc", headers={"Host": "evil.example"})
    assert refused.status_code == 400


@pytest.mark.parametrize("host", ["", "a b", "évil", "[", "x" * 300, "a:b", "a/b"])
def test_a_strange_host_is_no_fault_of_ours(client: FlaskClient, host: str) -> None:
    for path in ("/ogc", "/ogc?f=html", "/none"):
        answer = client.get(path, headers={"Host": host.encode().decode("latin-1")})
        assert answer.status_code < 500


@pytest.mark.parametrize(
    ("language", "shown"), [("fr", "−1,0\N{NO-BREAK SPACE}%"), ("en", "−1.0%")]
)
def test_a_percentage_is_written_as_the_language_writes_it(
    atlas_client: FlaskClient, language: str, shown: str
) -> None:
    # The text says 1,000 m, the line measures 990.
    page = atlas_client.get(f"/lieux/boulevard-adolphe-pinard?lang={language}").text
    assert f"({shown})" in page


def test_signs_and_thousands_stay_with_their_words(atlas_client: FlaskClient) -> None:
    page = atlas_client.get("/engagements/martigues-art-3-1-2-1").text
    assert "29\N{NO-BREAK SPACE}174,12\N{NO-BREAK SPACE}€" in page
    assert "94\N{NO-BREAK SPACE}%" in atlas_client.get("/lieux/boulevard-adolphe-pinard").text


@pytest.mark.parametrize("path", ["/telecharger", "/question"])
def test_towns_are_in_the_order_of_a_dictionary(atlas_client: FlaskClient, path: str) -> None:
    page = atlas_client.get(path).text
    towns = ["Châtillon", "Chevilly-Larue", "Clamart", "Vanves", "Vélizy-Villacoublay", "Villejuif"]
    found = [page.index(f">{town}</option>") for town in towns]
    assert found == sorted(found)
