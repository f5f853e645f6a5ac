"""How are features written as GeoParquet 1.1? Row group by row group, WKB, the CRS as PROJJSON."""

from __future__ import annotations

import json
from typing import Any

from layers.crs import projjson
from layers.exporters.extract import Extract
from layers.exporters.ogr import GEOMETRY, batch, fields
from layers.exporters.target import Target, Written

VERSION = "1.1.0"


def geoparquet(extract: Extract, target: Target) -> Written:
    """Write one GeoParquet file; x (easting, longitude) comes first in its WKB."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = target.path(extract.collection, "parquet")
    metadata = {b"geo": json.dumps(_geo(extract, target.epsg)).encode()}
    columns = [*fields(extract.columns), pa.field(GEOMETRY, pa.binary())]
    schema = pa.schema(columns, metadata=metadata)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for chunk in extract.chunks(target.epsg):
            writer.write_batch(batch(extract.columns, chunk).cast(schema))
    return Written(pq.read_metadata(path).num_rows)


def _geo(extract: Extract, epsg: int) -> dict[str, Any]:
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(extract.types),
        "crs": projjson(f"EPSG:{epsg}"),
    }
    return {"version": VERSION, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
