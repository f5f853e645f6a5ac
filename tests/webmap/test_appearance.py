"""Do the symbols stand off the ground (WCAG 2.2, 1.4.11), and do themes have a hue of their own?"""

from __future__ import annotations

import colorsys
from itertools import combinations

import pytest
from flask import Flask

from webmap.mapping.grounds import styles

GROUND = "contexte"
FILL = {entry["value"]: entry for entry in styles()[GROUND]["category"]["values"]}["commune"]
LOOKS = {
    f"{name} {look.get('value', '')}".strip(): look
    for name, style in styles().items()
    if name != GROUND
    for look in (style, *style.get("category", {}).get("values", []))
}


def luminance(colour: str) -> float:
    """The relative luminance of ``#rrggbb``, as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("fill", "color"), [("fill", "color"), ("fill_dark", "color_dark")])
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_symbols_stand_off_the_ground(look: dict[str, str], fill: str, color: str) -> None:
    dark, light = sorted((luminance(FILL[fill]), luminance(look[color])))
    assert (light + 0.05) / (dark + 0.05) >= 3


def hue(colour: str) -> float | None:
    """The hue of ``#rrggbb`` in degrees; None of a grey."""
    turn, _lightness, saturation = colorsys.rgb_to_hls(
        *(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    )
    return turn * 360 if saturation > 0.1 else None


def apart(one: float, other: float) -> float:
    """Degrees from a hue to another, the short way round."""
    return abs((one - other + 180) % 360 - 180)


@pytest.mark.parametrize("tone", ["color", "color_dark"])
def test_a_theme_has_one_hue_and_no_other_has_it(atlas_app: Flask, tone: str) -> None:
    groups: dict[str, list[float]] = {}
    for layer in atlas_app.extensions["limitrophe"].atlas.layers.values():
        found = hue(styles()[layer.style][tone])
        if found is not None and not layer.background:
            groups.setdefault(layer.group, []).append(found)
    assert len(groups) > 5
    for hues in groups.values():
        assert max(apart(one, other) for one in hues for other in hues) < 30
    for hues, others in combinations(groups.values(), 2):
        assert min(apart(one, other) for one in hues for other in others) > 10
