"""How is a corridor drawn as a strip? Everything across is in percent of its width.

What is drawn is to scale; what no reference draws has one fixed width, outside the scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from layers.chainage import Part, PartKind, Strip, strip
from layers.continuity import Break
from layers.model import CorridorPlan
from webmap.site import current_site

UNDRAWN_WIDTH = 9.0
BADGE_WIDTH = 8.0
STEPS_M = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
MAX_TICKS = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the strip: a part with its number, or (without) an end that is not drawn.

    ``x`` and ``width`` are where it lies, ``lane`` the row of its number, ``badge_x`` the middle
    of that number.
    """

    part: Part | None
    number: int
    x: float
    width: float
    lane: int = 0
    badge_x: float = 0.0

    @property
    def look(self) -> str:
        """Which pattern it has: ``stretch``, ``stone``, ``hop`` or ``undrawn``."""
        return str(self.part.kind) if self.part and self.part.drawn else "undrawn"


@dataclass(frozen=True, slots=True)
class Span:
    """A length along the strip: a tick (without width), what runs alongside, or a break."""

    x: float
    width: float
    metres: float
    place: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A corridor laid out: its plan, its strip and its breaks, and what to draw where."""

    plan: CorridorPlan
    strip: Strip
    breaks: tuple[Break, ...]
    pieces: tuple[Piece, ...]
    alongside: tuple[Span, ...]
    gaps: tuple[Span, ...]
    ticks: tuple[Span, ...]
    lanes: int

    @property
    def parts(self) -> Iterator[tuple[int, Part]]:
        """The parts with their numbers."""
        return ((piece.number, piece.part) for piece in self.pieces if piece.part)

    @property
    def places(self) -> tuple[str, ...]:
        """The places along the strip, in order, then its breaks, ends and the whole."""
        along = [part.place for _number, part in self.parts]
        ends = [end.place for gap in self.breaks for end in (gap.end_a, gap.end_b)]
        beside = [span.place for span in self.alongside]
        named = [*along, *beside, *(gap.id for gap in self.breaks), *ends, self.plan.whole]
        return tuple(dict.fromkeys(id for id in named if id))

    @property
    def existing_m(self) -> float:
        """Length of the stretches that are drawn."""
        return self.strip.total_m(PartKind.STRETCH)

    @property
    def missing_m(self) -> float:
        """Length of all hops: what remains to be crossed."""
        return self.strip.total_m(PartKind.HOP)

    def count(self, kind: str) -> int:
        """How many parts of a kind there are."""
        return sum(part.kind == kind for _number, part in self.parts)


def corridors_of(place: str) -> tuple[Drawing, ...]:
    """The corridors that a place belongs to, laid out."""
    found = (drawing(plan) for plan in current_site().atlas.corridors.values())
    return tuple(one for one in found if place in one.places)


def drawing(plan: CorridorPlan) -> Drawing:
    """Lay a corridor out."""
    atlas = current_site().atlas
    breaks = tuple(gap for gap in atlas.breaks.values() if gap.corridor == plan.id)
    found = strip(plan, breaks, atlas.places)
    pieces = tuple(_numbered(_placed(found, plan)))
    scale = _Scale(pieces)
    return Drawing(
        plan=plan,
        strip=found,
        breaks=breaks,
        pieces=pieces,
        alongside=tuple(scale.span(b.from_m, b.to_m, b.place) for b in found.alongside),
        gaps=tuple(_gap(gap, found, scale) for gap in breaks),
        ticks=tuple(scale.span(m, m) for m in _ticks(found.length_m)),
        lanes=max((piece.lane for piece in pieces), default=0) + 1,
    )


def _gap(gap: Break, found: Strip, scale: _Scale) -> Span:
    inside = [part for part in found.parts if part.gap == gap.id]
    span = scale.span(inside[0].from_m, inside[-1].to_m, gap.id)
    return Span(span.x, span.width, gap.hops_m, gap.id)


def _placed(found: Strip, plan: CorridorPlan) -> list[Piece]:
    """Share the width out: a fixed one to what is not drawn, the rest to scale."""
    parts: list[Part | None] = list(found.parts)
    if plan.termini and parts:
        parts = [None, *parts] if found.parts[0].drawn else parts
        parts = [*parts, None] if found.parts[-1].drawn else parts
    undrawn = sum(part is None or not part.drawn for part in parts)
    scale = (100 - UNDRAWN_WIDTH * undrawn) / found.length_m if found.length_m else 0.0
    pieces, x, number = [], 0.0, 0
    for part in parts:
        number += part is not None
        width = part.length_m * scale if part and part.drawn else UNDRAWN_WIDTH
        pieces.append(Piece(part, number if part else 0, x, width))
        x += width
    return pieces


def _numbered(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Give every number a row in which it touches no other."""
    reached: list[float] = []
    for piece in pieces:
        middle = min(max(piece.x + piece.width / 2, BADGE_WIDTH / 2), 100 - BADGE_WIDTH / 2)
        free = (lane for lane, end in enumerate(reached) if end <= middle - BADGE_WIDTH / 2)
        lane = next(free, len(reached))
        if piece.part is not None:
            reached[lane : lane + 1] = [middle + BADGE_WIDTH / 2]
        yield Piece(piece.part, piece.number, piece.x, piece.width, lane, middle)


class _Scale:
    """From metres along the axis to percent of the width."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._drawn = [(p, p.part) for p in pieces if p.part is not None and p.part.drawn]

    def _x(self, metres: float) -> float:
        for piece, part in self._drawn:
            if metres <= part.to_m and part.length_m:
                return piece.x + piece.width * (metres - part.from_m) / part.length_m
        last, _part = self._drawn[-1]
        return last.x + last.width

    def span(self, from_m: float, to_m: float, place: str = "") -> Span:
        """A length between two distances along the axis."""
        start = self._x(from_m)
        return Span(start, self._x(to_m) - start, to_m - from_m if place else from_m, place)


def _ticks(length_m: float) -> list[float]:
    step = next((s for s in STEPS_M if length_m / s <= MAX_TICKS), STEPS_M[-1])
    return [float(step * n) for n in range(int(length_m // step) + 1)] if length_m else []
