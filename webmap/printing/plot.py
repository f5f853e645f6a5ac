"""What does a print show? Its sheets, what each of them shows, and the numbers of the commitments.

A commitment is shown when a sheet shows a place that its text names. Numbers run over the whole
document, place after place, so that the numbers at a place are mostly neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from layers.atlas import Atlas
from layers.drawing import Plane, Shape
from layers.model import Layer, Place
from layers.sheets import Series, Sheet
from webmap.mapping.grounds import styles
from webmap.printing.symbols import entry_of

Shown = Mapping[str, list[Shape]]
"""What a sheet shows, by layer in drawing order."""
LegendKey = tuple[str, str]
"""A layer, and the value of its style's category (empty for none)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What filters leave: places to draw and commitments to list, by id."""

    places: frozenset[str]
    commitments: frozenset[str]


@dataclass(frozen=True)
class Plot:
    """Everything that is drawn, before it is drawn.

    ``shown`` has what each sheet shows, by sheet number (0: the index sheet). ``numbers`` has
    the number of each commitment, in ascending order; ``at_place`` the numbers at each place
    and ``on_sheets`` the sheets that show each commitment.
    """

    series: Series
    layers: tuple[Layer, ...]
    shown: dict[int, Shown] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    at_place: dict[str, list[int]] = field(default_factory=dict)
    on_sheets: dict[str, list[int]] = field(default_factory=dict)


def plot_of(
    atlas: Atlas,
    plane: Plane,
    series: Series,
    layer_ids: Iterable[str],
    kept: Kept | None = None,
) -> Plot:
    """Return what a series of sheets shows of some layers; the atlas's own ground is beneath.

    With ``kept``, only what the filters leave.
    """
    wanted = set(layer_ids)
    layers = tuple(
        sorted(
            (layer for layer in atlas.layers.values() if layer.background or layer.id in wanted),
            key=lambda layer: (not layer.background, styles()[layer.style]["priority"]),
        )
    )
    plot = Plot(series, layers)
    for sheet in series.sheets:
        plot.shown[sheet.number] = shown_on(plane, layers, sheet, kept)
    _number(atlas, plot, kept)
    return plot


def shown_on(
    plane: Plane, layers: Iterable[Layer], sheet: Sheet, kept: Kept | None = None
) -> Shown:
    """Return what a sheet shows of some layers; the ground is shown whatever is kept."""
    return {
        layer.id: [
            shape
            for shape in plane.shapes(layer.id, sheet)
            if kept is None or layer.background or shape.place.id in kept.places
        ]
        for layer in layers
    }


def _number(atlas: Atlas, plot: Plot, kept: Kept | None) -> None:
    for layer in reversed(plot.layers):
        for sheet, shown in plot.shown.items():
            shapes = sorted(shown[layer.id], key=lambda s: (-round(s.anchor[1]), s.anchor[0]))
            for place in dict.fromkeys(shape.place.id for shape in shapes):
                for id in atlas.direct[place]:
                    if kept is not None and id not in kept.commitments:
                        continue
                    number = plot.numbers.setdefault(id, len(plot.numbers) + 1)
                    at_place = plot.at_place.setdefault(place, [])
                    if number not in at_place:
                        at_place.append(number)
                    on_sheets = plot.on_sheets.setdefault(id, [])
                    if sheet not in on_sheets:
                        on_sheets.append(sheet)


def places_of(shown: Shown, layers: Iterable[Layer]) -> list[Place]:
    """Return the places that a sheet shows, each once."""
    found = {s.place.id: s.place for layer in layers for s in shown[layer.id]}
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Explained:
    """What is shown of an entry of the legend: its dimensions, and how positions came to be."""

    dimensions: set[int] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)


def legend_of(plot: Plot) -> dict[LegendKey, Explained]:
    """Return what the legend has to explain, in its order."""
    found: dict[LegendKey, Explained] = {}
    for layer in reversed(plot.layers):
        style = styles()[layer.style]
        values = [entry["value"] for entry in style.get("category", {}).get("values", [])]
        mine: dict[str, Explained] = {}
        for shown in plot.shown.values():
            for shape in shown[layer.id]:
                entry = entry_of(style, shape.place)
                explained = mine.setdefault(entry["value"] if entry else "", Explained())
                explained.dimensions.add(shape.dimension)
                explained.methods.add(str(shape.place.position.method))
        for value in sorted(mine, key=lambda v: values.index(v) if v in values else -1):
            found[layer.id, value] = mine[value]
    return found


def ranges(numbers: Iterable[int]) -> list[str]:
    """Return numbers as a reader writes them: 1–4, 7, 9–10."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return [str(p[0]) if len(p) == 1 else f"{p[0]}–{p[-1]}" for p in parts]
