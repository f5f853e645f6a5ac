"""Is a consultation prepared, changed, undone and run as its team wants, and by nobody else?"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from tests.state.conftest import state_of, token_of
from tests.state.forms import fields_of
from webmap.consultation import contributions, store
from webmap.consultation.participants import Guest
from webmap.consultation.said import Said
from webmap.consultation.store import Known

NEW = "/animation/nouvelle"
SLUG = "le-boulevard"
BOARD = f"/animation/{SLUG}"
Clients = Callable[[str], FlaskClient]
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""What depends on the database is in `test_teams`, on both."""


def change(client: FlaskClient, path: str, do: str = "save", **typed: str) -> Any:
    """Open a form, type into it, press one of its buttons."""
    form = fields_of(client.get(path).text, "plan")
    return press(client, path, form, do, **typed)


def press(client: FlaskClient, path: str, form: MultiDict, do: str, **typed: str) -> Any:
    for name, value in typed.items():
        form[name.replace("__", "-")] = value
    return client.post(path, data=MultiDict(form) | {"do": do})


def add_and_fill(client: FlaskClient, path: str, kind: str, *names: str) -> Any:
    """Add a question by its button, fill it in, save."""
    form = fields_of(change(client, path, f"add:questions.{kind}").text, "plan")
    number = sum(re.fullmatch(r"questions-\d+-id", name) is not None for name in form) - 1
    form[f"questions-{number}-label_fr"] = names[0]
    for at, name in enumerate(names[1:]):
        form[f"questions-{number}-options-{at}-label_fr"] = name
    return press(client, path, form, "save")


def act(client: FlaskClient, path: str, **sent: str) -> Any:
    token = token_of(client.get(BOARD).text)
    return client.post(path, data={"csrf_token": token, **sent})


def known_of(app: Flask, slug: str = SLUG) -> Known:
    found = store.by_slug(state_of(app), slug)
    assert found is not None
    return found


@pytest.fixture
def made(editor: FlaskClient) -> FlaskClient:
    """The browser of an editor who has made a consultation."""
    assert change(editor, NEW, title_fr="Le boulevard").headers["Location"] == BOARD
    return editor


def test_a_title_is_enough_to_open_a_consultation(
    app: Flask, made: FlaskClient, anonymous: FlaskClient, logged_in: Clients
) -> None:
    public, other = f"/consultations/{SLUG}", logged_in("Mission convention")
    assert anonymous.get(public).status_code == 404
    assert other.get(public).status_code == 404
    assert "Le boulevard" not in anonymous.get("/consultations").text
    for path in ("", "/modifier", "/versions", "/apercu", "/saisie", "/kit.pdf", "/code.svg"):
        assert made.get(BOARD + path).status_code == 200
        assert made.get(f"{BOARD}{path}?lang=en").status_code == 200
        for stranger in (anonymous, other):
            assert stranger.get(BOARD + path).status_code == 403
    assert act(made, f"{BOARD}/etape", de="draft", vers="open").status_code == 303
    assert anonymous.get(public).status_code == 200
    assert "Le boulevard" in anonymous.get("/consultations").text
    plan = known_of(app).plan
    assert [one.name_fr for one in plan.categories] == ["Idée", "Gêne", "À garder"]
    assert (plan.where.shapes, [q.kind for q in plan.questions]) == (("point",), ["text"])
    assert plan.purpose_fr


def test_faults_are_told_at_their_fields_and_nothing_typed_is_lost(editor: FlaskClient) -> None:
    form = fields_of(change(editor, NEW, "add:questions.single").text, "plan")
    typed = {
        "text_fr": "Un texte long\n\net deux paragraphes",
        "opens": "2031-05-01T10:00",
        "closes": "01/04/2031 18:00",
        "area": '{"type": "Point", "coordinates": [2.3, 48.8]}',
        "edit_minutes": "une heure",
        "smallest_count": "0",
        "questions-1-label_fr": "Vous venez",
        "questions-1-options-0-label_fr": "À pied",
        "contact": "x" * 201,
    }
    for name, value in typed.items():
        form[name] = value
    answer = press(editor, NEW, form, "save")
    assert answer.status_code == 422
    told = set(re.findall(r'<li><a href="#([\w-]+)">', answer.text))
    wanted = {"title_fr", "area", "edit_minutes", "smallest_count", "contact"}
    assert told == wanted | {"questions-1-options-1-label_fr"}
    for name in told:
        assert f'id="{name}"' in answer.text
        assert f'id="{name}-faute"' in answer.text
    again = fields_of(answer.text, "plan")
    assert {name: again[name] for name in typed} == typed
    assert editor.get("/animation").text.count("record-title") == 0


def test_the_end_comes_after_the_beginning_and_dates_are_those_of_france(
    app: Flask, editor: FlaskClient
) -> None:
    dates = {"opens": "2031-07-01T10:00", "closes": "01/06/2031 18:00"}
    refused = change(editor, NEW, title_fr="Le boulevard", **dates)
    assert re.findall(r'<li><a href="#(\w+)">', refused.text) == ["closes"]
    assert change(editor, NEW, title_fr="Le boulevard", **dates | {"closes": "02/12/2031 18:00"})
    plan = known_of(app).plan
    assert (plan.opens.isoformat(), plan.closes.isoformat()) == (
        "2031-07-01T10:00:00+02:00",
        "2031-12-02T18:00:00+01:00",
    )


def test_parts_are_added_moved_and_taken_away_without_javascript(editor: FlaskClient) -> None:
    form = fields_of(change(editor, NEW, "add:categories").text, "plan")
    form["categories-3-name_fr"] = "Question"
    moved = press(editor, NEW, form, "up:categories-3")
    assert moved.status_code == 200
    form = fields_of(press(editor, NEW, fields_of(moved.text, "plan"), "remove:categories-0").text,
                     "plan")  # fmt: skip
    names = [form[f"categories-{at}-name_fr"] for at in range(3)]
    assert names == ["Gêne", "Question", "À garder"]
    assert "categories-3-id" not in form
    for nonsense in ("up:categories-99", "remove:questions-x", "add:title_fr", "::", "down:"):
        assert press(editor, NEW, form, nonsense).status_code == 200


def test_ids_never_change_and_are_never_used_again(app: Flask, made: FlaskClient) -> None:
    edit = f"{BOARD}/modifier"
    add_and_fill(made, edit, "single", "Vous venez", "À pied", "À vélo")
    first = known_of(app).plan
    assert [one.id for one in first.questions] == ["avis", "vous-venez"]
    change(made, edit, questions__1__label_fr="Comment venez-vous ?")
    assert [one.id for one in known_of(app).plan.questions] == ["avis", "vous-venez"]
    form = fields_of(change(made, edit, "remove:questions-1").text, "plan")
    assert press(made, edit, form, "save").status_code == 303
    add_and_fill(made, edit, "single", "Vous venez", "À pied", "À vélo")
    again = known_of(app).plan.questions[1]
    assert again.id == "vous-venez-2"
    assert {one.id for one in again.options}.isdisjoint(
        {one.id for one in first.questions[1].options}
    )


def say(app: Flask, category: str = "idee", **answers: Any) -> None:
    said = Said(str(uuid.uuid4()), "fr", category, None, None, "rue-ouest", None, None, answers)
    contributions.submit(state_of(app), known_of(app), Guest(said.key, "online"), said)


def test_taking_away_what_has_answers_is_told(app: Flask, made: FlaskClient) -> None:
    act(made, f"{BOARD}/etape", de="draft", vers="open")
    for _ in range(2):
        say(app, avis="Plus d’arbres")
    edit = f"{BOARD}/modifier"
    form = fields_of(change(made, edit, "remove:categories-0").text, "plan")
    told = press(made, edit, form, "save")
    assert told.status_code == 422
    assert re.search(r"« Idée » :\s*2 contributions", told.text)
    assert len(known_of(app).plan.categories) == 3
    assert press(made, edit, form | {"lose": "1"}, "save").status_code == 303
    assert [one.id for one in known_of(app).plan.categories] == ["gene", "garder"]


def test_stages_follow_one_another_and_a_stale_page_moves_nothing(
    app: Flask, made: FlaskClient
) -> None:
    path = f"{BOARD}/etape"
    assert act(made, path, de="draft", vers="closed").status_code == 409
    for before, after in (
        ("draft", "open"), ("open", "paused"), ("paused", "open"), ("open", "closed"),
        ("closed", "archived"), ("archived", "closed"), ("closed", "open"),
    ):  # fmt: skip
        assert f'value="{after}"' in made.get(BOARD).text
        assert act(made, path, de=before, vers=after).status_code == 303
        assert known_of(app).stage == after
        assert act(made, path, de=before, vers=after).status_code == 409
    assert act(made, path, de="open", vers="x").status_code == 409


def test_only_an_owner_invites_and_the_last_one_stays(
    app: Flask, made: FlaskClient, logged_in: Clients
) -> None:
    path, other = f"{BOARD}/equipe", logged_in("Mission convention")
    assert act(made, path, nom="Personne", do="invite").status_code == 422
    assert act(made, path, nom="Ancien agent", do="invite").status_code == 303
    assert act(made, path, nom="Mission convention", do="invite").status_code == 303
    assert other.get(BOARD).status_code == 200
    assert act(other, path, nom="Direction", do="invite").status_code == 403
    assert act(made, path, nom="Service voirie", do="invite").status_code == 303
    assert act(made, path, nom="Service voirie", do="dismiss").status_code == 422
    assert store.team(state_of(app), known_of(app))[0] == ("Service voirie", "owner")
    assert act(made, path, nom="mission CONVENTION", do="dismiss").status_code == 303
    assert other.get(BOARD).status_code == 403


def test_a_copy_is_a_draft_of_its_own_without_dates(app: Flask, made: FlaskClient) -> None:
    change(made, f"{BOARD}/modifier", closes="2031-12-02T18:00")
    copy = act(made, f"{BOARD}/dupliquer").headers["Location"]
    assert copy == "/animation/le-boulevard-copie/modifier"
    known = known_of(app, "le-boulevard-copie")
    assert (known.stage, known.plan.closes) == ("draft", None)
    assert known.plan.questions == known_of(app).plan.questions


def test_the_preview_shows_what_is_asked_and_sends_nothing(made: FlaskClient) -> None:
    page = made.get(f"{BOARD}/apercu").text
    for words in ("Que voulez-vous en dire", "À garder", "ne servent à rien d’autre"):
        assert words in page
    assert "<form" not in page.partition("<main")[2]


@pytest.mark.parametrize(
    "path", [NEW, f"{BOARD}/modifier", f"{BOARD}/etape", f"{BOARD}/equipe", f"{BOARD}/versions",
             f"{BOARD}/dupliquer", f"{BOARD}/saisie", f"{BOARD}/saisie/annuler"],
)  # fmt: skip
def test_nothing_is_written_without_a_token_or_by_a_stranger(
    made: FlaskClient, logged_in: Clients, path: str
) -> None:
    assert made.post(path, data={"title_fr": "x"}).status_code == 400
    if path != NEW:
        stranger = logged_in("Mission convention")
        token = token_of(stranger.get(NEW).text)
        assert stranger.post(path, data={"csrf_token": token}).status_code == 403


def test_texts_of_a_plan_are_never_markup(made: FlaskClient) -> None:
    attack = "<script>alert(1)</script>"
    names = ("title_fr", "text_fr", "organiser", "contact", "purpose_fr")
    names += ("categories-0-name_fr", "questions-0-label_fr", "where-label_fr")
    form = fields_of(made.get(f"{BOARD}/modifier").text, "plan")
    for name in names:
        form[name] = attack
    assert press(made, f"{BOARD}/modifier", form, "save").status_code == 303
    act(made, f"{BOARD}/etape", de="draft", vers="open")
    pages = ["/animation", "/consultations", f"/consultations/{SLUG}", BOARD]
    pages += [f"{BOARD}/{end}" for end in ("modifier", "versions", "apercu", "saisie")]
    for page in pages:
        assert "<script>alert" not in made.get(page).text
