"""What is a property of a feature called, for a reader of the open data pages?"""

from __future__ import annotations

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
    "layer": _l("Couche"),
    "commitment_ids": _l("Engagements qui le nomment"),
    "commitment_count": _l("Nombre d’engagements"),
    "length_m": _l("Longueur mesurée (m)"),
    "area_m2": _l("Surface mesurée (m²)"),
    "method": _l("méthode"),
    "precision_m": _l("précision (m)"),
    "sources": _l("sources"),
    "label": _l("fait"),
    "value": _l("valeur"),
    "unit": _l("unité"),
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
    "document_label": _l("Document, en clair"),
    "document_label_en": _l("Document, en anglais"),
    "section_label": _l("Section, en clair"),
    "lead_labels": _l("Porteur, en clair"),
    "lead_labels_en": _l("Porteur, en anglais"),
    "partner_labels": _l("Partenaires, en clair"),
    "partner_labels_en": _l("Partenaires, en anglais"),
    "place_labels": _l("Lieux, en clair"),
    "scope_labels": _l("Territoire, en clair"),
}


def property_label(name: str, layer: Layer | None = None) -> str:
    """The label of a property: the catalogue's for what a layer adds, else ours, else its name."""
    for extra in layer.properties if layer else ():
        if extra.name == name:
            return localised(extra, "label")
    return str(LABELS.get(name, name))
