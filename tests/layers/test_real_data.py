"""Is the content that the project ships whole, in its own form, and what it is said to be?"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyogrio
import pytest
import shapely

from layers.atlas import ENGAGEMENTS, Atlas
from layers.encode import layer_text
from layers.exporters.geojson import geojson_bytes
from layers.exporters.table import register_csv
from layers.join import Join
from layers.measure import distance_m
from layers.model import LinkKind
from layers.places import layer_file
from tests.conftest import DATA

LAYERS = sorted(path.stem for path in (DATA / "geo").glob("*.geojson"))
DOCUMENTS = ("malakoff", "ivry", "blagis", "val-de-marne", "martigues")
WANTED = {
    "interfaces",
    "voies-limitrophes",
    "franchissements",
    "qpv",
    "sites-parisiens-ivry",
    "coulee-verte",
    "equipements",
    "espaces-verts",
    "residences",
    "transports",
    "territoires",
    "contexte",
}
EAST_TO_WEST = (
    "avenue-de-la-porte-de-chatillon",
    "boulevard-adolphe-pinard",
    "avenue-georges-lafenestre",
    "avenue-de-la-porte-de-vanves",
    "rue-julia-bartet",
)


@pytest.fixture(scope="module")
def join(real: Atlas) -> Join:
    return Join(real)


def test_every_layer_that_is_wanted_is_there(real):
    assert set(real.layers) >= WANTED
    assert tuple(real.documents) == DOCUMENTS


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_is_one_feature_a_line_and_small(layer):
    path = DATA / layer_file(layer)
    text = path.read_text("utf-8")
    assert text == layer_text(json.loads(text)), "a change would touch more than one line"
    assert path.stat().st_size < (600_000 if layer == "contexte" else 400_000)


@pytest.mark.parametrize("layer", LAYERS)
def test_gdal_reads_a_layer_of_the_folder(real, layer):
    frame = pyogrio.read_dataframe(DATA / layer_file(layer))
    on_disk = [p for p in real.places_in(layer) if p.id not in real.breaks]
    assert frame["id"].tolist() == [place.id for place in on_disk]
    assert frame.geometry.isna().tolist() == [place.geometry is None for place in on_disk]


@pytest.mark.parametrize("collection", [*LAYERS, ENGAGEMENTS])
def test_gdal_reads_what_can_be_downloaded(real, tmp_path, collection):
    path = tmp_path / "layer.geojson"
    path.write_bytes(geojson_bytes(real, collection))
    assert len(pyogrio.read_dataframe(path)) == len(real.collection(collection))


def test_the_folder_stays_small():
    assert sum(path.stat().st_size for path in (DATA / "geo").iterdir()) < 2_500_000


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_has_its_file_in_canonical_form(real, document):
    written = (DATA / "commitments" / f"{document}.csv").read_bytes()
    assert register_csv(real, document) == written


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commitments_are_numbered_from_1_in_each_section(real, document):
    numbers: dict[str, list[int]] = {}
    for commitment in real.commitments.values():
        if commitment.document == document:
            number = int(commitment.id.rpartition("-")[2])
            numbers.setdefault(commitment.section, []).append(number)
    for section, found in numbers.items():
        assert found == list(range(1, len(found) + 1)), section


def test_the_register_is_of_the_size_of_the_documents(real):
    assert len(real.commitments) > 300
    assert {c.document for c in real.commitments.values()} == set(DOCUMENTS)


def test_every_place_that_a_document_is_said_to_name_is_used_or_listed(real):
    """A place that a commitment names says so itself."""
    for commitment in real.commitments.values():
        for id in commitment.places:
            if id not in real.breaks:
                assert commitment.document in real.places[id].documents, (commitment.id, id)


def test_the_boundary_roads_are_ranked_as_the_agreement_lists_them(real):
    assert [real.place(id).extra["order"] for id in EAST_TO_WEST] == [1, 2, 3, 4, 5]
    middles = [real.place(id).geometry.centroid.x for id in EAST_TO_WEST]
    assert (middles[0], middles[-1]) == (max(middles), min(middles))


def test_the_priority_districts_of_the_val_de_marne_are_47(real):
    members = real.place("qpv-val-de-marne").members
    assert len(members) == len(set(members)) == 47
    assert all(real.place(id).extra["generation"] == 2024 for id in members)
    assert all(real.place(id).layer == "qpv" for id in members)


@pytest.mark.parametrize(
    "id",
    [
        "qpv-qn07505i",
        "qpv-qn09219n",
        "qpv-qn01320i",
        "qpv-qn01321i",
        "qpv-qn01322m",
        "qpv-qn01370n",
        "qpv-qp094014",
        "qpv-qp094006",
        "qpv-qp094042",
        "qpv-qp094034",
    ],
)
def test_the_other_districts_are_there(real, id):
    assert real.place(id).layer == "qpv"


def test_the_printed_total_of_martigues_is_kept_beside_its_five_lines(real):
    """The five grants add up to 488 960,57 €; the document prints 484 960,57 €."""
    found = real.discrepancies["martigues-disc-total-subvention"]
    total, lines = (
        [int(re.sub(r"\D", "", amount)) for amount in re.findall(r"[\d\s]+,\d\d", value)]
        for value in (found.value_a, found.value_b)
    )
    assert (total, len(lines), sum(lines)) == ([48_496_057], 5, 48_896_057)
    assert found.severity.value == "substantive"


def test_nothing_unlocated_has_a_point_and_everything_drawn_has_a_precision(real):
    for place in real.places.values():
        unlocated = place.position.method.value == "unlocated"
        assert not (unlocated and place.geometry is not None)
        if place.geometry is not None:
            assert place.position.precision_m is not None
            assert place.position.sources or place.position.method.value == "computed"


def test_a_place_is_credited_to_sources_of_its_layer(real):
    for place in real.places.values():
        if place.id not in real.breaks:
            assert set(place.position.sources) <= set(real.layers[place.layer].sources), place.id


def test_the_break_lies_between_boulevard_brune_and_the_metro(real):
    gap = real.breaks["coulee-verte-rupture"]
    assert (gap.end_a.place, gap.end_b.place) == (
        "boulevard-brune",
        "metro-malakoff-plateau-de-vanves",
    )
    assert {h.end for h in gap.hops} >= {
        "square-julia-bartet",
        "dalle-garamond",
        "jardin-anna-marly",
    }
    ends = [(end.lon, end.lat) for end in (gap.end_a, gap.end_b)]
    assert gap.straight_m == pytest.approx(distance_m(*ends[0], *ends[1]))
    assert 600 < gap.straight_m < 900
    assert gap.largest_hop_m <= gap.straight_m


def test_boulevard_adolphe_pinard_answers_what_a_planner_asks(real, join):
    links = join.links_of_place("boulevard-adolphe-pinard")
    direct = {x.commitment for x in links if x.kind is LinkKind.DIRECT}
    territorial = {x.commitment for x in links if x.kind is LinkKind.TERRITORIAL}
    assert any(id.startswith("malakoff-c-2-") for id in direct)
    assert territorial
    assert real.place("boulevard-adolphe-pinard").length_m == pytest.approx(1000, rel=0.05)


def test_every_scope_holds_at_least_itself(real, join):
    for id in {id for c in real.commitments.values() for id in c.scope}:
        assert id in join.contents(id)


def test_no_file_of_the_project_says_where_it_was_made():
    for path in Path(DATA).rglob("*"):
        if path.is_file():
            assert not re.search(
                rb"(?<![\w:/.])/(?:tmp|home|root|Users|work)/", path.read_bytes()
            ), path


def test_geometries_are_not_finer_than_their_decimals_allow(real):
    for place in real.places.values():
        if place.geometry is not None and place.geometry.geom_type != "Point":
            assert not shapely.is_empty(place.geometry)
            assert (place.length_m or place.area_m2 or 1) > 0
