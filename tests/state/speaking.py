"""A consultation of the trial atlas, and people who say things in it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.state.conftest import state_of, token_of
from webmap.consultation import contributions, store
from webmap.consultation.kept import Kept
from webmap.consultation.participants import Guest, new_guest
from webmap.consultation.plan import Plan
from webmap.consultation.said import read_said
from webmap.consultation.store import Known
from webmap.site import current_site

FRANCE = (-6.0, 41.0, 10.0, 52.0)
ATTACK = "<script>alert('x')</script>"
FORMULA = '=HYPERLINK("http://exemple.fr")'
PLAN: dict[str, Any] = {
    "title_fr": "Le boulevard à l’essai",
    "title_en": "Trying the boulevard out",
    "organiser": "Ville d’essai",
    "text_fr": "Dites ce qu’il faudrait.",
    "purpose_fr": "Préparer le projet.",
    "categories": [
        {"id": "idee", "name_fr": "Idée", "name_en": "Idea", "colour": "#0055aa"},
        {"id": "gene", "name_fr": "Gêne", "name_en": "Nuisance", "colour": "#aa3300"},
    ],
    "where": {"shapes": ["point", "line", "area"], "required": False},
    "questions": [
        {"id": "avis", "kind": "text", "label_fr": "Votre avis", "label_en": "Your opinion"},
        {"id": "note", "kind": "scale", "label_fr": "Votre note", "steps": 3, "low_fr": "Mal"},
        {
            "id": "usages",
            "kind": "multiple",
            "label_fr": "Vos usages",
            "options": [
                {"id": "marche", "label_fr": "À pied", "label_en": "On foot"},
                {"id": "velo", "label_fr": "À vélo"},
            ],
        },
    ],
    "moderation": "after",
    "blur_m": 50,
    "smallest_count": 3,
}
POINT = {"type": "Point", "coordinates": [2.3, 48.82]}


def plan(**changes: Any) -> Plan:
    return Plan.model_validate({**PLAN, **changes})


def begin(app: Flask, **changes: Any) -> Known:
    """Open a consultation that the account of the road service runs."""
    database = state_of(app)
    made = store.create(database, plan(**changes), None, slug="essai")
    store.invite(database, made, "service voirie", "owner")
    return store.move(database, made, "open")


def again(app: Flask, known: Known) -> Known:
    found = store.by_slug(state_of(app), known.slug)
    assert found
    return found


def say(
    app: Flask,
    known: Known,
    text: str = "",
    guest: Guest | None = None,
    channel: str = "online",
    **changes: Any,
) -> Kept:
    """Let a browser, a new one unless it is given, say something."""
    answers = {**({"avis": text} if text else {}), **changes.pop("answers", {})}
    sent = {"key": str(uuid.uuid4()), "category": "idee", "answers": answers, **changes}
    with app.app_context():
        said = read_said(sent, known.plan, current_site().atlas, FRANCE)
        someone = guest or new_guest(known, channel)
        return contributions.submit(state_of(app), known, someone, said)


def form_of(client: FlaskClient, path: str, number: int) -> dict[str, str]:
    """What the form of a contribution sends, whatever is decided."""
    page = client.get(path).text
    card = page.split(f'id="n{number}"')[1].split("</article>")[0]
    hidden = {name: card.split(f'name="{name}" value="')[1].split('"')[0]
              for name in ("number", "revision", "seen", "page")}  # fmt: skip
    return {"csrf_token": token_of(card), **hidden}
