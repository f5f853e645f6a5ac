"""How do features fit into a drawing? Entities on layers, their attributes in a table beside.

A DXF file has no attributes and no reference system: each entity bears a handle, and the table
says which feature has which handles. Features without geometry are in the table alone.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import shapely

from layers.crs import wkt1
from layers.exporters.columns import Cell
from layers.exporters.extract import Extract
from layers.exporters.sheet import harmless
from layers.exporters.target import ExportError, Target, Written

Entity = tuple[str, bytes]
"""Layer and geometry (WKB) of an entity."""
FIRST_HANDLE = 0x20000
"""The first that GDAL gives; it numbers entities in the order in which they are written."""
_FORBIDDEN = str.maketrans(dict.fromkeys("<>/\\\":;?*|=,'’`", "-"))


def dxf(extract: Extract, target: Target) -> Written:
    """Write one DXF file, the table of attributes, and the reference system as WKT."""
    path = target.path(extract.collection, "dxf")
    table = target.path(f"{extract.collection}-attributs", "csv")
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(["entites", *(column.name for column in extract.columns)])
        _draw(list(_entities(extract, target.epsg, writer.writerow)), path, target.epsg)
    target.path(extract.collection, "prj").write_text(wkt1(f"EPSG:{target.epsg}"), "utf-8")
    return _noted(Written(_check(path, table)), extract)


def _draw(entities: list[Entity], path: Path, epsg: int) -> None:
    """Write entities; GDAL's driver takes no stream, so they all go at once."""
    import pyogrio

    columns = list(zip(*entities, strict=True)) or [(), ()]
    layers, geometries = (np.array(column, dtype=object) for column in columns)
    pyogrio.raw.write(
        path,
        geometries,
        [layers],
        np.array(["Layer"], dtype=object),
        driver="DXF",
        geometry_type="Unknown",
        crs=f"EPSG:{epsg}",
    )


def _entities(
    extract: Extract, epsg: int, write_row: Callable[[list[str]], object]
) -> Iterator[Entity]:
    names = [column.name for column in extract.columns]
    kind = names.index("kind") if "kind" in names else None
    handle = FIRST_HANDLE
    for row, geometry in extract.rows(epsg):
        layer = extract.collection if kind is None else f"{extract.collection} {row[kind]}"
        handles = []
        for part in () if geometry is None else _parts(geometry):
            handles.append(f"{handle:X}")
            yield _layer_name(layer), shapely.to_wkb(part)
            handle += 1
        write_row(["|".join(handles), *map(_text, row)])


def _layer_name(name: str) -> str:
    """Return the name of a layer without what the format forbids or has no sure encoding for."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.translate(_FORBIDDEN)


def _parts(geometry: shapely.Geometry) -> Iterator[shapely.Geometry]:
    """Yield what a feature is drawn with: points, lines, and the rings of polygons."""
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            yield from (shapely.linestrings(r.coords) for r in (part.exterior, *part.interiors))
        else:
            yield part


def _text(cell: Cell) -> str:
    return "" if cell is None else harmless(cell) if isinstance(cell, str) else str(cell)


def _check(path: Path, table: Path) -> int:
    """Return how many features the table lists, after finding every one of their entities.

    Raises
    ------
    ExportError
        If the drawing does not hold the entities that the table announces.
    """
    import pyogrio

    delivered = 0
    handles: set[str] = set()
    with table.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            delivered += 1
            handles.update(filter(None, row["entites"].split("|")))
    drawn = pyogrio.read_dataframe(path, columns=["EntityHandle"], read_geometry=False)
    if set(drawn["EntityHandle"]) != handles:
        raise ExportError(f"{path.name}: {len(handles)} entities announced, not those delivered")
    return delivered


def _noted(written: Written, extract: Extract) -> Written:
    written = written.noting(
        "Un dessin DXF n’a pas d’attributs : la table « -attributs » donne, pour chaque objet,"
        " les codes (handles) de ses entités. Les surfaces sont dessinées par leurs contours ; le"
        " fichier .prj dit le système de coordonnées.",
        "A DXF drawing has no attributes: the table “-attributs” gives the handles of the entities"
        " of each feature. Areas are drawn by their rings; the .prj file states the reference"
        " system.",
    )
    if extract.unlocated:
        n = extract.unlocated
        written = written.noting(
            f"Objets sans géométrie, présents dans la table seule : {n}.",
            f"Features without geometry, in the table alone: {n}.",
        )
    return written
