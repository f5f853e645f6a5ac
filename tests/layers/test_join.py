"""Do links hold both ways, keep their kinds apart, and follow the rule that is stated?"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.atlas import Atlas
from layers.containment import TIE_RULE, shares
from layers.crs import to_lambert93
from layers.errors import NotFoundError, ParameterError
from layers.join import Join
from layers.measure import area_m2, length_m
from layers.model import Link, LinkKind
from tests.content import Content, box, feature, line, point, row
from tests.geometries import HOLED, SQUARE, VALID

DIRECT, TERRITORIAL, NEAR = LinkKind.DIRECT, LinkKind.TERRITORIAL, LinkKind.NEAR


def joined(content: Content, folder: Path) -> Join:
    return Join(Atlas.load(content.write(folder)))


def pairs(links: tuple[Link, ...], *kinds: LinkKind) -> set[tuple[str, str]]:
    return {(x.commitment, x.place) for x in links if not kinds or x.kind in kinds}


def places_of(join: Join, commitment: str, *kinds: LinkKind) -> set[str]:
    return {place for _, place in pairs(join.links_of_commitment(commitment), *kinds)}


# What is known of the tiny atlas


def test_a_commitment_is_linked_to_the_places_it_names(tiny_join):
    assert places_of(tiny_join, "convention-a-2") == {"rue-ouest", "jardin"}
    assert places_of(tiny_join, "convention-a-3") == {"site-perdu"}


def test_a_territorial_link_says_by_which_territory(tiny_join):
    links = tiny_join.links_of_place("jardin")
    assert [(x.kind, x.commitment, x.via) for x in links] == [
        (DIRECT, "convention-a-2", ""),
        (TERRITORIAL, "convention-b-1-1", "commune-ouest"),
        (TERRITORIAL, "convention-b-1-2", "les-deux"),
    ]


def test_a_street_on_the_border_lies_on_both_sides(tiny_join):
    """Half and half is a tie: the rule says both."""
    assert "rue-mitoyenne" in places_of(tiny_join, "convention-b-1-1")
    assert "rue-mitoyenne" in places_of(tiny_join, "convention-b-1-3")


def test_an_unlocated_place_lies_where_its_communes_say(tiny_join):
    assert "site-perdu" in places_of(tiny_join, "convention-b-1-3")
    assert "site-perdu" in places_of(tiny_join, "convention-b-1-2")  # les-deux holds its commune
    assert "site-perdu" not in places_of(tiny_join, "convention-b-1-1")


def test_a_territory_lies_in_itself_and_its_members_in_a_composite(tiny_join):
    assert "commune-ouest" in places_of(tiny_join, "convention-b-1-1")
    assert {"les-deux", "commune-ouest"} <= places_of(tiny_join, "convention-b-1-2")
    assert "les-deux" in places_of(tiny_join, "convention-b-1-1")  # exactly half of it


def test_territories_of_a_place(tiny_join):
    assert tiny_join.territories_of("gare") == ("commune-ouest", "les-deux")
    with pytest.raises(NotFoundError):
        tiny_join.territories_of("x")


def test_near_links_are_measured_and_say_through_which_place(tiny_join):
    (link,) = tiny_join.near_place("square", 200)
    assert (link.kind, link.commitment, link.via) == (NEAR, "convention-a-2", "jardin")
    shapes = [to_lambert93(tiny_join.atlas.place(id).geometry) for id in ("square", "jardin")]
    assert link.distance_m == pytest.approx(shapely.distance(*shapes))
    assert tiny_join.near_place("square", 150) == ()


def test_what_is_named_is_not_near(tiny_join):
    assert not [x for x in tiny_join.near_place("jardin", 500) if x.commitment == "convention-a-2"]


def test_territories_and_unlocated_places_are_near_nothing(tiny_join):
    assert tiny_join.near_place("commune-ouest", 1000) == ()
    assert tiny_join.near_place("site-perdu", 1000) == ()
    assert tiny_join.near_commitment("convention-a-3", 1000) == ()
    near = {x.place for x in tiny_join.near_commitment("convention-a-1", 1e6)}
    assert not near & {"commune-ouest", "commune-est", "les-deux", "site-perdu"}


@pytest.mark.parametrize("distance", [-1.0, float("nan"), float("inf")])
def test_a_distance_is_a_distance(tiny_join, distance):
    with pytest.raises(ParameterError, match="distance_m"):
        tiny_join.near_place("jardin", distance)


@pytest.mark.parametrize("ask", ["links_of_place", "links_of_commitment"])
def test_an_unknown_id_is_not_found(tiny_join, ask):
    with pytest.raises(NotFoundError):
        getattr(tiny_join, ask)("x")
    with pytest.raises(NotFoundError):
        tiny_join.near_place("x", 10)
    with pytest.raises(NotFoundError):
        tiny_join.near_commitment("x", 10)


def test_the_inverse_questions(tiny_join):
    lonely = {p.id for p in tiny_join.places_without_commitment()}
    assert lonely == {
        "rue-mitoyenne",
        "coulee-nord",
        "coulee-sud",
        "square",
        "gare",
        "coulee-rupture",
    }
    assert tiny_join.places_without_commitment(TERRITORIAL) == ()
    assert tiny_join.commitments_without_place() == (
        "convention-b-1-1",
        "convention-b-1-2",
        "convention-b-1-3",
    )
    districts = tiny_join.districts_without_commitment("sites")
    assert [p.id for p in districts] == ["square", "gare"]
    assert tiny_join.districts_without_commitment("qpv") == ()


def test_the_report_counts_each_kind_apart(tiny_join):
    report = tiny_join.report(near_m=200, districts="sites")
    assert report.tie_rule == TIE_RULE
    assert (report.commitments, report.places, report.near_m) == (6, 12, 200)
    direct, territorial, near = report.kinds
    assert (direct.links, direct.commitments_matched, direct.commitments_multiple) == (4, 3, 1)
    assert (direct.places_matched, direct.places_unmatched, direct.places_multiple) == (3, 9, 1)
    assert territorial.commitments_unmatched == 3
    assert near.kind is NEAR
    assert report.districts_without_commitment == ("square", "gare")


def test_background_layers_take_no_part(content, tmp_path):
    head, _, tail = content.catalogue.partition('id = "voies"')
    content.catalogue = (
        head + 'id = "voies"' + tail.replace("background = false", "background = true", 1)
    )
    join = joined(content, tmp_path)
    assert all(place.layer != "voies" for place in join.places)
    assert join.report().places == 7
    assert places_of(join, "convention-a-1") == {"rue-ouest"}  # what is named stays named
    assert join.near_place("rue-ouest", 1000) == ()


# Ensembles that a commitment names


def test_naming_an_ensemble_ties_its_members_and_nothing_else(content, tmp_path):
    content.layers["sites"].append(
        feature("ensemble", None, method="computed", members=["jardin", "site-perdu"])
    )
    content.commitment("convention-a-1")["places"] = "ensemble"
    join = joined(content, tmp_path)
    links = join.links_of_commitment("convention-a-1")
    assert [(x.kind, x.place, x.via) for x in links] == [
        (DIRECT, "ensemble", ""),
        (TERRITORIAL, "jardin", "ensemble"),
        (TERRITORIAL, "site-perdu", "ensemble"),
    ]
    assert ("convention-a-1", "jardin") in pairs(join.links_of_place("jardin"), TERRITORIAL)
    near = {x.place for x in join.near_commitment("convention-a-1", 200)}
    assert near == {"square", "coulee-nord", "rue-ouest", "coulee-rupture"}
    assert "convention-a-1" not in {x.commitment for x in join.near_place("jardin", 200)}


# The tie rule


def test_half_is_enough_and_less_is_not(content, tmp_path):
    content.layers["sites"] += [
        feature("moitie", box(2.318, 48.811, 2.322, 48.812)),
        feature("moins", box(2.3179, 48.813, 2.322, 48.814)),
        feature("a-cheval", {"type": "MultiPoint", "coordinates": [[2.31, 48.81], [2.33, 48.81]]}),
        feature("sur-la-limite", point(2.32, 48.81)),
    ]
    join = joined(content, tmp_path)
    west, east = (places_of(join, f"convention-b-1-{n}") for n in (1, 3))
    assert {"moitie", "a-cheval", "sur-la-limite"} <= west & east
    assert "moins" in west - east


def test_within_puts_a_place_where_no_geometry_does(content, tmp_path):
    content.layers["territoires"].append(feature("quartier", None, communes=["commune-est"]))
    content.layers["sites"] += [
        feature("halle", None, within="quartier"),
        feature("marche", point(2.301, 48.801), within="quartier"),
    ]
    content.commitment("convention-b-1-1")["scope"] = "quartier"
    join = joined(content, tmp_path)
    assert places_of(join, "convention-b-1-1") == {"quartier", "halle", "marche"}
    assert "halle" in places_of(join, "convention-b-1-3")  # through the quarter's commune
    assert "marche" not in places_of(join, "convention-b-1-3")  # it has a point of its own


def test_a_territory_without_outline_holds_what_names_it(content, tmp_path):
    content.layers["territoires"].append(feature("quartier", None))
    content.feature("gare")["properties"]["communes"] = ["quartier"]
    content.commitment("convention-b-1-1")["scope"] = "quartier"
    inside = places_of(joined(content, tmp_path), "convention-b-1-1")
    assert inside == {"quartier", "gare", "coulee-rupture"}  # the break ends at the station


def test_circles_of_communes_end(content, tmp_path):
    content.feature("site-perdu")["properties"]["communes"] = ["site-perdu", "commune-est"]
    assert "site-perdu" in places_of(joined(content, tmp_path), "convention-b-1-3")


@pytest.mark.parametrize("shape", VALID.values(), ids=VALID)
def test_a_share_is_that_of_what_the_geometry_has_most_of(shape):
    territory = shapely.box(2.305, 48.79, 2.335, 48.815)
    (found,) = shares(np.array([shape], dtype=object), territory)
    inside = shape.intersection(territory)
    if area_m2(shape) > 0:
        expected = area_m2(inside) / area_m2(shape)
    elif length_m(shape) > 0:
        expected = length_m(inside) / length_m(shape)
    else:
        expected = len(shapely.get_coordinates(inside)) / len(shapely.get_coordinates(shape))
    assert found == pytest.approx(expected, abs=0.005)


def test_close_to_half_the_share_is_geodesic():
    territory = shapely.box(2.30, 48.80, 2.32, 48.83)
    (found,) = shares(np.array([HOLED], dtype=object), territory)
    exact = area_m2(HOLED.intersection(territory)) / area_m2(HOLED)
    square = np.array([SQUARE], dtype=object)
    (half,) = shares(square, shapely.box(2.29, 48.80, 2.305, 48.81))
    assert half == pytest.approx(0.5, abs=1e-9)
    assert found == pytest.approx(exact, abs=0.005)


# Invariants, on atlases that nobody has seen

LON, LAT = st.integers(2_3000, 2_3399), st.integers(48_8000, 48_8199)


@st.composite
def geometries(draw):
    lon, lat = draw(LON) / 10_000, draw(LAT) / 10_000
    kind = draw(st.sampled_from(["point", "line", "box", "null"]))
    if kind == "null":
        return None
    if kind == "point":
        return point(lon, lat)
    width, height = draw(st.integers(1, 40)) / 10_000, draw(st.integers(1, 40)) / 10_000
    east, north = round(lon + width, 6), round(lat + height, 6)
    return box(lon, lat, east, north) if kind == "box" else line((lon, lat), (east, north))


@st.composite
def contents(draw) -> Content:
    content = Content()
    content.catalogue = content.catalogue.partition("[[corridor]]")[0]
    territories = ["commune-ouest", "commune-est", "les-deux"]
    communes = st.lists(st.sampled_from(territories[:2]), max_size=1)
    shapes = draw(st.lists(geometries(), min_size=1, max_size=8))
    content.layers["voies"] = content.layers["voies"][:1]
    content.layers["sites"] = [
        feature(f"lieu-{n}", shape, communes=draw(communes)) for n, shape in enumerate(shapes)
    ]
    named = st.lists(
        st.sampled_from([f"lieu-{n}" for n in range(len(shapes))] + ["rue-ouest", "les-deux"]),
        min_size=1,
        max_size=3,
        unique=True,
    ).map(lambda ids: {"places": "|".join(ids)})
    scoped = st.lists(
        st.sampled_from([*territories, "lieu-0"]), min_size=1, max_size=2, unique=True
    ).map(lambda ids: {"scope": "|".join(ids)})
    targets = draw(st.lists(named | scoped, min_size=1, max_size=6))
    content.tables["convention"] = [
        row(f"convention-a-{n}", **target) for n, target in enumerate(targets, start=1)
    ]
    content.tables["discrepancies"][0]["commitments"] = ""
    content.feature("rue-ouest")["properties"]["facts"] = []
    return content


@st.composite
def joins(draw) -> Join:
    content = draw(contents())
    with tempfile.TemporaryDirectory() as folder:
        return Join(Atlas.load(content.write(Path(folder))))


FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(joins())
def test_a_place_has_a_commitment_when_the_commitment_has_the_place(join):
    one_way = [pairs(join.links_of_place(place.id)) for place in join.places]
    other_way = [pairs(join.links_of_commitment(id)) for id in join.atlas.commitments]
    assert set().union(*one_way) == set().union(*other_way)


@FEW
@given(joins(), st.floats(0, 500))
def test_near_holds_both_ways_at_the_same_distance(join, distance):
    one_way = {
        (x.commitment, x.place, x.distance_m)
        for place in join.places
        for x in join.near_place(place.id, distance)
    }
    other_way = {
        (x.commitment, x.place, x.distance_m)
        for id in join.atlas.commitments
        for x in join.near_commitment(id, distance)
    }
    assert one_way == other_way
    assert all(0 <= metres <= distance for _, _, metres in one_way)


@FEW
@given(joins(), st.floats(0, 400), st.floats(0, 400))
def test_a_longer_reach_never_loses_a_link(join, a, b):
    short, long = sorted((a, b))
    for place in join.places:
        assert pairs(join.near_place(place.id, short)) <= pairs(join.near_place(place.id, long))


@FEW
@given(joins())
def test_kinds_are_disjoint_and_counted_apart(join):
    report = join.report(near_m=100)
    links = [x for id in join.atlas.commitments for x in join.links_of_commitment(id)]
    near = [x for id in join.atlas.commitments for x in join.near_commitment(id, 100)]
    for kind in report.kinds:
        of_kind = pairs((*links, *near), kind.kind)
        assert kind.links == len(of_kind)
        assert kind.commitments_matched == len({c for c, _ in of_kind})
        assert kind.places_matched == len({p for _, p in of_kind})
        assert kind.commitments_matched + kind.commitments_unmatched == report.commitments
        assert kind.places_matched + kind.places_unmatched == report.places
        assert kind.commitments_multiple <= kind.commitments_matched
    assert not pairs(tuple(links), DIRECT) & pairs((*links, *near), TERRITORIAL, NEAR)
    assert not pairs(tuple(links), TERRITORIAL) & pairs(tuple(near))


@FEW
@given(joins())
def test_what_lies_in_a_commune_lies_in_the_set_that_holds_it(join):
    inside = {id: set(join.contents(id)) for id in ("commune-ouest", "commune-est", "les-deux")}
    assert inside["commune-ouest"] - {"les-deux"} <= inside["les-deux"]
    assert inside["commune-est"] - {"les-deux"} <= inside["les-deux"]


@FEW
@given(joins())
def test_the_rule_is_the_one_that_is_stated(join):
    """Against a plain reading of the rule, one place at a time."""
    west = shapely.box(2.30, 48.80, 2.32, 48.82)
    inside = set(join.contents("commune-ouest"))
    for place in join.atlas.places_in("sites"):
        shape = place.geometry
        if shape is None:
            expected = "commune-ouest" in place.communes
        elif shape.geom_type == "Point":
            expected = west.covers(shape)
        else:
            measure = area_m2 if shape.geom_type == "Polygon" else length_m
            share = measure(shape.intersection(west)) / measure(shape)
            if abs(share - 0.5) < 1e-9:
                continue
            expected = share > 0.5
        assert (place.id in inside) == expected
