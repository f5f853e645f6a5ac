"""Is every part of a corridor where its metres say? Against pyproj's Geod on the coordinates."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from layers.atlas import Atlas
from layers.chainage import PartKind, Strip, strip
from layers.continuity import Corridor, breaks
from layers.errors import DataFaults
from layers.model import CorridorPlan, Place
from tests.layers.test_continuity import place, stones

GEOD = Geod(ellps="GRS80")
LAYER = Path(__file__).parents[2] / "data" / "geo" / "coulee-verte.geojson"
NORTH = place("nord", shapely.LineString([(0, 1000), (-20, 1250), (0, 1500)]))
SOUTH = place("sud", shapely.LineString([(0, 0), (0, -500)]))


def laid(
    *found: Place, stretches: tuple[Place, ...] = (NORTH, SOUTH), alongside: tuple[Place, ...] = ()
) -> Strip:
    """Return the strip of a corridor whose breaks lie between its located stretches."""
    located = tuple(s for s in stretches if s.geometry is not None)
    places = {p.id: p for p in (*stretches, *found, *alongside)}
    plan = CorridorPlan(
        "coulee", "Coulée", "Corridor", "essai",
        tuple(s.id for s in stretches), (), tuple(s.id for s in found),
        alongside=tuple(p.id for p in alongside),
    )  # fmt: skip
    return strip(plan, breaks(Corridor("coulee", located, (), found)), places)


def length(coordinates) -> float:
    lons, lats = zip(*coordinates, strict=True)
    return GEOD.line_length(lons, lats)


def test_the_parts_of_the_green_corridor_follow_each_other(real: Atlas) -> None:
    plan = real.corridors["coulee-verte"]
    found = strip(plan, real.breaks.values(), real.places)
    assert [part.place for part in found.parts if part.kind is not PartKind.HOP] == [
        "coulee-verte-montparnasse-brune",
        "square-julia-bartet",
        "jardin-anna-marly",
        "dalle-garamond",
        "coulee-verte-plateau-de-vanves-sud",
    ]
    raw = {f["id"]: f["geometry"] for f in json.loads(LAYER.read_bytes())["features"]}
    first, *_, last = found.parts
    stated = raw["coulee-verte-montparnasse-brune"]["coordinates"]
    assert first.length_m == pytest.approx(length(stated))
    assert (last.drawn, last.length_m) == (False, 0)
    hops = [part for part in found.parts if part.kind is PartKind.HOP]
    assert len(hops) == 4
    assert found.total_m(PartKind.HOP) == pytest.approx(real.breaks["coulee-verte-rupture"].hops_m)
    (track,) = found.alongside
    beside = raw["coulee-verte-piste-dans-la-rupture"]["coordinates"]
    assert track.from_m == pytest.approx(first.to_m, abs=0.5)  # it starts where the stretch ends
    assert found.length_m > track.to_m > first.to_m
    assert beside[0] == stated[-1]


def test_a_stretch_that_nothing_locates_has_no_metres() -> None:
    found = laid(stretches=(NORTH, place("perdu", None), SOUTH))
    kinds = [(part.kind, part.place, part.drawn) for part in found.parts]
    assert (PartKind.STRETCH, "perdu", False) in kinds
    assert found.length_m == pytest.approx(laid().length_m)


def test_a_stretch_drawn_the_other_way_round_is_turned() -> None:
    turned = place("sud", shapely.LineString([(0, -500), (0, 0)]))
    backwards = place("nord", shapely.LineString([(0, 1500), (-20, 1250), (0, 1000)]))
    found = laid(stretches=(backwards, turned))
    assert found.length_m == pytest.approx(laid().length_m)
    for before, after in pairwise(found.parts):
        assert length([before.line[-1], after.line[0]]) < 0.01


@pytest.mark.parametrize(
    "shape",
    [
        shapely.box(-50, -400, 50, 0),
        shapely.MultiLineString([[(0, 0), (0, -100)], [(0, -200), (0, -400)]]),
    ],
    ids=["area", "pieces"],
)
def test_a_stretch_that_is_no_single_line_is_crossed_from_end_to_end(shape) -> None:
    found = laid(stretches=(NORTH, place("sud", shape)))
    crossed = found.parts[-1]
    assert crossed.length_m == pytest.approx(length(crossed.line))
    assert 400 <= crossed.length_m < 420


def test_what_nothing_locates_does_not_run_alongside() -> None:
    beside = place("piste", shapely.LineString([(30, 200), (30, 700)]))
    found = laid(alongside=(beside, place("perdue", None)))
    (run,) = found.alongside
    assert run.place == "piste"
    assert run.to_m - run.from_m == pytest.approx(500, rel=1e-3)


def test_nothing_drawn_has_no_measure() -> None:
    empty = laid(stretches=(place("perdu", None),))
    assert empty.length_m == 0
    with pytest.raises(ValueError, match="nothing of coulee is drawn"):
        empty.measure_m(2.3, 48.8)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('whole = "absent"', "no place has the id 'absent'"),
        ('alongside = ["absente"]', "no place has the id 'absente'"),
        ('termini = ["Massy"]', "1 names"),
    ],
)
def test_a_plan_that_names_what_is_not_there_is_refused(content, tmp_path, line, problem) -> None:
    content.catalogue = content.catalogue.replace("note = ", f"{line}\nnote = ")
    with pytest.raises(DataFaults, match=problem):
        Atlas.load(content.write(tmp_path))


# Invariants

FEW = settings(max_examples=40, deadline=None)


@FEW
@given(stones())
def test_parts_follow_each_other_without_gap_or_overlap(found) -> None:
    axis = laid(*found)
    assert axis.parts[0].from_m == 0
    for before, after in pairwise(axis.parts):
        assert before.to_m == after.from_m
        assert length([before.line[-1], after.line[0]]) < 0.01
    assert axis.length_m == pytest.approx(sum(length(part.line) for part in axis.parts))
    assert axis.length_m == pytest.approx(sum(axis.total_m(kind) for kind in PartKind))
    assert {p.place for p in axis.parts if p.kind is PartKind.STONE} == {s.id for s in found}


@FEW
@given(stones(area=False), st.integers(0, 2), st.floats(0, 1))
def test_a_point_of_the_axis_is_measured_where_it_lies(found, rank, share) -> None:
    """A point of the first stretch, by Geod: the metres to its vertex and those beyond."""
    axis = laid(*[s for s in found if s.geometry.distance(NORTH.geometry) > 0.001])
    line = axis.parts[0].line
    start = min(rank, len(line) - 2)
    azimuth, _, step = GEOD.inv(*line[start], *line[start + 1])
    lon, lat, _ = GEOD.fwd(*line[start], azimuth, step * share)
    expected = length(line[: start + 1]) + step * share if start else step * share
    assert axis.measure_m(lon, lat) == pytest.approx(expected, abs=0.05)


@FEW
@given(stones(), st.floats(-300, 300), st.floats(-600, 1600))
def test_every_point_is_measured_inside_the_axis(found, east, north) -> None:
    axis = laid(*found)
    where = place("ici", shapely.Point(east, north)).geometry
    assert 0 <= axis.measure_m(where.x, where.y) <= axis.length_m
