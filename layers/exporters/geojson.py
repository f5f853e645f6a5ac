"""What is a layer, or the register, as one GeoJSON file? RFC 7946, WGS84 lon/lat, UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from layers.atlas import Atlas
from layers.encode import collection_bytes
from layers.exporters.extract import Extract
from layers.exporters.ogr import count
from layers.exporters.target import Target, Written
from layers.records import DISCREPANCIES, DOCUMENTS, ENGAGEMENTS, INDICATORS

TITLES = {
    ENGAGEMENTS: "Engagements",
    DOCUMENTS: "Documents",
    INDICATORS: "Indicateurs",
    DISCREPANCIES: "Discordances",
}
"""Titles of the collections of the register."""


def geojson_bytes(atlas: Atlas, collection_id: str) -> bytes:
    """Return a layer, or a part of the register, as a GeoJSON feature collection.

    The collection carries the members ``name``, ``title``, ``licence`` and ``attribution``,
    so that the credit goes where the data goes. Each feature is what the collection serves.

    Raises
    ------
    NotFoundError
        If there is no such collection.
    """
    features = atlas.collection(collection_id)
    if collection_id in TITLES:
        title, licence = TITLES[collection_id], ""
        sources = {
            s for id in _named(atlas, collection_id) for s in atlas.places[id].position.sources
        }
    else:
        layer = atlas.layer(collection_id)
        title, licence, sources = layer.title_fr, layer.licence, set(layer.sources)
    members: dict[str, Any] = {"name": collection_id, "title": title}
    if licence:
        members["licence"] = licence
    members["attribution"] = attribution(atlas, sources)
    return collection_bytes(features.encoded, members=members)


def _named(atlas: Atlas, collection_id: str) -> set[str]:
    """Return the places that a part of the register takes its points from."""
    lists: dict[str, Iterable[tuple[str, ...]]] = {
        ENGAGEMENTS: (c.places for c in atlas.commitments.values()),
        DOCUMENTS: (d.territory for d in atlas.documents.values()),
        INDICATORS: (i.places for i in atlas.indicators.values()),
        DISCREPANCIES: (d.places for d in atlas.discrepancies.values()),
    }
    return {id for ids in lists[collection_id] for id in ids}


def attribution(atlas: Atlas, source_ids: Iterable[str]) -> str:
    """Return the credits that sources ask for, each once, in the order of the catalogue."""
    wanted = set(source_ids)
    credits = [s.attribution for s in atlas.sources.values() if s.id in wanted]
    return " ; ".join(dict.fromkeys(credits))


def geojson(extract: Extract, target: Target) -> Written:
    """Write one RFC 7946 file, feature by feature: WGS84, nested properties as they are served."""
    path = target.path(extract.collection, "geojson")
    with path.open("wb") as file:
        head = {"type": "FeatureCollection", "name": extract.collection}
        file.write(orjson.dumps(head)[:-1] + b',"features":[')
        for rank, feature in enumerate(extract.encoded()):
            file.write((b",\n" if rank else b"\n") + feature)
        file.write(b"\n]}\n")
    return Written(count(path))
