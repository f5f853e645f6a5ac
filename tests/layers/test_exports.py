"""Is every export, in every reference system, what the atlas holds? Read by other software."""

from __future__ import annotations

import csv
import datetime
import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import orjson
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.encode import feature_bytes
from layers.errors import ParameterError
from layers.exporters.columns import as_type, flat
from layers.exporters.extract import Choice, Extract, extract
from layers.exporters.formats import FORMATS, check
from layers.exporters.shapefile import LONGEST_TEXT, fields_of, split_text
from layers.exporters.sheet import harmless
from layers.exporters.target import Target, families, ogr_type
from layers.query import feature_set

DAY = datetime.date(2024, 6, 30)
TOLERANCE = {4326: 1e-6, 2154: 1e-3, 3949: 1e-3}
PAIRS = [(id, epsg) for id, format in FORMATS.items() for epsg in format.systems]
COLLECTIONS = (
    "qpv", "territoires", "transports", "espaces-verts", "residences", "interfaces",
    "coulee-verte", "engagements", "indicateurs",
)  # fmt: skip
Read = tuple[list[dict[str, Any]], list[Any]]


def projected(geometries: Any, epsg: int) -> list[Any]:
    """Project by pyproj itself, not by the code under test."""
    to = pyproj.Transformer.from_crs("OGC:CRS84", f"EPSG:{epsg}", always_xy=True)

    def at(geometry: Any) -> Any:
        return shapely.transform(geometry, to.transform, interleaved=False)

    return [None if geometry is None else at(geometry) for geometry in geometries]


def same_place(found: Any, expected: Any, tolerance: float) -> bool:
    if expected is None or found is None:
        return found is expected is None
    ours, theirs = shapely.get_coordinates(found), shapely.get_coordinates(expected)
    if len(ours) == len(theirs) and np.abs(ours - theirs).max() <= tolerance:
        return True
    return bool(shapely.hausdorff_distance(found, expected) <= tolerance)  # rings reordered


def only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    assert len(found) == 1, found
    return found[0]


def _plain(value: Any) -> Any:
    if isinstance(value, (list, dict, np.ndarray)):
        return orjson.dumps(value, default=np.ndarray.tolist).decode()
    return None if value != value else value


def rows_of(frame: gpd.GeoDataFrame) -> Read:
    table = frame.drop(columns="geometry")
    rows = [{k: _plain(v) for k, v in row.items()} for row in table.to_dict("records")]
    return rows, list(frame.geometry)


def by_gdal(pattern: str, named: str = "id") -> Callable[[Path, int], Read]:
    def read(folder: Path, epsg: int) -> Read:
        frame = pyogrio.read_dataframe(only(folder, pattern))
        assert frame.crs.to_epsg() == epsg
        rows, geometries = rows_of(frame)
        return [{**row, "id": row[named]} for row in rows], geometries

    return read


def by_geopandas(folder: Path, epsg: int) -> Read:
    frame = gpd.read_parquet(only(folder, "*.parquet"))
    assert frame.crs.to_epsg() == epsg
    return rows_of(frame)


def read_shapefiles(folder: Path, epsg: int) -> Read:
    """Read all Shapefiles of a folder, their columns put back by the legend."""
    legend = only(folder, "*-champs_*.csv").read_text("utf-8-sig")
    fields = list(csv.DictReader(io.StringIO(legend), delimiter=";"))
    rows: list[dict[str, Any]] = []
    geometries: list[Any] = []
    for path in sorted(folder.glob("*.shp")):
        assert path.with_suffix(".cpg").read_text() == "UTF-8"
        assert pyproj.CRS(path.with_suffix(".prj").read_text()).to_epsg(20) in (epsg, None)
        frame = pyogrio.read_dataframe(path)
        assert all(len(name) <= 10 and name.isascii() for name in frame.columns[:-1])
        short, shapes = rows_of(frame) if "geometry" in frame else (
            frame.to_dict("records"), [None] * len(frame)
        )  # fmt: skip
        for row in short:
            whole: dict[str, Any] = {}
            for field in fields:
                value = row[field["champ"]]
                value = None if value is None or value != value else value
                if int(field["partie"]) > 1:
                    value = (whole[field["colonne"]] or "") + (value or "") or None
                whole[field["colonne"]] = value
            rows.append(whole)
        geometries += shapes
    return rows, geometries


def _cell(text: str) -> str | None:
    return (text[1:] if text.startswith("'") and harmless(text[1:]) == text else text) or None


def _shape(row: dict[str, Any]) -> Any:
    if "x" in row:
        x, y = row.pop("x"), row.pop("y")
        return None if x in ("", None) else shapely.Point(float(x), float(y))
    parts = [row.pop(name) or "" for name in list(row) if name.startswith("wkt")]
    return shapely.from_wkt("".join(parts)) if "".join(parts) else None


def read_csv(folder: Path, epsg: int) -> Read:
    data = only(folder, "*.csv").read_bytes()
    assert data.startswith("\N{BOM}".encode())
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    geometries = [_shape(row) for row in rows]
    return [{k: _cell(v) for k, v in row.items()} for row in rows], geometries


def read_xlsx(folder: Path, epsg: int) -> Read:
    sheet = openpyxl.load_workbook(only(folder, "*.xlsx")).active
    names, *values = sheet.iter_rows(values_only=True)
    rows = [dict(zip(names, row, strict=True)) for row in values]
    geometries = [_shape(row) for row in rows]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return rows, geometries


def read_dxf(folder: Path, epsg: int) -> Read:
    """Read the drawing, and put the entities of each feature together by their handles."""
    entities = pyogrio.read_dataframe(only(folder, "*.dxf"))
    assert pyproj.CRS(only(folder, "*.prj").read_text()).to_epsg(20) in (epsg, None)
    shapes = dict(zip(entities["EntityHandle"], entities.geometry, strict=True))
    table = only(folder, "*-attributs_*.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    geometries = []
    for row in rows:
        parts = [shapes.pop(h) for h in row.pop("entites").split("|") if h]
        geometries.append(shapely.GeometryCollection(parts) if parts else None)
    assert not shapes
    return [{k: _cell(v) for k, v in row.items()} for row in rows], geometries


READERS: dict[str, Callable[[Path, int], Read]] = {
    "gpkg": by_gdal("*.gpkg"),
    "shp": read_shapefiles,
    "geojson": by_gdal("*.geojson"),
    "jsonfg": by_gdal("*.json"),
    "fgb": by_gdal("*.fgb"),
    "parquet": by_geopandas,
    "kml": by_gdal("*.kml", "id2"),
    "dxf": read_dxf,
    "csv": read_csv,
    "xlsx": read_xlsx,
}


def same_value(found: Any, expected: Any) -> bool:
    if expected is None:
        return found in (None, "", False) or found != found
    if isinstance(expected, bool):
        return str(found).lower() in (str(expected).lower(), str(int(expected)))
    if isinstance(expected, (int, float)):
        return math.isclose(float(found), expected, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(expected, datetime.date):
        return str(found).replace("/", "-")[:10] == expected.isoformat()
    return str(found) == expected


def expected_rows(extract: Extract) -> list[dict[str, Any]]:
    names = [column.name for column in extract.columns]
    return [dict(zip(names, row, strict=True)) for row, _geometry in extract.rows(4326)]


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize(("format_id", "epsg"), PAIRS)
def test_an_export_is_what_the_atlas_holds(real, tmp_path, collection, format_id, epsg):
    chosen = extract(real, Choice(collection))
    written = FORMATS[format_id].write(chosen, Target(tmp_path, DAY, epsg))
    assert written.delivered == len(chosen)
    rows, geometries = READERS[format_id](tmp_path, epsg)
    order = {row["id"]: i for i, row in enumerate(rows)}
    assert sorted(order) == sorted(real.collection(collection).ids)
    where = projected(chosen.geometries, epsg)
    for expected, place in zip(expected_rows(chosen), where, strict=True):
        i = order[expected["id"]]
        assert same_place(geometries[i], place, TOLERANCE[epsg]), expected["id"]
        if format_id != "geojson":  # nested there, as it is served
            for name, value in expected.items():
                found = rows[i].get(name, rows[i].get("Name"))  # KML has a title of its own
                assert same_value(found, value), (expected["id"], name, found, value)


@pytest.mark.parametrize("format_id", sorted(FORMATS))
def test_file_names_are_those_of_the_field(real, tmp_path, format_id):
    FORMATS[format_id].write(extract(real, Choice("qpv")), Target(tmp_path, DAY, 4326))
    assert all("_20240630_4326." in path.name for path in tmp_path.iterdir())
    assert all(path.name.startswith("limitrophe_qpv") for path in tmp_path.iterdir())


def test_known_points_of_the_ign_land_where_they_are(tmp_path):
    """RGF93 coordinates and their plane ones in Lambert-93 and CC49, as the projections' own
    definitions give them: the origin of each at 3° E is its false easting and northing."""
    points = np.array([shapely.Point(3, 46.5), shapely.Point(3, 49)], dtype=object)
    features = feature_set(("a", "b"), (feature_bytes("a", None, {"id": "a"}),) * 2, points)
    chosen = Extract.whole("reperes", features)
    (_cells, lambert93), (_cells, cc49) = *chosen.chunks(2154), *chosen.chunks(3949)
    assert shapely.get_coordinates(lambert93)[0] == pytest.approx((700_000, 6_600_000), abs=1e-3)
    assert shapely.get_coordinates(cc49)[1] == pytest.approx((1_700_000, 8_200_000), abs=1e-3)


@pytest.mark.parametrize("format_id", ["geojson", "kml"])
def test_what_is_in_wgs84_alone_says_what_to_take_instead(format_id):
    with pytest.raises(ParameterError, match=r"JSON-FG.*GeoPackage"):
        check(format_id, 2154)


@pytest.mark.parametrize(
    ("choice", "ids"),
    [
        (Choice("voies", document="convention"), ["rue-ouest", "coulee-rupture"]),
        (Choice("voies", commune="commune-ouest"), ["rue-ouest", "coulee-rupture"]),
        (Choice("territoires", commune="commune-ouest"), ["commune-ouest"]),
        (Choice("sites", bbox=(2.3055, 48.806, 2.306, 48.8065)), ["square"]),
        (Choice("engagements", commune="commune-est"), ["convention-a-3", "convention-b-1-3"]),
        (Choice("sites", document="convention", bbox=(2.3, 48.8, 2.4, 48.9)), []),
    ],
)
def test_a_choice_leaves_what_meets_all_of_it(tiny, choice, ids):
    found = extract(tiny, choice)
    assert [features["id"] for features in expected_rows(found)] == ids


@pytest.mark.parametrize("format_id", sorted(FORMATS))
def test_a_choice_that_leaves_nothing_is_an_empty_file(tiny, tmp_path, format_id):
    found = extract(tiny, Choice("sites", document="convention", bbox=(0, 0, 1, 1)))
    assert FORMATS[format_id].write(found, Target(tmp_path, DAY, 4326)).delivered == 0


def test_too_many_features_are_refused_with_a_way_round(tiny, monkeypatch):
    monkeypatch.setattr("layers.exporters.extract.MAX_FEATURES", 2)
    with pytest.raises(ParameterError, match="bbox"):
        extract(tiny, Choice("voies"))


def test_a_cell_too_long_for_a_spreadsheet_is_refused_with_a_way_round(tmp_path):
    text = "é" * 40_000
    feature = feature_bytes("a", None, {"id": "a", "note": text})
    features = feature_set(("a",), (feature,), np.array([None], dtype=object))
    with pytest.raises(ParameterError, match="gpkg"):
        FORMATS["xlsx"].write(Extract.whole("long", features), Target(tmp_path, DAY, 4326))


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-a", "@x", "\tx", "\rx", "=HYPERLINK(1)"])
def test_no_spreadsheet_runs_a_cell(tmp_path, text):
    properties = flat({"id": "a", "note": text})
    feature = feature_bytes("a", None, {"id": "a", "n": -5, "note": text})
    features = feature_set(("a",), (feature,), np.array([None], dtype=object))
    chosen = Extract.whole("cellules", features)
    target = Target(tmp_path, DAY, 4326)
    FORMATS["csv"].write(chosen, target)
    raw = only(tmp_path, "*.csv").read_bytes().decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(raw, newline=""), delimiter=";"))
    assert row["note"] == f"'{text}"
    assert row["n"] == "-5"
    FORMATS["xlsx"].write(chosen, target)
    cell = openpyxl.load_workbook(only(tmp_path, "*.xlsx")).active
    values = {c.value: cell.cell(2, c.column) for c in cell[1]}
    assert values["n"].value == -5
    assert values["note"].data_type == "s"
    assert values["note"].quotePrefix
    assert properties["note"] == text


@given(st.text())
def test_a_harmless_text_keeps_all_that_it_says(text):
    found = harmless(text)
    assert found.removeprefix("'") == text.removeprefix("'") or found == text
    assert found[:1] not in ("=", "@", "\t", "\r") or found == text == ""


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=900),
    st.integers(min_value=64, max_value=LONGEST_TEXT),
)
def test_a_split_text_is_whole_when_joined(text, size):
    parts = max(1, -(-len(text.encode()) // (size - 60)))
    pieces = split_text(text, parts, size)
    assert len(pieces) == parts
    assert "".join(piece or "" for piece in pieces) == text
    assert all(len(piece.encode()) <= size for piece in pieces[:-1] if piece)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_names_of_fields_are_short_and_distinct(real, collection):
    fields = fields_of(extract(real, Choice(collection)).columns)
    names = [field.name.lower() for field in fields]
    assert len(set(names)) == len(names)
    assert all(1 <= len(name) <= 10 and name.isascii() for name in names)


def test_a_number_stays_one_whatever_it_is():
    assert as_type(3, "number") == 3.0
    assert as_type(3, "string") == "3"
    assert as_type(None, "integer") is None


def test_each_geometry_type_has_a_file_type(tiny):
    assert ogr_type({"Point", "MultiPoint"}, "mixed") == "MultiPoint"
    assert ogr_type({"Point", "Polygon"}, "mixed") == "Unknown"
    assert ogr_type(set(), "LineString") == "LineString"
    assert families(extract(tiny, Choice("sites"))) == ["points", "surfaces"]
