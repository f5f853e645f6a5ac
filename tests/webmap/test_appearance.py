"""Does every symbol of the map stand off the ground, light and dark? WCAG 2.2, 1.4.11."""

from __future__ import annotations

import pytest

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
