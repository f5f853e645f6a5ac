"""Where does a download go, and what are its files called?"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import shapely

from layers.errors import LimitropheError
from layers.exporters.extract import Extract

FAMILIES = ("points", "lignes", "surfaces")
"""What files of one geometry type are called, for those formats that hold no other."""
_FAMILY = {
    "Point": "points",
    "MultiPoint": "points",
    "LineString": "lignes",
    "LinearRing": "lignes",
    "MultiLineString": "lignes",
    "Polygon": "surfaces",
    "MultiPolygon": "surfaces",
}
_WKB = {
    "points": ("Point", "MultiPoint"),
    "lignes": ("LineString", "MultiLineString"),
    "surfaces": ("Polygon", "MultiPolygon"),
}
UNKNOWN = "Unknown"
"""What OGR calls a geometry type that may be any."""


class ExportError(LimitropheError):
    """A file cannot hold what was asked for, or does not hold what was written to it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A folder for the files of one download.

    ``date`` is the date of the data; ``epsg`` the code of the reference system.
    """

    folder: Path
    date: datetime.date
    epsg: int

    def path(self, name: str, extension: str) -> Path:
        """Return the path of a file: ``limitrophe_<name>_<AAAAMMJJ>_<epsg>.<extension>``."""
        return self.folder / f"limitrophe_{name}_{self.date:%Y%m%d}_{self.epsg}.{extension}"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many features were found again in the files, and what to know.

    ``notes`` are pairs of sentences, in French and in English, for the README.
    """

    delivered: int
    notes: tuple[tuple[str, str], ...] = field(default=())

    def noting(self, french: str, english: str) -> Written:
        """Return the same with one more note."""
        return replace(self, notes=(*self.notes, (french, english)))


def family(type: str) -> str:
    """Return which of `FAMILIES` a geometry type belongs to."""
    if type not in _FAMILY:
        raise ExportError(f"no format of a geographic information system holds a {type}")
    return _FAMILY[type]


def families(extract: Extract) -> list[str]:
    """Return the families that occur, in the order of `FAMILIES`; the declared one if none."""
    found = {family(type) for type in extract.types}
    if not found:
        declared = extract.declared
        found = {_FAMILY.get(declared, "points")}
    return [name for name in FAMILIES if name in found]


def ogr_type(types: Iterable[str], declared: str) -> str:
    """Return the geometry type of a file: one if all features have it, else `UNKNOWN`."""
    found = set(types) or ({declared} & _FAMILY.keys())
    if len(found) == 1:
        return found.pop()
    kinds = {_FAMILY[type] for type in found}
    return _WKB[kinds.pop()][1] if len(kinds) == 1 else UNKNOWN


def by_family(extract: Extract) -> Iterator[tuple[str, Extract]]:
    """Yield the features of each family; those without geometry go with the first one."""
    found = families(extract)
    if len(found) == 1:
        yield found[0], extract
        return
    geometries = extract.geometries
    names = np.array([found[0] if g is None else _FAMILY[g.geom_type] for g in geometries], str)
    for name in found:
        yield name, extract.only(names == name)


def missing(extract: Extract) -> bool:
    """Tell whether some feature has no geometry."""
    return bool(shapely.is_missing(extract.geometries).any())
