"""How does text fill columns? Items know their height for a width, and flow to the next column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from layers.sheets import Box
from webmap.printing.fonts import BOLD, REGULAR, wrapped
from webmap.printing.ink import ACCENT, INK, MUTED, Ink

LEADING = 1.28


@dataclass(frozen=True, slots=True)
class Block:
    """Something of a height that is drawn below a top; ``leads`` keeps it with the next."""

    height: float
    draw: Callable[[Ink, float, float], None]
    leads: bool = False


Item = Callable[[float], Block]
"""Makes a block for the width of a column."""


@dataclass(frozen=True, slots=True)
class Set:
    """A block with its place: its left side and its top."""

    block: Block
    x: float
    top: float


def flow(items: Sequence[Item], columns: Iterable[Box]) -> tuple[list[Set], list[Item]]:
    """Fill columns; return what was set, and the items that found no room."""
    placed: list[Set] = []
    done = 0
    for column in columns:
        top = column.top
        while done < len(items):
            block = items[done](column.width)
            needed = block.height
            if block.leads and done + 1 < len(items):
                needed += items[done + 1](column.width).height
            if top - needed < column.y and (top < column.top or needed < column.height):
                break
            if top - needed < column.y:
                return placed, list(items[done:])
            placed.append(Set(block, column.x, top))
            top -= block.height
            done += 1
    return placed, list(items[done:])


def heading(text: str, letters: float) -> Item:
    """A heading with a fine line above it."""

    def make(width: float) -> Block:
        size = letters * 1.12
        lines = wrapped(text, BOLD, size, width)
        height = letters * 1.35 + len(lines) * size * LEADING

        def draw(ink: Ink, x: float, top: float) -> None:
            y = top - letters * 0.7
            ink.line(x, y, x + width, y, ACCENT, 0.25)
            for number, line in enumerate(lines):
                base = y - letters * 0.35 - size * (0.85 + number * LEADING)
                ink.text(x, base, line, size, font=BOLD, color=ACCENT)

        return Block(height, draw, leads=True)

    return make


def paragraph(
    text: str,
    letters: float,
    *,
    font: str = REGULAR,
    color: str = INK,
    after: float = 0.45,
    leads: bool = False,
) -> Item:
    """A paragraph; ``after`` is the space below it, in letters; ``leads``: see `Block`."""

    def make(width: float) -> Block:
        lines = wrapped(text, font, letters, width)

        def draw(ink: Ink, x: float, top: float) -> None:
            write_lines(ink, x, top, lines, letters, font=font, color=color)

        return Block(len(lines) * letters * LEADING + after * letters, draw, leads)

    return make


def entry(number: str, text: str, details: str, letters: float, address: str = "") -> Item:
    """A numbered entry: its number in the margin, its text, its details beneath in grey."""
    hang = letters * 2.5
    small = letters * 0.9

    def make(width: float) -> Block:
        lines = wrapped(text, REGULAR, letters, width - hang)
        notes = wrapped(details, REGULAR, small, width - hang)
        tall, low = len(lines) * letters * LEADING, len(notes) * small * LEADING
        height = tall + low + letters * 0.75

        def draw(ink: Ink, x: float, top: float) -> None:
            write_lines(ink, x, top, [number], letters, font=BOLD, color=ACCENT)
            write_lines(ink, x + hang, top, lines, letters)
            write_lines(ink, x + hang, top - tall - letters * 0.08, notes, small, color=MUTED)
            if address:
                ink.link(Box(x, top - tall, width, tall), address)

        return Block(height, draw)

    return make


def write_lines(
    ink: Ink,
    x: float,
    top: float,
    lines: Iterable[str],
    letters: float,
    *,
    font: str = REGULAR,
    color: str = INK,
) -> None:
    """Write lines below a top."""
    for number, line in enumerate(lines):
        base = top - letters * (0.95 + number * LEADING)
        ink.text(x, base, line, letters, font=font, color=color)
