"""What does a consultation need on paper? Its map at scale with lettered cells, answer sheets.

The cells of the map are those in which sheets are typed in (`webmap.consultation.views.paper`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from flask_babel import gettext as _

from layers.atlas import Atlas
from layers.cells import Cells
from layers.drawing import Plane
from layers.sheets import Box, Series, Sheet, one_sheet
from webmap import labels
from webmap.consultation.choices import layers_of
from webmap.consultation.plan import Question
from webmap.consultation.store import Known
from webmap.consultation.words import category_letter, text_of
from webmap.i18n import language
from webmap.printing import items as written
from webmap.printing.document import MAX_SHAPES, ONE_AT_A_TIME
from webmap.printing.flow import Block, Item, flow, heading, paragraph, write_lines
from webmap.printing.fonts import BOLD, REGULAR, wrapped
from webmap.printing.georeference import viewport
from webmap.printing.ink import ACCENT, INK, MUTED, Ink
from webmap.printing.layout import Layout, list_layout, map_layout
from webmap.printing.mapface import draw_map
from webmap.printing.plot import Plot, plot_of

LETTERS = 3.6
"""Height of the letters of an answer sheet, in millimetres."""
LINE_MM = 8.0
"""Between two lines that one writes on by hand."""
QR_MM = 26.0


@dataclass(frozen=True, slots=True)
class Kit:
    """What is printed.

    Parameters
    ----------
    known
        The consultation.
    cells
        The grid of its map.
    grid
        Number of the version of the plan that the grid belongs to.
    paper
        Format of the map, A4 or A3.
    sheets
        The numbers of the answer sheets: the number under which each is typed in.
    link
        The short address that leads to the consultation.
    produced
        The day.
    """

    known: Known
    cells: Cells
    grid: int
    paper: str
    sheets: range
    link: str
    produced: datetime.date

    @property
    def title(self) -> str:
        """The title of the consultation."""
        return text_of(self.known.plan, "title")


def compose(kit: Kit, atlas: Atlas, plane: Plane) -> bytes:
    """Return the PDF: the map, then the answer sheets, in the language of the request."""
    with ONE_AT_A_TIME:
        ink = Ink(
            title=_("Kit papier – %(title)s", title=kit.title),
            subject=_("Carte à cases et feuilles de réponse"),
            language=language(),
            produced=kit.produced,
        )
        _draw_map_page(ink, kit, atlas, plane)
        for number in kit.sheets:
            _draw_answer_sheet(ink, kit, number)
        return ink.bytes()


# The map


def _draw_map_page(ink: Ink, kit: Kit, atlas: Atlas, plane: Plane) -> None:
    west, south, east, north = kit.cells.extent
    layout = map_layout(kit.paper, landscape=east - west >= north - south)
    sheet = one_sheet(kit.cells.extent, layout.frame, usual=True)
    plot = _plot(kit, atlas, plane, sheet)
    ink.begin_page(layout.width, layout.height, _("Carte"))
    draw_map(ink, sheet, plot, plot.shown[1], layout.size)
    _draw_cells(ink, kit.cells, sheet, layout)
    _draw_head(ink, kit, layout.header, layout.letters)
    blocks, _rest = flow(_beside(kit, plot, sheet, layout), layout.columns)
    for item in blocks:
        item.block.draw(ink, item.x, item.top)
    foot = layout.footer
    side = min(foot.height - 3, foot.width * 0.45)
    _draw_code(ink, kit, Box(foot.x, foot.top - 2 - side, side, side), foot.right, layout.letters)
    ink.end_page(viewport(sheet, "Carte"))


def _plot(kit: Kit, atlas: Atlas, plane: Plane, sheet: Sheet) -> Plot:
    """What the map shows: the layers of the plan, or the ground alone where that is too much."""
    of = Series((sheet,), 1, 1, kit.cells.extent, sheet.scale)
    chosen = [layer.id for layer in layers_of(kit.known.plan, atlas)]
    too_many = plane.count(chosen, sheet.extent) > MAX_SHAPES
    found = plot_of(atlas, plane, of, () if too_many else chosen)
    # Commitments have no numbers here: only cells are to be noted.
    return Plot(found.series, found.layers, found.shown)


def _beside(kit: Kit, plot: Plot, sheet: Sheet, layout: Layout) -> list[Item]:
    letters = layout.letters
    text = _(
        "Chaque case a une lettre et un numéro, de A1 à %(last)s, et %(step)s m de côté. Notez la"
        " case sur la feuille de réponse.",
        last=kit.cells.last,
        step=labels.number(kit.cells.step_m),
    )
    return [
        paragraph(text, letters, font=BOLD),
        paragraph(_("Carte n° %(n)s", n=kit.grid), letters, color=MUTED),
        written.scale_item(sheet, layout.size, letters),
        *written.scale_notes(sheet, kit.paper, letters),
        *written.legend_items(plot, sheet.scale, layout.size, letters),
        *written.source_items(plot, letters),
    ]


def _draw_cells(ink: Ink, cells: Cells, sheet: Sheet, layout: Layout) -> None:
    """Draw the lines of the grid, and the name of each cell in its corner."""
    west, south, east, north = cells.extent
    lines = []
    for column in range(cells.columns + 1):
        x = west + column * cells.step_m
        lines.append(np.array([sheet.to_page(x, south), sheet.to_page(x, north)]))
    for row in range(cells.rows + 1):
        y = north - row * cells.step_m
        lines.append(np.array([sheet.to_page(west, y), sheet.to_page(east, y)]))
    letters = min(layout.letters * 1.15, cells.step_m * sheet.mm_per_m * 0.3)
    with ink.within(sheet.frame):
        with ink.marked("Cases"):
            ink.lines(lines, INK, 0.3 * layout.size, (2.0, 1.2))
        for column in range(cells.columns):
            for row in range(cells.rows):
                x, y = sheet.to_page(*cells.corner(column, row))
                name = cells.name(column, row)
                at = x + letters * 0.35, y - letters * 1.1
                ink.text(*at, name, letters, font=BOLD, halo=letters * 0.18)


# The answer sheets


def _draw_answer_sheet(ink: Ink, kit: Kit, sheet: int) -> None:
    layout = list_layout()
    body = layout.frame
    items = _asked(kit, sheet)
    first = True
    while items:
        ink.begin_page(layout.width, layout.height, _("Feuille n° %(n)s", n=sheet))
        top = layout.header.top
        if first:
            code = Box(body.right - QR_MM, top - QR_MM, QR_MM, QR_MM)
            ink.qr(code, kit.link)
            ink.link(code, kit.link)
            head = Box(body.x, top - 20, body.width - QR_MM - 5, 20)
            _draw_head(ink, kit, head, LETTERS)
            top -= QR_MM + 2
        placed, rest = flow(items, [Box(body.x, body.y, body.width, top - body.y)])
        for item in placed:
            item.block.draw(ink, item.x, item.top)
        foot = _(
            "Feuille n° %(sheet)s · carte n° %(n)s · code %(code)s",
            sheet=sheet,
            n=kit.grid,
            code=kit.known.code,
        )
        ink.text(layout.footer.x, layout.footer.y, foot, LETTERS * 0.8, color=MUTED)
        ink.end_page()
        items, first = (rest if placed else []), False


def _asked(kit: Kit, sheet: int) -> list[Item]:
    plan = kit.known.plan
    said = _("Aussi en ligne : %(link)s, code %(code)s.", link=kit.link, code=kit.known.code)
    warning = _(
        "N’écrivez ni nom, ni adresse, ni téléphone, ni les vôtres ni ceux d’autres personnes."
    )
    items = [
        paragraph(said, LETTERS * 0.9, color=MUTED),
        paragraph(text_of(plan, "purpose"), LETTERS * 0.9, color=MUTED),
        paragraph(warning, LETTERS * 0.9, font=BOLD),
        _blanks(
            {
                _("Feuille n°"): str(sheet),
                _("Case de la carte (A1 à %(last)s)", last=kit.cells.last): "",
            }
        ),
        heading(text_of(plan.where, "label"), LETTERS),
        _lines(1, _("Lieu, rue ou arrêt :")),
    ]
    if plan.categories:
        names = [f"{category_letter(plan, c.id)}  {text_of(c, 'name')}" for c in plan.categories]
        items += [heading(_("De quoi s’agit-il ?"), LETTERS), _boxes(names)]
    for question in plan.questions:
        items.append(heading(text_of(question, "label"), LETTERS))
        items.append(_answer(question))
    return items


def _answer(question: Question) -> Item:
    if question.kind == "text":
        return _lines(5)
    if question.kind == "scale":
        low, high = text_of(question, "low"), text_of(question, "high")
        ends = {1: low, question.steps: high}
        steps = range(1, question.steps + 1)
        return _boxes([f"{n}  {ends[n]}" if ends.get(n) else str(n) for n in steps])
    return _boxes([text_of(option, "label") for option in question.options])


def _lines(count: int, label: str = "") -> Item:
    """Lines to write on by hand."""

    def make(width: float) -> Block:
        def draw(ink: Ink, x: float, top: float) -> None:
            if label:
                ink.text(x, top - LINE_MM + 1, label, LETTERS)
            for number in range(1, count + 1):
                y = top - number * LINE_MM
                ink.line(x, y, x + width, y, MUTED, 0.15)

        return Block(count * LINE_MM + 2, draw)

    return make


def _blanks(names: dict[str, str]) -> Item:
    """Small boxes, side by side, each after its name: filled in, or to be filled in."""

    def make(width: float) -> Block:
        part = width / len(names)

        def draw(ink: Ink, x: float, top: float) -> None:
            for number, (name, filled) in enumerate(names.items()):
                left = x + number * part
                write_lines(ink, left, top - 1, wrapped(name, BOLD, LETTERS, part - 34), LETTERS)
                ink.box(Box(left + part - 32, top - 9, 28, 9), stroke=INK, width=0.3)
                if filled:
                    ink.text(left + part - 29, top - 6.5, filled, LETTERS * 1.5, font=BOLD)

        return Block(12, draw)

    return make


def _boxes(names: list[str]) -> Item:
    """Boxes to be ticked, in two columns."""

    def make(width: float) -> Block:
        part = width / 2
        wrap = [wrapped(name, REGULAR, LETTERS, part - 9) for name in names]
        pairs = [wrap[at : at + 2] for at in range(0, len(wrap), 2)]
        heights = [max(len(one) for one in pair) * LETTERS * 1.3 + 2.2 for pair in pairs]

        def draw(ink: Ink, x: float, top: float) -> None:
            for pair, height in zip(pairs, heights, strict=True):
                for number, lines in enumerate(pair):
                    left = x + number * part
                    ink.box(Box(left, top - 4.4, 4, 4), stroke=INK, width=0.3)
                    write_lines(ink, left + 6, top, lines, LETTERS)
                top -= height

        return Block(sum(heights) + 1, draw)

    return make


# What both share


def _draw_head(ink: Ink, kit: Kit, box: Box, letters: float) -> None:
    size = letters * 1.7
    lines = wrapped(kit.title, BOLD, size, box.width)
    while len(lines) * size * 1.15 > box.height - letters * 1.5 and size > letters * 0.8:
        size *= 0.92
        lines = wrapped(kit.title, BOLD, size, box.width)
    for number, line in enumerate(lines):
        y = box.top - size * (0.95 + number * 1.15)
        ink.text(box.x, y, line, size, font=BOLD, color=ACCENT)
    y = box.top - len(lines) * size * 1.15 - letters * 1.2
    ink.text(box.x, y, kit.known.plan.organiser, letters, color=MUTED)


def _draw_code(ink: Ink, kit: Kit, box: Box, right: float, letters: float) -> None:
    ink.qr(box, kit.link)
    ink.link(box, kit.link)
    x, small = box.right + letters, letters * 0.9
    width = right - x
    lines = wrapped(kit.link.partition("://")[2], REGULAR, small, width)
    write_lines(ink, x, box.top, [_("Code de salle")], small, color=MUTED)
    ink.text(x, box.top - letters * 2.9, kit.known.code, letters * 1.7, font=BOLD, color=ACCENT)
    write_lines(ink, x, box.top - letters * 3.6, lines, small, color=MUTED)
