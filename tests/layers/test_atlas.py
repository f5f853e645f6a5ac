"""Is the atlas whole, read-only, indexed, and the same for the same bytes?"""

from __future__ import annotations

import dataclasses
import datetime

import orjson
import pytest
import shapely

from layers.atlas import ENGAGEMENTS, Atlas, content_hash
from layers.errors import NotFoundError
from layers.measure import area_m2, length_m
from layers.model import CommitmentKind, PositionMethod
from layers.records import REGISTER
from tests.content import Content


def served(atlas: Atlas, collection: str, id: str) -> dict:
    features = atlas.collection(collection)
    return orjson.loads(features.encoded[features.index[id]])


def test_everything_is_there_in_file_order(tiny):
    assert list(tiny.layers) == ["territoires", "voies", "sites"]
    assert list(tiny.features) == ["territoires", "voies", "sites", *REGISTER]
    assert [p.id for p in tiny.places_in("sites")] == ["jardin", "square", "gare", "site-perdu"]
    assert next(iter(tiny.commitments)) == "convention-a-1"
    assert tiny.title_fr == "Atlas d’essai"
    assert (len(tiny.places), len(tiny.commitments), len(tiny.documents)) == (12, 6, 1)


def test_rows_are_typed(tiny):
    commitment = tiny.commitment("convention-a-1")
    assert commitment.kind is CommitmentKind.FIRM
    assert commitment.due == datetime.date(2022, 12, 31)
    assert commitment.lead == ("ville-ouest",)
    assert tiny.commitment("convention-b-1-3").lead == ()
    assert tiny.discrepancies["nom-de-la-rue"].severity.value == "spelling"
    assert tiny.indicators["longueur-rue"].places == ("rue-ouest",)


def test_an_atlas_cannot_be_changed(tiny):
    for name in ("layers", "places", "commitments", "features", "documents"):
        with pytest.raises(TypeError):
            getattr(tiny, name)["x"] = None
    with pytest.raises(dataclasses.FrozenInstanceError):
        tiny.title_fr = ""
    with pytest.raises(dataclasses.FrozenInstanceError):
        tiny.place("jardin").name = ""


@pytest.mark.parametrize(
    ("ask", "kind", "id", "suggestion"),
    [
        ("layer", "layer", "voie", "voies"),
        ("place", "place", "jardins", "jardin"),
        ("commitment", "commitment", "convention-a-9", "convention-a-3"),
        ("document", "document", "conventions", "convention"),
        ("actor", "actor", "ville-oest", "ville-ouest"),
        ("collection", "collection", "engagement", "engagements"),
        ("places_in", "layer", "voie", "voies"),
        ("territory_geometry", "place", "jardins", "jardin"),
    ],
)
def test_an_unknown_id_says_what_is_close(tiny, ask, kind, id, suggestion):
    with pytest.raises(NotFoundError) as caught:
        getattr(tiny, ask)(id)
    assert (caught.value.kind, caught.value.id) == (kind, id)
    assert suggestion in caught.value.suggestions


def test_a_place_is_served_with_its_measure_and_commitments(tiny):
    feature = served(tiny, "voies", "rue-ouest")
    properties = feature["properties"]
    assert list(feature) == ["type", "id", "properties", "geometry"]
    assert properties["layer"] == "voies"
    assert properties["commitment_ids"] == ["convention-a-1", "convention-a-2"]
    assert properties["commitment_count"] == 2
    assert properties["length_m"] == round(length_m(tiny.place("rue-ouest").geometry), 1)
    assert "area_m2" not in properties
    assert properties["position"]["method"] == "drawn from its description"
    garden = served(tiny, "sites", "jardin")["properties"]
    assert garden["area_m2"] == round(area_m2(tiny.place("jardin").geometry), 1)
    assert garden["status"] == "ouvert"


def test_an_unlocated_place_is_served_with_a_null_geometry(tiny):
    feature = served(tiny, "sites", "site-perdu")
    assert feature["geometry"] is None
    assert feature["properties"]["commitment_count"] == 1
    assert not {"length_m", "area_m2"} & set(feature["properties"])


def test_a_commitment_is_served_with_the_points_of_its_places_and_labels(tiny):
    feature = served(tiny, ENGAGEMENTS, "convention-a-2")
    points = shapely.geometry.shape(feature["geometry"])
    assert points.geom_type == "MultiPoint"
    shapes = [tiny.place(id).geometry for id in ("rue-ouest", "jardin")]
    assert [s.distance(p) for s, p in zip(shapes, points.geoms, strict=True)] == [0, 0]
    properties = feature["properties"]
    assert properties["document_label"] == "Convention"
    assert properties["section_label"] == "A. Voies"
    assert properties["lead_labels"] == ["Ville Ouest"]
    assert properties["partner_labels_en"] == ["East Town"]
    assert properties["place_labels"] == ["Rue de l’Ouest", "Jardin"]
    assert served(tiny, ENGAGEMENTS, "convention-a-1")["properties"]["due"] == "2022-12-31"


def test_a_commitment_without_located_place_has_a_null_geometry(tiny):
    assert served(tiny, ENGAGEMENTS, "convention-a-3")["geometry"] is None
    assert served(tiny, ENGAGEMENTS, "convention-b-1-1")["geometry"] is None


def test_a_commitment_for_a_composite_has_a_point_a_member(content, tmp_path):
    content.commitment("convention-a-1")["places"] = "les-deux"
    atlas = Atlas.load(content.write(tmp_path))
    geometry = served(atlas, ENGAGEMENTS, "convention-a-1")["geometry"]
    assert len(geometry["coordinates"]) == 2


def test_a_composite_is_the_union_of_its_members(tiny):
    union = tiny.territory_geometry("les-deux")
    assert tiny.place("les-deux").geometry is None
    assert union.equals(shapely.box(2.30, 48.80, 2.34, 48.82))
    assert tiny.territory_geometry("site-perdu") is None
    assert tiny.territory_geometry("jardin") is tiny.place("jardin").geometry


def test_composites_may_nest(content, tmp_path):
    content.layers["territoires"].append(
        dict(content.feature("les-deux"), id="tout")
        | {
            "properties": content.feature("les-deux")["properties"]
            | {"id": "tout", "members": ["les-deux", "site-perdu"]}
        }
    )
    atlas = Atlas.load(content.write(tmp_path))
    assert atlas.territory_geometry("tout").equals(atlas.territory_geometry("les-deux"))


def test_the_break_is_a_computed_place_of_its_layer(tiny):
    place = tiny.place("coulee-rupture")
    assert place.position.method is PositionMethod.COMPUTED
    assert place.layer == "voies"
    assert place in tiny.places_in("voies")
    properties = served(tiny, "voies", "coulee-rupture")["properties"]
    assert properties["straight_m"] == round(tiny.breaks["coulee-rupture"].straight_m, 1)
    assert [hop["end"] for hop in properties["hops"]] == ["jardin", "square", "gare"]


def test_a_break_can_be_named_by_a_commitment(content, tmp_path):
    content.commitment("convention-a-1")["places"] = "coulee-rupture"
    atlas = Atlas.load(content.write(tmp_path))
    assert atlas.direct["coulee-rupture"] == ("convention-a-1",)


def test_the_index_knows_every_feature(tiny):
    for features in tiny.features.values():
        assert [features.index[id] for id in features.ids] == list(range(len(features)))
        assert [orjson.loads(f)["id"] for f in features.encoded] == list(features.ids)


def test_the_hash_depends_on_the_files_alone(tiny, tmp_path):
    first = Content().write(tmp_path / "first")
    assert Atlas.load(first).content_hash == tiny.content_hash
    (first / "geo" / "notes.txt").write_text("not data")
    assert content_hash(first) == tiny.content_hash
    changed = Content(documents=Content().documents.replace("cinq", "six"))
    assert content_hash(changed.write(tmp_path / "second")) != tiny.content_hash


def test_loading_twice_gives_the_same_bytes(tiny, tiny_folder):
    again = Atlas.load(tiny_folder)
    assert {k: f.encoded for k, f in again.features.items()} == {
        k: f.encoded for k, f in tiny.features.items()
    }


def test_an_empty_layer_is_allowed(content, tmp_path):
    content.catalogue = content.catalogue.partition("[[corridor]]")[0] + (
        content.catalogue.partition('[[layer]]\nid = "voies"')[2]
        .partition("[[layer]]")[0]
        .join(['[[layer]]\nid = "vide"', ""])
    )
    content.layers["vide"] = []
    features = Atlas.load(content.write(tmp_path)).collection("vide")
    assert (len(features), features.bounds) == (0, None)
