"""How do lines, areas and words get onto a page? A ReportLab canvas that counts in millimetres."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby
from typing import Any

import segno

from layers.drawing import Path
from layers.sheets import Box
from webmap.mapping.hatching import hatch_lines
from webmap.printing.fonts import REGULAR, prepare, printable, width_mm
from webmap.printing.symbols import LIGHTER, Pen

INK, MUTED, ACCENT, PAPER = "#1c2426", "#5b6467", "#0b5351", "#ffffff"
WARNING = "#9c2f14"
HATCH, HATCH_OPACITY = 0.18, 0.9
"""The lines of a hatching: their width, and how much of their colour is seen."""
POINTS = 72 / 25.4
"""Points of a PDF in a millimetre."""


def _star() -> Iterator[tuple[float, float]]:
    for corner in range(10):
        far, turn = (1.3, 0.6)[corner % 2], corner * math.pi / 5
        yield far * math.sin(turn), far * math.cos(turn)


CORNERS = {
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "diamond": [(0, 1.2), (1.2, 0), (0, -1.2), (-1.2, 0)],
    "triangle": [(0, 1.2), (1.15, -0.85), (-1.15, -0.85)],
    "pentagon": [(0, 1.1), (1.05, 0.34), (0.65, -0.89), (-0.65, -0.89), (-1.05, 0.34)],
    "star": [*_star()],
}
"""The outlines of symbols, of radius 1, as in ``static/js/symbols.js``; the others are circles."""


class Ink:
    """A PDF in the making; every length is in millimetres, from the lower left corner."""

    def __init__(self, *, title: str, subject: str, language: str, produced: datetime.date) -> None:
        # Loaded with the first page to print: a worker that prints nothing does without.
        from reportlab import rl_config
        from reportlab.lib.colors import HexColor
        from reportlab.pdfgen.canvas import Canvas

        prepare()
        self._color = HexColor
        rl_config.useA85 = 0  # streams as bytes: as text they are a quarter longer
        self._file = io.BytesIO()
        # Invariant: the same order on the same day gives the same bytes, and the same ETag.
        self.canvas = Canvas(
            self._file,
            pageCompression=1,
            invariant=1,
            lang=language,
            pdfVersion=(1, 7),
            initialFontName=REGULAR,
        )
        day = (produced.year, produced.month, produced.day, 0, 0, 0)
        self.canvas._doc._timeStamp.YMDhms = day
        self.canvas.setTitle(title)
        self.canvas.setSubject(subject)
        self.canvas.setAuthor("Limitrophe")
        self.canvas.setCreator("Limitrophe")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.pages = 0

    def begin_page(self, width: float, height: float, title: str) -> None:
        """Start a page of a size; ``title`` is its bookmark."""
        self.pages += 1
        self.canvas.setPageSize((width * POINTS, height * POINTS))
        self.canvas.scale(POINTS, POINTS)
        key = f"page-{self.pages}"
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(printable(title), key)

    def end_page(self, page_entries: dict[str, Any] | None = None) -> None:
        """Finish the page; ``page_entries`` are added to its dictionary."""
        self.canvas.showPage()
        page = self.canvas._doc.Pages.pages[-1]
        for name, value in (page_entries or {}).items():
            setattr(page, name, value)
            page.__NoDefault__ = [*page.__NoDefault__, name]

    def bytes(self) -> bytes:
        """Finish the document."""
        self.canvas.save()
        return self._file.getvalue()

    @contextmanager
    def within(self, box: Box) -> Iterator[None]:
        """Draw only what lies in a box."""
        self.canvas.saveState()
        path = self.canvas.beginPath()
        path.rect(box.x, box.y, box.width, box.height)
        self.canvas.clipPath(path, stroke=0, fill=0)
        yield
        self.canvas.restoreState()

    @contextmanager
    def marked(self, tag: str) -> Iterator[None]:
        """Mark content with a tag, so that a reader of the file can find it or pass over it."""
        self.canvas._code.append(f"/{tag} BMC")
        yield
        self.canvas._code.append("EMC")

    # Lines and areas

    def _pen(self, color: str, width: float, dash: Sequence[float] = (), cap: int = 0) -> None:
        self.canvas.setStrokeColor(self._color(color))
        self.canvas.setLineWidth(width)
        self.canvas.setDash(*((list(dash), 0) if dash else ([], 0)))
        self.canvas.setLineCap(cap)
        self.canvas.setLineJoin(1)

    def _path(self, paths: Iterable[Path], *, close: bool) -> Any:
        path = self.canvas.beginPath()
        for positions in paths:
            points = positions.tolist()
            path.moveTo(*points[0])
            for x, y in points[1:]:
                path.lineTo(x, y)
            if close:
                path.close()
        return path

    def lines(
        self,
        paths: Iterable[Path],
        color: str,
        width: float,
        dash: Sequence[float] = (),
        *,
        cap: int = 0,
    ) -> None:
        """Draw lines; ``cap`` 1 rounds their ends."""
        self._pen(color, width, dash, cap)
        self.canvas.drawPath(self._path(paths, close=False), stroke=1, fill=0)

    def line(
        self, ax: float, ay: float, bx: float, by: float, color: str = INK, width: float = 0.2
    ) -> None:
        """Draw one straight line."""
        self._pen(color, width)
        self.canvas.line(ax, ay, bx, by)

    def area(self, paths: Sequence[Path], pen: Pen) -> None:
        """Fill, hatch and outline the rings of an area (inside by the even-odd rule)."""
        canvas = self.canvas
        if pen.fill_opacity > 0:
            canvas.saveState()
            canvas.setFillColor(self._color(pen.fill))
            canvas.setFillAlpha(pen.fill_opacity)
            canvas.drawPath(self._path(paths, close=True), stroke=0, fill=1, fillMode=0)
            canvas.restoreState()
        if pen.hatch:
            self._hatch(paths, pen)
        if pen.width > 0:
            self._pen(pen.color, pen.width, pen.dash)
            canvas.drawPath(self._path(paths, close=True), stroke=1, fill=0)

    def _hatch(self, paths: Sequence[Path], pen: Pen) -> None:
        west, south = (min(float(path[:, i].min()) for path in paths) for i in (0, 1))
        east, north = (max(float(path[:, i].max()) for path in paths) for i in (0, 1))
        canvas = self.canvas
        canvas.saveState()
        canvas.clipPath(self._path(paths, close=True), stroke=0, fill=0, fillMode=0)
        self._pen(pen.color, HATCH)
        canvas.setStrokeAlpha(HATCH_OPACITY * (LIGHTER if pen.hollow else 1))
        # Lines are counted from the page's corner, so that they meet from one place to the next.
        for x1, y1, x2, y2 in hatch_lines(pen.hatch, pen.hatch_every, (west, -north, east, -south)):
            canvas.line(x1, -y1, x2, -y2)
        canvas.restoreState()

    def symbol(self, x: float, y: float, pen: Pen) -> None:
        """Draw the symbol of a point; a hollow one has a dashed outline."""
        r = pen.radius
        path = self.canvas.beginPath()
        corners = CORNERS.get(pen.shape)
        if corners:
            path.moveTo(x + corners[0][0] * r, y + corners[0][1] * r)
            for dx, dy in corners[1:]:
                path.lineTo(x + dx * r, y + dy * r)
            path.close()
        else:
            path.circle(x, y, r)
        if pen.hollow:
            self._pen(pen.color, r * 0.35, (r * 0.6, r * 0.3))
        else:
            self._pen(PAPER, r * 0.25)
        self.canvas.setFillColor(self._color(PAPER if pen.hollow else pen.color))
        self.canvas.drawPath(path, stroke=1, fill=1)

    def box(
        self, box: Box, *, fill: str = "", stroke: str = "", width: float = 0.2, round: float = 0
    ) -> None:
        """Draw a rectangle, perhaps with round corners."""
        self._pen(stroke or INK, width)
        if fill:
            self.canvas.setFillColor(self._color(fill))
        self.canvas.roundRect(
            box.x, box.y, box.width, box.height, round, stroke=bool(stroke), fill=bool(fill)
        )

    # Words

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        font: str = REGULAR,
        color: str = INK,
        align: str = "left",
        angle: float = 0,
        halo: float = 0,
        spacing: float = 0,
    ) -> None:
        """Write one line with its baseline at ``y``; sizes are in millimetres.

        ``align`` is left, middle or right of ``x``; ``halo`` is the width of a white outline.
        """
        shown = printable(text)
        wide = width_mm(shown, font, size) + spacing * max(len(shown) - 1, 0)
        shift = {"left": 0.0, "middle": -wide / 2, "right": -wide}[align]
        canvas = self.canvas
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(angle)
        if halo:
            canvas.saveState()
            with self.marked("Artifact"):
                self._pen(PAPER, 2 * halo)
                self._write(shift, shown, font, size, PAPER, mode=1, spacing=spacing)
            canvas.restoreState()
        self._write(shift, shown, font, size, color, mode=0, spacing=spacing)
        canvas.restoreState()

    def _write(
        self, x: float, text: str, font: str, size: float, color: str, *, mode: int, spacing: float
    ) -> None:
        words = self.canvas.beginText(x, 0)
        words.setFont(font, size)
        words.setFillColor(self._color(color))
        words.setTextRenderMode(mode)
        words.setCharSpace(spacing)
        words.textOut(text)
        words.setCharSpace(0)
        self.canvas.drawText(words)

    def link(self, box: Box, url: str) -> None:
        """Make a box lead to an address."""
        self.canvas.linkURL(url, (box.x, box.y, box.right, box.top), relative=1)

    def qr(self, box: Box, text: str) -> None:
        """Draw a square QR code (ISO/IEC 18004, error correction M) that fills a box."""
        rows = _modules(text)
        module = box.width / len(rows)
        self.canvas.setFillColor(self._color("#000000"))
        path = self.canvas.beginPath()
        for number, row in enumerate(rows, start=1):
            y = box.top - number * module
            at = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    path.rect(box.x + at * module, y, length * module, module)
                at += length
        self.canvas.drawPath(path, stroke=0, fill=1)


@lru_cache(maxsize=8)
def _modules(text: str) -> tuple[bytes, ...]:
    """The rows of a QR code: 1 is dark. Every sheet of a series bears the same."""
    return tuple(bytes(row) for row in segno.make(text, error="m", micro=False).matrix)
