"""Where do names and numbers stand on the map, so that none covers another?

Greedy placement: the most important first, each at the first of several positions around its
anchor that is free. What finds no place is left out, except numbers, which move further away
and are tied to their anchor by a line.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from layers.sheets import Box

CELL_MM = 20.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text block that wants a place.

    ``width`` and ``height`` are its size, ``gap`` how far from its anchor it stands at least
    (all in millimetres). ``rank``: the higher goes first. ``angle`` is set (degrees) for one
    that may lie along a line, ``room`` is how long the line is there.
    ``must`` says that it may not be left out.
    """

    key: str
    anchor: tuple[float, float]
    width: float
    height: float
    gap: float
    rank: tuple[float, ...]
    angle: float | None = None
    room: float = 0.0
    centred: bool = False
    must: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a block stands: its middle, its angle, and whether a line ties it to its anchor."""

    wanted: Wanted
    x: float
    y: float
    angle: float = 0.0
    leader: bool = False


@dataclass
class Placement:
    """The room of one map: what is taken, in a frame; ``forced`` counts what had to overlap."""

    frame: Box
    forced: int = 0
    _cells: dict[tuple[int, int], list[Box]] = field(default_factory=lambda: defaultdict(list))

    def take(self, box: Box) -> None:
        """Let nothing else stand on a box."""
        for cell in _cells_of(box):
            self._cells[cell].append(box)

    def free(self, boxes: Sequence[Box]) -> bool:
        """Tell whether all boxes lie in the frame and on nothing that is taken."""
        frame = self.frame
        for box in boxes:
            if box.x < frame.x or box.right > frame.right:
                return False
            if box.y < frame.y or box.top > frame.top:
                return False
            if any(_overlap(box, other) for cell in _cells_of(box) for other in self._near(cell)):
                return False
        return True

    def _near(self, cell: tuple[int, int]) -> list[Box]:
        return self._cells.get(cell, [])

    def place(self, wanted: Sequence[Wanted]) -> list[Placed]:
        """Return where the blocks stand, in the order of their ranks; some may be left out."""
        placed = []
        for block in sorted(wanted, key=lambda block: block.rank, reverse=True):
            found = next((p for p in _candidates(block) if self.free(_boxes(p))), None)
            if found is None and block.must:
                found = self._nearest(block)
                self.forced += 1
            if found is not None:
                for box in _boxes(found):
                    self.take(box)
                placed.append(found)
        return placed

    def _nearest(self, block: Wanted) -> Placed:
        """Return the place nearest to the anchor inside the frame, whatever lies there."""
        frame, (x, y) = self.frame, block.anchor
        return Placed(
            block,
            min(max(x, frame.x + block.width / 2), frame.right - block.width / 2),
            min(max(y, frame.y + block.height / 2), frame.top - block.height / 2),
        )


def _candidates(block: Wanted) -> Iterator[Placed]:
    x, y = block.anchor
    if block.angle is not None:
        turn = math.radians(block.angle)
        spare = max(0.0, (block.room / block.width - 1) / 2)
        for along in sorted({0.0, 0.35, -0.35, 0.6, -0.6, spare, -spare, 1.2, -1.2}, key=abs):
            if abs(along) > spare:
                continue
            yield Placed(
                block,
                x + along * block.width * math.cos(turn),
                y + along * block.width * math.sin(turn),
                block.angle,
            )
    if block.centred:
        yield Placed(block, x, y)
    near_x = block.width / 2 + block.gap
    near_y = block.height / 2 + block.gap
    for dx, dy in ((1, 0), (0, 1), (0, -1), (-1, 0), (1, 0.8), (-1, 0.8), (1, -0.8), (-1, -0.8)):
        yield Placed(block, x + dx * near_x, y + dy * near_y)
    if block.must:
        for ring in range(1, 15):
            far = block.gap + 3.0 * ring
            for step in range(16):
                turn = step * math.pi / 8
                dx, dy = math.cos(turn), math.sin(turn)
                px = x + dx * (block.width / 2 + far)
                py = y + dy * (block.height / 2 + far)
                yield Placed(block, px, py, leader=True)


def _boxes(placed: Placed) -> list[Box]:
    """Return boxes that cover a block; one that lies askew is covered by several."""
    block, half = placed.wanted, placed.wanted.height / 2
    if not placed.angle:
        return [Box(placed.x - block.width / 2, placed.y - half, block.width, block.height)]
    turn = math.radians(placed.angle)
    count = max(1, math.ceil(block.width / block.height))
    boxes = []
    for i in range(count):
        along = (i + 0.5) * block.width / count - block.width / 2
        x, y = placed.x + along * math.cos(turn), placed.y + along * math.sin(turn)
        boxes.append(Box(x - half, y - half, block.height, block.height))
    return boxes


def _cells_of(box: Box) -> Iterator[tuple[int, int]]:
    """Yield the squares of the page that a box touches, so that few boxes are compared."""
    for column in range(int(box.x // CELL_MM), int(box.right // CELL_MM) + 1):
        for row in range(int(box.y // CELL_MM), int(box.top // CELL_MM) + 1):
            yield column, row


def _overlap(one: Box, other: Box) -> bool:
    across = one.x < other.right and other.x < one.right
    return across and one.y < other.top and other.y < one.top
