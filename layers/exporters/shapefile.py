"""How do features fit into Shapefiles? One a geometry type, short field names, texts in parts.

A Shapefile holds one geometry type, field names of ten letters and texts of 254 bytes. So a
mixed layer becomes several files, a legend says which field holds which column, and a longer
text goes on in the next field: nothing is cut off.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from layers.exporters.columns import Cell, Column
from layers.exporters.extract import Chunk, Extract
from layers.exporters.ogr import count, write
from layers.exporters.target import Target, Written, by_family, families, ogr_type

LONGEST_NAME = 10
LONGEST_TEXT = 254
LEGEND = ("champ", "colonne", "partie", "libelle_fr", "libelle_en")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a Shapefile: which part (from 1) of which column it holds."""

    name: str
    column: Column
    part: int


def fields_of(columns: tuple[Column, ...]) -> tuple[Field, ...]:
    """Return the fields that hold the columns, in their order, with names of their own."""
    taken: set[str] = set()
    fields = []
    for column in columns:
        for part in range(1, _parts(column) + 1):
            name = _short(column.name, part, taken)
            taken.add(name.lower())
            fields.append(Field(name, column, part))
    return tuple(fields)


def _parts(column: Column) -> int:
    """Return how many fields a column needs: a cut may come some bytes early."""
    if column.type != "string" or column.width <= LONGEST_TEXT:
        return 1
    return -(-column.width // (LONGEST_TEXT - 64))


def _short(name: str, part: int, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"\W", "_", plain) or "champ"
    suffix = "" if part == 1 else str(part)
    short = plain[: LONGEST_NAME - len(suffix)] + suffix
    rank = 1
    while short.lower() in taken:
        rank += 1
        end = f"_{rank}"
        short = plain[: LONGEST_NAME - len(end)] + end
    return short


def split_text(text: str, parts: int, size: int = LONGEST_TEXT) -> list[str | None]:
    """Return a text in pieces of at most ``size`` bytes; joined again they are the text.

    No piece begins or ends with a blank where that can be helped: a DBF file drops it.
    """
    pieces: list[str | None] = []
    rest = text
    while rest and len(pieces) < parts - 1:
        fits = len(rest.encode()[:size].decode(errors="ignore"))
        cut = fits
        if fits < len(rest):
            while cut > fits - 40 and (rest[cut - 1].isspace() or rest[cut].isspace()):
                cut -= 1
        pieces.append(rest[:cut])
        rest = rest[cut:]
    pieces.append(rest or None)
    return (pieces + [None] * parts)[:parts]


def shapefile(extract: Extract, target: Target) -> Written:
    """Write one Shapefile a geometry type that occurs, and the legend of their fields."""
    fields = fields_of(extract.columns)
    names = families(extract)
    delivered = 0
    for name, part in by_family(extract):
        stem = extract.collection if len(names) == 1 else f"{extract.collection}-{name}"
        path = target.path(stem, "shp")
        write(
            part,
            path,
            target.epsg,
            "ESRI Shapefile",
            layer=path.stem,
            columns=tuple(replace(f.column, name=f.name) for f in fields),
            chunks=_short_chunks(part, target.epsg, fields),
            geometry_type=ogr_type(part.types, name_type(name)),
        )
        delivered += count(path)
    _legend(fields, target, extract.collection)
    return _noted(Written(delivered), names, any(f.part > 1 for f in fields))


def name_type(family: str) -> str:
    """Return the geometry type that a file of a family without geometries has."""
    return {"points": "Point", "lignes": "LineString", "surfaces": "Polygon"}[family]


def _short_chunks(extract: Extract, epsg: int, fields: tuple[Field, ...]) -> Iterator[Chunk]:
    parts: dict[str, int] = {}
    for field in fields:
        parts[field.column.name] = field.part
    widths = [parts[column.name] for column in extract.columns]
    for columns, geometries in extract.chunks(epsg):
        short: list[list[Cell]] = []
        for cells, width in zip(columns, widths, strict=True):
            short.extend([cells] if width == 1 else _split_column(cells, width))
        yield short, geometries


def _split_column(cells: list[Cell], width: int) -> list[list[Cell]]:
    pieces = [split_text(cell, width) if cell else [None] * width for cell in map(_text, cells)]
    return [[row[part] for row in pieces] for part in range(width)]


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else ""


def _legend(fields: tuple[Field, ...], target: Target, collection: str) -> None:
    path = target.path(f"{collection}-champs", "csv")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(LEGEND)
        for field in fields:
            column = field.column
            writer.writerow([field.name, column.name, field.part, column.label_fr, column.label_en])


def _noted(written: Written, names: list[str], parted: bool) -> Written:
    written = written.noting(
        "Les noms de champs sont abrégés à dix lettres : le fichier « -champs » en donne le sens.",
        "Field names are cut to ten letters: the file “-champs” says what each one holds.",
    )
    if parted:
        written = written.noting(
            "Un texte de plus de 254 octets se poursuit dans le champ suivant (même nom, numéroté)"
            " : mettre les parties bout à bout, sans espace.",
            "A text of more than 254 bytes goes on in the next field (same name, numbered): join"
            " the parts without a blank.",
        )
    if len(names) > 1:
        written = written.noting(
            f"Un Shapefile ne tient qu’un type de géométrie : un fichier par type"
            f" ({', '.join(names)}) ; les objets sans géométrie sont avec les {names[0]}.",
            f"A Shapefile holds one geometry type: one file each ({', '.join(names)}); features"
            f" without geometry are with the first ({names[0]}).",
        )
    return written
