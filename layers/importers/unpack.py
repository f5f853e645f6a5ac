"""Which format is a file in, by its first bytes, and what is taken out of an archive?

Names inside an archive serve to recognise files and to name layers; none of them is a path.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from layers.importers.faults import MAX_ENTRIES, MAX_UNPACKED, FileFault, Reason

HEAD = 4096
"""Bytes by which a format is recognised."""
GEOJSON_TYPES = frozenset(
    {"Feature", "FeatureCollection", "GeometryCollection", "Point", "MultiPoint", "LineString",
     "MultiLineString", "Polygon", "MultiPolygon"}
)  # fmt: skip
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
"""The parts of a Shapefile that are read; the first one has the geometries."""
SINGLE = (".kml", ".gpkg", ".geojson", ".json", ".fgb")
"""What else an archive may hold."""
_STARTS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\0", "gpkg"),
    (b"fgb\x03", "fgb"),
)
_MARK = b"\xef\xbb\xbf"
_BLOCK = 1 << 16
_FAULTS = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError,
    ValueError, struct.error,
)  # fmt: skip
"""What a damaged archive makes `zipfile` raise."""


def format_of(path: Path) -> str:
    """Return the format of a file by its first bytes.

    One of ``geojson``, ``kml``, ``gpkg``, ``fgb`` and ``zip``.

    Raises
    ------
    FileFault
        If it is none of them.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise FileFault(Reason.EMPTY)
    for start, id in _STARTS:
        if head.startswith(start):
            return id
    if head.startswith(b"\0\0\x27\x0a"):
        raise FileFault(Reason.PARTS)
    text = head.removeprefix(_MARK).lstrip()
    if text.startswith(b"{"):
        return "geojson"
    if text.startswith(b"<") and re.search(rb"<(\w+:)?kml\b", text):
        return "kml"
    raise FileFault(Reason.FORMAT)


def recognised(path: Path, folder: Path) -> tuple[Path, str]:
    """Return what GDAL is to open, and the id of its format (``geojson``, ``kml``, ``shp`` …).

    Parameters
    ----------
    path
        The file as it came.
    folder
        An empty folder for what is taken out of it.

    Raises
    ------
    FileFault
        If it is none of the formats, or an archive that cannot be unpacked within the limits.
    """
    id = format_of(path)
    if id == "zip":
        return _unpacked(path, folder)
    return _plain_geojson(path, folder) if id == "geojson" else _renamed(path, folder, id)


def stated_in_geojson(path: Path) -> str:
    """Return the reference system that an older GeoJSON file names, which `recognised` noted."""
    noted = path.with_suffix(".crs")
    return noted.read_text("utf-8") if noted.is_file() else ""


def _renamed(path: Path, folder: Path, id: str) -> tuple[Path, str]:
    """Give a file the name that its format goes by: GDAL looks at both."""
    named = folder / f"zone.{id}"
    path.rename(named)
    return named, id


def _plain_geojson(path: Path, folder: Path) -> tuple[Path, str]:
    """Write GeoJSON without its ``crs`` member, whose addresses GDAL would follow."""
    try:
        found = orjson.loads(path.read_bytes().removeprefix(_MARK))
    except orjson.JSONDecodeError as error:
        raise FileFault(Reason.DAMAGED, error) from error
    kind = found.get("type")
    if not isinstance(kind, str) or kind not in GEOJSON_TYPES:
        raise FileFault(Reason.FORMAT, f"type: {kind}")
    named = folder / "zone.geojson"
    named.with_suffix(".crs").write_text(_named_system(found.pop("crs", None)), "utf-8")
    named.write_bytes(orjson.dumps(found))
    return named, "geojson"


def _named_system(crs: Any) -> str:
    """Return the name that a ``crs`` member of type ``name`` gives, else nothing."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    sound = isinstance(name, str) and re.fullmatch(r"(urn:|EPSG:|OGC:)[\w:.-]{1,80}", name, re.I)
    return str(name) if sound else ""


def _unpacked(path: Path, folder: Path) -> tuple[Path, str]:
    """Take the geographic files out of an archive: Shapefiles, else the first other file."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if not _is_clutter(e.filename)]
            if len(entries) > MAX_ENTRIES:
                raise FileFault(Reason.ENTRIES, f"{len(entries)} > {MAX_ENTRIES}")
            if any(e.flag_bits & 1 for e in entries):
                raise FileFault(Reason.ARCHIVE)
            taken = _take_shapefiles(archive, entries, folder)
            found = (folder, "shp") if taken else _take_single(archive, entries, folder)
    except _FAULTS as error:
        raise FileFault(Reason.ARCHIVE, error) from error
    if found[1] == "geojson":
        return _plain_geojson(*found[:1], folder)
    return found


def _is_clutter(name: str) -> bool:
    return name.endswith("/") or "__MACOSX" in name or PurePosixPath(name).name.startswith("._")


def _suffix(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename).suffix.lower()


def _take_shapefiles(
    archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], folder: Path
) -> bool:
    """Write every Shapefile of an archive; tell whether there was one."""
    stems: dict[str, str] = {}
    for entry in entries:
        if _suffix(entry) == SHAPEFILE[0]:
            stem = str(PurePosixPath(entry.filename).with_suffix(""))
            label = re.sub(r"[^\w -]", "_", PurePosixPath(stem).name)[:60] or "zone"
            taken = stems.values()
            stems[stem.lower()] = label if label not in taken else f"{label} {len(stems) + 1}"
    left = MAX_UNPACKED
    for entry in entries:
        label = stems.get(str(PurePosixPath(entry.filename).with_suffix("")).lower(), "")
        if label and _suffix(entry) in SHAPEFILE:
            left = _copy(archive, entry, folder / f"{label}{_suffix(entry)}", left)
    return bool(stems)


def _take_single(
    archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], folder: Path
) -> tuple[Path, str]:
    for suffix in SINGLE:
        for entry in entries:
            if _suffix(entry) == suffix:
                id = "geojson" if suffix == ".json" else suffix[1:]
                path = folder / f"archive.{id}"
                _copy(archive, entry, path, MAX_UNPACKED)
                return path, id
    raise FileFault(Reason.NO_DATA)


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, left: int) -> int:
    """Write one file of an archive; return how many bytes may still be unpacked.

    Bytes are counted as they come: what an archive says of itself may be untrue.
    """
    with archive.open(entry) as source, path.open("wb") as target:
        while block := source.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise FileFault(Reason.UNPACKED, f"> {MAX_UNPACKED}")
            target.write(block)
    return left
