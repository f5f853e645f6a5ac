"""What does a file that somebody brings hold? Read apart from the service, judged by the atlas.

The file is opened by a process of its own, with bounds on time and memory, without the drivers
of GDAL that follow addresses, and without the environment of the service.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from layers.atlas import Atlas
from layers.crs import to_lambert93
from layers.importers.faults import MAX_FILE, MAX_SECONDS, FileFault, Reason
from layers.importers.unpack import format_of

ROOT = Path(__file__).parents[2]
OUT_OF_REACH = (
    "ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSV", "CSW", "Carto", "DGN", "DXF",
    "EDIGEO", "EEDA", "ESRIJSON", "Elasticsearch", "GDALG", "GML", "GPSBabel", "GPX", "GTFS",
    "GeoJSONSeq", "GeoRSS", "HTTP", "Idrisi", "JML", "JSONFG", "LIBKML", "LVBAG", "MBTiles",
    "MEM", "MVT", "MapInfo File", "MapML", "MiraMonVector", "NGW", "OAPIF", "ODS", "OGCAPI",
    "OGR_GMT", "OGR_PDS", "OGR_VRT", "OSM", "OpenFileGDB", "PCIDSK", "PDF", "PDS4", "PGDUMP",
    "PLSCENES", "PMTiles", "S57", "SQLite", "SXF", "Selafin", "TopoJSON", "VDV", "VFK", "VICAR",
    "WAsP", "WFS", "XLSX",
)  # fmt: skip
"""The drivers of GDAL that are left out of the process that reads: all but the five that it needs.
Some of them follow addresses."""
FORMATS = ("GeoJSON", "KML", "KMZ", "Shapefile (ZIP)", "GeoPackage", "FlatGeobuf")
_GRACE_S = 10
"""Seconds beyond those that reading may take: a busy machine starts slowly."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """The geometry of a file, its coordinates read in one reference system.

    Attributes
    ----------
    system, name, swapped, stated
        See `layers.importers.recognise.Candidate`.
    geometry
        One geometry in WGS84 (lon, lat).
    tolerance_m
        Metres by which it was simplified, 0 if it was not.
    communes
        The names of the municipalities of the atlas that it meets.
    distance_m
        Metres to the nearest municipality of the atlas, 0 if it meets one.
    """

    system: str
    name: str
    swapped: bool
    stated: bool
    geometry: BaseGeometry
    tolerance_m: float
    communes: tuple[str, ...]
    distance_m: float


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file holds.

    Attributes
    ----------
    layers, layer, features, without, others
        See `layers.importers.reading.Read`.
    stated
        The reference system that the file states, empty if none; it may be untrue.
    readings
        Every reading that lies in France: the stated one first, then the nearest to the atlas.
    """

    layers: tuple[str, ...]
    layer: str
    features: int
    without: int
    others: int
    stated: str
    readings: tuple[Reading, ...]


def bring(atlas: Atlas, path: Path, *, short: int, layer: str = "") -> Brought:
    """Return what a file holds.

    Parameters
    ----------
    atlas
        The atlas, to say where each reading would lie.
    path
        The file, alone in a folder that the caller removes; it may be renamed.
    short
        Positions that an address may hold; see `layers.importers.fitting.fitted`.
    layer
        The layer to read; the first one with geometries by default.

    Raises
    ------
    FileFault
        If the file cannot be used.
    """
    size = path.stat().st_size
    if size > MAX_FILE:
        raise FileFault(Reason.SIZE, f"{size} > {MAX_FILE}")
    format_of(path)  # what is none of the formats needs no process
    found = _read_apart(path, short, layer)
    if "fault" in found:
        raise FileFault(Reason[found["fault"]], found["got"])
    readings = [_reading(atlas, one) for one in found.pop("readings")]
    readings.sort(key=lambda reading: (not reading.stated, reading.distance_m))
    layers = tuple(found.pop("layers"))
    return Brought(layers=layers, readings=tuple(readings), **found)


def _read_apart(path: Path, short: int, layer: str) -> dict[str, Any]:
    room = path.parent / "unpacked"
    room.mkdir()
    command = [sys.executable, "-m", "layers.importers", str(path), str(room), str(short)]
    try:
        ended = subprocess.run(
            [*command, layer] if layer else command,
            cwd=ROOT,
            env=_environment(),
            capture_output=True,
            timeout=MAX_SECONDS + _GRACE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileFault(Reason.SLOW) from error
    if ended.returncode:
        _LOG.warning("reading a file ended with %s: %s", ended.returncode, ended.stderr[-2000:])
        raise FileFault(Reason.SLOW if ended.returncode < 0 else Reason.DAMAGED)
    found: dict[str, Any] = orjson.loads(ended.stdout)
    return found


def _environment() -> dict[str, str]:
    """Return the variables of the process: few drivers, and no way out to any network."""
    nowhere = "http://127.0.0.1:9"
    return {
        "GDAL_SKIP": ",".join(OUT_OF_REACH),
        "GDAL_HTTP_PROXY": nowhere,
        "GDAL_HTTPS_PROXY": nowhere,
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "PROJ_NETWORK": "OFF",
        "SHAPE_RESTORE_SHX": "YES",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _reading(atlas: Atlas, told: dict[str, Any]) -> Reading:
    geometry = shape(told.pop("geometry"))
    names, distance_m = _where(atlas, geometry)
    return Reading(**told, geometry=geometry, communes=names, distance_m=distance_m)


def _where(atlas: Atlas, geometry: BaseGeometry) -> tuple[tuple[str, ...], float]:
    """Return the municipalities that a geometry meets, and the metres to the nearest one."""
    named = {id for place in atlas.places.values() for id in place.communes}
    known = [
        place
        for place in atlas.places.values()
        if place.geometry is not None
        and (place.id in named or place.extra.get("level") == "commune")
    ]
    names = [place.name for place in known if shapely.intersects(place.geometry, geometry)]
    if names or not known:
        return tuple(sorted(names)), 0.0
    planar = to_lambert93(geometry)
    return (), min(float(shapely.distance(to_lambert93(p.geometry), planar)) for p in known)
