"""Links that others have marked: readers arrive, and the marks do not."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webmap.campaigns import is_mark
from webmap.params import parameters_of


@pytest.mark.parametrize(
    ("marked", "clean"),
    [
        ("/?fbclid=IwAR0x", "/"),
        ("/?lieu=dalle-garamond&utm_source=lettre&utm_medium=courriel", "/?lieu=dalle-garamond"),
        (
            "/engagements?q=piste+cyclable&lang=en&mtm_campaign=mai",
            "/engagements?q=piste+cyclable&lang=en",
        ),
        ("/imprimer?couche=qpv&xtor=EPR-1&couche=voies", "/imprimer?couche=qpv&couche=voies"),
        ("/documents/malakoff?gclid=1&at_medium=e", "/documents/malakoff"),
    ],
)
def test_a_marked_link_leads_to_the_same_address_without_marks(
    atlas_client: FlaskClient, marked: str, clean: str
) -> None:
    answer = atlas_client.get(marked)
    assert answer.status_code == 302
    assert answer.headers["Location"] == clean


def test_the_redirection_keeps_a_path_prefix(atlas_client: FlaskClient) -> None:
    answer = atlas_client.get("/lieux?utm_id=7", environ_overrides={"SCRIPT_NAME": "/atlas"})
    assert answer.headers["Location"] == "/atlas/lieux"


@pytest.mark.parametrize("path", ["/?utm=1", "/?xfbclid=1", "/lieux?source=lettre"])
def test_what_only_looks_like_a_mark_is_told(atlas_client: FlaskClient, path: str) -> None:
    answer = atlas_client.get(path)
    assert answer.status_code == 400
    assert "n’existe pas ici" in answer.text


def test_the_data_service_takes_no_marks(atlas_client: FlaskClient) -> None:
    for path in ("/ogc/collections/voies/items?f=json&utm_source=x", "/ogc?fbclid=1"):
        assert atlas_client.get(path).status_code == 400


def test_the_atlas_itself_has_no_parameter_that_is_a_mark(atlas_app: Flask) -> None:
    with atlas_app.app_context():
        names = {p.name for end in atlas_app.view_functions for p in parameters_of(end)}
    assert len(names) > 40
    assert not [name for name in names if is_mark(name)]


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        (
            "/?lieu=dalle-garamond&vitesse_max=3&vue=48.8,2.3,15",
            "/?lieu=dalle-garamond&amp;vue=48.8%2C2.3%2C15",
        ),
        ("/engagements?jusqu-au=demain&document=ivry", "/engagements?document=ivry"),
        ("/lieux?couche=qpv&couche=voies", "/lieux"),
    ],
)
def test_a_refused_parameter_can_be_left_out(
    atlas_client: FlaskClient, asked: str, offered: str
) -> None:
    answer = atlas_client.get(asked, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert f'class="button button-primary" href="{offered}">Continuer sans « ' in answer.text
    assert atlas_client.get(offered.replace("&amp;", "&")).status_code == 200


def test_a_place_that_is_gone_has_nothing_to_leave_out(atlas_client: FlaskClient) -> None:
    page = atlas_client.get("/lieux/disparu", headers={"Accept": "text/html"}).text
    assert "Continuer sans" not in page
