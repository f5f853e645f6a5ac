"""What does a style of the map mean to another program? Rules with colours, widths and dashes.

A style is what the map reads (one table of its styles); it comes from the caller. Sizes are
turned from CSS pixels at zoom 14 to millimetres. A place drawn from its description is dashed,
a computed one dotted, both lighter and hollow, as on the map.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MM_PER_PIXEL = 25.4 / 96
SCALE_AT_ZOOM_0 = 559_082_264
"""Denominator of the scale of Web Mercator at zoom 0, 0.28 mm a pixel, on the equator."""
LIGHTER = 0.6
ANGLES: Mapping[str, tuple[int, ...]] = {
    "rising": (45,),
    "falling": (135,),
    "horizontal": (0,),
    "vertical": (90,),
    "cross": (45, 135),
    "grid": (0, 90),
}
"""Directions of the lines of a hatching, in degrees against the clock from the horizontal."""
HATCH_WIDTH, HATCH_OPACITY = 1.25 * MM_PER_PIXEL, 0.9
METHODS: Mapping[str, tuple[str, str]] = {
    "drawn from its description": ("7 5", "dessiné d’après sa description"),
    "computed": ("2 6", "calculé"),
}
"""Dash and label of the methods that look different."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the properties that a style asks for are called where it is used.

    ``method`` is empty where there is none; ``quoted`` says whether it is a name to be put in
    quotes or an expression.
    """

    title: str = "name"
    method: str = "method"
    quoted: bool = True


@dataclass(frozen=True, slots=True)
class Symbol:
    """How a feature is drawn; sizes in millimetres, ``dash`` in pixels, ``width_m`` in metres.

    ``hatch`` is empty or one of `ANGLES`, with its lines ``hatch_every`` along the axes.
    """

    color: str
    fill: str
    fill_opacity: float
    hatch: str
    hatch_every: float
    width: float
    dash: str
    casing: str
    shape: str
    size: float
    hollow: bool
    width_m: float

    @property
    def hatch_opacity(self) -> float:
        """How much of the colour of the hatching is seen."""
        return round(HATCH_OPACITY * (LIGHTER if self.hollow else 1), 3)

    @property
    def hatch_lines(self) -> tuple[tuple[int, float], ...]:
        """The angle of each set of lines of the hatching, and the distance between them."""
        return tuple(
            (angle, round(self.hatch_every * (math.sqrt(0.5) if angle % 90 else 1), 3))
            for angle in ANGLES.get(self.hatch, ())
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A symbol and when it holds.

    ``equal`` are pairs of a property and the value that it has; ``other`` are pairs of a
    property and the values that it has none of.
    """

    label: str
    symbol: Symbol
    equal: tuple[tuple[str, str], ...]
    other: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """How one geometry type of a collection is drawn and labelled.

    ``family`` is one of `layers.exporters.target.FAMILIES`; names are written at scales larger
    than 1:``label_scale`` (never if it is 0), first where ``priority`` (0 to 10) is highest.
    """

    family: str
    names: Names
    rules: tuple[Rule, ...]
    label_scale: int
    priority: int
    color: str


def from_table(columns: Collection[str]) -> Names:
    """Return the names of the properties in a file with these columns."""
    titles = ("name", "summary_fr", "title_fr", "label_fr", "subject_fr")
    title = next((name for name in titles if name in columns), "id")
    return Names(title, "method" if "method" in columns else "")


def look(style: Mapping[str, Any], family: str, names: Names) -> Look:
    """Return how a style draws the features of one geometry type.

    Parameters
    ----------
    style
        A table of the map's styles.
    family
        ``points``, ``lignes`` or ``surfaces``.
    names
        What the properties are called.
    """
    zoom = int(style.get("label_zoom", 14))
    return Look(
        family,
        names,
        tuple(_rules(style, names)),
        SCALE_AT_ZOOM_0 >> zoom,  # 0 beyond every zoom that there is
        min(10, int(style.get("priority", 50)) // 10),
        str(style["color"]),
    )


def _rules(style: Mapping[str, Any], names: Names) -> Iterator[Rule]:
    category: Mapping[str, Any] = style.get("category", {})
    entries = category.get("values", ())
    values = tuple(str(entry["value"]) for entry in entries)
    for entry in entries:
        when = ((str(category["property"]), str(entry["value"])),)
        yield from _by_method({**style, **entry}, str(entry["label_fr"]), when, (), names)
    others = ((str(category["property"]), values),) if values else ()
    yield from _by_method(style, "Autre" if values else "", (), others, names)


def _by_method(
    look: Mapping[str, Any],
    label: str,
    equal: tuple[tuple[str, str], ...],
    other: tuple[tuple[str, tuple[str, ...]], ...],
    names: Names,
) -> Iterator[Rule]:
    if names.method:
        for method, (dash, words) in METHODS.items():
            said = f"{label} ({words})" if label else words.capitalize()
            when = (*equal, (names.method, method))
            yield Rule(said, _symbol(look, dash), when, other)
        other = (*other, (names.method, tuple(METHODS)))
    yield Rule(label or "Relevé ou généralisé", _symbol(look, ""), equal, other)


def _symbol(look: Mapping[str, Any], dash: str) -> Symbol:
    opacity = float(look.get("fill_opacity", 0.2))
    return Symbol(
        color=str(look["color"]),
        fill=str(look.get("fill", look["color"])),
        fill_opacity=round(opacity * (LIGHTER if dash else 1), 3),
        hatch=str(look.get("hatch", "")),
        hatch_every=round(float(look.get("hatch_every", 0)) * MM_PER_PIXEL, 3),
        width=round(float(look["weight"]) * MM_PER_PIXEL, 3),
        dash=str(look.get("dash", dash)),
        casing=str(look.get("casing_color") or ("#ffffff" if look.get("casing") else "")),
        shape=str(look.get("shape", "circle")),
        size=round(2 * float(look.get("radius", 6)) * MM_PER_PIXEL, 3),
        hollow=bool(dash),
        width_m=float(look.get("width_m", 0)),
    )
