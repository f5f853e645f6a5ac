"""How does a place look on paper? From a style of styles.toml to pens, in millimetres.

The rules are those of ``static/js/symbols.js``: colours and hatchings, dashes for what is drawn
from its description, dots for what is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from layers.model import Place
from webmap.mapping.grounds import styles

DASHES_PX = {"drawn from its description": (7.0, 5.0), "computed": (2.0, 6.0)}
LIGHTER = 0.6
"""How much less is seen of the fill of a place that is not measured on a reference."""
PIXEL_MM = 0.2
"""Millimetres of paper for one pixel of the styles, at 1:10 000 on A4."""


@dataclass(frozen=True, slots=True)
class Pen:
    """How to draw: widths and dashes in millimetres, colours as ``#rrggbb``.

    ``hatch`` names one of `webmap.mapping.hatching.LINES`, empty for none; ``hatch_every`` is
    the length from line to line along the axes.
    """

    color: str
    width: float
    dash: tuple[float, ...]
    casing: str
    fill: str
    fill_opacity: float
    hatch: str
    hatch_every: float
    shape: str
    radius: float
    hollow: bool


def entry_of(style: Mapping[str, Any], place: Place) -> Mapping[str, Any] | None:
    """Return the entry of the style's category that a place belongs to."""
    category = style.get("category")
    if not category:
        return None
    name = category["property"]
    value = place.kind if name == "kind" else place.extra.get(name)
    return next((entry for entry in category["values"] if entry["value"] == value), None)


def zoom_factor(scale: int) -> float:
    """Return how much strokes grow or shrink at a scale; 1 at 1:10 000."""
    return float(min(1.5, max(0.7, (10_000 / scale) ** 0.24)))


def _dash(look: Mapping[str, Any], method: str, pixel: float) -> tuple[float, ...]:
    written = look.get("dash")
    pixels = tuple(map(float, written.split())) if written else DASHES_PX.get(method, ())
    return tuple(length * pixel for length in pixels)


def pen_of(
    style: str, entry: Mapping[str, Any] | None, method: str, scale: int, size: float
) -> Pen:
    """Return how a place is drawn.

    Parameters
    ----------
    style
        Name of a style of styles.toml.
    entry
        Its entry in the style's category, see `entry_of`.
    method
        How the position of the place came to be.
    scale
        Denominator of the scale.
    size
        How much larger than on A4 things are drawn.
    """
    look = {**styles()[style], **(entry or {})}
    pixel = PIXEL_MM * size
    unsure = method in DASHES_PX
    on_ground = look.get("width_m", 0) * 1000 / scale
    return Pen(
        color=look["color"],
        width=max(look["weight"] * pixel * zoom_factor(scale), on_ground),
        dash=_dash(look, method, pixel),
        casing=look.get("casing_color") or ("#ffffff" if look.get("casing") else ""),
        fill=look.get("fill", look["color"]),
        fill_opacity=look.get("fill_opacity", 0.2) * (LIGHTER if unsure else 1),
        hatch=look.get("hatch", ""),
        hatch_every=look.get("hatch_every", 0) * pixel,
        shape=look.get("shape", "circle"),
        radius=look.get("radius", 6) * pixel * 1.05,
        hollow=unsure,
    )
