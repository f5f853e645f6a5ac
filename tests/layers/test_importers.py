"""Files that people bring: every format and system, what is recognised, and what is refused."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import shape

from layers.atlas import Atlas
from layers.given import MAX_PARTS, MAX_VERTICES
from layers.importers.__main__ import told
from layers.importers.bring import OUT_OF_REACH, bring
from layers.importers.faults import MAX_ENTRIES, FileFault, Reason
from layers.importers.unpack import recognised

SHORT = 300
DRIVERS = {"geojson": "GeoJSON", "gpkg": "GPKG", "fgb": "FlatGeobuf", "kml": "KML"}
ZONES = {f"EPSG:{3900 + zone}": (2.6, float(zone)) for zone in range(42, 51)}
SYSTEMS = {"OGC:CRS84": (2.306, 48.824), "EPSG:2154": (2.306, 48.824), **ZONES}
"""A place in the middle of each system; the conic zones are named after their latitude."""
PARIS = shapely.box(2.304, 48.8215, 2.308, 48.826)


def planar(geometry: Any, system: str) -> Any:
    """Project from lon, lat with pyproj itself."""
    to = Transformer.from_crs("OGC:CRS84", system, always_xy=True)
    return shapely.transform(geometry, lambda xy: np.column_stack(to.transform(*xy.T)))


def frame(geometries: list[Any], system: str = "OGC:CRS84", *, stated: bool = True) -> Any:
    crs = system if stated else None
    return gpd.GeoDataFrame({"nom": ["x"] * len(geometries)}, geometry=geometries, crs=crs)


def zipped(files: dict[str, bytes]) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return found.getvalue()


def written(data: Any, id: str, folder: Path) -> bytes:
    """Write a frame as a file of a format, as a person would send it."""
    folder.mkdir(parents=True, exist_ok=True)
    inner = {"kmz": "doc.kml", "shp": "zone d’étude.shp"}.get(id, f"zone.{id}")
    driver = {"kmz": "KML", "shp": "ESRI Shapefile"}.get(id) or DRIVERS[id]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        data.to_file(folder / inner, driver=driver)
    if id not in ("kmz", "shp"):
        return (folder / inner).read_bytes()
    return zipped({f"dossier/{p.name}": p.read_bytes() for p in folder.iterdir()})


def asked(data: bytes, folder: Path, layer: str = "") -> dict[str, Any]:
    """Read a file in this process; what would be printed by one of its own."""
    room = folder / "room"
    room.mkdir(parents=True)
    path = folder / "brought"
    path.write_bytes(data)
    found: dict[str, Any] = orjson.loads(orjson.dumps(told(path, room, SHORT, layer)))
    for one in found.get("readings", ()):
        one["geometry"] = shape(one["geometry"])
    return found


def same(found: Any, expected: Any) -> bool:
    """Tell whether two geometries are the same to a millionth of a degree."""
    return bool(shapely.hausdorff_distance(found, expected) < 1.5e-6)


@pytest.mark.parametrize("id", ["geojson", "gpkg", "fgb", "shp"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_that_is_not_stated_is_recognised(id: str, system: str, tmp_path: Path) -> None:
    lon, lat = SYSTEMS[system]
    square = shapely.box(lon, lat, lon + 0.004, lat + 0.003)
    data = written(frame([planar(square, system)], system, stated=False), id, tmp_path / "made")
    (read,) = asked(data, tmp_path / "read")["readings"]
    assert (read["system"], read["swapped"], read["stated"]) == (system, False, False)
    assert same(read["geometry"], square)


@pytest.mark.parametrize("system", SYSTEMS)
def test_swapped_axes_are_recognised_and_said(system: str, tmp_path: Path) -> None:
    lon, lat = SYSTEMS[system]
    square = shapely.box(lon, lat, lon + 0.004, lat + 0.003)
    turned = shapely.transform(planar(square, system), lambda xy: xy[:, ::-1])
    data = written(frame([turned], stated=False), "gpkg", tmp_path / "made")
    (read,) = asked(data, tmp_path / "read")["readings"]
    assert (read["system"], read["swapped"]) == (system, True)
    assert same(read["geometry"], square)


@pytest.mark.parametrize(
    ("id", "system"),
    [
        *((id, "EPSG:4326") for id in ("geojson", "gpkg", "fgb", "shp", "kml", "kmz")),
        *((id, "EPSG:3949") for id in ("geojson", "gpkg", "fgb", "shp")),
        ("gpkg", "EPSG:3857"),  # not among those that are recognised, yet fit when stated
        ("shp", "EPSG:32631"),
    ],
)
def test_the_system_that_a_file_states_is_taken(id: str, system: str, tmp_path: Path) -> None:
    data = written(frame([planar(PARIS, system)], system), id, tmp_path / "made")
    read, *others = asked(data, tmp_path / "read")["readings"]
    assert read["stated"]
    assert not any(other["stated"] for other in others)
    assert read["system"] in ({"OGC:CRS84", system} if system == "EPSG:4326" else {system})
    assert same(read["geometry"], PARIS)


def test_a_system_that_is_stated_wrongly_is_not_believed(tmp_path: Path) -> None:
    data = written(frame([planar(PARIS, "EPSG:3949")], "EPSG:4326"), "gpkg", tmp_path / "made")
    found = asked(data, tmp_path / "read")
    (read,) = found["readings"]
    assert found["stated"] == "EPSG:4326"
    assert (read["system"], read["stated"]) == ("EPSG:3949", False)


def test_where_two_systems_fit_both_are_told_the_nearer_to_the_atlas_first(
    real: Atlas, tmp_path: Path
) -> None:
    """These numbers are a point north of Bastia in Lambert-93, one in the Atlantic in CC47."""
    path = tmp_path / "brought"
    path.write_bytes(b'{"type": "Point", "coordinates": [1228000, 6195000]}')
    readings = bring(real, path, short=SHORT).readings
    assert [r.system for r in readings] == ["EPSG:2154", "EPSG:3947"]
    assert readings[0].distance_m < readings[1].distance_m
    for read in readings:
        back = planar(read.geometry, read.system)
        assert back.distance(shapely.Point(1228000, 6195000)) < 0.2


def test_a_reading_says_in_which_municipalities_it_lies(real: Atlas, tmp_path: Path) -> None:
    data = written(frame([planar(PARIS, "EPSG:3949")], stated=False), "shp", tmp_path / "made")
    path = tmp_path / "brought"
    path.write_bytes(data)
    (read,) = bring(real, path, short=SHORT).readings
    assert read.communes == ("Malakoff", "Paris", "Paris 14e arrondissement")
    assert read.distance_m == 0
    assert same(read.geometry, PARIS)


def test_the_drivers_that_follow_addresses_are_out_of_reach(real: Atlas, tmp_path: Path) -> None:
    """The old ``crs`` of GeoJSON may be a link, which GDAL would fetch."""
    for number, crs in enumerate(
        (
            {"type": "link", "properties": {"href": "http://127.0.0.1:9/x"}},
            {"type": "name", "properties": {"name": "http://127.0.0.1:9/x"}},
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "brought"
        path.write_bytes(
            orjson.dumps({"type": "Point", "coordinates": [2.306, 48.824], "crs": crs})
        )
        found = bring(real, path, short=SHORT)
        assert found.stated == ""
        assert found.readings[0].system == "OGC:CRS84"
    needed = {"ESRI Shapefile", "FlatGeobuf", "GPKG", "GeoJSON", "KML"}
    assert set(pyogrio.list_drivers()) - set(OUT_OF_REACH) == needed
    vrt = b"<OGRVRTDataSource><OGRVRTLayer name='kml'/></OGRVRTDataSource>"
    assert asked(vrt, tmp_path / "vrt")["fault"] == "FORMAT"


def test_the_layers_of_a_file_are_told_and_one_may_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    frame([PARIS]).to_file(path, layer="perimetre", driver="GPKG")
    frame([shapely.Point(2.31, 48.82)]).to_file(path, layer="point", driver="GPKG")
    first = asked(path.read_bytes(), tmp_path / "first")
    assert (first["layers"], first["layer"]) == (["perimetre", "point"], "perimetre")
    second = asked(path.read_bytes(), tmp_path / "second", "point")
    assert second["readings"][0]["geometry"].equals(shapely.Point(2.31, 48.82))
    assert asked(path.read_bytes(), tmp_path / "third", "autre")["fault"] == "LAYER"


def test_surfaces_set_lines_and_points_aside_and_say_so(tmp_path: Path) -> None:
    mixed = [PARIS, shapely.Point(2.3, 48.8), shapely.LineString([(2.3, 48.8), (2.4, 48.9)]), None]
    found = asked(written(frame(mixed), "geojson", tmp_path / "made"), tmp_path / "read")
    assert (found["features"], found["without"], found["others"]) == (4, 1, 2)
    assert same(found["readings"][0]["geometry"], PARIS)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.floats(2.2, 2.4), st.floats(48.7, 48.9), st.floats(0.0005, 0.02)),
        min_size=1,
        max_size=12,
    )
)
def test_overlapping_surfaces_become_one_valid_one(
    tmp_path_factory: pytest.TempPathFactory, discs: list[tuple[float, float, float]]
) -> None:
    shapes = [shapely.Point(x, y).buffer(radius, 40) for x, y, radius in discs]
    body = orjson.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(one)}
                for one in shapes
            ],
        }
    )
    (read,) = asked(body, tmp_path_factory.mktemp("discs") / "read")["readings"]
    geometry, whole = read["geometry"], shapely.union_all(shapes)
    assert geometry.is_valid
    assert shapely.get_num_coordinates(geometry) <= MAX_VERTICES
    # A metre of simplification at most, along the whole outline.
    assert geometry.symmetric_difference(whole).area <= whole.length * 2e-5
    assert read["tolerance_m"] <= 1


def test_a_detailed_surface_is_simplified_and_says_by_how_much(tmp_path: Path) -> None:
    angles = np.linspace(0, 2 * np.pi, 18_000, endpoint=False)
    radius = 2000 + 60 * np.cos(angles * 400)
    middle = planar(shapely.Point(2.306, 48.824), "EPSG:2154")
    x, y = middle.x + radius * np.cos(angles), middle.y + radius * np.sin(angles)
    star = shapely.Polygon(np.column_stack((x, y)))
    found = asked(written(frame([star], "EPSG:2154"), "fgb", tmp_path / "made"), tmp_path / "read")
    (read,) = found["readings"]
    assert SHORT < shapely.get_num_coordinates(read["geometry"]) <= MAX_VERTICES
    assert read["tolerance_m"] > 0
    assert planar(read["geometry"], "EPSG:2154").hausdorff_distance(star) <= read["tolerance_m"] + 1


def locked() -> bytes:
    data = bytearray(zipped({"zone.kml": b"<kml/>"}))
    at = data.index(b"PK\x01\x02") + 8  # general purpose flags of the central directory
    data[at] |= 1
    return bytes(data)


FAULTY = {
    Reason.EMPTY: b"",
    Reason.FORMAT: b"nom;x;y\n1;2;3\n",
    Reason.PARTS: b"\0\0\x27\x0a" + bytes(96),
    Reason.ARCHIVE: locked(),
    Reason.ENTRIES: zipped({f"{n}.txt": b"" for n in range(MAX_ENTRIES + 1)}),
    Reason.NO_DATA: zipped({"lisez-moi.txt": b"rien"}),
    Reason.DAMAGED: b'{"type": "Point", "coordinates": [2.3, 48.8',
    Reason.NO_GEOMETRY: b'{"type": "FeatureCollection", "features": []}',
    Reason.SYSTEM: b'{"type": "Point", "coordinates": [12.5, 41.9]}',
    Reason.POSITIONS: orjson.dumps(
        {"type": "LineString", "coordinates": [[2.3, 48.8], [2.4, 48.9]] * 260_000}
    ),
    Reason.FEATURES: orjson.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {},
                    "geometry": {"type": "Point", "coordinates": [2, 48]},
                }
            ]
            * 20_001,
        }
    ),
    Reason.SHAPES: orjson.dumps(
        {
            "type": "MultiPoint",
            "coordinates": [[2 + n / 5000, 48.8] for n in range(MAX_PARTS + 1)],
        }
    ),
}


@pytest.mark.parametrize("reason", FAULTY, ids=lambda reason: reason.name)
def test_each_fault_is_told_for_what_it_is(reason: Reason, tmp_path: Path) -> None:
    assert asked(FAULTY[reason], tmp_path / "read")["fault"] == reason.name


def test_a_file_that_is_too_large_is_not_opened(
    real: Atlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.importers.bring.MAX_FILE", 10)
    path = tmp_path / "brought"
    path.write_bytes(b"x" * 11)
    with pytest.raises(FileFault) as caught:
        bring(real, path, short=SHORT)
    assert caught.value.reason is Reason.SIZE


def test_a_bomb_is_stopped_by_what_it_unpacks_to_not_by_what_it_says(tmp_path: Path) -> None:
    bomb = bytearray(zipped({"zone.shp": bytes(70_000_000)}))
    assert len(bomb) < 100_000
    at = bomb.index(b"PK\x01\x02") + 24  # its uncompressed size
    for lie in (bytes(bomb), bytes(bomb[:at] + (5).to_bytes(4, "little") + bomb[at + 4 :])):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        assert asked(lie, folder)["fault"] in ("UNPACKED", "ARCHIVE", "DAMAGED")
        assert sum(p.stat().st_size for p in (folder / "room").iterdir()) <= 64_000_000


def test_a_name_in_an_archive_is_no_path(tmp_path: Path) -> None:
    made = tmp_path / "made"
    parts = zipfile.ZipFile(io.BytesIO(written(frame([PARIS]), "shp", made)))
    outside = {f"../../../evil{Path(n).suffix}": parts.read(n) for n in parts.namelist()}
    room = tmp_path / "deep" / "er"
    found = asked(zipped(outside), room)
    assert same(found["readings"][0]["geometry"], PARIS)
    assert not [p for p in tmp_path.rglob("evil*") if (room / "room") not in p.parents]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    start=st.sampled_from([b"", b"PK\x03\x04", b"{", b"<kml", b"\xef\xbb\xbf{"]), rest=st.binary()
)
def test_any_bytes_are_recognised_or_refused(
    tmp_path_factory: pytest.TempPathFactory, start: bytes, rest: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = folder / "brought"
    path.write_bytes(start + rest)
    try:
        _source, id = recognised(path, folder)
    except FileFault as fault:
        assert fault.reason in Reason
    else:
        assert id in ("kml", "geojson")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    sound = zipped({"zone.geojson": b'{"type": "Point", "coordinates": [2.3, 48.8]}'})
    harm = data.draw(
        st.lists(st.tuples(st.integers(0, len(sound) - 1), st.integers(0, 255)), max_size=6)
    )
    damaged = bytearray(sound)
    for at, value in harm:
        damaged[at] = value
    found = asked(bytes(damaged[: data.draw(st.integers(1, len(sound)))]),
                  tmp_path_factory.mktemp("harm") / "read")  # fmt: skip
    assert found.get("fault", "") in {reason.name for reason in Reason} or found["readings"]
