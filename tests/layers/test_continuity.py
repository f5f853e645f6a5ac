"""Are breaks and the chains across them the shortest of what is promised?"""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.atlas import Atlas
from layers.continuity import MAX_STONES, TOUCHING_M, Break, Corridor, breaks
from layers.crs import to_lambert93, to_wgs84
from layers.errors import ParameterError
from layers.measure import distance_m, length_m
from layers.model import Place, Position, PositionMethod

X0, Y0 = 648_600.0, 6_858_000.0  # Lambert-93, south of Paris


def place(id: str, planar: shapely.Geometry | None, precision_m: float = 10.0) -> Place:
    """Return a place at Lambert-93 metres from (X0, Y0)."""
    if planar is not None:
        planar = to_wgs84(shapely.transform(planar, lambda xy: xy + np.array([X0, Y0])))
    method = PositionMethod.DRAWN if planar is not None else PositionMethod.UNLOCATED
    return Place(
        id, "coulee", id, "essai", (), (), (), (), Position(method, precision_m, ()), planar
    )


NORTH = place("nord", shapely.LineString([(0, 1000), (0, 1500)]))
SOUTH = place("sud", shapely.LineString([(0, 0), (0, -500)]))


def corridor(*stones: Place, ends=(), stretches=(NORTH, SOUTH)) -> Corridor:
    return Corridor("coulee", tuple(stretches), tuple(ends), stones)


def gap(*stones: Place, **kwargs) -> Break:
    (found,) = breaks(corridor(*stones, **kwargs))
    return found


def square(id: str, x: float, y: float, size: float = 10) -> Place:
    return place(id, shapely.box(x, y, x + size, y + size))


def names(hops) -> list[str]:
    return [hops[0].start, *(hop.end for hop in hops)]


def test_without_stones_the_break_is_one_hop():
    found = gap()
    assert found.straight_m == pytest.approx(1000, rel=1e-3)  # the scale of Lambert-93
    assert names(found.hops) == names(found.minimax_hops) == ["nord", "sud"]
    assert found.hops_m == pytest.approx(found.straight_m)
    assert (found.id, found.precision_m) == ("coulee-rupture", 20)


def test_lengths_are_geodesic():
    found = gap()
    ends = [(e.lon, e.lat) for e in (found.end_a, found.end_b)]
    assert found.straight_m == distance_m(*ends[0], *ends[1])
    assert found.straight_m == pytest.approx(length_m(shapely.LineString(ends)))


def test_stones_are_visited_in_the_best_order():
    found = gap(square("c", 0, 200), square("a", 0, 800), square("b", 0, 500))
    assert names(found.hops) == ["nord", "a", "b", "c", "sud"]
    assert [round(hop.distance_m, -1) for hop in found.hops] == [190, 290, 290, 200]


def test_the_chain_leans_on_every_stone_even_where_that_is_longer():
    found = gap(square("loin", 900, 500), square("pres", 0, 500))
    assert set(names(found.hops)) == {"nord", "sud", "loin", "pres"}
    assert found.hops_m > found.straight_m
    assert names(found.minimax_hops) == ["nord", "pres", "sud"]


def test_the_minimax_chain_prefers_small_steps_to_a_short_way():
    detour = [
        square(f"d{n}", x, y) for n, (x, y) in enumerate([(300, 800), (400, 500), (300, 200)])
    ]
    found = gap(*detour)
    assert found.largest_hop_m < 500
    assert sum(hop.distance_m for hop in found.minimax_hops) > 1000


def test_touching_stones_are_no_distance_apart():
    found = gap(square("a", 0, 400, 100), square("b", 0, 500, 100))
    between = next(hop for hop in found.hops if {hop.start, hop.end} == {"a", "b"})
    assert between.distance_m == 0


def test_stones_that_nothing_locates_are_named():
    found = gap(place("perdu", None), square("a", 0, 500))
    assert found.missing_stones == ("perdu",)
    assert "perdu" not in names(found.hops)


def test_stretches_that_touch_are_not_broken():
    touching = place("milieu", shapely.LineString([(0, 1000), (0, TOUCHING_M / 2)]))
    assert breaks(corridor(stretches=(NORTH, touching, SOUTH))) == ()


def test_several_breaks_are_numbered_along_the_corridor():
    middle = place("milieu", shapely.LineString([(0, 600), (0, 400)]))
    found = breaks(corridor(stretches=(NORTH, middle, SOUTH)))
    assert [b.id for b in found] == ["coulee-rupture-1", "coulee-rupture-2"]
    assert [(b.end_a.place, b.end_b.place) for b in found] == [
        ("nord", "milieu"),
        ("milieu", "sud"),
    ]


# Stated ends

STREET = place("rue", shapely.LineString([(-300, 980), (300, 980)]), 15.0)
STATION = place("gare", shapely.Point(30, 0), 40.0)


def test_the_tip_of_a_stretch_is_its_end_nearest_to_the_place():
    slanted = place("biais", shapely.LineString([(-200, 1010), (0, 1000), (50, 1200)]))
    ends = [(STREET, slanted), (STATION, SOUTH)]
    found = gap(ends=ends, stretches=(slanted, SOUTH))
    tip = to_lambert93(shapely.Point(found.end_a.lon, found.end_a.lat))
    assert (tip.x - X0, tip.y - Y0) == pytest.approx((-200, 1010), abs=0.01)
    assert found.end_a.offset_m == pytest.approx(30, abs=0.1)
    assert found.end_b.offset_m == pytest.approx(30, abs=0.1)
    assert (found.end_a.place, found.end_a.stretch) == ("rue", "biais")


def test_an_end_without_stretch_is_the_place_itself():
    found = gap(ends=[(STREET, NORTH), (STATION, None)])
    tip = to_lambert93(shapely.Point(found.end_b.lon, found.end_b.lat))
    assert (tip.x - X0, tip.y - Y0) == pytest.approx((30, 0), abs=0.01)
    assert (found.end_b.stretch, found.end_b.offset_m) == ("", 0)
    assert found.precision_m == 10 + 40


def test_two_ends_without_stretch_meet_at_their_nearest_points():
    found = gap(ends=[(STREET, None), (STATION, None)])
    assert found.straight_m == pytest.approx(980, rel=1e-3)
    assert found.end_a.precision_m == 15


def test_an_end_that_nothing_locates_is_refused():
    with pytest.raises(ParameterError, match="perdu"):
        gap(ends=[(place("perdu", None), None), (STATION, None)])


def test_too_many_stones_are_refused():
    with pytest.raises(ParameterError, match=f"at most {MAX_STONES}"):
        gap(*[square(f"s{n}", 20 * n, 500) for n in range(MAX_STONES + 1)])


def test_the_place_of_a_break_is_the_straight_line(tiny):
    found, shown = tiny.breaks["coulee-rupture"], tiny.place("coulee-rupture")
    assert shown.length_m == round(found.straight_m, 1)
    assert length_m(shown.geometry) == pytest.approx(found.straight_m, abs=0.2)
    assert shown.position.precision_m == found.precision_m
    assert shown.documents == ("convention",)
    assert shown.extra["missing_stones"] == ("site-perdu",)
    assert shown.name == "Rupture entre Rue de l’Ouest et Gare"


def test_without_stated_ends_consecutive_stretches_are_compared(content, tmp_path):
    head, _, tail = content.catalogue.partition("ends = [")
    content.catalogue = head + tail.partition("]\n")[2]
    atlas = Atlas.load(content.write(tmp_path))
    assert atlas.breaks["coulee-rupture"].end_a.stretch == "coulee-nord"


# Invariants

COORDINATE = st.integers(-800, 1800)
POINTS = st.tuples(COORDINATE, COORDINATE)


@st.composite
def stones(draw, *, area: bool = True):
    found = []
    for n, (x, y) in enumerate(draw(st.lists(POINTS, max_size=5, unique=True))):
        size = draw(st.integers(0, 60)) if area else 0
        shape = shapely.box(x, y, x + size, y + size) if size else shapely.Point(x, y)
        found.append(place(f"p{n}", shape))
    return found


FEW = settings(max_examples=60, deadline=None)


@FEW
@given(stones())
def test_both_chains_lead_from_end_to_end(found):
    broken = gap(*found)
    for hops in (broken.hops, broken.minimax_hops):
        assert (hops[0].start, hops[-1].end) == ("nord", "sud")
        assert all(a.end == b.start for a, b in pairwise(hops))
        assert len(set(names(hops))) == len(names(hops))
    assert set(names(broken.hops)) == {"nord", "sud", *(s.id for s in found)}


@FEW
@given(stones())
def test_the_full_chain_is_the_best_of_all_orders(found):
    broken = gap(*found)
    table = {}
    for a in found:
        for b in found:
            table[a.id, b.id] = planar_hop(a, b)
        table["nord", a.id] = planar_hop(NORTH_TIP, a)
        table[a.id, "sud"] = planar_hop(a, SOUTH_TIP)
    table["nord", "sud"] = planar_hop(NORTH_TIP, SOUTH_TIP)
    best = min(
        sum(table[pair] for pair in pairwise(["nord", *order, "sud"]))
        for order in permutations([s.id for s in found])
    )
    assert broken.hops_m == pytest.approx(best, rel=1e-3, abs=0.01)


NORTH_TIP = place("nord", shapely.Point(0, 1000))
SOUTH_TIP = place("sud", shapely.Point(0, 0))


def planar_hop(a: Place, b: Place) -> float:
    return shapely.distance(to_lambert93(a.geometry), to_lambert93(b.geometry))


@FEW
@given(stones(area=False))
def test_through_points_the_hops_are_never_shorter_than_the_straight_line(found):
    broken = gap(*found)
    assert broken.hops_m >= broken.straight_m - 0.01
    assert sum(hop.distance_m for hop in broken.minimax_hops) >= broken.straight_m - 0.01


@FEW
@given(stones())
def test_hops_and_what_is_crossed_inside_stones_reach_across(found):
    """With stones that have an extent, what is walked inside them counts too."""
    broken = gap(*found)
    inside = sum(60 * 2**0.5 for _ in found)
    assert broken.hops_m + inside >= broken.straight_m * 0.999


@FEW
@given(stones(), POINTS)
def test_another_stone_never_makes_the_largest_hop_longer(found, where):
    one_more = place("de-plus", shapely.Point(where))
    assert gap(*found, one_more).largest_hop_m <= gap(*found).largest_hop_m + 1e-9


@FEW
@given(stones())
def test_the_largest_hop_is_never_longer_than_the_straight_line_or_the_full_chain(found):
    broken = gap(*found)
    assert broken.largest_hop_m <= broken.straight_m + 1e-6
    assert broken.largest_hop_m <= max(hop.distance_m for hop in broken.hops) + 1e-9


@FEW
@given(stones())
def test_the_way_back_is_as_long(found):
    there, back = gap(*found), gap(*found, stretches=(SOUTH, NORTH))
    assert there.straight_m == pytest.approx(back.straight_m)
    assert there.hops_m == pytest.approx(back.hops_m)
    assert there.largest_hop_m == pytest.approx(back.largest_hop_m)
