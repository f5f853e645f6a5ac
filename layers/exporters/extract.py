"""What exactly was asked for? The chosen features of a collection, read a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from layers.area import Area
from layers.atlas import Atlas
from layers.crs import from_wgs84
from layers.encode import properties_of
from layers.errors import ParameterError
from layers.exporters.columns import Cell, Column, cells_of, columns_of, flat
from layers.model import BBox, Layer
from layers.query import FeatureSet, positions_in

CHUNK = 4096
"""Features that are in memory in their written form at one time."""
MAX_FEATURES = 100_000
"""The most that one download holds."""
Geometries = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]
Chunk = tuple[list[list[Cell]], Geometries]
"""The cells of some features, column by column, and their geometries."""


_KNOWN: WeakKeyDictionary[FeatureSet, tuple[Column, ...]] = WeakKeyDictionary()
"""Columns of collections: they never change, and reading all features takes time."""


def _columns(features: FeatureSet, layer: Layer | None) -> tuple[Column, ...]:
    if features not in _KNOWN:
        _KNOWN[features] = columns_of(features.encoded, layer)
    return _KNOWN[features]


@dataclass(frozen=True, slots=True)
class Extract:
    """The features of a download; nothing is copied before it is written.

    Attributes
    ----------
    collection
        Id of the collection.
    columns
        The columns of its table.
    features, positions
        The whole collection, and which of it are chosen, ascending.
    declared
        The geometry type that the catalogue states (``Point``, ``LineString``, ``Polygon`` or
        ``mixed``): what is written when no feature has a geometry.
    """

    collection: str
    columns: tuple[Column, ...]
    features: FeatureSet
    positions: npt.NDArray[np.intp]
    declared: str = "mixed"

    @classmethod
    def whole(cls, collection: str, features: FeatureSet, layer: Layer | None = None) -> Extract:
        """Return all features of a collection; ``layer`` is None for those of the register."""
        return cls(
            collection,
            _columns(features, layer),
            features,
            np.arange(len(features)),
            layer.geometry_type if layer else "Point",
        )

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def geometries(self) -> Geometries:
        """Shapely geometries in WGS84 (lon, lat), None where there is none."""
        chosen: Geometries = self.features.geometries[self.positions]
        return chosen

    def encoded(self) -> Iterator[bytes]:
        """Yield each feature as GeoJSON."""
        for position in self.positions:
            yield self.features.encoded[position]

    def chunks(self, epsg: int, size: int = CHUNK) -> Iterator[Chunk]:
        """Yield cells and geometries, the latter in ``epsg`` with x (easting, longitude) first."""
        for start in range(0, len(self), size):
            part = self.positions[start : start + size]
            geometries = self.features.geometries[part]
            if epsg != 4326:
                geometries = from_wgs84(geometries, f"EPSG:{epsg}")
            encoded = self.features.encoded.many(part.tolist())
            yield self._cells([properties_of(feature) for feature in encoded]), geometries

    def _cells(self, features: list[dict[str, Any]]) -> list[list[Cell]]:
        flattened = [flat(f) for f in features] if any(c.nested for c in self.columns) else []
        return [cells_of(column, features, flattened) for column in self.columns]

    def rows(self, epsg: int) -> Iterator[tuple[tuple[Cell, ...], BaseGeometry | None]]:
        """Yield the cells and the geometry of each feature; see `chunks`."""
        for columns, geometries in self.chunks(epsg):
            yield from zip(zip(*columns, strict=True), geometries, strict=True)

    @property
    def types(self) -> set[str]:
        """The geometry types that occur, such as ``Point`` and ``MultiPolygon``."""
        geometries = self.geometries
        kinds = shapely.get_type_id(geometries)
        found, first = np.unique(kinds, return_index=True)
        return {geometries[i].geom_type for kind, i in zip(found, first, strict=True) if kind >= 0}

    @property
    def unlocated(self) -> int:
        """How many features have no geometry."""
        return int(shapely.is_missing(self.geometries).sum())

    def only(self, keep: Mask) -> Extract:
        """Return the features where ``keep`` is true, in the same order."""
        return Extract(
            self.collection, self.columns, self.features, self.positions[keep], self.declared
        )


class TooManyFeaturesError(ParameterError):
    """A choice has more features than a download holds: ``count``, where ``most`` may be."""

    def __init__(self, collection: str, count: int, most: int) -> None:
        self.count = count
        self.most = most
        allowed = f"at most {most} features: choose by bbox, document, commune or filter"
        super().__init__("collection", f"{collection} ({count})", allowed)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which features of a collection; what is empty asks nothing, the rest must all hold.

    Attributes
    ----------
    collection
        A layer, or a collection of the register.
    document
        A document that the feature, by one of its properties, belongs to.
    commune
        A territory that the feature lies in, or that a place which it names lies in.
    bbox
        ``(west, south, east, north)`` in degrees, which the geometry meets.
    filter
        The text of a further condition, for the record: `extract` takes it as ``keep``.
    area
        An area question, for the record: see `layers.exporters.area.in_area`.
    ids
        The features that count, None for any: what a register left, for example.
    asked
        What chose them, as (name, value), for the record.
    """

    collection: str
    document: str = ""
    commune: str = ""
    bbox: BBox | None = None
    filter: str = ""
    area: Area | None = None
    ids: frozenset[str] | None = None
    asked: tuple[tuple[str, str], ...] = ()


def extract(atlas: Atlas, choice: Choice, keep: Mask | None = None) -> Extract:
    """Return the features of a collection that meet a choice, in file order.

    Parameters
    ----------
    atlas, choice
        What to choose from, and by what.
    keep
        A further condition, one truth value a feature of the whole collection.

    Raises
    ------
    NotFoundError
        If the collection, the document or the commune is unknown.
    ParameterError
        If more than `MAX_FEATURES` features meet it (`TooManyFeaturesError`).
    """
    features = atlas.collection(choice.collection)
    whole = Extract.whole(choice.collection, features, atlas.layers.get(choice.collection))
    chosen = _mask(atlas, choice, features)
    found = whole.only(chosen if keep is None else chosen & keep)
    if len(found) > MAX_FEATURES:
        raise TooManyFeaturesError(choice.collection, len(found), MAX_FEATURES)
    return found


def _mask(atlas: Atlas, choice: Choice, features: FeatureSet) -> Mask:
    chosen = np.ones(len(features), dtype=bool)
    if choice.bbox is not None:
        inside = np.zeros(len(features), dtype=bool)
        inside[positions_in(features, choice.bbox)] = True
        chosen &= inside
    if choice.ids is not None:
        wanted = (id in choice.ids for id in features.ids)
        chosen &= np.fromiter(wanted, dtype=bool, count=len(features))
    if choice.document:
        atlas.document(choice.document)
    if choice.commune:
        atlas.place(choice.commune)
    if choice.document or choice.commune:
        rows = (properties_of(feature) for feature in features.encoded)
        kept = (_belongs(atlas, choice, row) for row in rows)
        chosen &= np.fromiter(kept, dtype=bool, count=len(features))
    return chosen


def _belongs(atlas: Atlas, choice: Choice, properties: Mapping[str, Any]) -> bool:
    documents = _values(properties, ("id", "document", "document_a", "document_b", "documents"))
    if choice.document and choice.document not in documents:
        return False
    if not choice.commune:
        return True
    places = _values(properties, ("places", "scope", "territory"))
    communes = {c for id in places if id in atlas.places for c in atlas.places[id].communes}
    return choice.commune in {*communes, *places, *_values(properties, ("id", "communes"))}


def _values(properties: Mapping[str, Any], names: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        value = properties.get(name) or ()
        found.update((value,) if isinstance(value, str) else value)
    return found
