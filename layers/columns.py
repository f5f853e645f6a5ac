"""What values has each property that may be filtered by? Whole columns in the features' order.

A table is made of the features as they are served, so that a filter sees what a reader sees.
Columns are made together, the first time that one is asked for.
"""

from __future__ import annotations

import datetime
import math
from array import array
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely import STRtree

from layers import encode
from layers.atlas import Atlas
from layers.properties import GEOMETRY, Kind, Property, properties_of
from layers.query import FeatureSet

Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]

ID = "id"
CHUNK = 512
"""Features that are decoded at one time."""
MISSING = -1
"""The code of what has no value."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """Texts, or lists of texts: each different one once in ``pool``, told by ``codes``.

    ``codes`` has one number for each feature (or is a single number): a position in ``pool``,
    or `MISSING`.
    """

    pool: Sequence[Any]
    codes: npt.NDArray[np.int32]

    def at(self, rows: Positions | None) -> Pooled:
        """Return the values of some rows (None: of all)."""
        return self if rows is None else Pooled(self.pool, self.codes[rows])

    def values(self) -> list[Any]:
        """Return the values one by one, None where there is none."""
        pool = [*self.pool, None]
        return [pool[code] for code in np.atleast_1d(self.codes).tolist()]


Column = Pooled | Numbers
"""`Pooled` for texts and lists; else numbers, NaN where there is no value: truth as 1 and 0, dates
as days since 1970-01-01."""


class Table:
    """The queryable properties of a collection, as whole columns in the features' order.

    Parameters
    ----------
    id
        The id of the collection.
    features
        Its features; rows of the table are in their order.
    properties
        Every property that its features may have, see `layers.properties`.
    """

    def __init__(self, id: str, features: FeatureSet, properties: Sequence[Property]) -> None:
        self.id = id
        self.features = features
        self.properties = tuple(properties)
        self._folded: dict[tuple[str, Hashable], Pooled] = {}

    def __len__(self) -> int:
        return len(self.features)

    @property
    def geometries(self) -> npt.NDArray[np.object_]:
        """The geometries in WGS84 (lon, lat), None where there is none."""
        return self.features.geometries

    @property
    def tree(self) -> STRtree:
        """The index of the geometries."""
        return self.features.tree

    @cached_property
    def bounds(self) -> Numbers:
        """West, south, east and north of each geometry: four rows; NaN where there is none."""
        found: Numbers = np.ascontiguousarray(shapely.bounds(self.geometries).T)
        return found

    @cached_property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Which features have no geometry."""
        found: npt.NDArray[np.bool_] = shapely.is_missing(self.geometries)
        return found

    @cached_property
    def lacking(self) -> bool:
        """Whether some feature has no geometry."""
        return bool(self.missing.any())

    @cached_property
    def queryables(self) -> Mapping[str, Property]:
        """What may be filtered by, by name."""
        return {p.name: p for p in self.properties if p.kind.is_queryable}

    @cached_property
    def _columns(self) -> Mapping[str, Column]:
        wanted = [p for p in self.queryables.values() if p.name not in (ID, GEOMETRY)]
        columns = {p.name: _Filling(p) for p in wanted}
        for start in range(0, len(self), CHUNK):
            some = self.features.encoded[start : start + CHUNK]
            rows = [encode.properties_of(encoded) for encoded in some]
            for column in columns.values():
                column.take(rows)
        ids = Pooled(self.features.ids, np.arange(len(self), dtype=np.int32))
        return {ID: ids, **{name: column.filled() for name, column in columns.items()}}

    def prepare(self) -> None:
        """Make the columns now rather than for the first question."""
        _ = self._columns, self.bounds, self.lacking

    def column(self, name: str) -> Column:
        """Return the column of a queryable property other than the geometry."""
        return self._columns[name]

    def derived(self, name: str, key: Hashable, change: Callable[[Any], Any]) -> Pooled:
        """Return a column of texts or lists with every value changed; changed once a ``key``."""
        if (name, key) not in self._folded:
            column = self._columns[name]
            if not isinstance(column, Pooled):
                raise TypeError(name)
            self._folded[name, key] = Pooled([change(v) for v in column.pool], column.codes)
        return self._folded[name, key]


def table_of(atlas: Atlas, collection_id: str) -> Table:
    """Return the table of a layer or of a collection of the register.

    Rows are in the order of the collection's `FeatureSet`.

    Raises
    ------
    NotFoundError
        With the ids that resemble it.
    """
    features = atlas.collection(collection_id)
    present: dict[str, None] = {}
    for encoded in features.encoded:
        present.update(dict.fromkeys(encode.properties_of(encoded)))
    layer = atlas.layers.get(collection_id)
    return Table(collection_id, features, properties_of(collection_id, layer, present))


class _Filling:
    """A column that is being filled, some rows at a time."""

    def __init__(self, property: Property) -> None:
        self._get = property.getter
        self._convert = _CONVERSIONS[property.kind]
        self._pool: dict[Any, int] | None = None
        if property.kind in (Kind.STRING, Kind.STRINGS):
            self._pool = {}
        self._values: array[Any] = array("d" if self._pool is None else "i")

    def take(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add the values of the property in some features."""
        pool = self._pool
        found = (None if (v := self._get(row)) is None else self._convert(v) for row in rows)
        if pool is None:
            self._values.extend(math.nan if v is None else v for v in found)
        else:
            self._values.extend(
                MISSING if v is None else pool.setdefault(v, len(pool)) for v in found
            )

    def filled(self) -> Column:
        """Return the column."""
        if self._pool is None:
            return np.array(self._values, dtype=np.float64)
        return Pooled(tuple(self._pool), np.array(self._values, dtype=np.int32))


_EPOCH = datetime.date(1970, 1, 1).toordinal()


def day_number(text: str) -> int:
    """Return a full-date as days since 1970-01-01. Raises ValueError."""
    return datetime.date.fromisoformat(text).toordinal() - _EPOCH


_CONVERSIONS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.STRING: str,
    Kind.STRINGS: lambda items: tuple(map(str, items)),
    Kind.NUMBER: float,
    Kind.INTEGER: float,
    Kind.BOOLEAN: float,
    Kind.DATE: day_number,
}
