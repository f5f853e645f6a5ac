"""How is a page divided? Map frame, panel and header for each format, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass

from layers.sheets import Box, page_size_mm

SIZES = {"A4": 1.0, "A3": 1.12, "A2": 1.4, "A1": 1.75, "A0": 2.2}
"""How much larger than on A4 things are drawn: a larger sheet is read from further away."""
_PANEL_WIDTH = {"A4": 70.0, "A3": 92.0, "A2": 122.0, "A1": 176.0, "A0": 226.0}
_PANEL_HEIGHT = {"A4": 84.0, "A3": 104.0, "A2": 130.0, "A1": 170.0, "A0": 220.0}
_COLUMNS_BESIDE = {"A4": 1, "A3": 1, "A2": 1, "A1": 2, "A0": 2}
_COLUMNS_BELOW = {"A4": 3, "A3": 3, "A2": 4, "A1": 4, "A0": 4}
MARGIN = {"A4": 8.0, "A3": 9.0, "A2": 11.0, "A1": 13.0, "A0": 16.0}
LIST_MARGIN = 15.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are on a page of a format.

    ``letters`` is the size of running text. ``header`` holds the title, ``columns`` the panel
    from its first column to its last, ``footer`` the code, the date and the page number.
    """

    paper: str
    landscape: bool
    width: float
    height: float
    size: float
    letters: float
    frame: Box
    header: Box
    columns: tuple[Box, ...]
    footer: Box


def _columns(box: Box, count: int, gap: float) -> list[Box]:
    width = (box.width - gap * (count - 1)) / count
    return [Box(box.x + i * (width + gap), box.y, width, box.height) for i in range(count)]


def map_layout(paper: str, *, landscape: bool) -> Layout:
    """Return the layout of a page with a map (``paper``: A4 to A0)."""
    width, height = page_size_mm(paper, landscape=landscape)
    size, margin = SIZES[paper], MARGIN[paper]
    letters = 2.45 * size**0.75
    ring, gap = 2.2 + 1.9 * min(size, 1.5) * 1.25, 5 * size**0.5
    foot = 25 * size**0.6
    if landscape:
        panel = _PANEL_WIDTH[paper]
        frame_width = width - 2 * margin - panel - gap - 2 * ring
        frame = Box(margin + ring, margin + ring, frame_width, height - 2 * margin - 2 * ring)
        left = width - margin - panel
        head = 18 * size**0.8
        header = Box(left, height - margin - head, panel, head)
        footer = Box(left, margin, panel, foot)
        body = Box(left, margin + foot + 2, panel, height - 2 * margin - foot - head - 3)
        columns = _columns(body, _COLUMNS_BESIDE[paper], gap)
    else:
        panel, head = _PANEL_HEIGHT[paper], 13 * size**0.8
        inner = width - 2 * margin
        header = Box(margin, height - margin - head, inner, head)
        bottom = margin + panel + ring + 1
        frame = Box(margin + ring, bottom, inner - 2 * ring, header.y - ring - bottom)
        body = Box(margin, margin, inner, panel - 3)
        columns = _columns(body, _COLUMNS_BELOW[paper], gap)
        last = columns[-1]
        footer = Box(last.x, margin, last.width, foot)
        columns[-1] = Box(last.x, margin + foot + 2, last.width, last.height - foot - 2)
    return Layout(
        paper, landscape, width, height, size, letters, frame, header, tuple(columns), footer
    )


def list_layout() -> Layout:
    """Return the layout of a page of text: A4 portrait in two columns, for every format."""
    width, height = page_size_mm("A4", landscape=False)
    inner = Box(LIST_MARGIN, LIST_MARGIN, width - 2 * LIST_MARGIN, height - 2 * LIST_MARGIN)
    header = Box(inner.x, inner.top - 16, inner.width, 16)
    footer = Box(inner.x, inner.y, inner.width, 6)
    body = Box(inner.x, footer.top + 2, inner.width, header.y - footer.top - 4)
    return Layout(
        "A4", False, width, height, 1.0, 2.75, body, header, tuple(_columns(body, 2, 8)), footer
    )
