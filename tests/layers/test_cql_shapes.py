"""Do features lie to geometries as GDAL says, in every reference system, and are faults told?"""

from __future__ import annotations

import json

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from layers.cql import FilterError, parse
from layers.cql.shapes import MIRRORED
from tests.filtering import COUNT, ROWS, TABLE, write

SHAPES = [row["geometry"] for row in ROWS if row["geometry"] is not None]
FUNCTIONS = {
    "S_INTERSECTS": "ST_Intersects",
    "S_DISJOINT": "ST_Disjoint",
    "S_EQUALS": "ST_Equals",
    "S_TOUCHES": "ST_Touches",
    "S_CROSSES": "ST_Crosses",
    "S_OVERLAPS": "ST_Overlaps",
    "S_WITHIN": "ST_Within",
    "S_CONTAINS": "ST_Contains",
}
LITERALS = {
    "point": "POINT(2.3 48.3)",
    "multipoint": "MULTIPOINT((2.3 48.3),(2.5 48.5))",
    "line": "LINESTRING(2 48,2.9 48.9)",
    "multiline": "MULTILINESTRING((2 48,2.4 48.4),(2.5 48.3,2.5 48.8))",
    "polygon": "POLYGON((2.2 48.2,2.5 48.2,2.5 48.5,2.2 48.5,2.2 48.2))",
    "hole": "POLYGON((2 48,3 48,3 49,2 49,2 48),(2.2 48.2,2.6 48.2,2.6 48.6,2.2 48.6,2.2 48.2))",
    "multipolygon": "MULTIPOLYGON(((2 48,2.3 48,2.3 48.3,2 48.3,2 48)),((2.6 48.6,3 48.6,3 49,"
    "2.6 49,2.6 48.6)))",
    **{
        f"the {kind} of a feature": next(g.wkt for g in SHAPES if g.geom_type == kind)
        for kind in ("Point", "MultiPoint", "LineString", "Polygon")
    },
}
SYSTEMS = {
    "http://www.opengis.net/def/crs/EPSG/0/4326": "EPSG:4326",
    "http://www.opengis.net/def/crs/EPSG/0/2154": "EPSG:2154",
    "http://www.opengis.net/def/crs/EPSG/0/3949": "EPSG:3949",
    "http://www.opengis.net/def/crs/EPSG/0/3857": "EPSG:3857",
}


def selected(text: str, filter_crs: str | None = None) -> list[int]:
    return np.flatnonzero(parse(text, filter_crs=filter_crs).mask(TABLE)).tolist()


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    path = tmp_path_factory.mktemp("cql") / "essai.gpkg"
    write(path)
    return path


def gdal(package, condition: str) -> list[int]:
    found = pyogrio.read_dataframe(
        package,
        sql=f"SELECT n FROM essai WHERE {condition} ORDER BY n",
        sql_dialect="INDIRECT_SQLITE",
        read_geometry=False,
    )
    return found["n"].tolist()


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("literal", LITERALS.values(), ids=LITERALS)
def test_gdal_selects_the_same_features(package, name, literal):
    theirs = f"{FUNCTIONS[name]}(geom, ST_GeomFromText('{literal}')) = 1"
    assert selected(f"{name}(geometry, {literal})") == gdal(package, theirs)
    mirrored = MIRRORED.get(name.lower(), name)
    assert selected(f"{mirrored}({literal}, geometry)") == gdal(package, theirs)


def test_every_function_finds_something():
    for name in FUNCTIONS:
        found = [selected(f"{name}(geometry, {literal})") for literal in LITERALS.values()]
        assert any(found), name


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("literal", LITERALS.values(), ids=LITERALS)
def test_a_few_rows_are_judged_like_all(name, literal):
    few = "id IN ('r3','r77','r150','r151','r299','r12')"
    both = selected(f"{few} AND name <> 'no' AND {name}(geometry, {literal})")
    turned = selected(f"NOT (NOT ({few}) OR NOT ({name}(geometry, {literal})))")
    assert turned == sorted(set(selected(few)) & set(selected(f"{name}(geometry, {literal})")))
    assert set(both) <= set(turned)


def test_a_feature_without_geometry_is_neither_within_nor_disjoint():
    missing = {i for i, row in enumerate(ROWS) if row["geometry"] is None}
    assert missing == set(selected("geometry IS NULL"))
    box = "BBOX(-180,-90,180,90)"
    assert not missing & set(selected(f"S_DISJOINT(geometry, {box})"))
    assert not missing & set(selected(f"NOT S_INTERSECTS(geometry, {box})"))
    assert set(selected(f"S_INTERSECTS(geometry, {box})")) | missing == set(range(COUNT))
    assert set(selected("S_EQUALS(geometry, geometry)")) | missing == set(range(COUNT))


def test_literals_may_be_compared_with_each_other():
    assert len(selected("S_WITHIN(POINT(2 48), BBOX(1,47,3,49))")) == COUNT
    assert selected("S_DISJOINT(POINT(2 48), BBOX(1,47,3,49))") == []


def test_heights_are_passed_over():
    flat = selected("S_INTERSECTS(geometry, BBOX(2.2,48.2,2.5,48.5))")
    assert selected("S_INTERSECTS(geometry, BBOX(2.2,48.2,0,2.5,48.5,9))") == flat
    assert flat
    assert selected("S_INTERSECTS(geometry, POINT Z (2.3 48.3 35))") == selected(
        "S_INTERSECTS(geometry, POINT(2.3 48.3))"
    )


def test_a_box_may_cross_the_antimeridian():
    assert selected("S_INTERSECTS(geometry, BBOX(170,40,-170,50))") == []
    west = selected("S_INTERSECTS(geometry, BBOX(2.35,40,-170,50))")
    assert west == selected("S_INTERSECTS(geometry, BBOX(2.35,40,180,50))")


def test_a_collection_is_what_it_holds():
    both = f"GEOMETRYCOLLECTION({LITERALS['point']},{LITERALS['polygon']})"
    assert set(selected(f"S_INTERSECTS(geometry, {both})")) == set(
        selected(
            f"S_INTERSECTS(geometry, {LITERALS['point']}) OR "
            f"S_INTERSECTS(geometry, {LITERALS['polygon']})"
        )
    )


def projected(wkt: str, code: str) -> str:
    """A literal in another system, in its own axis order, as pyproj has it."""
    transformer = Transformer.from_crs("OGC:CRS84", code)

    def project(xy):
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return shapely.to_wkt(
        shapely.transform(shapely.from_wkt(wkt), project),
        rounding_precision=3 + 5 * ("4326" in code),
    )


@pytest.mark.parametrize("uri", SYSTEMS, ids=SYSTEMS.values())
@pytest.mark.parametrize("name", ["S_INTERSECTS", "S_EQUALS"])
@pytest.mark.parametrize(
    "n",
    [i for i, row in enumerate(ROWS) if row["geometry"] and row["geometry"].bounds[1] > 48][:12],
)
def test_what_is_given_back_in_metres_is_found_again(uri, name, n):
    geometry = ROWS[n]["geometry"]
    literal = projected(geometry.wkt, SYSTEMS[uri])
    assert n in selected(f"{name}(geometry, {literal})", uri)
    if name == "S_EQUALS":
        assert selected(f"{name}(geometry, {literal})", uri) == selected(
            f"{name}(geometry, {geometry.wkt})"
        )


def test_long_edges_stay_straight_in_their_own_system():
    """The straight line of Lambert-93 from 0° to 6° E lies 10 km off that of degrees."""
    ends = Transformer.from_crs("OGC:CRS84", "EPSG:2154").transform([0.0, 6.0], [48.32, 48.32])
    corners = [(ends[0][0], ends[1][0]), (ends[0][1], ends[1][1])]
    line = shapely.LineString(corners)
    strip = shapely.box(*shapely.buffer(line, 1).bounds)
    back = Transformer.from_crs("EPSG:2154", "OGC:CRS84", always_xy=True)
    fine = shapely.transform(
        shapely.segmentize(strip, 500),
        lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])),
    )
    wanted = [
        i for i, row in enumerate(ROWS) if row["geometry"] and row["geometry"].intersects(fine)
    ]
    west, south, east, north = strip.bounds
    assert selected(f"S_INTERSECTS(geometry, {strip.wkt})", "EPSG:2154") == wanted
    box = f"BBOX({west},{south},{east},{north})"
    assert selected(f"S_INTERSECTS(geometry, {box})", "EPSG:2154") == wanted


@pytest.mark.parametrize(
    ("literal", "crs", "said"),
    [
        ("POINT(48.3 2.3)", None, "swapped"),
        ("BBOX(48.1,2.1,48.6,2.6)", None, "swapped"),
        ("POINT(2.3 48.3)", "http://www.opengis.net/def/crs/EPSG/0/4326", "swapped"),
        ("POINT(90 180)", None, "outside"),
        ("POINT(652000 6862000)", None, "look like metres"),
        ("POINT(2.3 48.3)", "EPSG:2154", "look like degrees"),
        ("POINT(6862000 652000)", "EPSG:2154", "swapped"),
        ("POINT(652000 6250000)", "EPSG:3949", "outside"),
        ("POLYGON((2 48,3 48,3 49,2 49))", None, "not closed"),
        ("POLYGON((2 48,3 48,2 48))", None, "four"),
        ("POLYGON((2 48,3 49,3 48,2 49,2 48))", None, "not valid"),
        ("LINESTRING EMPTY", None, "empty"),
        ("BBOX(3,48,2,47)", None, "lower corner"),
        ("POINT(2 48)", "EPSG:27572", "not offered"),
        ("POINT(1e999 48)", None, "not CQL2"),
    ],
)
def test_a_geometry_that_is_not_sound_is_refused_with_its_fault(literal, crs, said):
    text = f"name = 'é' AND S_INTERSECTS(geometry, {literal})"
    with pytest.raises(FilterError, match=said) as caught:
        parse(text, filter_crs=crs).mask(TABLE)
    if crs != "EPSG:27572":
        start = text.index(literal) + 1
        assert caught.value.position is not None
        assert start <= caught.value.position <= len(text)


def test_the_second_of_two_geometries_is_pointed_at():
    text = "S_INTERSECTS(geometry, POINT(2 48)) OR S_INTERSECTS(geometry, POINT(2 148))"
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert caught.value.position == text.rindex("POINT") + 1


def test_a_geometry_has_a_limit():
    ring = shapely.Point(2.5, 48.5).buffer(0.1, quad_segs=2600)
    with pytest.raises(FilterError, match="10000"):
        parse(f"S_INTERSECTS(geometry, {shapely.to_wkt(ring, rounding_precision=6)})")
    fits = shapely.Point(2.5, 48.5).buffer(0.1, quad_segs=2000)
    assert selected(f"S_INTERSECTS(geometry, {shapely.to_wkt(fits, rounding_precision=6)})")


BAD = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3) | st.integers(),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


@given(
    st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "x"]),
    st.sampled_from(["coordinates", "geometries", "bbox"]),
    BAD,
)
def test_any_literal_is_a_geometry_or_a_fault(kind, member, value):
    literal = {member: value} if member == "bbox" else {"type": kind, member: value}
    tree = {"op": "s_intersects", "args": [{"property": "geometry"}, literal]}
    try:
        mask = parse(json.dumps(tree), "cql2-json").mask(TABLE)
    except FilterError as error:
        assert error.problem
    else:
        assert mask.shape == (COUNT,)
