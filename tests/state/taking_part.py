"""A consultation to take part in, and browsers that have joined it a while ago."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.state.conftest import state_of
from webmap.clock import now
from webmap.consultation import store
from webmap.consultation.participants import COOKIE, new_guest
from webmap.consultation.plan import Plan
from webmap.consultation.store import Known

PLAN = {
    "title_fr": "La rue à l’essai",
    "title_en": "The street on trial",
    "purpose_fr": "Préparer les travaux de la rue.",
    "organiser": "Ville Ouest",
    "contact": "mairie@exemple.fr",
    "territories": ["commune-ouest"],
    "layers": ["voies", "sites"],
    "commitments": ["convention-a-1"],
    "categories": [
        {"id": "idee", "name_fr": "Idée", "name_en": "Idea", "colour": "#0055aa"},
        {"id": "gene", "name_fr": "Gêne", "name_en": "Nuisance", "colour": "#aa3300"},
    ],
    "where": {"shapes": ["point", "line", "area"]},
    "questions": [
        {"id": "avis", "kind": "text", "label_fr": "Votre avis", "required": True},
        {"id": "note", "kind": "scale", "label_fr": "Votre note", "steps": 5},
        {
            "id": "usages",
            "kind": "multiple",
            "label_fr": "Vos usages",
            "options": [
                {"id": "marche", "label_fr": "À pied"},
                {"id": "velo", "label_fr": "À vélo"},
            ],
        },
        {
            "id": "age",
            "kind": "single",
            "label_fr": "Votre quartier",
            "options": [{"id": "ici", "label_fr": "Ici"}, {"id": "loin", "label_fr": "Plus loin"}],
        },
    ],
    "moderation": "after",
}
POINT = {"type": "Point", "coordinates": [2.31, 48.81]}
PROGRAM = {"Accept": "application/json"}


def opened(app: Flask, stage: str = "open", **changes: Any) -> Known:
    """A consultation in a stage."""
    state = state_of(app)
    known = store.create(state, Plan.model_validate({**PLAN, **changes}), None)
    moves = {"draft": [], "open": ["open"], "paused": ["open", "paused"]}
    for step in moves.get(stage, ["open", "closed"]):
        known = store.move(state, known, step)
    return store.move(state, known, stage) if stage == "archived" else known


def joined(app: Flask, known: Known, address: str = "192.0.2.1", minutes: float = 5) -> FlaskClient:
    """A browser that has joined a consultation some minutes ago."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    at = now() - datetime.timedelta(minutes=minutes)
    with app.app_context():
        token = new_guest(known, "online", at).token
    client.set_cookie(COOKIE, token, path=f"/consultations/{known.slug}")
    return client


def said(**changes: Any) -> dict[str, Any]:
    """What a device sends."""
    plain = {
        "key": str(uuid.uuid4()),
        "category": "idee",
        "geometry": POINT,
        "answers": {"avis": "Plus d’arbres."},
    }
    return {**plain, **changes}


def send(client: FlaskClient, known: Known, **changes: Any) -> Any:
    """Send a contribution."""
    path = f"/consultations/{known.slug}/contributions"
    return client.post(path, json=said(**changes), headers=PROGRAM)
