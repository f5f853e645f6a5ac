"""What does a place or a commitment look like as GeoJSON? Bytes, made once."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from layers.model import Actor, Commitment, Document, Place

Geometries = npt.NDArray[np.object_]


def geometry_fragments(geometries: Geometries) -> list[orjson.Fragment | None]:
    """Return the GeoJSON text of each geometry of an array, ready to be set into a document."""
    texts = geometry_texts(geometries)
    return [None if text is None else orjson.Fragment(text) for text in texts]


def geometry_texts(geometries: Geometries) -> list[str | None]:
    """Return the GeoJSON text of each geometry of an array; None where there is none."""
    texts: list[str | None] = shapely.to_geojson(geometries).tolist()
    return texts


def feature_bytes(
    id: str, geometry: orjson.Fragment | None, properties: Mapping[str, Any]
) -> bytes:
    """Return one GeoJSON feature."""
    return orjson.dumps(
        {"type": "Feature", "id": id, "properties": properties, "geometry": geometry}
    )


_GEOMETRY = b',"geometry":'
"""What comes between the properties and the geometry of an encoded feature, last of all."""


def with_geometry(encoded: bytes, geometry: str | None) -> bytes:
    """Return an encoded feature with another geometry, given as GeoJSON text."""
    head = encoded[: encoded.rindex(_GEOMETRY)]
    return head + _GEOMETRY + (geometry or "null").encode() + b"}"


def properties_of(encoded: bytes) -> dict[str, Any]:
    """Return the properties of an encoded feature, without decoding its geometry."""
    head = encoded[: encoded.rindex(_GEOMETRY)]
    found: dict[str, Any] = orjson.loads(head + b"}")["properties"]
    return found


def with_properties(encoded: bytes, names: Sequence[str]) -> bytes:
    """Return an encoded feature with some of its properties, in their own order."""
    feature = orjson.loads(encoded)
    kept = {name: value for name, value in feature["properties"].items() if name in names}
    geometry = encoded[encoded.rindex(_GEOMETRY) + len(_GEOMETRY) : -1]
    return feature_bytes(feature["id"], orjson.Fragment(geometry), kept)


def with_more_properties(encoded: bytes, more: Mapping[str, Any]) -> bytes:
    """Return an encoded feature with further properties after its own."""
    head, tail = encoded[: encoded.rindex(_GEOMETRY)], encoded[encoded.rindex(_GEOMETRY) :]
    added = orjson.dumps(dict(more))[1:]
    return head[:-1] + (b"" if head.endswith(b"{}") else b",") + added + tail


def geometry_text(geometry: BaseGeometry) -> str:
    """Return one geometry as GeoJSON text."""
    text: str = shapely.to_geojson(geometry)
    return text


def collection_bytes(
    features: Sequence[bytes],
    links: Sequence[Mapping[str, Any]] | None = None,
    matched: int | None = None,
    returned: int | None = None,
    members: Mapping[str, Any] | None = None,
) -> bytes:
    """Return a GeoJSON feature collection of features that are encoded already.

    Parameters
    ----------
    features
        Encoded features, in order.
    links, matched, returned
        The members ``links``, ``numberMatched`` and ``numberReturned`` of OGC API - Features;
        left out when None.
    members
        Further members of the collection, such as a title or an attribution.
    """
    head: dict[str, Any] = {"type": "FeatureCollection", **(members or {})}
    stated = {"links": links, "numberMatched": matched, "numberReturned": returned}
    head.update({key: value for key, value in stated.items() if value is not None})
    return orjson.dumps(head)[:-1] + b',"features":[' + b",".join(features) + b"]}"


def fields_of(thing: Any) -> dict[str, Any]:
    """Return the fields of a dataclass by name, not those of what they hold."""
    return {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing)}


def place_on_disk(place: Place) -> dict[str, Any]:
    """Return the properties of a place as its layer file writes them, in the file's order.

    Values are those of the model: `orjson` writes dataclasses, tuples and enumerations.
    """
    properties: dict[str, Any] = {
        "id": place.id,
        "name": place.name,
        "kind": place.kind,
        "aliases": place.aliases,
        "communes": place.communes,
        "documents": place.documents,
        "facts": place.facts,
        "position": place.position,
    }
    if place.members:
        properties["members"] = place.members
    if place.within:
        properties["within"] = place.within
    properties.update(place.extra)
    return properties


def place_properties(place: Place, commitment_ids: Sequence[str]) -> dict[str, Any]:
    """Return the properties that a place is served with.

    Those on disk, and its ``layer``, ``commitment_ids`` (of direct links),
    ``commitment_count`` and measured ``length_m`` or ``area_m2``.
    """
    properties = place_on_disk(place)
    properties["layer"] = place.layer
    properties["commitment_ids"] = list(commitment_ids)
    properties["commitment_count"] = len(commitment_ids)
    if place.length_m is not None:
        properties["length_m"] = place.length_m
    if place.area_m2 is not None:
        properties["area_m2"] = place.area_m2
    return properties


def commitment_properties(
    commitment: Commitment,
    documents: Mapping[str, Document],
    actors: Mapping[str, Actor],
    places: Mapping[str, Place],
) -> dict[str, Any]:
    """Return the properties that a commitment is served with.

    Every column of the register, and labels: ``document_label``, ``section_label``,
    ``lead_labels``, ``partner_labels``, ``place_labels`` and ``scope_labels`` in French,
    ``document_label_en``, ``lead_labels_en`` and ``partner_labels_en`` in English.
    """
    document = documents[commitment.document]
    sections = {section.id: section.label_fr for section in document.sections}

    def names(ids: Iterable[str], attribute: str) -> list[str]:
        return [getattr(actors[id], attribute) for id in ids]

    properties = fields_of(commitment)
    properties.update(
        document_label=document.short_fr,
        document_label_en=document.short_en,
        section_label=sections.get(commitment.section, ""),
        lead_labels=names(commitment.lead, "name_fr"),
        lead_labels_en=names(commitment.lead, "name_en"),
        partner_labels=names(commitment.partners, "name_fr"),
        partner_labels_en=names(commitment.partners, "name_en"),
        place_labels=[places[id].name for id in commitment.places],
        scope_labels=[places[id].name for id in commitment.scope],
    )
    return properties


def layer_text(collection: Mapping[str, Any]) -> str:
    """Return a feature collection in the form of the data folder: one feature a line.

    ``collection`` is the parsed file; its members and keys keep their order, so that a change
    of one feature is a change of one line.
    """
    members = []
    for key, value in collection.items():
        if key == "features":
            lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in value)
            members.append(f'"features": [\n{lines}\n]')
        else:
            members.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(members) + "\n}\n"
