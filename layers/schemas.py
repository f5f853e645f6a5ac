"""What may a collection be asked, and what does it return? JSON Schema (draft 2020-12).

Queryables are those of OGC API - Features Part 3, returnables those of Part 5.
"""

from __future__ import annotations

from typing import Any

import shapely

from layers.columns import Table
from layers.properties import GEOMETRY, Kind, Property

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.STRING: {"type": "string"},
    Kind.NUMBER: {"type": "number"},
    Kind.INTEGER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.STRINGS: {"type": "array", "items": {"type": "string"}},
    Kind.OBJECTS: {"type": "array", "items": {"type": "object"}},
    Kind.OBJECT: {"type": "object"},
}
_ROLES = {"id": "id", GEOMETRY: "primary-geometry", "due": "primary-instant"}
_UNITS = {"_m": "m", "_m2": "m2"}
"""How the names of measures end, and their unit in UCUM."""
_FORMATS = {
    frozenset({"Point"}): "geometry-point",
    frozenset({"MultiPoint"}): "geometry-multipoint",
    frozenset({"Point", "MultiPoint"}): "geometry-point-or-multipoint",
    frozenset({"LineString"}): "geometry-linestring",
    frozenset({"MultiLineString"}): "geometry-multilinestring",
    frozenset({"LineString", "MultiLineString"}): "geometry-linestring-or-multilinestring",
    frozenset({"Polygon"}): "geometry-polygon",
    frozenset({"MultiPolygon"}): "geometry-multipolygon",
    frozenset({"Polygon", "MultiPolygon"}): "geometry-polygon-or-multipolygon",
}


def queryables(collection: Table, address: str = "", language: str = "fr") -> dict[str, Any]:
    """Return the JSON Schema of what a collection may be filtered by.

    Parameters
    ----------
    collection
        Its table; see `layers.columns.table_of`.
    address
        The absolute URL of the document, for ``$id``; left out when empty.
    language
        ``fr`` or ``en``, for the titles of the properties.
    """
    found = [p for p in collection.properties if p.kind.is_queryable]
    return _document(collection, found, address, language)


def schema(collection: Table, address: str = "", language: str = "fr") -> dict[str, Any]:
    """Return the JSON Schema of what the features of a collection have (Part 5, returnables).

    See `queryables` for the parameters. Members of objects are not told one by one.
    """
    found = [p for p in collection.properties if "." not in p.name]
    return _document(collection, found, address, language)


def _document(
    collection: Table, properties: list[Property], address: str, language: str
) -> dict[str, Any]:
    head = {"$schema": DIALECT, "$id": address} if address else {"$schema": DIALECT}
    described = {
        p.name: {**_described(p, collection, language), "x-ogc-propertySeq": i}
        for i, p in enumerate(properties, start=1)
    }
    return {
        **head,
        "type": "object",
        "title": collection.id,
        "properties": described,
        "additionalProperties": False,
    }


def _described(property: Property, collection: Table, language: str) -> dict[str, Any]:
    title = property.title_en if language == "en" else property.title_fr
    found: dict[str, Any] = {"title": title}
    if property.kind is Kind.GEOMETRY:
        found["format"] = _format(collection)
    else:
        found.update(_TYPES[property.kind])
    if property.choices:
        found["enum"] = list(property.choices)
    if property.name in _ROLES:
        found["x-ogc-role"] = _ROLES[property.name]
    for ending, unit in _UNITS.items():
        if property.name.endswith(ending) and property.kind is Kind.NUMBER:
            found["x-ogc-unit"] = unit
    return found


def _format(collection: Table) -> str:
    present = collection.geometries[~shapely.is_missing(collection.geometries)]
    kinds = frozenset(geometry.geom_type for geometry in present)
    return _FORMATS.get(kinds, "geometry-any")
