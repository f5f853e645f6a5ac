"""Which features of a collection lie in a box, and which page of them was asked for?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from layers.errors import ParameterError
from layers.geometry import bounds
from layers.model import BBox
from layers.packed import Packed

DEFAULT_LIMIT = 10
MAX_LIMIT = 10_000
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class FeatureSet:
    """The features of one collection, encoded once and indexed; equal to itself alone.

    Attributes
    ----------
    ids, encoded
        Id and GeoJSON bytes of each feature, in file order.
    geometries
        Array of shapely geometries in WGS84 (lon, lat), ``None`` where there is none.
    tree
        Index of ``geometries``; its positions are those of ``ids``.
    index
        Position of each id.
    bounds
        ``(west, south, east, north)`` of all geometries; None when there is none.
    """

    ids: tuple[str, ...]
    encoded: Packed
    geometries: Geometries
    tree: STRtree
    index: Mapping[str, int]
    bounds: BBox | None

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Query:
    """A page of a collection, perhaps only what meets a box.

    ``bbox`` is ``(west, south, east, north)`` in degrees; west above east means that the box
    crosses the antimeridian (RFC 7946, 5.2).
    """

    bbox: BBox | None = None
    limit: int = DEFAULT_LIMIT
    offset: int = 0

    @classmethod
    def from_text(
        cls, bbox: str | None = None, limit: str | None = None, offset: str | None = None
    ) -> Query:
        """Make a query of the texts of its parameters; None means that one was not given.

        Raises
        ------
        ParameterError
            For text that is not numbers, NaN, infinity, positions outside WGS84, south above
            north, a limit below 1 or an offset below 0. A limit above `MAX_LIMIT` is taken as
            `MAX_LIMIT`, as OGC API - Features Part 1, 7.15.2 wants it.
        """
        return cls(
            bbox=None if bbox is None else parse_bbox(bbox),
            limit=DEFAULT_LIMIT if limit is None else min(_whole("limit", limit, 1), MAX_LIMIT),
            offset=0 if offset is None else _whole("offset", offset, 0),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """The encoded features of a page, and how many features the whole question matches."""

    encoded: tuple[bytes, ...]
    matched: int
    returned: int
    ids: tuple[str, ...] = field(default=())


def parse_bbox(text: str) -> BBox:
    """Return ``(west, south, east, north)`` from four numbers, or six with heights, in degrees.

    Raises
    ------
    ParameterError
        See `Query.from_text`. Heights are accepted and ignored: the atlas is flat.
    """
    allowed = "four numbers in degrees: west,south,east,north"
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise ParameterError("bbox", text, allowed) from None
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise ParameterError("bbox", text, allowed)
    if not all(map(math.isfinite, numbers)):
        raise ParameterError("bbox", text, f"{allowed}, all finite")
    west, south, east, north = numbers
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise ParameterError("bbox", text, f"{allowed}, longitude -180 to 180, latitude -90 to 90")
    if south > north:
        raise ParameterError("bbox", text, f"{allowed}, south not above north")
    return west, south, east, north


def _whole(parameter: str, text: str, minimum: int) -> int:
    allowed = f"a whole number from {minimum}"
    if not (text.isascii() and text.isdigit() and len(text) <= 9) or int(text) < minimum:
        raise ParameterError(parameter, text, allowed)
    return int(text)


def feature_set(
    ids: tuple[str, ...], encoded: tuple[bytes, ...], geometries: Geometries
) -> FeatureSet:
    """Index features that are encoded already; see `FeatureSet` for the parameters."""
    return FeatureSet(
        ids=ids,
        encoded=Packed(encoded),
        geometries=geometries,
        tree=STRtree(geometries),
        index={id: position for position, id in enumerate(ids)},
        bounds=bounds(geometries),
    )


def positions_in(features: FeatureSet, bbox: BBox) -> npt.NDArray[np.intp]:
    """Return the positions of the features whose geometry meets a box, ascending.

    A geometry that only touches the box meets it; a feature without geometry never does.
    """
    west, south, east, north = bbox
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    found = [
        features.tree.query(shapely.box(w, south, e, north), predicate="intersects")
        for w, e in spans
    ]
    if len(found) == 1:  # each position once already; sorting costs less than np.unique
        return np.sort(found[0])
    return np.unique(np.concatenate(found))


def positions_meeting(features: FeatureSet, geometry: BaseGeometry) -> npt.NDArray[np.intp]:
    """Return the positions of the features that meet a geometry (WGS84), ascending.

    What only touches it meets it; a feature without geometry never does.
    """
    found: npt.NDArray[np.intp] = np.sort(features.tree.query(geometry, predicate="intersects"))
    return found


def items(
    features: FeatureSet,
    bbox: BBox | None = None,
    limit: int = DEFAULT_LIMIT,
    offset: int = 0,
) -> Page:
    """Return a page of a collection, in file order.

    Parameters
    ----------
    features
        The collection.
    bbox
        ``(west, south, east, north)`` in degrees, as checked by `parse_bbox`; None for all.
    limit, offset
        How many features at most, and how many to skip.
    """
    if bbox is None:
        chosen = range(offset, min(offset + limit, len(features)))
        matched = len(features)
    else:
        inside = positions_in(features, bbox)
        chosen = inside[offset : offset + limit].tolist()
        matched = len(inside)
    encoded = tuple(features.encoded[position] for position in chosen)
    ids = tuple(features.ids[position] for position in chosen)
    return Page(encoded, matched, len(encoded), ids)
