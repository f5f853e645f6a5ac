"""What is the report of a consultation on paper? A PDF with its charts, and every contribution."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from layers.sheets import Box
from webmap import labels
from webmap.consultation.wording import period_text
from webmap.i18n import language, typeset
from webmap.printing.document import ONE_AT_A_TIME
from webmap.printing.flow import Block, Item, flow, heading, paragraph
from webmap.printing.fonts import BOLD, REGULAR, missing, wrapped
from webmap.printing.ink import ACCENT, INK, MUTED, Ink
from webmap.printing.layout import Layout, list_layout

LETTERS = 2.75
ROW = 4.6
"""Height of a row of a chart, millimetres."""
TIMELINE = 24.0
NONE = "#d9d3c6"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a bar chart; ``count`` None is a count that is not told."""

    label: str
    count: int | None
    colour: str = ACCENT


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report: a heading, paragraphs, and perhaps a chart of bars or of days."""

    title: str
    paragraphs: Sequence[str] = ()
    rows: Sequence[Row] = ()
    days: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class Annexed:
    """A contribution as the annex prints it: what it is about, and its answers."""

    head: str
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Paper:
    """All that is printed: ``produced`` is the day, ``address`` where the report is on line."""

    title: str
    parts: Sequence[Part]
    annex: Sequence[Annexed]
    produced: datetime.date
    address: str


def compose(paper: Paper) -> bytes:
    """Return the PDF, in the language of the request."""
    with ONE_AT_A_TIME:
        ink = Ink(
            title=paper.title,
            subject=_("Bilan de la concertation"),
            language=language(),
            produced=paper.produced,
        )
        layout = list_layout()
        pages = []
        items = [*_body(paper), *_annex(paper)]
        while items:
            placed, items = flow(items, layout.columns)
            pages.append(placed)
        for number, placed in enumerate(pages, start=1):
            title = paper.title if number == 1 else _("Page %(i)s", i=number)
            ink.begin_page(layout.width, layout.height, title)
            _frame(ink, layout, paper, number, len(pages))
            for item in placed:
                item.block.draw(ink, item.x, item.top)
            ink.end_page()
        return ink.bytes()


def printable(text: str) -> str:
    """Return a text in which what the typeface does not have is a question mark."""
    unknown = set(missing(text)) - {"\n"}
    return "".join("?" if character in unknown else character for character in text)


def _frame(ink: Ink, layout: Layout, paper: Paper, number: int, count: int) -> None:
    header, footer = layout.header, layout.footer
    ink.text(header.x, header.top - 2.6, "LIMITROPHE", 2.6, font=BOLD, color=ACCENT, spacing=0.3)
    size = 5.6 if number == 1 else 3.6
    first = wrapped(printable(paper.title), BOLD, size, header.width)
    line = first[0] + ("…" if len(first) > 1 else "") if first else ""
    ink.text(header.x, header.top - 9.5, line, size, font=BOLD, color=INK)
    ink.text(header.x, header.top - 13.6, _("Bilan de la concertation"), LETTERS, color=MUTED)
    ink.line(footer.x, footer.top, footer.right, footer.top, ACCENT, 0.25)
    made = _("Produit le %(day)s. %(address)s", day=labels.date(paper.produced),
             address=paper.address)  # fmt: skip
    ink.text(footer.x, footer.y, made, 2.4, color=MUTED)
    numbered = _("Page %(i)s sur %(n)s", i=number, n=count)
    ink.text(footer.right, footer.y, numbered, 2.4, color=MUTED, align="right")


def _body(paper: Paper) -> Iterator[Item]:
    for part in paper.parts:
        yield heading(printable(part.title), LETTERS)
        for text in part.paragraphs:
            yield from _paragraphs(text)
        most = max([1, *(row.count or 0 for row in part.rows)])
        for row in part.rows:
            yield _bar(row, most)
        if part.days:
            yield _timeline(part.days)


def _paragraphs(text: str, color: str = INK) -> Iterator[Item]:
    for line in typeset(printable(text)).split("\n"):
        if line.strip():
            yield paragraph(line, LETTERS, color=color)


def _annex(paper: Paper) -> Iterator[Item]:
    if not paper.annex:
        return
    yield heading(_("Annexe : les contributions publiées"), LETTERS)
    for one in paper.annex:
        yield paragraph(printable(one.head), LETTERS, font=BOLD, after=0.15, leads=bool(one.texts))
        for text in one.texts:
            yield from _paragraphs(text)


def _bar(row: Row, most: int) -> Item:
    """A label, and below it a bar with its count at the end."""

    def make(width: float) -> Block:
        lines = wrapped(printable(row.label), REGULAR, LETTERS, width)
        text_height = len(lines) * LETTERS * 1.2

        def draw(ink: Ink, x: float, top: float) -> None:
            for number, line in enumerate(lines):
                ink.text(x, top - LETTERS * (0.95 + number * 1.2), line, LETTERS)
            y = top - text_height - 3.2
            told = _("non publié") if row.count is None else labels.number(row.count)
            length = (width - 22) * (row.count or 0) / most
            ink.box(Box(x, y, max(length, 0.3), 2.6), fill=row.colour if row.count else NONE)
            ink.text(x + length + 1.5, y + 0.3, told, LETTERS * 0.95, font=BOLD)

        return Block(text_height + ROW, draw)

    return make


def _timeline(days: Sequence[tuple[str, int]]) -> Item:
    """Contributions over time as upright bars, with the first and the last date."""

    def make(width: float) -> Block:
        most = max(1, *(count for _day, count in days)) if len(days) > 1 else max(1, days[0][1])

        def draw(ink: Ink, x: float, top: float) -> None:
            ground, tall = top - TIMELINE + 5, TIMELINE - 8
            step = width / len(days)
            for number, (_day, count) in enumerate(days):
                if count:
                    height = tall * count / most
                    box = Box(x + number * step + step * 0.1, ground, step * 0.8, height)
                    ink.box(box, fill=ACCENT)
            ink.line(x, ground, x + width, ground, INK, 0.2)
            ink.text(x, ground - 3.2, period_text(days[0][0]), 2.4, color=MUTED)
            last = period_text(days[-1][0])
            ink.text(x + width, ground - 3.2, last, 2.4, color=MUTED, align="right")
            told = ngettext("%(num)s au plus", "%(num)s au plus", most)
            ink.text(x, ground + tall + 1, told, 2.4, color=MUTED)

        return Block(TIMELINE, draw)

    return make
