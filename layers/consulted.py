"""What do contributions of residents look like as a collection of features that join by id?

They come from consultations, not from the data folder: the collection is made anew when they
change. ``place`` and ``territory`` are ids of places, ``commitment`` one of a commitment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from layers.blur import Drawing, geometries_of
from layers.columns import Table
from layers.encode import feature_bytes, geometry_fragments
from layers.properties import CONTRIBUTIONS, properties_of
from layers.query import FeatureSet, feature_set


def contribution_features(
    rows: Sequence[Mapping[str, Any]], drawings: Sequence[Drawing | None]
) -> FeatureSet:
    """Return contributions as features.

    Parameters
    ----------
    rows
        The properties of each, ``id`` among them; see `layers.properties` for the names.
    drawings
        The geometry of each as it is published (GeoJSON, WGS84), None where there is none.
    """
    geometries = geometries_of(drawings)
    fragments = geometry_fragments(geometries)
    ids = tuple(str(row["id"]) for row in rows)
    encoded = tuple(
        feature_bytes(id, fragment, row)
        for id, fragment, row in zip(ids, fragments, rows, strict=True)
    )
    return feature_set(ids, encoded, geometries)


def contribution_table(features: FeatureSet) -> Table:
    """Return the properties of such features as whole columns, for filters and schemas."""
    return Table(CONTRIBUTIONS, features, properties_of(CONTRIBUTIONS, None, ()))
