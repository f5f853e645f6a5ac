"""How are features written by GDAL? As one stream of Arrow batches, a few thousand at a time.

GDAL, Arrow and what they bring are imported by the functions here that use them: a process that
writes nothing does without their 110 MB.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import numpy as np
import shapely

from layers.exporters.columns import Column
from layers.exporters.extract import Chunk, Extract, Geometries
from layers.exporters.target import Target, Written, missing, ogr_type

if TYPE_CHECKING:
    import pyarrow as pa

GEOMETRY = "geometry"
TYPES = {
    "string": "string",
    "number": "float64",
    "integer": "int64",
    "boolean": "bool",
    "date": "date32",
}
"""Arrow's names of the types of columns."""
_WKB = {b"ARROW:extension:name": b"geoarrow.wkb"}
TITLES = ("name", "summary_fr", "title_fr", "label_fr", "subject_fr")
"""Columns that say what a feature is called, the best first."""


def title_column(columns: tuple[Column, ...]) -> str:
    """Return the name of the column that says what a feature is called."""
    names = {column.name for column in columns}
    return next((name for name in TITLES if name in names), columns[0].name)


def fields(columns: tuple[Column, ...]) -> list[pa.Field]:
    """Return the Arrow fields of columns."""
    import pyarrow as pa

    return [pa.field(c.name, pa.type_for_alias(TYPES[c.type])) for c in columns]


def schema(columns: tuple[Column, ...]) -> pa.Schema:
    """Return the Arrow schema of columns and a geometry as WKB."""
    import pyarrow as pa

    return pa.schema([*fields(columns), pa.field(GEOMETRY, pa.binary(), metadata=_WKB)])


def batch(columns: tuple[Column, ...], chunk: Chunk, multi: bool = False) -> pa.RecordBatch:
    """Return a chunk as one Arrow batch; ``multi`` makes every geometry a multi one."""
    import pyarrow as pa

    cells, geometries = chunk
    texts = shapely.to_wkb(_multi(geometries) if multi else geometries, flavor="iso")
    form = schema(columns)
    arrays = [pa.array(c, type) for c, type in zip((*cells, texts), form.types, strict=True)]
    return pa.record_batch(arrays, schema=form)


_TO_MULTI: Mapping[str, Any] = {
    "Point": shapely.MultiPoint,
    "LineString": shapely.MultiLineString,
    "Polygon": shapely.MultiPolygon,
}


def _multi(geometries: Geometries) -> Geometries:
    found = [
        _TO_MULTI[g.geom_type]([g]) if g is not None and g.geom_type in _TO_MULTI else g
        for g in geometries
    ]
    return np.array(found, dtype=object)


def write(
    extract: Extract,
    path: Path,
    epsg: int,
    driver: str,
    *,
    layer: str | None = None,
    columns: tuple[Column, ...] | None = None,
    chunks: Iterator[Chunk] | None = None,
    geometry_type: str | None = None,
    append: bool = False,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    counted: Callable[[Path], int] | None = None,
) -> int:
    """Write features to a file through a GDAL driver; return how many it holds afterwards.

    Parameters
    ----------
    extract, path, epsg, driver
        What goes where, in which reference system and format.
    layer
        Name of the layer in the file; the collection by default.
    columns, chunks
        Other columns and chunks than those of ``extract``.
    geometry_type
        As OGR names it; by default the one that fits all.
    append
        True adds the layer to a file that exists.
    options
        ``dataset_options`` and ``layer_options`` of the driver.
    counted
        Counts the features of the file, where GDAL would do it badly.
    """
    import pyarrow as pa
    import pyogrio

    kind = geometry_type or ogr_type(extract.types, extract.declared)
    wanted = columns or extract.columns
    multi = kind.startswith("Multi") and (driver != "ESRI Shapefile" or kind == "MultiPoint")
    batches = (batch(wanted, chunk, multi) for chunk in chunks or extract.chunks(epsg))
    name = layer or extract.collection
    pyogrio.write_arrow(
        pa.RecordBatchReader.from_batches(schema(wanted), batches),
        path,
        layer=name,
        driver=driver,
        geometry_name=GEOMETRY,
        geometry_type=kind,
        crs=f"EPSG:{epsg}",
        encoding="UTF-8" if driver == "ESRI Shapefile" else None,
        append=append,
        **(options or {}),
    )
    return counted(path) if counted else count(path, name if driver == "GPKG" else None)


def count(path: Path, layer: str | None = None) -> int:
    """Return how many features GDAL finds in a file."""
    import pyogrio

    if not len(pyogrio.list_layers(path)):
        return 0  # a JSON-FG file without features has no layer either
    found = pyogrio.read_info(path, layer=layer, force_feature_count=True)
    return int(found["features"])


def add_table(path: Path, layer: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows without geometry to a GeoPackage, as a layer of its own."""
    import pandas as pd
    import pyogrio

    pyogrio.write_dataframe(pd.DataFrame(rows), path, layer=layer, driver="GPKG", append=True)


def geopackage(extract: Extract, target: Target) -> Written:
    """Write one GeoPackage, its layer named after the collection."""
    path = target.path(extract.collection, "gpkg")
    return Written(write(extract, path, target.epsg, "GPKG"))


def flatgeobuf(extract: Extract, target: Target) -> Written:
    """Write one FlatGeobuf; its spatial index holds no feature without geometry."""
    path = target.path(extract.collection, "fgb")
    index = "NO" if missing(extract) or not len(extract) else "YES"
    options = {"layer_options": {"SPATIAL_INDEX": index}}
    return Written(write(extract, path, target.epsg, "FlatGeobuf", options=options))


def json_fg(extract: Extract, target: Target) -> Written:
    """Write one OGC Features and Geometries JSON file."""
    path = target.path(extract.collection, "fg.json")
    return Written(write(extract, path, target.epsg, "JSONFG"))


def kml(extract: Extract, target: Target) -> Written:
    """Write one KML file, each placemark named by what it is called."""
    path = target.path(extract.collection, "kml")
    options = {"dataset_options": {"NameField": title_column(extract.columns)}}
    name = extract.collection.replace("-", "_")  # XML ids
    done = write(
        extract, path, target.epsg, "KML", layer=name, options=options, counted=_placemarks
    )
    return Written(done)


def _placemarks(path: Path) -> int:
    """Return how many placemarks a KML file holds; GDAL would read all of it into memory."""
    found: Counter[str] = Counter()
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.update((name,))
    with path.open("rb") as file:
        parser.ParseFile(file)
    return found["Placemark"]
