"""Which commitments hold for which places, and for which reason?

Links are of three kinds that are never mixed up in counts: direct, territorial and near; see
`layers.model.LinkKind`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from layers.atlas import Atlas
from layers.containment import TIE_RULE, Containment
from layers.errors import ParameterError
from layers.model import Link, LinkKind, Place
from layers.vicinity import Vicinity

NEAR_M = 200.0
"""Distance of the near links that a report counts unless told otherwise, in metres."""
TERRITORIES = "territoires"
"""Group of the layers whose places are next to nothing: what lies in them is not near them."""


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many links of one kind there are, and what they match once, often or never."""

    kind: LinkKind
    links: int
    commitments_matched: int
    commitments_unmatched: int
    commitments_multiple: int
    places_matched: int
    places_unmatched: int
    places_multiple: int


@dataclass(frozen=True, slots=True)
class JoinReport:
    """What the join found. ``near_m`` is the distance of the near links that are counted."""

    tie_rule: str
    near_m: float
    commitments: int
    places: int
    kinds: tuple[KindCount, ...]
    places_without_commitment: tuple[str, ...]
    commitments_without_place: tuple[str, ...]
    districts_without_commitment: tuple[str, ...]


class Join:
    """The join of the commitments of an atlas with its places, computed once.

    Background layers take no part: they are the map's paper, not places.
    """

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.places: tuple[Place, ...] = tuple(
            place for place in atlas.places.values() if not atlas.layers[place.layer].background
        )
        shapes = [atlas.territory_geometry(place.id) for place in self.places]
        self._containment = Containment(atlas, self.places, shapes)
        self._position = self._containment.position
        self._by_scope: dict[str, list[str]] = {}
        for commitment in atlas.commitments.values():
            for id in commitment.scope:
                self._by_scope.setdefault(id, []).append(commitment.id)
        self._ensembles = {
            place.id: self._containment.members(place.id)
            for place in atlas.places.values()
            if place.members and atlas.direct[place.id]
        }
        self._inside = {id: self._containment.contents(id) for id in self._by_scope}
        self._around: dict[str, list[str]] = {}
        for territory, inside in self._inside.items():
            for id in inside:
                self._around.setdefault(id, []).append(territory)
        near = [
            None if atlas.layers[place.layer].group == TERRITORIES else shape
            for place, shape in zip(self.places, shapes, strict=True)
        ]
        self.vicinity = Vicinity(np.array(near, dtype=object))

    # Direct and territorial

    def links_of_place(self, place_id: str) -> tuple[Link, ...]:
        """Return the direct, then the territorial links of a place, in register order.

        Raises
        ------
        NotFoundError
            If there is no such place.
        """
        self.atlas.place(place_id)
        named = self.atlas.direct[place_id]
        via: dict[str, str] = {}
        for territory in self._around.get(place_id, ()):
            for id in self._by_scope[territory]:
                via.setdefault(id, territory)
        for ensemble, members in self._ensembles.items():
            if place_id in members:
                for id in self.atlas.direct[ensemble]:
                    via.setdefault(id, ensemble)
        inherited = [id for id in self._in_order(via) if id not in named]
        return (
            *(Link(LinkKind.DIRECT, id, place_id) for id in named),
            *(Link(LinkKind.TERRITORIAL, id, place_id, via[id]) for id in inherited),
        )

    def links_of_commitment(self, commitment_id: str) -> tuple[Link, ...]:
        """Return the direct, then the territorial links of a commitment, in file order.

        Raises
        ------
        NotFoundError
            If there is no such commitment.
        """
        commitment = self.atlas.commitment(commitment_id)
        via: dict[str, str] = {}
        for territory in commitment.scope:
            for id in self._inside[territory]:
                via.setdefault(id, territory)
        for named in commitment.places:
            for id in self._ensembles.get(named, ()):
                via.setdefault(id, named)
        inherited = [id for id in via if id in self._position and id not in commitment.places]
        inherited.sort(key=self._position.__getitem__)
        return (
            *(Link(LinkKind.DIRECT, commitment_id, id) for id in commitment.places),
            *(Link(LinkKind.TERRITORIAL, commitment_id, id, via[id]) for id in inherited),
        )

    def territories_of(self, place_id: str) -> tuple[str, ...]:
        """Return the territories, out of those that commitments hold for, that a place lies in.

        Raises
        ------
        NotFoundError
            If there is no such place.
        """
        self.atlas.place(place_id)
        return tuple(self._around.get(place_id, ()))

    # Near

    def near_place(self, place_id: str, distance_m: float) -> tuple[Link, ...]:
        """Return the commitments made for other places within a distance of a place.

        Parameters
        ----------
        place_id
            The place; one of a layer of the group ``territoires`` is near nothing.
        distance_m
            Planar Lambert-93 distance between the nearest points, in metres, inclusive.

        Returns
        -------
        tuple of Link
            One a commitment that does not name the place itself, nearest first; ``via`` is the
            named place that is nearest.

        Raises
        ------
        NotFoundError, ParameterError
            If there is no such place; if the distance is negative or not finite.
        """
        self.atlas.place(place_id)
        best: dict[str, Link] = {}
        for other, metres in self._neighbours(place_id, distance_m):
            for id in self.atlas.direct[other]:
                if place_id not in self.own_places(id) and id not in best:
                    best[id] = Link(LinkKind.NEAR, id, place_id, other, metres)
        return tuple(best.values())

    def near_commitment(self, commitment_id: str, distance_m: float) -> tuple[Link, ...]:
        """Return the places within a distance of those that a commitment names.

        The counterpart of `near_place`: same distance, same exceptions; one link a place, with
        the nearest of the named places as ``via``, nearest first.
        """
        commitment = self.atlas.commitment(commitment_id)
        found = [
            Link(LinkKind.NEAR, commitment_id, other, named, metres)
            for named in commitment.places
            for other, metres in self._neighbours(named, distance_m)
            if other not in self.own_places(commitment_id)
        ]
        best: dict[str, Link] = {}
        for link in sorted(found, key=lambda link: (link.distance_m, self._position[link.via])):
            best.setdefault(link.place, link)
        return tuple(best.values())

    def own_places(self, commitment_id: str) -> set[str]:
        """Return the places that a commitment names, and the members of those that have some."""
        named = self.atlas.commitments[commitment_id].places
        return set(named).union(*(self._ensembles.get(id, ()) for id in named))

    def _neighbours(self, place_id: str, distance_m: float) -> list[tuple[str, float]]:
        """Return the places within a distance, with it, nearest first; the place itself not."""
        _checked_distance(distance_m)
        position = self._position.get(place_id)
        if position is None:
            return []
        return [(self.places[i].id, m) for m, i in self.vicinity.of(position, distance_m)]

    def meeting(self, geometry: BaseGeometry) -> list[int]:
        """Return the positions in ``places`` of those that meet a geometry, ascending.

        In WGS84 (lon, lat), where shared edges are exactly shared: RFC 7946 draws straight lines
        there. What only touches it meets it; a composite is the union of its members.
        """
        return self._containment.meeting(geometry)

    def contents(self, territory_id: str) -> tuple[str, ...]:
        """Return the places that lie in a territory, in file order. Raises `NotFoundError`."""
        self.atlas.place(territory_id)
        return self._containment.contents(territory_id)

    # Inverse questions

    def places_without_commitment(self, kind: LinkKind = LinkKind.DIRECT) -> tuple[Place, ...]:
        """Return the places that no commitment names, as place or as scope.

        With ``kind`` territorial: those that lie in no territory that a commitment holds for.
        """
        if kind is LinkKind.TERRITORIAL:
            return tuple(p for p in self.places if p.id not in self._around)
        return tuple(p for p in self.places if not self._is_named(p.id))

    def _is_named(self, place_id: str) -> bool:
        return bool(self.atlas.direct[place_id]) or place_id in self._by_scope

    def commitments_without_place(self) -> tuple[str, ...]:
        """Return the ids of the commitments that name no place: they hold for a territory."""
        return tuple(c.id for c in self.atlas.commitments.values() if not c.places)

    def districts_without_commitment(self, layer: str = "qpv") -> tuple[Place, ...]:
        """Return the places of a layer that no commitment names; none if it does not exist."""
        places = self.atlas.by_layer.get(layer, ())
        return tuple(place for place in places if not self._is_named(place.id))

    # Report

    def report(self, near_m: float = NEAR_M, districts: str = "qpv") -> JoinReport:
        """Count links of each kind, what they match once, often and never, and say the rule.

        Parameters
        ----------
        near_m
            Distance of the near links, in metres.
        districts
            Layer of the districts that are asked about.
        """
        return JoinReport(
            tie_rule=TIE_RULE,
            near_m=near_m,
            commitments=len(self.atlas.commitments),
            places=len(self.places),
            kinds=(
                self._count(LinkKind.DIRECT, self.named()),
                self._count(LinkKind.TERRITORIAL, self.inherited()),
                self._count(LinkKind.NEAR, self.near(near_m)),
            ),
            places_without_commitment=tuple(p.id for p in self.places_without_commitment()),
            commitments_without_place=self.commitments_without_place(),
            districts_without_commitment=tuple(
                place.id for place in self.districts_without_commitment(districts)
            ),
        )

    def named(self) -> dict[str, set[str]]:
        """Return for each commitment the places that its text names: its direct links."""
        return {c.id: set(c.places) for c in self.atlas.commitments.values()}

    def inherited(self) -> dict[str, set[str]]:
        """Return for each commitment the places of its territorial links."""
        by_scope: dict[tuple[str, ...], set[str]] = {}
        for commitment in self.atlas.commitments.values():
            if commitment.scope not in by_scope:
                lists = (self._inside[id] for id in commitment.scope)
                by_scope[commitment.scope] = set().union(*lists)
        return {
            c.id: ((by_scope[c.scope] | self.own_places(c.id)) & self._position.keys()).difference(
                c.places
            )
            for c in self.atlas.commitments.values()
        }

    def near(self, distance_m: float) -> dict[str, set[str]]:
        """Return for each commitment the places near those that it names, without these.

        See `near_place` for the distance and the exceptions.
        """
        named = np.array(
            [i for i, place in enumerate(self.places) if self.atlas.direct[place.id]], dtype=int
        )
        within = _checked_distance(distance_m)
        planar = self.vicinity.planar()
        pairs = STRtree(planar).query(planar[named], "dwithin", within).T.tolist()
        around: dict[str, list[str]] = {}
        for source, other in pairs:
            around.setdefault(self.places[named[source]].id, []).append(self.places[other].id)
        return {
            c.id: {id for named in c.places for id in around.get(named, ())} - self.own_places(c.id)
            for c in self.atlas.commitments.values()
        }

    def _count(self, kind: LinkKind, places_of: Mapping[str, set[str]]) -> KindCount:
        matches: dict[str, int] = dict.fromkeys(self._position, 0)
        for ids in places_of.values():
            for id in ids:
                if id in matches:
                    matches[id] += 1
        sizes = [len(ids) for ids in places_of.values()]
        return KindCount(
            kind=kind,
            links=sum(sizes),
            commitments_matched=sum(size > 0 for size in sizes),
            commitments_unmatched=sum(size == 0 for size in sizes),
            commitments_multiple=sum(size > 1 for size in sizes),
            places_matched=sum(count > 0 for count in matches.values()),
            places_unmatched=sum(count == 0 for count in matches.values()),
            places_multiple=sum(count > 1 for count in matches.values()),
        )

    def _in_order(self, ids: Iterable[str]) -> list[str]:
        wanted = set(ids)
        return [id for id in self.atlas.commitments if id in wanted]


def _checked_distance(distance_m: float) -> float:
    if not (math.isfinite(distance_m) and distance_m >= 0):
        raise ParameterError("distance_m", distance_m, "a finite number of metres from 0")
    return distance_m
