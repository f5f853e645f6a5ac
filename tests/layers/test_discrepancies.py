"""Are stated figures compared with the right measure, and is nothing compared that cannot be?"""

from __future__ import annotations

import pytest
import shapely

from layers.atlas import Atlas
from layers.discrepancies import Reason, Verdict, compare, stated_vs_measured
from layers.measure import area_m2, length_m, perimeter_m
from layers.model import Fact, Place, Position, PositionMethod
from tests.content import Content, feature
from tests.geometries import SQUARE, STREET

DATA_STREET = shapely.LineString([(2.30, 48.81), (2.31, 48.81)])


def place(geometry, precision_m: float | None = 10) -> Place:
    method = PositionMethod.DRAWN if geometry is not None else PositionMethod.UNLOCATED
    position = Position(method, precision_m, ())
    return Place("p", "l", "P", "k", (), (), (), (), position, geometry)


def verdict(label, value, unit, geometry, precision_m: float | None = 10):
    fact = Fact(label, value, unit, "malakoff", "c-2")
    return compare(place(geometry, precision_m), fact, geometry)


@pytest.mark.parametrize(
    ("value", "unit", "stated"),
    [
        (1000, "m", 1000),
        ("1 000", "m", 1000),
        ("1\u202f000", "m", 1000),
        ("14", "km", 14_000),
        (1.5, "km", 1500),
    ],
)
def test_lengths_are_read_the_french_way(value, unit, stated):
    found = verdict("Longueur", value, unit, STREET)
    assert (found.stated, found.unit) == (stated, "m")
    assert found.measured == length_m(STREET)
    assert found.difference == pytest.approx(length_m(STREET) - stated)
    assert found.relative == pytest.approx(found.difference / stated)


@pytest.mark.parametrize(
    ("value", "unit", "stated"),
    [("4,5", "ha", 45_000), ("34 500", "m²", 34_500), (2, "km²", 2e6), ("2.6", "ha", 26_000)],
)
def test_areas_are_read_the_french_way(value, unit, stated):
    found = verdict("Superficie", value, unit, SQUARE)
    assert (found.stated, found.unit) == (stated, "m²")
    assert found.measured == area_m2(SQUARE)


def test_the_precision_of_the_geometry_decides():
    exact = length_m(DATA_STREET)
    near = verdict("Longueur", round(exact) + 15, "m", DATA_STREET)
    far = verdict("Longueur", round(exact) + 25, "m", DATA_STREET)
    assert (near.verdict, far.verdict) == (Verdict.WITHIN, Verdict.DIFFERS)
    assert near.tolerance == 20
    area = verdict("Surface du parc", 70, "ha", SQUARE, 5)
    assert area.tolerance == pytest.approx(perimeter_m(SQUARE) * 5)


@pytest.mark.parametrize(
    ("label", "value", "unit", "geometry", "reason"),
    [
        ("Largeur", 14, "m", STREET, Reason.NOT_WHOLE),
        ("Retrait", 2, "m", STREET, Reason.NOT_WHOLE),
        ("Surface de plancher", 34_500, "m²", SQUARE, Reason.NOT_WHOLE),
        ("Surface arborée", 3, "ha", SQUARE, Reason.NOT_WHOLE),
        ("Longueur", "0,82 à 0,93", "km", STREET, Reason.NOT_A_NUMBER),
        ("Longueur", 1000, "m", None, Reason.NOWHERE),
        ("Superficie", 4.5, "ha", shapely.Point(2.3, 48.8), Reason.NO_EXTENT),
        ("Longueur", 100, "m", SQUARE, Reason.NO_EXTENT),
    ],
)
def test_what_cannot_be_compared_says_why(label, value, unit, geometry, reason):
    found = verdict(label, value, unit, geometry)
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.reason is reason
    assert found.measured is found.difference is found.relative is None


def test_an_unknown_precision_allows_nothing():
    found = verdict("Longueur", 1000, "m", STREET, None)
    assert (found.precision_m, found.tolerance, found.verdict) == (None, 0, Verdict.DIFFERS)


def test_the_atlas_compares_facts_once_and_indicators_that_add_something(content, tmp_path):
    same, other = content.tables["indicators"][0], dict(content.tables["indicators"][0])
    other.update(id="autre-longueur", value="740", label_fr="Longueur de la rue")
    third = dict(same, id="population", value="12", unit="habitants")
    content.tables["indicators"] += [other, third]
    found = stated_vs_measured(Atlas.load(content.write(tmp_path)))
    assert [(c.place, c.stated_text) for c in found] == [
        ("rue-ouest", "700 m"),
        ("rue-ouest", "740 m"),
        ("jardin", "0,8 ha"),
    ]
    assert (found[0].document, found[0].section) == ("convention", "a")


def test_what_is_known_of_an_unlocated_whole_is_measured_beside_it(content, tmp_path):
    facts = [{"label": "Longueur", "value": 14, "unit": "km", "document": "", "section": ""}]
    content.layers["voies"].append(feature("coulee", None, facts=facts))
    content.feature("coulee-nord")["properties"]["within"] = "coulee"
    content.feature("coulee-sud")["properties"]["within"] = "coulee"
    atlas = Atlas.load(content.write(tmp_path))
    (found,) = [c for c in stated_vs_measured(atlas) if c.place == "coulee"]
    stretches = [atlas.place(id).geometry for id in ("coulee-nord", "coulee-sud")]
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.partial == pytest.approx(sum(map(length_m, stretches)))


def test_a_composite_is_measured_as_the_union_of_its_members(content: Content, tmp_path):
    content.feature("les-deux")["properties"]["facts"] = [
        {"label": "Superficie", "value": 6.5, "unit": "km²", "document": "", "section": ""}
    ]
    (found,) = [
        c for c in stated_vs_measured(Atlas.load(content.write(tmp_path))) if c.place == "les-deux"
    ]
    assert found.measured == pytest.approx(6.53e6, rel=0.01)
