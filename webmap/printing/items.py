"""What is written beside the map? Scale and north, warning, legend, sources, commitments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from flask_babel import gettext as _

from layers.crs import lambert93_factors
from layers.drawing import lonlat_of
from layers.model import Commitment, Layer
from layers.sheets import Box, Sheet
from webmap import labels
from webmap.i18n import NBSP, language, localised
from webmap.mapping.grounds import styles
from webmap.printing.flow import LEADING, Block, Item, entry, heading, paragraph
from webmap.printing.fonts import BOLD, REGULAR, wrapped
from webmap.printing.furniture import draw_north, draw_scale_bar
from webmap.printing.ink import INK, MUTED, PAPER, WARNING, Ink
from webmap.printing.plot import Plot, legend_of, places_of, ranges
from webmap.printing.symbols import DASHES_PX, Pen, pen_of
from webmap.site import current_site
from webmap.urls import absolute


def _semicolon() -> str:
    """What stands between the parts of a long list: French puts a space before it."""
    return f"{NBSP}; " if language() == "fr" else "; "


def scale_text(scale: int) -> str:
    """A scale as people write it: ``1:5 000``."""
    return f"1:{labels.number(scale)}"


def true_north_deg(sheet: Sheet) -> float:
    """Azimuth of true north at the middle of a sheet, clockwise from the grid's north."""
    ((lon, lat),) = lonlat_of([sheet.centre])
    return lambert93_factors(lon, lat)[1]


def scale_item(sheet: Sheet, size: float, letters: float) -> Item:
    """The scale in figures and as a bar, with the north arrow beside it."""
    north = 11 * size**0.75
    bar_size = size**0.75

    def make(width: float) -> Block:
        height = north * 1.16 + 4.2 * bar_size

        def draw(ink: Ink, x: float, top: float) -> None:
            big = letters * 2.1
            ink.text(x, top - big, scale_text(sheet.scale), big, font=BOLD, color=INK)
            room = width - north * 0.9
            draw_scale_bar(ink, x + 0.2, top - height + 2.2 * bar_size, room, sheet.scale, bar_size)
            at = x + width - north * 0.3
            draw_north(ink, at, top - north * 1.42, north, true_north_deg(sheet), bar_size)

        return Block(height, draw)

    return make


def scale_notes(sheet: Sheet, paper: str, letters: float) -> list[Item]:
    """What one must know to measure on the sheet."""
    ((lon, lat),) = lonlat_of([sheet.centre])
    factor, north = lambert93_factors(lon, lat)
    side = _("à l’est") if north > 0 else _("à l’ouest")
    ground = labels.number(1000 / factor, 2)
    texts = [
        _(
            "1 cm pour %(m)s m. À imprimer en %(paper)s à 100 %%, sans ajuster à la page.",
            m=labels.number(sheet.scale / 100, 1 if sheet.scale % 100 else 0),
            paper=paper,
        ),
        _(
            "Projection Lambert-93 (EPSG:2154). L’échelle est exacte dans le plan ; ici, 1 km"
            " du plan vaut %(ground)s m au sol (facteur %(factor)s).",
            ground=ground,
            factor=labels.number(factor, 6),
        ),
        _(
            "Flèche : nord du quadrillage. Le nord géographique (trait fin) est à %(angle)s°"
            " %(side)s.",
            angle=labels.number(abs(north), 2),
            side=side,
        ),
    ]
    return [paragraph(text, letters * 0.9, color=MUTED, after=0.25) for text in texts]


def too_large(plot: Plot, scale: int) -> list[Layer]:
    """The layers shown that are not valid at so large a scale."""
    shown = {layer_id for layer_id, _value in legend_of(plot)}
    return [
        layer
        for layer in plot.layers
        if not layer.background and layer.id in shown and scale < layer.max_scale
    ]


def warning_items(plot: Plot, scale: int, letters: float) -> list[Item]:
    """A warning when the scale is larger than the layers shown allow."""
    layers = too_large(plot, scale)
    if not layers:
        return []
    listed = _semicolon().join(
        f"{localised(layer, 'title')} ({scale_text(layer.max_scale)})" for layer in layers
    )
    text = _(
        "Précision : à %(scale)s, ces couches paraissent plus précises qu’elles ne sont. Leur plus"
        " grande échelle valable : %(layers)s.",
        scale=scale_text(scale),
        layers=listed,
    )
    return [_warning(text, letters)]


def _warning(text: str, letters: float) -> Item:
    def make(width: float) -> Block:
        lines = wrapped(text, REGULAR, letters * 0.95, width - letters * 1.2)
        inner = len(lines) * letters * 0.95 * LEADING + letters * 0.6

        def draw(ink: Ink, x: float, top: float) -> None:
            y = top - letters * 0.5
            ink.box(Box(x, y - inner, letters * 0.3, inner), fill=WARNING)
            for number, line in enumerate(lines):
                base = y - letters * 0.3 - letters * 0.95 * (0.95 + number * LEADING)
                ink.text(x + letters, base, line, letters * 0.95, color=WARNING)

        return Block(inner + letters, draw)

    return make


# Legend


def legend_items(plot: Plot, scale: int, size: float, letters: float) -> list[Item]:
    """A row for each thing that a sheet shows, under its layer where the layer has several."""
    rows: list[Item] = [heading(_("Légende"), letters)]
    legend = legend_of(plot)
    for layer in reversed(plot.layers):
        values = [value for layer_id, value in legend if layer_id == layer.id]
        named = [value for value in values if value]
        if named:
            title = _("Fond") if layer.background else localised(layer, "title")
            rows.append(paragraph(title, letters, font=BOLD, after=0.15, leads=True))
        for value in values:
            entries = styles()[layer.style].get("category", {}).get("values", [])
            found = next((entry for entry in entries if entry["value"] == value), None)
            label = found[f"label_{language()}"] if found else localised(layer, "title")
            explained = legend[layer.id, value]
            # Drawn as on the map where all places of the entry are drawn alike.
            alike = not layer.background and len(explained.methods) == 1
            method = next(iter(explained.methods)) if alike else ""
            pen = pen_of(layer.style, found, method, scale, size**0.5)
            rows.append(_legend_row(pen, max(explained.dimensions), label, letters))
    if plot.numbers:
        rows.append(_badge_row(_("Numéros des engagements qui nomment le lieu"), letters))
    return [*rows, *_method_items(plot, letters)]


def _method_items(plot: Plot, letters: float) -> list[Item]:
    own = [layer for layer in plot.layers if not layer.background]
    methods = {
        str(place.position.method)
        for shown in plot.shown.values()
        for place in places_of(shown, own)
    }
    if not methods & set(DASHES_PX):
        return []
    text = _(
        "Trait tireté ou symbole creux : lieu dessiné d’après sa description. Pointillé : calculé."
        " Trait plein : relevé d’une référence."
    )
    return [paragraph(text, letters * 0.9, color=MUTED)]


def _legend_row(pen: Pen, dimension: int, label: str, letters: float) -> Item:
    swatch = letters * 3.0

    def make(width: float) -> Block:
        lines = wrapped(label, REGULAR, letters, width - swatch - letters * 0.7)
        height = max(len(lines) * letters * LEADING, letters * 1.5) + letters * 0.2

        def draw(ink: Ink, x: float, top: float) -> None:
            _swatch(ink, pen, dimension, Box(x, top - letters * 1.35, swatch, letters * 1.15))
            for number, line in enumerate(lines):
                base = top - letters * (1.08 + number * LEADING)
                ink.text(x + swatch + letters * 0.7, base, line, letters)

        return Block(height, draw)

    return make


def _swatch(ink: Ink, pen: Pen, dimension: int, box: Box) -> None:
    middle = box.y + box.height / 2
    if dimension == 2:
        ring = np.array(
            [[box.x, box.y], [box.right, box.y], [box.right, box.top], [box.x, box.top],
             [box.x, box.y]]
        )  # fmt: skip
        ink.area([ring], pen)
    elif dimension == 1:
        line = [np.array([[box.x, middle], [box.right, middle]])]
        width = min(pen.width, box.height * 0.8)
        if pen.casing and pen.casing != PAPER:
            ink.lines(line, pen.casing, width + 0.4)
        ink.lines(line, pen.color, width, pen.dash)
    else:
        ink.symbol(box.x + box.width / 2, middle, pen)


def _badge_row(label: str, letters: float) -> Item:
    swatch = letters * 3.0

    def make(width: float) -> Block:
        lines = wrapped(label, REGULAR, letters, width - swatch - letters * 0.7)
        height = max(len(lines) * letters * LEADING, letters * 1.5) + letters * 0.4

        def draw(ink: Ink, x: float, top: float) -> None:
            box = Box(x, top - letters * 1.4, swatch, letters * 1.2)
            ink.box(box, fill=PAPER, stroke=INK, width=0.25, round=letters * 0.4)
            ink.text(
                x + swatch / 2, top - letters * 1.08, "1–4", letters * 0.85, font=BOLD,
                align="middle",
            )  # fmt: skip
            for number, line in enumerate(lines):
                base = top - letters * (1.08 + number * LEADING)
                ink.text(x + swatch + letters * 0.7, base, line, letters)

        return Block(height, draw)

    return make


# Sources


def source_items(plot: Plot, letters: float) -> list[Item]:
    """The credits of everything shown, with licence and vintage, and what the atlas adds."""
    atlas = current_site().atlas
    places = [place for shown in plot.shown.values() for place in places_of(shown, plot.layers)]
    used = {id for place in places for id in place.position.sources}
    credits: dict[str, list[str]] = {}
    for source in atlas.sources.values():
        if source.id in used:
            vintages = credits.setdefault(source.attribution, [])
            if source.vintage and source.vintage not in vintages:
                vintages.append(source.vintage)
    text = " · ".join(
        f"{credit} ({', '.join(vintages)})" if vintages else credit
        for credit, vintages in credits.items()
    )
    licences: dict[str, list[str]] = {}
    shown_layers = {place.layer for place in places}
    for layer in plot.layers:
        if layer.id in shown_layers:
            licences.setdefault(labels.licence_name(layer.licence), []).append(
                localised(layer, "title")
            )
    terms = _semicolon().join(f"{licence} ({', '.join(of)})" for licence, of in licences.items())
    small = letters * 0.9
    return [
        heading(_("Sources et licences"), letters),
        paragraph(text, small, color=MUTED),
        paragraph(_("Licence des couches : %(terms)s.", terms=terms), small, color=MUTED),
        paragraph(
            _("Les textes signés font foi ; l’atlas les résume et les situe."), small, color=MUTED
        ),
    ]


# Commitments


def commitment_items(plot: Plot, letters: float) -> list[Item]:
    """The numbered list of the commitments that the sheets show."""
    if not plot.numbers:
        return [
            heading(_("Engagements"), letters),
            paragraph(_("Aucun engagement ne nomme un lieu montré ici."), letters),
        ]
    atlas = current_site().atlas
    places = {place.id for shown in plot.shown.values() for place in places_of(shown, plot.layers)}
    title = _("Engagements qui nomment les lieux montrés (%(n)s)", n=len(plot.numbers))
    items = [heading(title, letters)]
    for id, number in plot.numbers.items():
        commitment = atlas.commitment(id)
        items.append(
            entry(
                str(number),
                localised(commitment, "summary"),
                _details(commitment, places, _sheets(plot, id)),
                letters,
                absolute("commitments.show", id=id),
            )
        )
    return items


def _sheets(plot: Plot, id: str) -> Sequence[int]:
    return plot.on_sheets[id] if len(plot.series.sheets) > 1 else ()


def _details(commitment: Commitment, shown: Iterable[str], sheets: Sequence[int]) -> str:
    atlas = current_site().atlas
    visible = set(shown)
    document = localised(atlas.document(commitment.document), "short")
    parts = [
        ", ".join(atlas.place(id).name for id in commitment.places if id in visible),
        str(labels.KINDS[str(commitment.kind)]),
        labels.actor_names(commitment.lead),
        labels.date(commitment.due) or commitment.horizon,
        f"{document}, {labels.section_label(commitment.document, commitment.section)}",
    ]
    if sheets:
        parts.append(_("feuilles %(numbers)s", numbers=", ".join(ranges(sheets))))
    return " · ".join(part for part in parts if part)
