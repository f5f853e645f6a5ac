"""How is the map of a sheet drawn? Ground, areas, lines, points, grid, then names and numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from layers.drawing import Shape
from layers.model import Layer
from layers.sheets import Box, Sheet
from webmap.mapping.grounds import styles
from webmap.printing.fonts import BOLD, REGULAR, width_mm, wrapped
from webmap.printing.furniture import draw_frame, draw_grid
from webmap.printing.ink import PAPER, Ink
from webmap.printing.labelling import Placed, Placement, Wanted
from webmap.printing.plot import Plot, Shown, ranges
from webmap.printing.symbols import Pen, entry_of, pen_of

GROUND = "#efece4"
CASING_MM = 0.5
NEVER = 99
"""Zoom of styles that are never labelled."""
LINE_HEIGHT = 1.12

Drawn = tuple[Shape, Pen, int]
"""A shape, its pen, and where its category stands in the style."""


def draw_map(ink: Ink, sheet: Sheet, plot: Plot, shown: Shown, size: float) -> int:
    """Draw the map of a sheet in its frame; return how many numbers had to overlap something.

    ``size`` is how much larger than on A4 lines and letters are.
    """
    with ink.within(sheet.frame):
        ink.box(sheet.frame, fill=GROUND)
        for layer in plot.layers:
            if layer.background:
                _draw_ground(ink, _drawn(layer, shown[layer.id], sheet, size))
        own = [
            drawn
            for layer in plot.layers
            if not layer.background
            for drawn in _drawn(layer, shown[layer.id], sheet, size)
        ]
        _draw_places(ink, own)
        draw_grid(ink, sheet)
        forced = _draw_names(ink, sheet, plot, shown, size)
    draw_frame(ink, sheet, size)
    return forced


def _drawn(layer: Layer, shapes: Iterable[Shape], sheet: Sheet, size: float) -> list[Drawn]:
    style = styles()[layer.style]
    values = style.get("category", {}).get("values", [])
    drawn = []
    for shape in shapes:
        entry = entry_of(style, shape.place)
        method = "" if layer.background else str(shape.place.position.method)
        pen = pen_of(layer.style, entry, method, sheet.scale, size)
        drawn.append((shape, pen, values.index(entry) if entry else -1))
    return drawn


def _draw_ground(ink: Ink, drawn: list[Drawn]) -> None:
    """Draw the atlas's own ground, kind by kind; casings of a kind lie beneath all its lines."""
    for level in sorted({level for _shape, _pen, level in drawn}):
        kind = [(shape, pen) for shape, pen, at in drawn if at == level]
        for shape, pen in kind:
            if shape.dimension == 2:
                ink.area(shape.paths, pen)
        lines = [(shape, pen) for shape, pen in kind if shape.dimension == 1]
        for shape, pen in lines:
            if pen.casing:
                ink.lines(shape.paths, pen.casing, pen.width + 0.4, cap=1)
        for shape, pen in lines:
            ink.lines(shape.paths, pen.color, pen.width, pen.dash, cap=0 if pen.dash else 1)


def _draw_places(ink: Ink, drawn: list[Drawn]) -> None:
    for shape, pen, _level in drawn:
        if shape.dimension == 2:
            ink.area(shape.paths, pen)
    for shape, pen, _level in drawn:
        if shape.dimension == 1:
            if pen.casing:
                ink.lines(shape.paths, pen.casing, pen.width + CASING_MM, cap=1)
            ink.lines(shape.paths, pen.color, pen.width, pen.dash)
    for shape, pen, _level in drawn:
        if shape.dimension == 0:
            for path in shape.paths:
                for x, y in path.tolist():
                    ink.symbol(x, y, pen)


# Names and numbers


def _zoom(sheet: Sheet) -> float:
    """The zoom of Web Mercator that shows about the same, at the latitude of Paris."""
    return math.log2(156_543.03 * 0.66 / (sheet.scale * 0.000264))


def _main_shapes(shapes: Sequence[Shape]) -> list[Shape]:
    """One shape a place: its largest dimension; of lines, the longest."""
    best: dict[str, Shape] = {}
    for shape in shapes:
        known = best.get(shape.place.id)
        rank = (shape.dimension, shape.length)
        if known is None or rank > (known.dimension, known.length):
            best[shape.place.id] = shape
    return list(best.values())


class _Writer:
    """Measures and writes the names and the numbers of one sheet."""

    def __init__(self, ink: Ink, sheet: Sheet, plot: Plot, size: float) -> None:
        self.ink, self.sheet, self.plot = ink, sheet, plot
        self.letters = 2.15 * size**0.75
        self.digits = 1.95 * size**0.75
        self.names: dict[str, list[str]] = {}
        self.badges: dict[str, list[str]] = {}
        self.colors: dict[str, str] = {}

    def wanted(self, layer: Layer, shape: Shape, pen: Pen) -> list[Wanted]:
        """What a place wants written: its numbers, and its name where the scale has room."""
        style = styles()[layer.style]
        id, numbers = shape.place.id, self.plot.at_place.get(shape.place.id, [])
        gap = pen.radius + 0.6 if shape.dimension == 0 else pen.width / 2 + 0.7
        rank = float(style["priority"])
        self.colors[id] = pen.color
        found = []
        if numbers:
            found.append(self._badge(id, shape, numbers, gap, rank))
        at_zoom = style["label_zoom"]
        if at_zoom != NEVER and _zoom(self.sheet) + (1.5 if numbers else 0.3) >= at_zoom:
            found.append(self._name(id, shape, gap, rank))
        return found

    def _badge(self, id: str, shape: Shape, numbers: list[int], gap: float, rank: float) -> Wanted:
        lines = _lines(ranges(numbers), self.digits)
        self.badges[id] = lines
        width = max(width_mm(line, BOLD, self.digits) for line in lines) + self.digits * 0.8
        height = len(lines) * self.digits * LINE_HEIGHT + self.digits * 0.3
        return Wanted(
            f"#{id}", shape.anchor, width, height, 0.4 if shape.dimension else gap,
            (1, rank, len(numbers)), centred=shape.dimension > 0, must=True,
        )  # fmt: skip

    def _name(self, id: str, shape: Shape, gap: float, rank: float) -> Wanted:
        name = shape.place.name
        along = shape.dimension == 1 and shape.length > width_mm(name, BOLD, self.letters) * 1.05
        lines = [name] if along else wrapped(name, BOLD, self.letters, 15 * self.letters)
        self.names[id] = lines
        width = max(width_mm(line, BOLD, self.letters) for line in lines) + 0.6
        height = len(lines) * self.letters * LINE_HEIGHT
        anchor, angle = shape.anchor, None
        badge = len(self.badges.get(id, [])) * self.digits * LINE_HEIGHT
        around = badge / 2 + 0.5 if badge and shape.dimension else 0.0
        if along:
            # Beside the line, not on it: its colour and its dashes are read too.
            angle = shape.angle
            off, turn = height / 2 + gap, math.radians(angle + 90)
            anchor = anchor[0] + off * math.cos(turn), anchor[1] + off * math.sin(turn)
        return Wanted(
            id, anchor, width, height, max(gap, around), (0, rank, shape.length), angle,
            room=shape.length, centred=shape.dimension == 2,
        )  # fmt: skip

    def lead(self, placed: Placed) -> None:
        """Tie a block that stands away from its anchor to it."""
        if placed.leader:
            color, anchor = _darker(self.colors[placed.wanted.key[1:]]), placed.wanted.anchor
            self.ink.line(*anchor, placed.x, placed.y, color, 0.2)
            self.ink.lines([np.array([anchor, anchor])], color, 0.9, cap=1)

    def write(self, placed: Placed) -> None:
        """Write a block where it was placed."""
        if placed.wanted.key.startswith("#"):
            self._write_badge(placed, placed.wanted.key[1:])
        else:
            self._write_name(placed, placed.wanted.key)

    def _write_name(self, placed: Placed, id: str) -> None:
        lines, letters = self.names[id], self.letters
        turn = math.radians(placed.angle)
        for number, line in enumerate(lines):
            up = ((len(lines) - 1) / 2 - number) * letters * LINE_HEIGHT - letters * 0.35
            self.ink.text(
                placed.x - up * math.sin(turn), placed.y + up * math.cos(turn), line, letters,
                font=BOLD, color=_darker(self.colors[id]), align="middle", angle=placed.angle,
                halo=letters * 0.16,
            )  # fmt: skip

    def _write_badge(self, placed: Placed, id: str) -> None:
        block, color = placed.wanted, self.colors[id]
        box = Box(
            placed.x - block.width / 2, placed.y - block.height / 2, block.width, block.height
        )
        self.ink.box(box, fill=PAPER, stroke=_darker(color), width=0.3, round=self.digits * 0.45)
        lines, step = self.badges[id], self.digits * LINE_HEIGHT
        for number, line in enumerate(lines):
            y = placed.y + ((len(lines) - 1) / 2 - number) * step - self.digits * 0.35
            self.ink.text(
                placed.x, y, line, self.digits, font=BOLD, color=_darker(color), align="middle"
            )


def _lines(parts: list[str], digits: float) -> list[str]:
    """Numbers in lines of about eight figures."""
    lines = [parts[0]]
    for part in parts[1:]:
        tried = f"{lines[-1]}, {part}"
        if width_mm(tried, BOLD, digits) <= 11 * digits * 0.6:
            lines[-1] = tried
        else:
            lines[-1] += ","
            lines.append(part)
    return lines


def _darker(color: str) -> str:
    """The colour in which words of a layer are written: dark enough on paper."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    light = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
    share = min(1.0, 0.26 / light) if light else 1.0
    return f"#{int(red * share):02x}{int(green * share):02x}{int(blue * share):02x}"


def _draw_names(ink: Ink, sheet: Sheet, plot: Plot, shown: Shown, size: float) -> int:
    writer = _Writer(ink, sheet, plot, size)
    room = Placement(_inset(sheet.frame, 1.2))
    wanted: list[Wanted] = []
    for layer in plot.layers:
        drawn = _drawn(layer, shown[layer.id], sheet, size)
        pens = {id(shape): pen for shape, pen, _level in drawn}
        if layer.background:
            continue
        for shape, pen, _level in drawn:
            if shape.dimension == 0 and layer.id != "transports":
                r = pen.radius
                for x, y in (position for path in shape.paths for position in path.tolist()):
                    room.take(Box(x - r, y - r, 2 * r, 2 * r))
        for shape in _main_shapes(shown[layer.id]):
            wanted += writer.wanted(layer, shape, pens[id(shape)])
    placed = room.place(wanted)
    _draw_communes(ink, sheet, plot, shown, room, size)
    for block in placed:
        writer.lead(block)
    for block in sorted(placed, key=lambda p: p.wanted.key.startswith("#")):
        writer.write(block)
    return room.forced


def _draw_communes(
    ink: Ink, sheet: Sheet, plot: Plot, shown: Shown, room: Placement, size: float
) -> None:
    """Name the communes of the ground where there is room, spaced and grey."""
    letters, spacing = 2.5 * size**0.75, 0.35 * size**0.75
    for layer in (layer for layer in plot.layers if layer.background):
        for shape in shown[layer.id]:
            if shape.place.kind != "commune" or shape.dimension != 2:
                continue
            name = shape.place.name.upper()
            wide = width_mm(name, REGULAR, letters) + spacing * len(name)
            if wide > _width(shape):
                continue
            block = Wanted(
                shape.place.id, shape.anchor, wide, letters * 2, 4 * size, (0,), centred=True
            )
            for found in room.place([block]):
                ink.text(
                    found.x, found.y - letters * 0.35, name, letters, color="#8b8474",
                    align="middle", halo=0.35, spacing=spacing,
                )  # fmt: skip


def _width(shape: Shape) -> float:
    """How wide a shape is on the page."""
    columns = [path[:, 0] for path in shape.paths]
    return float(max(c.max() for c in columns) - min(c.min() for c in columns))


def _inset(box: Box, by: float) -> Box:
    return Box(box.x + by, box.y + by, box.width - 2 * by, box.height - 2 * by)
