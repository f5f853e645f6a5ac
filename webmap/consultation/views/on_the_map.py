"""Taking part on the map: the page, what its scripts need, and what keeps it working offline.

Nothing here depends on who asks: a device may keep these answers, and the service worker does.
What is a participant's own is asked for by the scripts (`webmap.consultation.views.taking_part`).
"""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _

from layers.locate import BASE_URL
from layers.model import Layer
from webmap.clock import now
from webmap.consultation.access import shown
from webmap.consultation.choices import commitments_of, layers_of, places_of, territories_of
from webmap.consultation.plan import Plan, Question
from webmap.consultation.published import is_public
from webmap.consultation.refusals import stage_words
from webmap.consultation.said import MAX_POSITIONS
from webmap.consultation.store import Known
from webmap.consultation.within import box_of
from webmap.consultation.words import category_letter
from webmap.i18n import language
from webmap.negotiation import JSON
from webmap.responses import AtlasResponse
from webmap.site import current_site
from webmap.views import map as map_views
from webmap.views import search

blueprint = Blueprint("on_the_map", __name__)


@blueprint.get("/consultations/<slug>/carte")
def show(slug: str) -> str:
    """Answer with the map to take part on."""
    known = shown(slug)
    return render_template("consultation/map.html", known=known)


@blueprint.get("/consultations/<slug>/configuration.json")
def configuration(slug: str) -> Response:
    """Answer with what the scripts of the map need, in the language of the request."""
    known = shown(slug)
    return AtlasResponse(orjson.dumps(_configuration(known)), content_type=JSON)


def _configuration(known: Known) -> dict[str, Any]:
    plan, atlas, moment = known.plan, current_site().atlas, now()
    return {
        "slug": known.slug,
        "phase": known.phase(moment),
        "taking": known.takes_contributions(moment),
        "situation": stage_words(known),
        "visible": is_public(known),
        "supports": plan.supports,
        "box": box_of(plan, atlas),
        "area": plan.area,
        "shapes": plan.where.shapes,
        "whereRequired": plan.where.required,
        "longestDrawing": MAX_POSITIONS,
        "categories": [
            {
                "id": category.id,
                "name": category.text("name", language()),
                "colour": category.colour,
                "letter": category_letter(plan, category.id),
            }
            for category in plan.categories
        ],
        "questions": [_question(question) for question in plan.questions],
        "layers": [_layer(layer) for layer in layers_of(plan, atlas)],
        "ground": next((_layer(one) for one in atlas.layers.values() if one.background), None),
        "names": {entry["id"]: entry["title"] for entry in _entries(plan)},
        "urls": _urls(known),
        "texts": texts(),
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "label": question.text("label", language()),
        "required": question.required,
        "options": {option.id: option.text("label", language()) for option in question.options},
        "steps": question.steps,
    }


def _layer(layer: Layer) -> dict[str, Any]:
    items = url_for("ogc.items", collection_id=layer.id, f="json", limit=10_000)
    return {"id": layer.id, "style": layer.style, "items": items}


def _urls(known: Known) -> dict[str, str]:
    slug = known.slug
    return {
        "map": url_for("map.configuration", lang=language()),
        "landing": url_for("consultations.show", slug=slug),
        "token": url_for("taking_part.join", slug=slug),
        "mine": url_for("taking_part.mine", slug=slug),
        "contributions": url_for("taking_part.published", slug=slug),
        "support": url_for("taking_part.support", slug=slug, number=0),
        "flag": url_for("taking_part.flag", slug=slug, number=0),
    }


def _entries(plan: Plan) -> list[search.Entry]:
    """What may be chosen from the list, as the search box shows it."""
    atlas = current_site().atlas
    offered = {place.id for place in places_of(plan, atlas) + territories_of(plan, atlas)}
    promised = {one.id for one in commitments_of(plan, atlas)}
    places = [entry for entry in search.places(atlas) if entry["id"] in offered]
    return places + [one for one in search.commitments(atlas) if one["id"] in promised]


@blueprint.get("/consultations/<slug>/lieux.json")
def places(slug: str) -> Response:
    """Answer with the places, communes and commitments that a contribution may be about."""
    known = shown(slug)
    found = {"entries": _entries(known.plan), "geocoder": BASE_URL, "texts": search.texts()}
    return AtlasResponse(orjson.dumps(found), content_type=JSON)


@blueprint.get("/consultations/travailleur.js")
def worker() -> Response:
    """Answer with the service worker: its address bounds what it may answer for."""
    shell = {
        "scope": url_for("consultations.index", lang=None),
        "static": url_for("static", filename="").rstrip("/"),
    }
    script = render_template("consultation/worker.js", shell=shell)
    return AtlasResponse(script, content_type="text/javascript; charset=utf-8")


def texts() -> dict[str, str]:
    """The words of the scripts, in the language of the request."""
    return map_views.texts() | {
        "waiting": _("en attente d’envoi"),
        "sending": _("envoi en cours"),
        "sent": _("envoyée"),
        "pending": _("envoyée, sera lue avant d’être publiée"),
        "published": _("envoyée et publiée"),
        "rejected": _("envoyée, non publiée par l’équipe"),
        "refused": _("refusée : {why}"),
        "paused": _("en attente : {why}"),
        "withdrawing": _("retrait en attente d’envoi"),
        "toCorrect": _("Corriger"),
        "withdraw": _("Retirer"),
        "forget": _("Oublier ce texte"),
        "copy": _("Copier le texte"),
        "copied": _("Texte copié."),
        "notCopied": _("Le navigateur n’autorise pas la copie : sélectionnez le texte."),
        "support": _("Soutenir"),
        "unsupport": _("Ne plus soutenir"),
        "supports": _("Soutiens : {n}"),
        "flag": _("Signaler"),
        "flagged": _("Signalée à l’équipe."),
        "show": _("Voir sur la carte"),
        "number": _("n° {n}"),
        "own": _("la vôtre"),
        "none": _("Aucune pour le moment."),
        "hidden": _("Les contributions seront visibles après la fin."),
        "offline": _("Hors réseau : vous pouvez contribuer, l’envoi se fera au retour."),
        "online": _("Le réseau est revenu."),
        "queued": _("Contribution gardée sur cet appareil : elle partira dès que possible."),
        "thanks": _("Merci. Votre contribution est envoyée."),
        "corrected": _("Votre correction est envoyée."),
        "gone": _("Contribution retirée."),
        "lost": _("Le réseau ne répond pas ; rien n’a changé."),
        "step": _("Étape {n} sur {total}"),
        "placed": _("Point posé au centre de la carte."),
        "vertex": _("Sommets : {n}"),
        "tooLong": _("Ce dessin a déjà le plus grand nombre de sommets."),
        "whereMissing": _("Dites où : un point sur la carte, un lieu de la liste, une commune."),
        "drawingShort": _("Un trait a deux sommets au moins, une zone trois."),
        "answerMissing": _("Répondez à : {question}"),
        "categoryMissing": _("Dites de quoi il s’agit."),
        "emptyContribution": _("Dites quelque chose : la contribution est vide."),
        "chosen": _("Choisi : {what}"),
        "point": _("un point sur la carte"),
        "line": _("un trait sur la carte"),
        "area": _("une zone sur la carte"),
        "badPosition": _("Deux nombres sont attendus : latitude puis longitude en degrés."),
        "locating": _("Position demandée à l’appareil…"),
        "notLocated": _("L’appareil n’a pas donné sa position. La carte reste utilisable."),
        "restored": _("Votre brouillon est repris."),
        "noStorage": _(
            "Ce navigateur ne garde pas vos textes : ne fermez pas la page avant l’envoi."
        ),
        "closedNow": _("L’envoi n’est plus possible : copiez votre texte si vous y tenez."),
        "remove": _("Enlever"),
        "waitFirst": _("Attendez d’abord que tout soit envoyé."),
        "handed": _(
            "L’appareil ne montre plus rien de vous ; la personne suivante peut contribuer."
        ),
    }
