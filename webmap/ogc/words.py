"""What is a property of a feature called, for a reader of the open data pages?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from layers.model import Layer
from webmap.i18n import localised

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
}


_IN_WORDS = ("_label", "_labels", "_label_en", "_labels_en")
"""How the names of properties end that put ids into words for those who take the data away."""


def shown_properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a feature that its page shows: what is stated, each thing once."""
    return {
        name: value
        for name, value in properties.items()
        if value not in (None, "", []) and not name.endswith(_IN_WORDS)
    }


def property_label(name: str, layer: Layer | None = None) -> str:
    """The label of a property: the catalogue's for what a layer adds, else ours, else its name."""
    for extra in layer.properties if layer else ():
        if extra.name == name:
            return localised(extra, "label")
    return str(LABELS.get(name, name))
