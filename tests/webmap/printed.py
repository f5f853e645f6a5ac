"""A printed map read back: by pypdf, by GDAL, and as an image by Poppler."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from PIL import Image
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

MM = 72 / 25.4
XHTML = "{http://www.w3.org/1999/xhtml}"
Segment = tuple[tuple[float, float], tuple[float, float]]


@dataclass
class Printed:
    """A PDF on disk."""

    path: Path

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(self.path, strict=True)

    @property
    def pages(self) -> list[PageObject]:
        return list(self.reader.pages)

    @cached_property
    def text(self) -> str:
        """The words of all pages, with single spaces."""
        return squeezed(" ".join(page.extract_text() for page in self.pages))

    def size_mm(self, page: int) -> tuple[float, float]:
        box = self.pages[page].mediabox
        return float(box.width) / MM, float(box.height) / MM

    def gdal(self, page: int = 1) -> dict[str, Any]:
        """What gdalinfo says of a page (from 1)."""
        done = subprocess.run(
            ["gdalinfo", "-json", f"PDF:{page}:{self.path}"],
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def neatline(self, page: int = 1) -> np.ndarray:
        """The corners of the map frame in the plane, as GDAL reads them: shape (5, 2), metres."""
        text = self.gdal(page)["metadata"][""]["NEATLINE"]
        return np.array([list(map(float, p.split())) for p in re.findall(r"[\d.-]+ [\d.-]+", text)])

    def viewport_mm(self, page: int = 0) -> tuple[float, float, float, float]:
        box = self.pages[page]["/VP"][0]["/BBox"]
        left, bottom, right, top = (float(number) / MM for number in box)
        return left, bottom, right, top

    def segments_mm(self, tag: str, page: int = 0) -> list[Segment]:
        """The straight lines drawn within a marked content, in millimetres of the page."""
        return list(_segments(ContentStream(self.pages[page].get_contents(), self.reader), tag))

    def pixels(self, page: int = 1) -> np.ndarray:
        """The page as an image of the resolution that GDAL counts in: (rows, columns, 3)."""
        target = self.path.with_suffix(f".{page}")
        subprocess.run(
            ["pdftoppm", "-r", "150", "-f", str(page), "-l", str(page), "-png", "-singlefile",
             self.path, target],
            check=True, capture_output=True,
        )  # fmt: skip
        with Image.open(f"{target}.png") as image:
            return np.asarray(image.convert("RGB")).copy()

    def words_mm(self, page: int = 1) -> dict[str, tuple[float, float, float, float]]:
        """The lines of text of a page (from 1), with left, top, right and bottom from above."""
        done = subprocess.run(
            ["pdftotext", "-bbox-layout", "-f", str(page), "-l", str(page), self.path, "-"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = {}
        for line in ET.fromstring(done.stdout.split("?>", 1)[-1]).iter(f"{XHTML}line"):
            text = squeezed(" ".join(word.text or "" for word in line.iter(f"{XHTML}word")))
            sides = (float(line.attrib[name]) / MM for name in ("xMin", "yMin", "xMax", "yMax"))
            found[text] = tuple(sides)
        return found

    def grey(self, page: int, dpi: int) -> np.ndarray:
        """The page (from 1) as a printer without colour has it: rows and columns of 0 to 255."""
        target = self.path.with_suffix(f".grey.{page}")
        subprocess.run(
            ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-gray", "-png",
             "-singlefile", self.path, target],
            check=True, capture_output=True,
        )  # fmt: skip
        with Image.open(f"{target}.png") as image:
            return np.asarray(image.convert("L")).astype(int)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " ")).strip()


def _segments(content: ContentStream, tag: str) -> Any:
    matrix, stack, inside, start = np.eye(3), [], False, (0.0, 0.0)
    for operands, operator in content.operations:
        numbers = [float(o) for o in operands] if operator in (b"cm", b"m", b"l") else []
        if operator == b"q":
            stack.append(matrix)
        elif operator == b"Q":
            matrix = stack.pop()
        elif operator == b"cm":
            a, b, c, d, e, f = numbers
            matrix = np.array([[a, b, 0], [c, d, 0], [e, f, 1]]) @ matrix
        elif operator == b"BMC":
            inside = operands[0] == f"/{tag}"
        elif operator == b"EMC":
            inside = False
        elif inside and operator in (b"m", b"l"):
            x, y, _one = np.array([*numbers, 1]) @ matrix
            here = (float(x) / MM, float(y) / MM)
            if operator == b"l":
                yield start, here
            start = here
