"""The same seeded rows as a table to filter, as an SQLite table and as a file that GDAL reads.

Every kind of value is there, and every kind of value is missing somewhere.
"""

from __future__ import annotations

import datetime
import random
import sqlite3
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely
from shapely import LineString, MultiPoint, Point

from layers.columns import Table
from layers.encode import feature_bytes, geometry_fragments
from layers.properties import GEOMETRY, Kind, Property
from layers.query import feature_set

COUNT = 300
NAMES = ("Été", "ete", "L’Œuvre", "Parc", "parc 100%", "a_b", "axb", "", "Ivry", "a\\b", "Zoé")
TAGS = ("bus", "métro", "vélo", "pied")
KINDS = {
    "id": Kind.STRING,
    "name": Kind.STRING,
    "other": Kind.STRING,
    "size": Kind.NUMBER,
    "rank": Kind.INTEGER,
    "open": Kind.BOOLEAN,
    "due": Kind.DATE,
    "tags": Kind.STRINGS,
    GEOMETRY: Kind.GEOMETRY,
}


def rows() -> list[dict[str, Any]]:
    """Return the properties and geometries of the features."""
    chance = random.Random(20240701)

    def maybe(value: Any) -> Any:
        return None if chance.random() < 0.2 else value

    first = datetime.date(2021, 1, 1)
    return [
        {
            "id": f"r{i}",
            "name": maybe(chance.choice(NAMES)),
            "other": maybe(chance.choice(NAMES)),
            "size": maybe(round(chance.uniform(-5, 5), 1)),
            "rank": maybe(chance.randrange(-3, 8)),
            "open": maybe(chance.random() < 0.5),
            "due": maybe((first + datetime.timedelta(chance.randrange(900))).isoformat()),
            "tags": maybe(chance.sample(TAGS, chance.randrange(4))),
            GEOMETRY: maybe(_shape(chance)),
        }
        for i in range(COUNT)
    ]


def _shape(chance: random.Random) -> Any:
    """Return a shape on a coarse grid, so that shapes touch, overlap and equal each other."""
    x, y = 2 + chance.randrange(8) / 10, 48 + chance.randrange(8) / 10
    w, h = (1 + chance.randrange(3)) / 10, (1 + chance.randrange(3)) / 10
    return chance.choice(
        [
            Point(x, y),
            LineString([(x, y), (round(x + w, 1), round(y + h, 1))]),
            shapely.box(x, y, round(x + w, 1), round(y + h, 1)),
            MultiPoint([(x, y), (round(x + w, 1), y)]),
        ]
    )


ROWS = rows()


def table(found: list[dict[str, Any]] | None = None, kinds: dict[str, Kind] = KINDS) -> Table:
    """Return rows as a table."""
    found = ROWS if found is None else found
    geometries = np.array([row[GEOMETRY] for row in found], dtype=object)
    encoded = tuple(
        feature_bytes(row["id"], fragment, {k: v for k, v in row.items() if k != GEOMETRY})
        for row, fragment in zip(found, geometry_fragments(geometries), strict=True)
    )
    features = feature_set(tuple(row["id"] for row in found), encoded, geometries)
    return Table("essai", features, [Property(n, kind, n, n) for n, kind in kinds.items()])


TABLE = table()


def database() -> sqlite3.Connection:
    """Return the rows, lists and geometries left out, in a database of another making."""
    base = sqlite3.connect(":memory:")
    base.execute("PRAGMA case_sensitive_like = ON")
    base.execute(
        "CREATE TABLE essai (n INTEGER, id TEXT, name TEXT, other TEXT, size REAL, rank REAL,"
        " open INTEGER, due TEXT)"
    )
    names = ("id", "name", "other", "size", "rank", "open", "due")
    for n, row in enumerate(ROWS):
        values = [n, *(row[name] for name in names)]
        base.execute("INSERT INTO essai VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    return base


def write(path: Path) -> None:
    """Write the rows as a GeoPackage, for GDAL."""
    frame = geopandas.GeoDataFrame(
        {"n": range(COUNT), "name": [row["name"] for row in ROWS]},
        geometry=[row[GEOMETRY] for row in ROWS],
        crs="EPSG:4326",
    )
    frame.to_file(path, layer="essai", engine="pyogrio")
