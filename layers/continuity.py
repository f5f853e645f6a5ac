"""Where is a corridor broken, and what would bridge the break?

A corridor is made of existing stretches and of stepping stones. A *break* lies between two
ends; what remains to be crossed is measured in three ways, each a geodesic distance on GRS80:

- straight: from one end to the other;
- through every stone: the order of stones that makes the sum of the remaining hops least, each
  stone being used once (exact, Held & Karp 1962). This is the chain that a project commits to
  when it means to lean on all its stones;
- smallest largest hop: of all ways through any stones, the one whose longest hop is shortest
  (minimax path), and of those the one with the least sum. This is the chain that matters to
  whoever can only cross so much: adding a stone never makes its largest hop longer.

A hop goes from the edge of one stone to the edge of the next, by their nearest points in
Lambert-93; moving inside a stone or a stretch costs nothing, so stones that touch are 0 m
apart. The sum of the hops may therefore be less than the straight length.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry

from layers.crs import to_lambert93, to_wgs84
from layers.errors import ParameterError
from layers.geometry import DECIMALS, normalised
from layers.measure import distance_m, length_m
from layers.model import (
    CorridorEnd,
    CorridorPlan,
    Place,
    Position,
    PositionMethod,
)

LonLat = tuple[float, float]
MAX_STONES = 12
TOUCHING_M = 1.0
"""Consecutive stretches closer than this are one stretch."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a break, located.

    ``place`` is the place that names the end and ``stretch`` the stretch that stops there
    (empty if none was given). The point is the tip of the stretch nearest to the place (of a
    stretch that is an area, its nearest point); without a stretch, the point of the place that
    is nearest to the other end. ``offset_m`` is how far the stretch stops from the place.
    """

    place: str
    stretch: str
    lon: float
    lat: float
    offset_m: float
    precision_m: float


@dataclass(frozen=True, slots=True)
class Hop:
    """What remains to be crossed between two places; ``points`` are its ends as (lon, lat)."""

    start: str
    end: str
    distance_m: float
    points: tuple[LonLat, LonLat]


@dataclass(frozen=True, slots=True)
class Break:
    """A break in a corridor.

    ``hops`` is the chain through every located stone, ``minimax_hops`` the chain with the
    smallest largest hop. ``missing_stones`` are the stones that nothing locates.
    ``precision_m`` is the sum of the precisions of the two ends: the straight length is known
    no better.
    """

    id: str
    corridor: str
    end_a: End
    end_b: End
    straight_m: float
    precision_m: float
    hops: tuple[Hop, ...]
    minimax_hops: tuple[Hop, ...]
    missing_stones: tuple[str, ...] = ()

    @property
    def hops_m(self) -> float:
        """Sum of the hops through every stone, in metres."""
        return sum(hop.distance_m for hop in self.hops)

    @property
    def largest_hop_m(self) -> float:
        """Largest hop of the chain with the smallest largest hop, in metres."""
        return max(hop.distance_m for hop in self.minimax_hops)


@dataclass(frozen=True, slots=True)
class Corridor:
    """A corridor with its geometries: places by role; see `layers.model.CorridorPlan`."""

    id: str
    stretches: tuple[Place, ...]
    ends: tuple[tuple[Place, Place | None], ...]
    stones: tuple[Place, ...]

    @classmethod
    def from_plan(cls, plan: CorridorPlan, places: Mapping[str, Place]) -> Corridor:
        """Look the places of a plan up."""
        return cls(
            id=plan.id,
            stretches=tuple(places[id] for id in plan.stretches),
            ends=tuple(_pair(end, places) for end in plan.ends),
            stones=tuple(places[id] for id in plan.stones),
        )


def _pair(end: CorridorEnd, places: Mapping[str, Place]) -> tuple[Place, Place | None]:
    return places[end.place], places[end.stretch] if end.stretch else None


def breaks(corridor: Corridor) -> tuple[Break, ...]:
    """Return the breaks of a corridor, in order along it.

    Raises
    ------
    ParameterError
        If an end cannot be located, or if there are more than `MAX_STONES` located stones.
    """
    stones = tuple(stone for stone in corridor.stones if stone.geometry is not None)
    missing = tuple(stone.id for stone in corridor.stones if stone.geometry is None)
    if len(stones) > MAX_STONES:
        raise ParameterError("stones", len(stones), f"at most {MAX_STONES} stones a corridor")
    pairs = _ends(corridor)
    found = []
    for rank, (end_a, end_b) in enumerate(pairs, start=1):
        names = [end_a.place, *(stone.id for stone in stones), end_b.place]
        shapes = [_point(end_a), *map(_planar, stones), _point(end_b)]
        hops = _hop_table(names, shapes)
        found.append(
            Break(
                id=f"{corridor.id}-rupture" + (f"-{rank}" if len(pairs) > 1 else ""),
                corridor=corridor.id,
                end_a=end_a,
                end_b=end_b,
                straight_m=distance_m(end_a.lon, end_a.lat, end_b.lon, end_b.lat),
                precision_m=end_a.precision_m + end_b.precision_m,
                hops=_along(_through_all(hops), hops),
                minimax_hops=_along(_smallest_largest(hops), hops),
                missing_stones=missing,
            )
        )
    return tuple(found)


def break_place(gap: Break, plan: CorridorPlan, places: Mapping[str, Place]) -> Place:
    """Return a break as a place of its corridor's layer: the straight line between its ends.

    Its ``extra`` holds ``corridor``, ``straight_m``, ``hops_m``, ``largest_hop_m``, ``ends``,
    ``hops``, ``minimax_hops`` (dicts with ``start``, ``end``, ``distance_m``, ``points``) and
    ``missing_stones``; its sources, communes and documents are those of its ends and stones.
    """
    named = [gap.end_a.place, gap.end_a.stretch, *plan.stones, gap.end_b.place, gap.end_b.stretch]
    parts = [places[id] for id in dict.fromkeys(named) if id]
    line = shapely.linestrings([(end.lon, end.lat) for end in (gap.end_a, gap.end_b)])
    start, end = places[gap.end_a.place].name, places[gap.end_b.place].name
    return Place(
        id=gap.id,
        layer=plan.layer,
        name=f"Rupture entre {start} et {end}",
        kind="rupture",
        aliases=(),
        communes=_union(part.communes for part in parts),
        documents=_union(part.documents for part in parts),
        facts=(),
        position=Position(
            PositionMethod.COMPUTED,
            gap.precision_m,
            _union(part.position.sources for part in parts if part.geometry is not None),
            plan.note,
        ),
        geometry=normalised(line),
        extra={
            "role": "break",
            "corridor": plan.id,
            "straight_m": round(gap.straight_m, 1),
            "hops_m": round(gap.hops_m, 1),
            "largest_hop_m": round(gap.largest_hop_m, 1),
            "ends": tuple(_rounded(end) for end in (gap.end_a, gap.end_b)),
            "hops": tuple(_rounded(hop) for hop in gap.hops),
            "minimax_hops": tuple(_rounded(hop) for hop in gap.minimax_hops),
            "missing_stones": gap.missing_stones,
        },
        length_m=round(gap.straight_m, 1),
    )


def _rounded(part: End | Hop) -> dict[str, object]:
    """Return an end or a hop for display: metres to 0.1, degrees to `DECIMALS`."""
    if isinstance(part, End):
        return {
            "place": part.place,
            "stretch": part.stretch,
            "lon": round(part.lon, DECIMALS),
            "lat": round(part.lat, DECIMALS),
            "offset_m": round(part.offset_m, 1),
        }
    points = [[round(lon, DECIMALS), round(lat, DECIMALS)] for lon, lat in part.points]
    metres = round(part.distance_m, 1)
    return {"start": part.start, "end": part.end, "distance_m": metres, "points": points}


def _union(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))


def _ends(corridor: Corridor) -> list[tuple[End, End]]:
    """Locate the two ends of every break."""
    if corridor.ends:
        paired = zip(corridor.ends[::2], corridor.ends[1::2], strict=True)
        return [_stated_ends(first, second) for first, second in paired]
    found = []
    for first, second in pairwise(corridor.stretches):
        tip_a, tip_b = _tips(_planar(first), _planar(second))
        if shapely.distance(tip_a, tip_b) > TOUCHING_M:
            found.append((_end(first, first, tip_a), _end(second, second, tip_b)))
    return found


def _stated_ends(
    first: tuple[Place, Place | None], second: tuple[Place, Place | None]
) -> tuple[End, End]:
    """Locate two ends that the plan names.

    The tip of a stretch is its end nearest to the place; a place without stretch ends at its
    point nearest to the other tip (or, if that has no stretch either, to the other place).
    """
    tips = [_tips(_tip(s), _planar(p))[0] if s else _planar(p) for p, s in (first, second)]
    tip_a, tip_b = _tips(tips[0], tips[1])
    return _end(*first, tip_a), _end(*second, tip_b)


def _end(place: Place, stretch: Place | None, tip: BaseGeometry) -> End:
    lon, lat = shapely.get_coordinates(to_wgs84(tip))[0].tolist()
    holder = stretch or place
    gap = shapely.shortest_line(tip, _planar(place))
    return End(
        place=place.id,
        stretch=stretch.id if stretch else "",
        lon=lon,
        lat=lat,
        offset_m=length_m(to_wgs84(gap)),
        precision_m=holder.position.precision_m or 0.0,
    )


def _tip(stretch: Place) -> BaseGeometry:
    """Return the ends of a stretch that is a line, the whole of one that is not (Lambert-93)."""
    planar = _planar(stretch)
    ends = planar.boundary if shapely.get_dimensions(planar) == 1 else planar
    return planar if ends.is_empty else ends


def _planar(place: Place) -> BaseGeometry:
    if place.geometry is None:
        raise ParameterError("ends", place.id, "stretches and ends that are located")
    planar: BaseGeometry = to_lambert93(place.geometry)
    return planar


def _point(end: End) -> BaseGeometry:
    planar: BaseGeometry = to_lambert93(shapely.Point(end.lon, end.lat))
    return planar


def _tips(first: BaseGeometry, second: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the point of each geometry that is nearest to the other one."""
    start, end = shapely.get_coordinates(shapely.shortest_line(first, second)).tolist()
    return shapely.Point(start), shapely.Point(end)


def _hop_table(names: Sequence[str], shapes: Sequence[BaseGeometry]) -> list[list[Hop]]:
    """Return the hop from every node to every node; the two ends are the first and the last."""
    return [
        [_hop(names[i], names[j], shapes[i], shapes[j]) for j in range(len(names))]
        for i in range(len(names))
    ]


def _hop(start: str, end: str, first: BaseGeometry, second: BaseGeometry) -> Hop:
    line = to_wgs84(shapely.shortest_line(first, second))
    a, b = ((lon, lat) for lon, lat in shapely.get_coordinates(line).tolist())
    distance = 0.0 if shapely.intersects(first, second) else distance_m(*a, *b)
    return Hop(start, end, distance, (a, b))


def _along(path: Sequence[int], hops: Sequence[Sequence[Hop]]) -> tuple[Hop, ...]:
    return tuple(hops[i][j] for i, j in pairwise(path))


def _through_all(hops: Sequence[Sequence[Hop]]) -> list[int]:
    """Return the path from the first node to the last through all others, least in sum.

    Dynamic programming over subsets (Held & Karp 1962): ``best[visited, at]`` is the least sum
    of a path from the first node through ``visited`` that ends at ``at``.
    """
    last = len(hops) - 1
    inner = range(1, last)
    best: dict[tuple[int, int], tuple[float, list[int]]] = {
        (1 << i, i): (hops[0][i].distance_m, [0, i]) for i in inner
    }
    for visited in range(1 << last):
        for at in inner:
            if (visited, at) not in best:
                continue
            total, path = best[visited, at]
            for onward in inner:
                if visited >> onward & 1:
                    continue
                key = (visited | 1 << onward, onward)
                longer = total + hops[at][onward].distance_m
                if key not in best or longer < best[key][0]:
                    best[key] = (longer, [*path, onward])
    everything = sum(1 << i for i in inner)
    finished = [
        (best[everything, at][0] + hops[at][last].distance_m, best[everything, at][1])
        for at in inner
    ]
    return [*min(finished)[1], last] if finished else [0, last]


def _smallest_largest(hops: Sequence[Sequence[Hop]]) -> list[int]:
    """Return the path whose largest hop is smallest; of those, the least in sum, then in hops."""
    lengths = sorted({hop.distance_m for row in hops for hop in row})
    low, high = 0, len(lengths) - 1
    while low < high:
        middle = (low + high) // 2
        if _least_sum(hops, lengths[middle]) is None:
            low = middle + 1
        else:
            high = middle
    path = _least_sum(hops, lengths[high])
    return path if path is not None else [0, len(hops) - 1]


def _least_sum(hops: Sequence[Sequence[Hop]], longest_m: float) -> list[int] | None:
    """Return the path of least sum that takes no hop over ``longest_m`` (Dijkstra 1959)."""
    waiting: list[tuple[float, int, list[int]]] = [(0.0, 1, [0])]
    settled: set[int] = set()
    while waiting:
        total, count, path = heapq.heappop(waiting)
        at = path[-1]
        if at == len(hops) - 1:
            return path
        if at in settled:
            continue
        settled.add(at)
        for onward, hop in enumerate(hops[at]):
            if onward not in settled and hop.distance_m <= longest_m:
                step = (total + hop.distance_m, count + 1, [*path, onward])
                heapq.heappush(waiting, step)
    return None
