"""Which typeface is printed? The one of the pages, made into two weights that a PDF can embed.

Atkinson Hyperlegible Next (SIL Open Font License 1.1, which allows embedding) comes as
variable WOFF2 files; fontTools takes the two weights out of it, and ReportLab embeds the
characters that a document uses.
"""

from __future__ import annotations

import io
from functools import cache

from webmap.static_files import FOLDER

REGULAR, BOLD = "LimitropheRegular", "LimitropheBold"
_WEIGHTS = {REGULAR: 400, BOLD: 700}
_PARTS = ("latin", "latin-ext")
_KEPT = {
    "head",
    "hhea",
    "hmtx",
    "maxp",
    "cmap",
    "name",
    "post",
    "OS/2",
    "glyf",
    "loca",
    "GlyphOrder",
}
_INSTEAD = {"\u202f": "\u00a0", "\u2192": "›", "\u2011": "-", "\u2009": " "}
"""Characters that the typeface does not have, and what stands for them."""


def _instance(part: str, weight: int) -> io.BytesIO:
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    variable = TTFont(FOLDER / "vendor" / "font" / f"{part}.woff2")
    for table in ("GDEF", "GPOS", "GSUB"):
        del variable[table]
    static = instantiateVariableFont(variable, {"wght": weight})
    static.flavor = None
    for table in set(static.keys()) - _KEPT:
        del static[table]
    file = io.BytesIO()
    static.save(file)
    file.seek(0)
    return file


@cache
def prepare() -> frozenset[int]:
    """Make both weights known to ReportLab, once; return the code points that they have.

    fontTools and ReportLab are loaded here: a worker that prints nothing does without.
    """
    from fontTools.merge import Merger
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase import ttfonts as reportlab_fonts

    known: set[int] = set()
    for name, weight in _WEIGHTS.items():
        merged = Merger().merge([_instance(part, weight) for part in _PARTS])
        # A PDF tells its fonts apart by this name; both weights bear that of the variable file.
        merged["name"].setName(name, 6, 3, 1, 0x409)
        merged["name"].removeNames(nameID=6, platformID=1)
        file = io.BytesIO()
        merged.save(file)
        file.seek(0)
        font = reportlab_fonts.TTFont(name, file)
        pdfmetrics.registerFont(font)
        known = set(merged.getBestCmap())
    return frozenset(known)


def printable(text: str) -> str:
    """Return a text in characters that the typeface has, where one can stand for another."""
    return "".join(_INSTEAD.get(character, character) for character in text)


def missing(text: str) -> str:
    """Return the characters of a text that cannot be printed, each once."""
    known = prepare()
    return "".join(dict.fromkeys(c for c in printable(text) if ord(c) not in known))


def width_mm(text: str, font: str, size_mm: float) -> float:
    """Return how wide a text is, for a size in millimetres."""
    from reportlab.pdfbase import pdfmetrics

    return float(pdfmetrics.stringWidth(text, font, size_mm))


def wrapped(text: str, font: str, size_mm: float, width: float) -> list[str]:
    """Break a text into lines of at most a width, in millimetres; a longer word is cut."""
    lines: list[str] = []
    line = ""
    for word in printable(text).split(" "):
        tried = f"{line} {word}" if line else word
        if width_mm(tried, font, size_mm) <= width:
            line = tried
            continue
        if line:
            lines.append(line)
        line = word
        while width_mm(line, font, size_mm) > width and len(line) > 1:
            fits = next(
                n for n in range(len(line) - 1, 0, -1)
                if n == 1 or width_mm(line[:n], font, size_mm) <= width
            )  # fmt: skip
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines
