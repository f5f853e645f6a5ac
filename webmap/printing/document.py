"""How is a whole print composed? Plans the pages, then draws them: maps, index and list."""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from layers.atlas import Atlas
from layers.drawing import Plane
from layers.errors import LimitropheError
from layers.sheets import Box, Extent, Series, Sheet, index_sheet, series
from webmap import labels
from webmap.i18n import language
from webmap.printing import items as written
from webmap.printing.flow import Item, Set, flow, paragraph, write_lines
from webmap.printing.fonts import BOLD, REGULAR, wrapped
from webmap.printing.georeference import viewport
from webmap.printing.ink import ACCENT, INK, MUTED, Ink
from webmap.printing.layout import Layout, list_layout, map_layout
from webmap.printing.mapface import draw_map
from webmap.printing.plot import Kept, Plot, Shown, plot_of, shown_on
from webmap.site import current_site

MAX_SHEETS = 20
"""How many sheets a series may have: so many are made in about two seconds."""
MAX_SHAPES = 10_000
"""How many places all sheets together may draw: a few seconds' work, however large the atlas."""
ONE_AT_A_TIME = threading.Lock()
"""ReportLab does not say that documents may be made side by side."""


class TooMuchToDraw(LimitropheError):
    """The sheets of an order show more places than `MAX_SHAPES`; ``shapes`` counts them."""

    def __init__(self, shapes: int) -> None:
        self.shapes = shapes
        super().__init__(f"{shapes} shapes are to be drawn, {MAX_SHAPES} may be")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be printed.

    ``area`` is in Lambert-93 metres; ``scale`` the denominator; ``paper`` a format from A4 to
    A0; ``permalink`` the address of the same view on line; ``produced`` the date of the day;
    ``kept`` what filters leave, None without any.
    """

    title: str
    subtitle: str
    area: Extent
    scale: int
    paper: str
    landscape: bool
    layer_ids: tuple[str, ...]
    permalink: str
    produced: datetime.date
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it was planned; ``sheet`` is None on a page of text."""

    layout: Layout
    title: str
    subtitle: str
    blocks: list[Set]
    sheet: Sheet | None = None
    shown: Shown | None = None


def sheets_of(order: Order) -> Series:
    """Return the sheets of an order. Raises `layers.sheets.TooManySheets`."""
    frame = map_layout(order.paper, landscape=order.landscape).frame
    return series(order.area, order.scale, frame, limit=MAX_SHEETS)


def compose(atlas: Atlas, plane: Plane, order: Order) -> bytes:
    """Return the PDF of an order, in the language of the request.

    Raises
    ------
    layers.sheets.TooManySheets
        If it needs more than `MAX_SHEETS`.
    TooMuchToDraw
        If its sheets show more than `MAX_SHAPES` places.
    """
    sheets = sheets_of(order)
    ground = [layer.id for layer in atlas.layers.values() if layer.background]
    drawn = {*ground, *order.layer_ids}
    shapes = sum(plane.count(drawn, sheet.extent) for sheet in sheets.sheets)
    if shapes > MAX_SHAPES:
        raise TooMuchToDraw(shapes)
    with ONE_AT_A_TIME:
        plot = plot_of(atlas, plane, sheets, order.layer_ids, order.kept)
        ink = Ink(
            title=order.title,
            subject=order.subtitle,
            language=language(),
            produced=order.produced,
        )
        pages = _planned(order, plane, plot)
        for number, page in enumerate(pages, start=1):
            _draw(ink, order, plot, page, number, len(pages))
        return ink.bytes()


# Planning


def _planned(order: Order, plane: Plane, plot: Plot) -> list[_Page]:
    layout = map_layout(order.paper, landscape=order.landscape)
    if len(plot.series.sheets) == 1:
        sheet = plot.series.sheets[0]
        items = [
            *_about(order, sheet, layout),
            *_explaining(order, plot, layout),
            *written.commitment_items(plot, layout.letters),
        ]
        placed, rest = flow(items, layout.columns)
        first = _Page(layout, order.title, order.subtitle, placed, sheet, plot.shown[1])
        return [first, *_list_pages(order, plot, rest)]
    return _planned_series(order, plane, plot, layout)


def _planned_series(order: Order, plane: Plane, plot: Plot, layout: Layout) -> list[_Page]:
    index = index_sheet(plot.series, layout.frame)
    count = len(plot.series.sheets)
    text = _(
        "Plan d’assemblage : %(n)s feuilles %(paper)s au %(scale)s. Chaque feuille reprend 1 cm de"
        " ses voisines.",
        n=count,
        paper=order.paper,
        scale=written.scale_text(order.scale),
    )
    items = [
        paragraph(text, layout.letters, font=BOLD),
        written.scale_item(index, layout.size, layout.letters),
        *_explaining(order, plot, layout),
    ]
    placed, rest = flow(items, layout.columns)
    shown = shown_on(plane, plot.layers, index, order.kept)
    pages = [_Page(layout, order.title, _("Plan d’assemblage"), placed, index, shown)]
    for sheet in plot.series.sheets:
        beside = [*_about(order, sheet, layout), *_explaining(order, plot, layout)]
        name = _("Feuille %(i)s sur %(n)s", i=sheet.number, n=count)
        blocks, _rest = flow(beside, layout.columns)
        pages.append(_Page(layout, order.title, name, blocks, sheet, plot.shown[sheet.number]))
    letters = list_layout().letters
    rest = [*rest, *written.commitment_items(plot, letters)]
    return [*pages, *_list_pages(order, plot, rest)]


def _about(order: Order, sheet: Sheet, layout: Layout) -> list[Item]:
    return [
        written.scale_item(sheet, layout.size, layout.letters),
        *written.scale_notes(sheet, order.paper, layout.letters),
    ]


def _explaining(order: Order, plot: Plot, layout: Layout) -> list[Item]:
    letters = layout.letters
    return [
        *written.warning_items(plot, order.scale, letters),
        *written.legend_items(plot, order.scale, layout.size, letters),
        *written.source_items(plot, letters),
    ]


def _list_pages(order: Order, plot: Plot, items: list[Item]) -> list[_Page]:
    pages = []
    layout = list_layout()
    while items:
        placed, items = flow(items, layout.columns)
        pages.append(_Page(layout, order.title, _("Suite de la feuille"), placed))
    return pages


# Drawing


def _draw(ink: Ink, order: Order, plot: Plot, page: _Page, number: int, count: int) -> None:
    layout = page.layout
    ink.begin_page(layout.width, layout.height, page.subtitle or page.title)
    entries = None
    if page.sheet is not None and page.shown is not None:
        is_index = page.sheet.number == 0
        drawn = Plot(plot.series, plot.layers) if is_index else plot
        draw_map(ink, page.sheet, drawn, page.shown, layout.size)
        if is_index:
            _draw_index(ink, page.sheet, plot.series, layout)
        entries = viewport(page.sheet, "Carte")
    _draw_header(ink, page)
    for item in page.blocks:
        item.block.draw(ink, item.x, item.top)
    _draw_footer(ink, order, page, number, count)
    ink.end_page(entries)


def _draw_header(ink: Ink, page: _Page) -> None:
    header, letters = page.layout.header, page.layout.letters
    size = letters * 0.95
    ink.text(
        header.x,
        header.top - size,
        "LIMITROPHE",
        size,
        font=BOLD,
        color=ACCENT,
        spacing=size * 0.12,
    )
    room = header.height - size * 1.5 - (letters * 1.5 if page.subtitle else 0) - 1
    title = letters * 2.3
    lines = wrapped(page.title, BOLD, title, header.width)
    while len(lines) * title * 1.15 > room and title > letters * 0.9:
        title *= 0.94
        lines = wrapped(page.title, BOLD, title, header.width)
    top = header.top - size * 1.5
    for number, line in enumerate(lines):
        ink.text(header.x, top - title * (0.9 + number * 1.15), line, title, font=BOLD, color=INK)
    if page.subtitle:
        base = top - len(lines) * title * 1.15 - letters * 1.15
        ink.text(header.x, base, page.subtitle, letters, color=MUTED)


def _draw_footer(ink: Ink, order: Order, page: _Page, number: int, count: int) -> None:
    footer, letters = page.layout.footer, page.layout.letters * 0.9
    numbered = _("Page %(i)s sur %(n)s", i=number, n=count)
    if page.sheet is None:
        ink.line(footer.x, footer.top, footer.right, footer.top, ACCENT, 0.25)
        ink.text(footer.x, footer.y, _produced(order), letters, color=MUTED)
        ink.text(footer.right, footer.y, numbered, letters, color=MUTED, align="right")
        return
    ink.line(footer.x, footer.top, footer.right, footer.top, ACCENT, 0.25)
    side = min(footer.height - 3, footer.width * 0.4)
    code = Box(footer.x, footer.top - 2 - side, side, side)
    ink.qr(code, order.permalink)
    ink.link(code, order.permalink)
    x, width = code.right + letters, footer.width - side - letters
    lines = [
        *wrapped(_("Cette vue en ligne : lisez le code, ou cliquez-le."), REGULAR, letters, width),
        *wrapped(_produced(order), REGULAR, letters, width),
        numbered,
    ]
    write_lines(ink, x, footer.top - 2, lines, letters, color=MUTED)


def _produced(order: Order) -> str:
    return _(
        "Produit le %(date)s, données de la version %(version)s.",
        date=labels.date(order.produced),
        version=current_site().atlas.content_hash[:8],
    )


def _draw_index(ink: Ink, index: Sheet, of: Series, layout: Layout) -> None:
    """Draw the sheets of a series on their index, each with its number."""
    for sheet in of.sheets:
        west, south, east, north = sheet.extent
        left, bottom = index.to_page(west, south)
        right, top = index.to_page(east, north)
        ink.box(Box(left, bottom, right - left, top - bottom), stroke=ACCENT, width=0.4)
        size = min(layout.letters * 2.6, (top - bottom) * 0.5)
        ink.text(
            (left + right) / 2, (bottom + top) / 2 - size * 0.35, str(sheet.number), size,
            font=BOLD, color=ACCENT, align="middle", halo=size * 0.15,
        )  # fmt: skip


def summary(order: Order, of: Series) -> str:
    """Say how many sheets an order makes, in one sentence."""
    count = len(of.sheets)
    return ngettext(
        "%(num)s feuille %(paper)s au %(scale)s.",
        "%(num)s feuilles %(paper)s au %(scale)s, avec un plan d’assemblage.",
        count,
        paper=order.paper,
        scale=written.scale_text(order.scale),
    )
