"""What do the answers look like? JSON schemas of the OpenAPI document, all of them inline."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def _object(required: list[str], **properties: Schema) -> Schema:
    schema: Schema = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


TEXT: Schema = {"type": "string"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}

_POSITION = _list(NUMBER, minItems=2, maxItems=2)
_POSITIONS = _list(_POSITION)
_RINGS = _list(_list(_POSITION, minItems=4))


def _geometry(kind: str, coordinates: Schema) -> Schema:
    return _object(
        ["type", "coordinates"], type={"type": "string", "enum": [kind]}, coordinates=coordinates
    )


GEOMETRY: Schema = {
    "description": "RFC 7946; WGS84 unless the parameter crs asks for another system",
    "oneOf": [
        {"type": "object", "nullable": True, "enum": [None]},
        _geometry("Point", _POSITION),
        _geometry("MultiPoint", _POSITIONS),
        _geometry("LineString", _POSITIONS),
        _geometry("MultiLineString", _list(_POSITIONS)),
        _geometry("Polygon", _RINGS),
        _geometry("MultiPolygon", _list(_RINGS)),
    ],
}

_EXTENT = _object(
    [],
    spatial=_object(["bbox"], bbox=_list(_list(NUMBER, minItems=4, maxItems=4)), crs=ADDRESS),
    temporal=_object(["interval"], interval=_list(_list(TEXT, minItems=2, maxItems=2))),
)

SCHEMAS: dict[str, Schema] = {
    "link": _object(["rel", "href"], rel=TEXT, href=ADDRESS, type=TEXT, title=TEXT),
    "landingPage": _object(["links"], title=TEXT, description=TEXT, links=_list(_ref("link"))),
    "conformance": _object(["conformsTo"], conformsTo=_list(ADDRESS), links=_list(_ref("link"))),
    "collection": _object(
        ["id", "links"],
        id=TEXT,
        title=TEXT,
        description=TEXT,
        attribution=TEXT,
        extent=_EXTENT,
        itemType=TEXT,
        crs=_list(ADDRESS),
        storageCrs=ADDRESS,
        numberOfItems=COUNT,
        links=_list(_ref("link")),
    ),
    "collections": _object(
        ["links", "collections"],
        links=_list(_ref("link")),
        collections=_list(_ref("collection")),
    ),
    "geometry": GEOMETRY,
    "feature": _object(
        ["type", "id", "geometry", "properties"],
        type={"type": "string", "enum": ["Feature"]},
        id=TEXT,
        geometry=_ref("geometry"),
        properties={"type": "object"},
        links=_list(_ref("link")),
    ),
    "featureCollection": _object(
        ["type", "features"],
        type={"type": "string", "enum": ["FeatureCollection"]},
        links=_list(_ref("link")),
        numberMatched=COUNT,
        numberReturned=COUNT,
        features=_list(_ref("feature")),
    ),
    "reach": _object(
        ["type", "features", "asked", "counts"],
        type={"type": "string", "enum": ["FeatureCollection"]},
        asked=_object(["distance"], lieu=TEXT, geometry=_ref("drawn"), distance=NUMBER),
        counts=_object(
            ["direct", "territorial", "near"], direct=COUNT, territorial=COUNT, near=COUNT
        ),
        links=_list(_ref("link")),
        numberMatched=COUNT,
        numberReturned=COUNT,
        features=_list(_ref("reachedFeature")),
    ),
    "reachedFeature": {
        "allOf": [
            _ref("feature"),
            _object(
                ["properties"],
                properties=_object(
                    ["link", "link_place", "link_via", "link_distance_m"],
                    link={"type": "string", "enum": ["direct", "territorial", "near"]},
                    link_place=TEXT,
                    link_via=TEXT,
                    link_distance_m={"type": "number", "nullable": True, "minimum": 0},
                ),
            ),
        ]
    },
    "drawn": {"description": "RFC 7946, WGS84", "oneOf": GEOMETRY["oneOf"][1:]},
    "jsonSchema": _object(
        ["$schema", "$id", "type", "properties"],
        type={"type": "string", "enum": ["object"]},
        title=TEXT,
        description=TEXT,
        properties={"type": "object", "additionalProperties": {"type": "object"}},
    ),
    "problem": _object(
        ["type", "title", "status", "detail"],
        type=ADDRESS,
        title=TEXT,
        status={"type": "integer", "minimum": 400, "maximum": 599},
        detail=TEXT,
        instance=TEXT,
        parameter=TEXT,
        got=TEXT,
        allowed=TEXT,
        position={"type": "integer", "minimum": 1},
        pointer=TEXT,
        kind=TEXT,
        id=TEXT,
        suggestions=_list(TEXT),
    ),
    "openapi": {"type": "object"},
}
"""Schemas by name; refer to one with ``#/components/schemas/<name>``."""
