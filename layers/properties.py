"""What is each property of a collection called, and of which type are its values?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from layers.model import CommitmentKind, Layer, PositionMethod, Severity
from layers.records import DISCREPANCIES, DOCUMENTS, ENGAGEMENTS, INDICATORS

GEOMETRY = "geometry"
"""The name that filters and schemas give to the geometry of a feature."""
CONTRIBUTIONS = "contributions"
"""Id of the collection of what residents say, see `layers.consulted`."""


class Kind(StrEnum):
    """What the values of a property are."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    STRINGS = "array"
    GEOMETRY = "geometry"
    OBJECT = "object"
    OBJECTS = "objects"

    @property
    def is_queryable(self) -> bool:
        """Whether a filter may ask for such values."""
        return self not in (Kind.OBJECT, Kind.OBJECTS)


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a collection.

    Attributes
    ----------
    name
        What filters call it; ``position.method`` is a member of the object ``position``.
    kind
        What its values are.
    title_fr, title_en
        What people call it.
    choices
        The values that it may have; empty where any will do.
    """

    name: str
    kind: Kind
    title_fr: str
    title_en: str
    choices: tuple[str, ...] = ()

    @property
    def getter(self) -> Callable[[Mapping[str, Any]], Any]:
        """What gives its value of the properties of a feature; None where there is none."""
        outer, _, inner = self.name.partition(".")
        if not inner:
            return lambda properties: properties.get(outer)

        def member(properties: Mapping[str, Any]) -> Any:
            found = properties.get(outer)
            return found.get(inner) if isinstance(found, dict) else None

        return member

    def value(self, properties: Mapping[str, Any]) -> Any:
        """Return its value of the properties of a feature, None where there is none."""
        return self.getter(properties)


_S, _A, _N, _I = Kind.STRING, Kind.STRINGS, Kind.NUMBER, Kind.INTEGER


def _listed(*entries: tuple[str, Kind, str, str]) -> dict[str, Property]:
    return {entry[0]: Property(*entry) for entry in entries}


_ID = _listed(("id", _S, "Identifiant", "Identifier"))
_SHAPE = _listed((GEOMETRY, Kind.GEOMETRY, "Géométrie", "Geometry"))
_PLACE = _listed(
    ("name", _S, "Nom", "Name"),
    ("kind", _S, "Nature", "Kind"),
    ("aliases", _A, "Autres noms", "Other names"),
    ("communes", _A, "Communes", "Communes"),
    ("documents", _A, "Documents qui le nomment", "Documents that name it"),
    ("facts", Kind.OBJECTS, "Ce que les documents en disent", "What the documents say of it"),
    ("position", Kind.OBJECT, "Position", "Position"),
    ("position.method", _S, "Origine de la position", "How the position was found"),
    ("position.precision_m", _N, "Précision de la position (m)", "Precision of the position (m)"),
    ("position.sources", _A, "Sources de la position", "Sources of the position"),
    ("layer", _S, "Couche", "Layer"),
    ("commitment_ids", _A, "Engagements qui le nomment", "Commitments that name it"),
    ("commitment_count", _I, "Nombre d’engagements", "Number of commitments"),
)
_SOME_PLACES = _listed(
    ("members", _A, "Lieux réunis", "Places that it is made of"),
    ("within", _S, "Fait partie de", "Part of"),
    ("length_m", _N, "Longueur mesurée (m)", "Measured length (m)"),
    ("area_m2", _N, "Surface mesurée (m²)", "Measured area (m²)"),
    ("corridor", _S, "Continuité", "Corridor"),
    ("straight_m", _N, "Longueur de la rupture (m)", "Length of the break (m)"),
    ("hops_m", _N, "Somme des sauts (m)", "Sum of the hops (m)"),
    ("largest_hop_m", _N, "Plus grand saut (m)", "Largest hop (m)"),
    ("ends", Kind.OBJECTS, "Extrémités", "Ends"),
    ("hops", Kind.OBJECTS, "Sauts", "Hops"),
    ("minimax_hops", Kind.OBJECTS, "Sauts les plus courts", "Shortest hops"),
    ("missing_stones", _A, "Points d’appui non situés", "Stepping stones not located"),
)
_SAID = _listed(
    ("document", _S, "Document", "Document"),
    ("section", _S, "Section", "Section"),
    ("document_label", _S, "Document, en clair", "Document, in words (French)"),
    ("document_label_en", _S, "Document, en anglais", "Document, in words"),
    ("section_label", _S, "Section, en clair", "Section, in words (French)"),
)
_PLACES = _listed(
    ("places", _A, "Lieux nommés", "Places named"),
    ("place_labels", _A, "Lieux nommés, en clair", "Places named, in words"),
)
_COMMITMENT = _listed(
    ("also_in", _A, "Aussi dans les sections", "Also in sections"),
    ("summary_fr", _S, "Résumé", "Summary (French)"),
    ("summary_en", _S, "Résumé en anglais", "Summary"),
    ("lead", _A, "Porteur", "Lead"),
    ("partners", _A, "Partenaires", "Partners"),
    ("kind", _S, "Nature", "Kind"),
    ("theme", _S, "Thème", "Theme"),
    ("horizon", _S, "Horizon, tel que dit", "Horizon, as stated"),
    ("due", Kind.DATE, "Échéance", "Due date"),
    ("recurrence", _S, "Périodicité", "Recurrence"),
    ("figures", _A, "Chiffres", "Figures"),
    ("scope", _A, "Territoire", "Territory"),
    ("related", _A, "Engagements liés", "Related commitments"),
    ("note", _S, "Remarque", "Note"),
    ("lead_labels", _A, "Porteur, en clair", "Lead, in words (French)"),
    ("lead_labels_en", _A, "Porteur, en anglais", "Lead, in words"),
    ("partner_labels", _A, "Partenaires, en clair", "Partners, in words (French)"),
    ("partner_labels_en", _A, "Partenaires, en anglais", "Partners, in words"),
    ("scope_labels", _A, "Territoire, en clair", "Territory, in words"),
)
_DOCUMENT = _listed(
    ("title_fr", _S, "Titre", "Title (French)"),
    ("title_en", _S, "Titre en anglais", "Title"),
    ("short_fr", _S, "Titre court", "Short title (French)"),
    ("short_en", _S, "Titre court en anglais", "Short title"),
    ("type_fr", _S, "Type", "Type (French)"),
    ("status_fr", _S, "Statut", "Status (French)"),
    ("parties", _A, "Parties", "Parties"),
    ("object_fr", _S, "Objet", "Object (French)"),
    ("object_en", _S, "Objet en anglais", "Object"),
    ("dates", _S, "Dates", "Dates"),
    ("duration", _S, "Durée", "Duration"),
    ("period", _S, "Période de validité (ISO 8601)", "Period of validity (ISO 8601)"),
    ("renewal", _S, "Reconduction", "Renewal"),
    ("notice", _S, "Préavis", "Notice"),
    ("copies", _S, "Exemplaires", "Copies"),
    ("territory", _A, "Territoire", "Territory"),
    ("producer", _S, "Producteur", "Producer"),
    ("signatories", Kind.OBJECTS, "Signataires", "Signatories"),
    ("sections", Kind.OBJECTS, "Sections", "Sections"),
    ("party_labels", _A, "Parties, en clair", "Parties, in words (French)"),
    ("party_labels_en", _A, "Parties, en anglais", "Parties, in words"),
    ("territory_labels", _A, "Territoire, en clair", "Territory, in words"),
    ("commitment_count", _I, "Nombre d’engagements", "Number of commitments"),
)
_INDICATOR = _listed(
    ("label_fr", _S, "Libellé", "Label (French)"),
    ("label_en", _S, "Libellé en anglais", "Label"),
    ("territory", _S, "Territoire", "Territory"),
    ("value", _S, "Valeur, telle que dite", "Value, as stated"),
    ("number", _N, "Valeur, si c’est un nombre", "Value, if it is a number"),
    ("unit", _S, "Unité", "Unit"),
    ("comparison_value", _S, "Valeur comparée", "Value compared with"),
    ("comparison_territory", _S, "Territoire comparé", "Territory compared with"),
    ("gap", _S, "Écart", "Gap"),
    ("year", _S, "Année", "Year"),
    ("source", _S, "Source", "Source"),
    ("note", _S, "Remarque", "Note"),
)
_DISCREPANCY = _listed(
    ("severity", _S, "Gravité", "Severity"),
    ("subject_fr", _S, "Sujet", "Subject (French)"),
    ("subject_en", _S, "Sujet en anglais", "Subject"),
    ("document_a", _S, "Document A", "Document A"),
    ("section_a", _S, "Section A", "Section A"),
    ("value_a", _S, "Valeur A", "Value A"),
    ("document_a_label", _S, "Document A, en clair", "Document A, in words (French)"),
    ("document_a_label_en", _S, "Document A, en anglais", "Document A, in words"),
    ("section_a_label", _S, "Section A, en clair", "Section A, in words (French)"),
    ("document_b", _S, "Document B", "Document B"),
    ("section_b", _S, "Section B", "Section B"),
    ("value_b", _S, "Valeur B", "Value B"),
    ("document_b_label", _S, "Document B, en clair", "Document B, in words (French)"),
    ("document_b_label_en", _S, "Document B, en anglais", "Document B, in words"),
    ("section_b_label", _S, "Section B, en clair", "Section B, in words (French)"),
    ("commitments", _A, "Engagements", "Commitments"),
    ("indicators", _A, "Indicateurs", "Indicators"),
    ("note_fr", _S, "Remarque", "Note (French)"),
    ("note_en", _S, "Remarque en anglais", "Note"),
)
_CONTRIBUTION = _listed(
    ("consultation", _S, "Concertation", "Consultation"),
    ("consultation_title", _S, "Titre de la concertation", "Title of the consultation"),
    ("contribution", _I, "Numéro dans la concertation", "Number in the consultation"),
    ("day", Kind.DATE, "Jour", "Day"),
    ("language", _S, "Langue", "Language"),
    ("category", _S, "Catégorie", "Category"),
    ("category_label", _S, "Catégorie, en clair", "Category, in words (French)"),
    ("category_label_en", _S, "Catégorie, en anglais", "Category, in words"),
    ("place", _S, "Lieu", "Place"),
    ("commitment", _S, "Engagement", "Commitment"),
    ("territory", _S, "Territoire", "Territory"),
    ("text", _S, "Réponses libres", "Free answers"),
    ("answers", _A, "Réponses, question par question", "Answers, question by question"),
    ("redacted", Kind.BOOLEAN, "Une partie a été masquée", "A part was taken out"),
    ("supports", _I, "Soutiens", "Supports"),
    ("precision_m", _N, "Précision de la position (m)", "Precision of the position (m)"),
    ("blur_m", _I, "Côté de la case des positions (m)", "Side of the grid of positions (m)"),
    ("licence", _S, "Licence", "Licence"),
)
_OF_REGISTER = {
    ENGAGEMENTS: {**_SAID, **_COMMITMENT, **_PLACES},
    DOCUMENTS: _DOCUMENT,
    INDICATORS: {**_SAID, **_INDICATOR, **_PLACES},
    DISCREPANCIES: {**_DISCREPANCY, **_PLACES},
    CONTRIBUTIONS: _CONTRIBUTION,
}
_CHOICES = {
    (ENGAGEMENTS, "kind"): tuple(map(str, CommitmentKind)),
    (DISCREPANCIES, "severity"): tuple(map(str, Severity)),
}
_METHODS = tuple(map(str, PositionMethod))


def properties_of(
    collection_id: str, layer: Layer | None, present: Iterable[str]
) -> tuple[Property, ...]:
    """Return the properties of a collection: the id first, the geometry last.

    Parameters
    ----------
    collection_id
        Its id.
    layer
        Its entry of the catalogue; None for a collection of the register.
    present
        Names that some of its features have. What is known neither to the catalogue nor to this
        module is told of as an object, which no filter may ask for.
    """
    if layer is None:
        known = _OF_REGISTER.get(collection_id, {})
        found = dict(known)
    else:
        known = {**_PLACE, **_SOME_PLACES}
        found = dict(_PLACE)
        for extra in layer.properties:
            found[extra.name] = Property(
                extra.name, Kind(extra.type), extra.label_fr, extra.label_en
            )
    for name in present:
        if name not in found and name not in _ID:
            found[name] = known.get(name, Property(name, Kind.OBJECT, name, name))
    return tuple(_with_choices(collection_id, p) for p in {**_ID, **found, **_SHAPE}.values())


def _with_choices(collection_id: str, property: Property) -> Property:
    choices = _CHOICES.get((collection_id, property.name), ())
    if property.name == "position.method":
        choices = _METHODS
    return replace(property, choices=choices) if choices else property
