"""In which formats and reference systems does the atlas leave, and which go together?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from layers.errors import ParameterError
from layers.exporters import ogr, sheet
from layers.exporters.dxf import dxf
from layers.exporters.extract import Extract
from layers.exporters.geojson import geojson
from layers.exporters.parquet import geoparquet
from layers.exporters.shapefile import shapefile
from layers.exporters.target import Target, Written

SYSTEMS: Mapping[int, str] = {
    4326: "WGS 84 (longitude, latitude)",
    2154: "RGF93 / Lambert-93",
    3949: "RGF93 / CC49",
}
"""Names of the reference systems by EPSG code."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its id in an address, its name, how it is written, what it may be written in."""

    id: str
    title: str
    write: Callable[[Extract, Target], Written]
    systems: tuple[int, ...] = tuple(SYSTEMS)


FORMATS: Mapping[str, Format] = {
    found.id: found
    for found in (
        Format("gpkg", "GeoPackage", ogr.geopackage),
        Format("shp", "Shapefile", shapefile),
        Format("geojson", "GeoJSON (RFC 7946)", geojson, (4326,)),
        Format("jsonfg", "JSON-FG", ogr.json_fg),
        Format("fgb", "FlatGeobuf", ogr.flatgeobuf),
        Format("parquet", "GeoParquet", geoparquet),
        Format("kml", "KML", ogr.kml, (4326,)),
        Format("dxf", "DXF", dxf),
        Format("csv", "CSV", sheet.comma_separated),
        Format("xlsx", "XLSX (Excel)", sheet.spreadsheet),
    )
}
"""The formats by id, in the order in which they are offered."""
PROJECTED = ("jsonfg", "gpkg")
"""What to take in place of a format that is in WGS84 alone."""


def check(format_id: str, epsg: int) -> Format:
    """Return a format that is written in a reference system.

    Raises
    ------
    ParameterError
        If it is not: the message says which formats are.
    """
    if format_id not in FORMATS:
        raise ParameterError("format", format_id, ", ".join(FORMATS))
    found = FORMATS[format_id]
    if epsg not in found.systems:
        others = ", ".join(f"{FORMATS[id].title} ({id})" for id in PROJECTED)
        raise ParameterError("crs", epsg, f"4326 ({found.title}) ; {epsg} : {others}")
    return found
