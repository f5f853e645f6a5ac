"""Where do the icons come from? The vendored package, read once as inline SVG."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "static" / "vendor" / "icons"


@cache
def icon(name: str) -> Markup:
    """An icon as inline SVG in the colour of the text, hidden from screen readers.

    Raises
    ------
    FileNotFoundError
        If ``vendor.toml`` does not list the icon.
    """
    svg = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    return Markup(re.sub(r"<svg\b", '<svg class="icon" focusable="false"', svg, count=1).strip())
