"""What does the register look like as collections of features that join by id?

Commitments, documents, indicators and discrepancies refer to each other and to places by id.
Their geometry is one point for each place that they are about (a MultiPoint), null when nothing
locates any of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import orjson
import shapely
from shapely import MultiPoint
from shapely.geometry.base import BaseGeometry

from layers.encode import commitment_properties, feature_bytes, fields_of, geometry_fragments
from layers.geometry import normalised, representative_point
from layers.model import Discrepancy, Document, Indicator, Place
from layers.query import FeatureSet, feature_set
from layers.register import Register

ENGAGEMENTS = "engagements"
"""Id of the collection of commitments."""
DOCUMENTS = "documents"
INDICATORS = "indicateurs"
DISCREPANCIES = "discordances"
REGISTER = (ENGAGEMENTS, DOCUMENTS, INDICATORS, DISCREPANCIES)
"""Ids of the collections of the register, in the order they are shown in."""


def register_features(register: Register, places: Mapping[str, Place]) -> dict[str, FeatureSet]:
    """Return the collections of the register by id.

    Parameters
    ----------
    register
        The register as read, its references checked.
    places
        Every place of the atlas by id.
    """
    points = _Points(places)
    counts = Counter(c.document for c in register.commitments.values())
    commitments = [
        (c.id, c.places, commitment_properties(c, register.documents, register.actors, places))
        for c in register.commitments.values()
    ]
    documents = [
        (d.id, d.territory, _document_properties(d, register, places, counts[d.id]))
        for d in register.documents.values()
    ]
    indicators = [
        (i.id, i.places, _indicator_properties(i, register, places))
        for i in register.indicators.values()
    ]
    discrepancies = [
        (d.id, d.places, _discrepancy_properties(d, register, places))
        for d in register.discrepancies.values()
    ]
    tables = (commitments, documents, indicators, discrepancies)
    return {id: points.features(rows) for id, rows in zip(REGISTER, tables, strict=True)}


class _Points:
    """One point for each place, found at most once."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places
        self._known: dict[str, BaseGeometry | None] = {}

    def features(self, rows: Iterable[tuple[str, Iterable[str], Mapping[str, Any]]]) -> FeatureSet:
        """Encode and index rows of id, places and properties."""
        found = list(rows)
        geometries = np.array([self._multipoint(ids) for _id, ids, _ in found], dtype=object)
        encoded = tuple(
            feature_bytes(id, fragment, properties)
            for (id, _ids, properties), fragment in zip(
                found, geometry_fragments(geometries), strict=True
            )
        )
        return feature_set(tuple(id for id, _ids, _ in found), encoded, geometries)

    def _multipoint(self, ids: Iterable[str]) -> BaseGeometry | None:
        parts = dict.fromkeys(
            leaf.id for id in ids for leaf in leaves(self._places[id], self._places)
        )
        located = [point for id in parts if (point := self._point(id)) is not None]
        if not located:
            return None
        return normalised(MultiPoint(shapely.get_coordinates(located).tolist()))

    def _point(self, id: str) -> BaseGeometry | None:
        if id not in self._known:
            self._known[id] = representative_point(self._places[id].geometry)
        return self._known[id]


def leaves(place: Place, places: Mapping[str, Place]) -> Iterator[Place]:
    """Yield a place, or the places that a composite is made of, all the way down."""
    if place.geometry is not None or not place.members:
        yield place
    else:
        for id in place.members:
            yield from leaves(places[id], places)


def _names(ids: Iterable[str], places: Mapping[str, Place]) -> list[str]:
    return [places[id].name for id in ids]


def _document_properties(
    document: Document, register: Register, places: Mapping[str, Place], commitments: int
) -> dict[str, Any]:
    """Return every field of a document, and labels of its parties and its territory."""
    properties = fields_of(document)
    actors = [register.actors[id] for id in document.parties]
    properties.update(
        party_labels=[actor.name_fr for actor in actors],
        party_labels_en=[actor.name_en for actor in actors],
        territory_labels=_names(document.territory, places),
        commitment_count=commitments,
    )
    return properties


def _said_in(id: str, section: str, register: Register) -> tuple[str, str, str]:
    """Return the labels of a document (French, English) and of one of its sections."""
    if not id:
        return "", "", ""
    document = register.documents[id]
    sections = {found.id: found.label_fr for found in document.sections}
    return document.short_fr, document.short_en, sections.get(section, "")


def _indicator_properties(
    indicator: Indicator, register: Register, places: Mapping[str, Place]
) -> dict[str, Any]:
    """Return every column of an indicator, its labels, and ``number``: its value if it is one."""
    properties = fields_of(indicator)
    french, english, section = _said_in(indicator.document, indicator.section, register)
    properties.update(
        number=_number(indicator.value),
        document_label=french,
        document_label_en=english,
        section_label=section,
        place_labels=_names(indicator.places, places),
    )
    return properties


def _number(text: str) -> float | None:
    """Return a value of the register as a number; None when it is a range or a word."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    # Always a float: readers that take the type from the first features would round the others.
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if numeric else None


def _discrepancy_properties(
    discrepancy: Discrepancy, register: Register, places: Mapping[str, Place]
) -> dict[str, Any]:
    """Return every column of a discrepancy, and labels of its documents, sections and places."""
    properties = fields_of(discrepancy)
    for side in ("a", "b"):
        said = (properties[f"document_{side}"], properties[f"section_{side}"])
        french, english, section = _said_in(*said, register)
        properties[f"document_{side}_label"] = french
        properties[f"document_{side}_label_en"] = english
        properties[f"section_{side}_label"] = section
    properties["place_labels"] = _names(discrepancy.places, places)
    return properties
