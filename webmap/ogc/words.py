"""What is a property of a feature called, for a reader of the open data pages?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from layers.model import Layer, Place
from layers.properties import CONTRIBUTIONS
from layers.records import DISCREPANCIES, DOCUMENTS, ENGAGEMENTS, INDICATORS
from webmap.i18n import localised
from webmap.site import current_site

LABELS = {
    "id": _l("Identifiant"),
    "name": _l("Nom"),
    "kind": _l("Nature"),
    "aliases": _l("Autres noms"),
    "communes": _l("Communes"),
    "documents": _l("Documents qui le nomment"),
    "facts": _l("Ce que les documents en disent"),
    "position": _l("Position"),
    "members": _l("Territoires réunis"),
    "within": _l("Fait partie de"),
    "layer": _l("Couche"),
    "commitment_ids": _l("Engagements qui le nomment"),
    "commitment_count": _l("Nombre d’engagements"),
    "length_m": _l("Longueur mesurée (m)"),
    "area_m2": _l("Surface mesurée (m²)"),
    "corridor": _l("Continuité"),
    "straight_m": _l("Longueur de la rupture, en ligne droite (m)"),
    "hops_m": _l("Somme des sauts par tous les points d’appui (m)"),
    "largest_hop_m": _l("Plus grand saut restant (m)"),
    "ends": _l("Extrémités"),
    "hops": _l("Sauts par tous les points d’appui"),
    "minimax_hops": _l("Sauts dont le plus grand est le plus petit possible"),
    "missing_stones": _l("Points d’appui que rien ne situe"),
    "document": _l("Document"),
    "section": _l("Section"),
    "also_in": _l("Aussi dans les sections"),
    "summary_fr": _l("Résumé (français)"),
    "summary_en": _l("Résumé (anglais)"),
    "lead": _l("Porteur"),
    "partners": _l("Partenaires"),
    "theme": _l("Thème"),
    "horizon": _l("Horizon, tel que dit"),
    "due": _l("Échéance"),
    "recurrence": _l("Périodicité"),
    "figures": _l("Chiffres"),
    "places": _l("Lieux nommés"),
    "scope": _l("Territoire"),
    "related": _l("Engagements liés"),
    "note": _l("Remarque"),
    "title_fr": _l("Titre (français)"),
    "title_en": _l("Titre (anglais)"),
    "short_fr": _l("Titre court (français)"),
    "short_en": _l("Titre court (anglais)"),
    "type_fr": _l("Type"),
    "status_fr": _l("Statut"),
    "parties": _l("Parties"),
    "object_fr": _l("Objet (français)"),
    "object_en": _l("Objet (anglais)"),
    "dates": _l("Dates"),
    "duration": _l("Durée"),
    "period": _l("Période de validité"),
    "renewal": _l("Reconduction"),
    "notice": _l("Préavis"),
    "copies": _l("Exemplaires"),
    "territory": _l("Territoire"),
    "producer": _l("Producteur"),
    "signatories": _l("Signataires"),
    "sections": _l("Sections"),
    "label_fr": _l("Libellé (français)"),
    "label_en": _l("Libellé (anglais)"),
    "value": _l("Valeur"),
    "number": _l("Valeur, si c’est un nombre"),
    "unit": _l("Unité"),
    "comparison_value": _l("Valeur de comparaison"),
    "comparison_territory": _l("Territoire de comparaison"),
    "gap": _l("Écart"),
    "year": _l("Année"),
    "source": _l("Source"),
    "severity": _l("Gravité"),
    "subject_fr": _l("Sujet (français)"),
    "subject_en": _l("Sujet (anglais)"),
    "document_a": _l("Premier document"),
    "section_a": _l("Section du premier"),
    "value_a": _l("Première valeur"),
    "document_b": _l("Second document"),
    "section_b": _l("Section du second"),
    "value_b": _l("Seconde valeur"),
    "commitments": _l("Engagements"),
    "indicators": _l("Indicateurs"),
    "note_fr": _l("Remarque (français)"),
    "note_en": _l("Remarque (anglais)"),
    "consultation": _l("Concertation"),
    "consultation_title": _l("Titre de la concertation"),
    "contribution": _l("Numéro dans la concertation"),
    "day": _l("Jour"),
    "language": _l("Langue"),
    "category": _l("Catégorie"),
    "place": _l("Lieu"),
    "commitment": _l("Engagement"),
    "text": _l("Réponses libres"),
    "answers": _l("Réponses, question par question"),
    "redacted": _l("Une partie a été masquée"),
    "supports": _l("Soutiens"),
    "precision_m": _l("Précision de la position (m)"),
    "blur_m": _l("Côté de la case des positions (m)"),
    "licence": _l("Licence"),
}


GEOMETRIES = {
    "": _l("sans géométrie"),
    "Point": _l("point"),
    "MultiPoint": _l("points multiples"),
    "LineString": _l("ligne"),
    "MultiLineString": _l("lignes multiples"),
    "Polygon": _l("surface"),
    "MultiPolygon": _l("surfaces multiples"),
}


def geometry_name(kind: str) -> str:
    """A type of geometry in words; its own name where there are none."""
    return str(GEOMETRIES.get(kind, kind))


_IN_WORDS = ("_label", "_labels", "_label_en", "_labels_en")
"""How the names of properties end that put ids into words for those who take the data away."""


def shown_properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a feature that its page shows: what is stated, each thing once."""
    return {
        name: value
        for name, value in properties.items()
        if value not in (None, "", []) and not name.endswith(_IN_WORDS)
    }


def places_of(collection_id: str, ids: Sequence[str]) -> list[Place]:
    """The places that features of a collection are, or are about, each once."""
    atlas = current_site().atlas
    named: dict[str, Callable[[str], Iterable[str]]] = {
        ENGAGEMENTS: lambda id: atlas.commitments[id].places,
        DOCUMENTS: lambda id: atlas.documents[id].territory,
        INDICATORS: lambda id: atlas.indicators[id].places,
        DISCREPANCIES: lambda id: atlas.discrepancies[id].places,
        CONTRIBUTIONS: lambda _id: (),
    }
    of_one = named.get(collection_id, lambda id: (id,))
    return [atlas.places[place] for place in dict.fromkeys(p for id in ids for p in of_one(id))]


def property_label(name: str, layer: Layer | None = None) -> str:
    """The label of a property: the catalogue's for what a layer adds, else ours, else its name."""
    for extra in layer.properties if layer else ():
        if extra.name == name:
            return localised(extra, "label")
    return str(LABELS.get(name, name))
