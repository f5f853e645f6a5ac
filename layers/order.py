"""Which properties have the features of a collection, and in which order do they come by them?

Texts are ordered without case and accents, numbers by value, dates by time. What has no value
comes last, whichever way the order goes; ties keep the order of the collection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from layers.query import FeatureSet
from layers.selection import folded


@dataclass(frozen=True, slots=True)
class Fields:
    """The properties of a collection.

    Attributes
    ----------
    names
        Of every property that a feature has, in the order they are first met.
    sortable
        Those whose values are texts, numbers or truth values, never lists or objects.
    """

    names: tuple[str, ...]
    sortable: tuple[str, ...]


def fields_of(features: FeatureSet) -> Fields:
    """Return the properties of a collection; every feature is read once."""
    plain: dict[str, bool] = {}
    for encoded in features.encoded:
        for name, value in orjson.loads(encoded)["properties"].items():
            plain[name] = plain.get(name, True) and not isinstance(value, (list, dict))
    return Fields(tuple(plain), tuple(name for name, is_plain in plain.items() if is_plain))


def ordered(
    features: FeatureSet, positions: Sequence[int], sorting: Sequence[tuple[str, bool]]
) -> list[int]:
    """Return positions of features in the order of some properties.

    Parameters
    ----------
    features
        The collection.
    positions
        The features to put in order, ascending.
    sorting
        Names of sortable properties, each with whether it descends; the first weighs most.
    """
    rows = {i: orjson.loads(features.encoded[i])["properties"] for i in positions}
    found = list(positions)
    for name, descends in reversed(sorting):
        missing = [i for i in found if rows[i].get(name) in (None, "")]
        present = [i for i in found if rows[i].get(name) not in (None, "")]
        present.sort(key=lambda i, name=name: _key(rows[i][name]), reverse=descends)  # type: ignore[misc]
        found = present + missing
    return found


def _key(value: Any) -> tuple[int, Any, Any]:
    if isinstance(value, str):
        return 1, folded(value), value
    return 0, value, value
