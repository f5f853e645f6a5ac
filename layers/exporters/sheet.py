"""How do features leave as a table? CSV and XLSX that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import numpy as np
import shapely

from layers.errors import ParameterError
from layers.exporters.columns import Cell
from layers.exporters.extract import Extract, Geometries
from layers.exporters.target import Target, Written

DECIMALS = {4326: 8, 2154: 4, 3949: 4}
"""Decimals of the coordinates that are written: a millimetre, a tenth of a millimetre."""
LONGEST_CELL = 32_767
"""Characters that a cell of a spreadsheet holds."""
_LONGEST_POSITION = 40
"""Characters of one position in WKT, at most."""
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula: an apostrophe goes before it.

    A text that begins as a formula does and is not a plain number is one to a spreadsheet.
    """
    if text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _located_as_points(extract: Extract) -> bool:
    return extract.types == {"Point"}


def _headers(extract: Extract, parts: int = 1) -> list[str]:
    names = [column.name for column in extract.columns]
    if _located_as_points(extract):
        return [*names, "x", "y"]
    return [*names, "wkt", *(f"wkt_{part}" for part in range(2, parts + 1))]


def _positions(geometries: Geometries, epsg: int, points: bool) -> list[tuple[Cell, ...]]:
    decimals = DECIMALS[epsg]
    if not points:
        texts = shapely.to_wkt(geometries, rounding_precision=decimals, trim=True)
        return [(text,) for text in texts]
    xs, ys = shapely.get_x(geometries), shapely.get_y(geometries)
    return [
        (None, None) if np.isnan(x) else (round(float(x), decimals), round(float(y), decimals))
        for x, y in zip(xs, ys, strict=True)
    ]


def _rows(extract: Extract, epsg: int) -> Iterator[tuple[Cell, ...]]:
    points = _located_as_points(extract)
    for columns, geometries in extract.chunks(epsg):
        positions = _positions(geometries, epsg, points)
        for row, position in zip(zip(*columns, strict=True), positions, strict=True):
            yield (*row, *position)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)


def comma_separated(extract: Extract, target: Target) -> Written:
    """Write one CSV file: UTF-8 with its mark, ``;``, geometry as x and y or as WKT."""
    path = target.path(extract.collection, "csv")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(_headers(extract))
        writer.writerows([_text(cell) for cell in row] for row in _rows(extract, target.epsg))
    with path.open(encoding="utf-8-sig", newline="") as file:
        delivered = sum(1 for _row in csv.reader(file, delimiter=";")) - 1
    return _noted(Written(delivered), extract).noting(
        "Un texte qui commence par = + - @ est précédé d’une apostrophe : un tableur ne"
        " l’exécute pas.",
        "A text that begins with = + - @ has an apostrophe before it: no spreadsheet runs it.",
    )


def _noted(written: Written, extract: Extract) -> Written:
    if _located_as_points(extract):
        return written.noting(
            "Positions : colonnes x (longitude ou est) et y (latitude ou nord).",
            "Positions: columns x (longitude or easting) and y (latitude or northing).",
        )
    return written.noting(
        "Géométrie : colonne wkt, x (longitude ou est) avant y (latitude ou nord).",
        "Geometry: column wkt, x (longitude or easting) before y (latitude or northing).",
    )


def spreadsheet(extract: Extract, target: Target) -> Written:
    """Write one XLSX file row by row; texts are texts whatever they begin with.

    A geometry that is longer than a cell holds goes on in the columns ``wkt_2``, ``wkt_3`` …

    Raises
    ------
    ParameterError
        If another text is longer than a cell holds.
    """
    path = target.path(extract.collection, "xlsx")
    delivered, parts = 0, _parts(extract)
    options = {"constant_memory": True, "tmpdir": str(target.folder), "in_memory": False}
    from xlsxwriter import Workbook

    with Workbook(str(path), options) as book:
        quoted = book.add_format({"quote_prefix": True})
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(extract.collection[:31])
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, _headers(extract, parts), bold)
        for delivered, row in enumerate(_rows(extract, target.epsg), start=1):
            for rank, cell in enumerate(_in_cells(row, len(extract.columns))):
                if isinstance(cell, str):
                    plain = harmless(cell) == cell
                    sheet.write_string(delivered, rank, cell, None if plain else quoted)
                elif isinstance(cell, bool):
                    sheet.write_boolean(delivered, rank, cell)
                elif isinstance(cell, (int, float)):
                    sheet.write_number(delivered, rank, cell)
                elif cell is not None:
                    sheet.write_datetime(delivered, rank, cell, date)
    written = _noted(Written(delivered), extract)
    if parts > 1:
        written = written.noting(
            "Une géométrie trop longue pour une cellule se poursuit dans les colonnes wkt_2…",
            "A geometry too long for a cell goes on in the columns wkt_2…",
        )
    return written


def _parts(extract: Extract) -> int:
    """Return how many cells the longest geometry may need."""
    if _located_as_points(extract) or not extract.types:
        return 1
    longest = int(shapely.get_num_coordinates(extract.geometries).max()) * _LONGEST_POSITION
    return -(-longest // LONGEST_CELL)


def _in_cells(row: tuple[Cell, ...], columns: int) -> Iterator[Cell]:
    for cell in row[:columns]:
        if isinstance(cell, str) and len(cell) > LONGEST_CELL:
            allowed = f"{LONGEST_CELL} (xlsx) ; csv, gpkg"
            raise ParameterError("format", f"{row[0]} : {len(cell)}", allowed)
        yield cell
    for cell in row[columns:]:
        if not isinstance(cell, str):
            yield cell
            continue
        for start in range(0, len(cell), LONGEST_CELL):
            yield cell[start : start + LONGEST_CELL]
