"""Which commitments concern a place, or a geometry that somebody draws, and how?

Each commitment is told once, under the strongest link that it has. For a drawn geometry the
links are: direct, when it meets a place that the text names (boundaries included); territorial,
when it meets a territory that the commitment holds for or that its text names; near, when a
place that the text names lies within the distance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from shapely.geometry.base import BaseGeometry

from layers.atlas import Atlas
from layers.crs import to_lambert93
from layers.errors import ParameterError
from layers.join import TERRITORIES, Join
from layers.model import Link, LinkKind, Place

MAX_DISTANCE_M = 5000.0
"""Largest distance that may be asked for, in metres."""


class Reach:
    """Answers which commitments concern a place or a geometry.

    Parameters
    ----------
    join
        The join of the atlas; background layers take no part in it.
    """

    def __init__(self, join: Join) -> None:
        self._join = join
        self._atlas: Atlas = join.atlas
        self._places: tuple[Place, ...] = join.places
        self._territory = np.array(
            [self._atlas.layers[place.layer].group == TERRITORIES for place in self._places],
            dtype=bool,
        )
        self._held: dict[str, list[str]] = {}
        for commitment in self._atlas.commitments.values():
            for id in commitment.scope:
                self._held.setdefault(id, []).append(commitment.id)

    def of_place(self, place_id: str, distance_m: float) -> tuple[Link, ...]:
        """Return the links of a place: direct, territorial, then near, nearest first.

        Parameters
        ----------
        place_id
            The place.
        distance_m
            Distance of the near links in metres, 0 to `MAX_DISTANCE_M`; with 0 there are none.

        Raises
        ------
        NotFoundError, ParameterError
            If there is no such place; if the distance is out of bounds.
        """
        checked = checked_distance(distance_m)
        links = self._join.links_of_place(place_id)
        near = self._join.near_place(place_id, checked) if checked else ()
        return tuple(_strongest((*links, *near)))

    def of_geometry(self, geometry: BaseGeometry, distance_m: float) -> tuple[Link, ...]:
        """Return the links of a geometry in WGS84 (lon, lat); see `of_place`.

        ``place`` of a link is the place or the territory that makes it; ``via`` is empty.
        """
        checked = checked_distance(distance_m)
        met = self._join.meeting(geometry)
        direct = list(self._named((i for i in met if not self._territory[i]), LinkKind.DIRECT))
        around = list(self._around(met))
        near = list(self._near(to_lambert93(geometry), checked)) if checked else []
        return tuple(_strongest((*direct, *around, *near)))

    def _named(self, positions: Iterable[int], kind: LinkKind) -> Iterator[Link]:
        for i in positions:
            place = self._places[i].id
            yield from (Link(kind, id, place) for id in self._atlas.direct[place])

    def _around(self, met: list[int]) -> Iterator[Link]:
        """Yield the territorial links of the places met."""
        for i in met:
            place = self._places[i].id
            held = self._held.get(place, ())
            yield from (Link(LinkKind.TERRITORIAL, id, place) for id in held)
        territories = (i for i in met if self._territory[i])
        yield from self._named(territories, LinkKind.TERRITORIAL)

    def _near(self, planar: BaseGeometry, distance_m: float) -> Iterator[Link]:
        for distance, i in self._join.vicinity.around(planar, distance_m):
            place = self._places[i].id
            for id in self._atlas.direct[place]:
                yield Link(LinkKind.NEAR, id, place, distance_m=distance)


def checked_distance(distance_m: float) -> float:
    """Return a distance. Raises `ParameterError` unless it is 0 to `MAX_DISTANCE_M`."""
    if not 0 <= distance_m <= MAX_DISTANCE_M:
        allowed = f"metres from 0 to {MAX_DISTANCE_M:g}"
        raise ParameterError("distance", distance_m, allowed)
    return distance_m


def _strongest(links: Iterable[Link]) -> Iterator[Link]:
    """Yield the first link of each commitment."""
    seen: set[str] = set()
    for link in links:
        if link.commitment not in seen:
            seen.add(link.commitment)
            yield link
