"""Where along a corridor is each of its parts, in metres? Linear referencing of a corridor.

The *axis* of a corridor follows its stretches and, across each break, the chain of hops that
leans on every stone (`layers.continuity`). A stone is crossed in a straight line, from the point
where a hop reaches it to the point where the next one leaves. Distances along the axis are
geodesic metres on GRS80 from the start of the first part that is drawn. A stretch that nothing
locates keeps its rank and has no length: its metres are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.continuity import Break, Hop, LonLat
from layers.crs import to_lambert93
from layers.measure import distance_m, length_m
from layers.model import CorridorPlan, Place


class PartKind(StrEnum):
    """What a part of a corridor is: an existing stretch, a stone, or a hop that is missing."""

    STRETCH = "stretch"
    STONE = "stone"
    HOP = "hop"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a corridor, in order along it.

    ``place`` is the stretch or the stone, empty for a hop; ``start`` and ``end`` are the places
    that a hop ties, empty for the others. ``gap`` is the break that a hop or a stone belongs to.
    ``line`` holds (lon, lat) from the start of the part to its end; it is empty, and ``from_m``
    is ``to_m``, for a stretch that nothing locates.
    """

    kind: PartKind
    line: tuple[LonLat, ...]
    place: str = ""
    start: str = ""
    end: str = ""
    gap: str = ""
    from_m: float = 0.0
    to_m: float = 0.0

    @property
    def drawn(self) -> bool:
        """Whether something locates the part."""
        return bool(self.line)

    @property
    def length_m(self) -> float:
        """Geodesic length of the part, in metres; 0 when it is not drawn."""
        return self.to_m - self.from_m


@dataclass(frozen=True, slots=True)
class Alongside:
    """A place that runs beside the axis between two distances along it, in metres."""

    place: str
    from_m: float
    to_m: float


@dataclass(frozen=True, slots=True)
class Strip:
    """A corridor as a strip: its parts in order, and what runs beside them."""

    corridor: str
    parts: tuple[Part, ...]
    alongside: tuple[Alongside, ...] = ()

    @property
    def length_m(self) -> float:
        """Length of the axis as far as it is drawn, in metres."""
        return self.parts[-1].to_m if self.parts else 0.0

    def total_m(self, kind: PartKind) -> float:
        """Length of all drawn parts of one kind, in metres."""
        return sum(part.length_m for part in self.parts if part.kind is kind)

    def measure_m(self, lon: float, lat: float) -> float:
        """Return how far along the axis its point nearest to (lon, lat) is, in metres.

        The nearest point is that of Lambert-93; between two vertices of the axis, metres are
        shared out in proportion.

        Raises
        ------
        ValueError
            If nothing of the corridor is drawn.
        """
        axis = [point for part in self.parts for point in part.line]
        if not axis:
            raise ValueError(f"nothing of {self.corridor} is drawn")
        geodesic = [metres for part in self.parts for metres in _measures(part)]
        planar = shapely.get_coordinates(to_lambert93(shapely.MultiPoint(axis)))
        steps = np.hypot(*np.diff(planar, axis=0).T)
        along = np.concatenate(([0.0], np.cumsum(steps)))
        point = to_lambert93(shapely.Point(lon, lat))
        return float(np.interp(shapely.LineString(planar).project(point), along, geodesic))


def _measures(part: Part) -> list[float]:
    """Return how far along the axis each vertex of a part is."""
    steps = [distance_m(*a, *b) for a, b in pairwise(part.line)]
    return [part.from_m + float(metres) for metres in np.cumsum([0.0, *steps])] if steps else []


def strip(plan: CorridorPlan, breaks: Iterable[Break], places: Mapping[str, Place]) -> Strip:
    """Return a corridor as a strip.

    Parameters
    ----------
    plan
        The corridor as the catalogue describes it.
    breaks
        Its breaks, in order along it.
    places
        The places of the atlas by id. What runs alongside is placed by its two ends, and left
        out when nothing locates it.
    """
    gaps = list(breaks)
    parts: list[Part] = []
    for id in plan.stretches:
        before = [gap for gap in gaps if gap.end_b.stretch == id]
        after = [gap for gap in gaps if gap.end_a.stretch == id]
        for gap in before:
            parts.extend(_across(gaps.pop(gaps.index(gap))))
        entry = (before[-1].end_b.lon, before[-1].end_b.lat) if before else _last_point(parts)
        leave = (after[0].end_a.lon, after[0].end_a.lat) if after else None
        parts.append(Part(PartKind.STRETCH, _directed(places[id].geometry, entry, leave), place=id))
        for gap in [gap for gap in after if gap in gaps]:
            parts.extend(_across(gaps.pop(gaps.index(gap))))
    for gap in gaps:
        parts.extend(_across(gap))
    found = Strip(plan.id, tuple(_measured(parts)))
    beside = [places[id] for id in plan.alongside if places[id].geometry is not None]
    return replace(found, alongside=tuple(_beside(found, place) for place in beside))


def _last_point(parts: Sequence[Part]) -> LonLat | None:
    return parts[-1].line[-1] if parts and parts[-1].line else None


def _across(gap: Break) -> Iterator[Part]:
    """Give the hops of a break, and between them the stones that they lean on."""
    previous: Hop | None = None
    for hop in gap.hops:
        if previous is not None:
            inside = (previous.points[1], hop.points[0])
            yield Part(PartKind.STONE, inside, place=hop.start, gap=gap.id)
        yield Part(PartKind.HOP, hop.points, start=hop.start, end=hop.end, gap=gap.id)
        previous = hop


def _directed(
    geometry: BaseGeometry | None, entry: LonLat | None, leave: LonLat | None
) -> tuple[LonLat, ...]:
    """Return the vertices of a stretch in the direction of the corridor.

    A stretch that is no single line is crossed in a straight line, from where the corridor
    enters it (or the vertex farthest from where it leaves) to where it leaves.
    """
    if geometry is None:
        return ()
    merged = shapely.line_merge(geometry) if "Line" in geometry.geom_type else geometry
    line = [(lon, lat) for lon, lat in shapely.get_coordinates(merged).tolist()]
    if merged.geom_type == "LineString":
        return tuple(reversed(line) if _backwards(line, entry, leave) else line)
    first = entry or max(line, key=lambda point: distance_m(*point, *(leave or line[0])))
    return first, leave or max(line, key=lambda point: distance_m(*point, *first))


def _backwards(line: Sequence[LonLat], entry: LonLat | None, leave: LonLat | None) -> bool:
    if leave is not None:
        return distance_m(*line[0], *leave) < distance_m(*line[-1], *leave)
    return entry is not None and distance_m(*line[-1], *entry) < distance_m(*line[0], *entry)


def _measured(parts: Iterable[Part]) -> Iterator[Part]:
    """Give each part its distances along the axis."""
    reached = 0.0
    for part in parts:
        length = length_m(shapely.LineString(part.line)) if part.line else 0.0
        yield replace(part, from_m=reached, to_m=reached + length)
        reached += length


def _beside(axis: Strip, place: Place) -> Alongside:
    coordinates = shapely.get_coordinates(place.geometry)
    first, last = sorted(axis.measure_m(*point) for point in (coordinates[0], coordinates[-1]))
    return Alongside(place.id, first, last)
