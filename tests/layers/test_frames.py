"""Does a notebook get the atlas as frames, with the joins made?"""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from layers import atlas
from layers.join import Join


@pytest.fixture(scope="module")
def frames(tiny_folder):
    return atlas.frames(tiny_folder)


def test_each_collection_is_a_frame_of_its_features(frames, tiny):
    assert list(frames) == list(tiny.features)
    assert len(frames) == len(tiny.features)
    for id, features in tiny.features.items():
        assert list(frames[id].index) == list(features.ids)
        assert frames[id].crs == "OGC:CRS84"
        missing = shapely.is_missing(features.geometries)
        assert (frames[id].geometry.isna().to_numpy() == missing).all()
    with pytest.raises(KeyError):
        frames["nulle-part"]


def test_the_register_has_dates_and_lists(frames):
    first = frames.register.loc["convention-a-2"]
    assert first["places"] == ["rue-ouest", "jardin"]
    assert frames.register.loc["convention-a-1", "due"] == pd.Timestamp(2022, 12, 31)


def test_links_are_those_of_the_join(frames, tiny):
    join = Join(tiny)
    expected = [link for id in tiny.commitments for link in join.links_of_commitment(id)]
    assert list(frames.links["commitment"]) == [link.commitment for link in expected]
    assert list(frames.links["kind"]) == [str(link.kind) for link in expected]
    near = frames.near(300)
    assert (near["distance_m"] <= 300).all()
    assert set(near["kind"]) == {"near"}


def test_commitments_and_places_are_joined_by_direct_links(frames, tiny):
    joined = frames.commitments_by_place
    pairs = [(c.id, place) for c in tiny.commitments.values() for place in c.places]
    assert sorted(zip(joined["commitment"], joined["place"], strict=True)) == sorted(pairs)
    assert set(joined["name"]) == {"Rue de l’Ouest", "Jardin", "Site perdu"}
    assert joined.crs == "OGC:CRS84"
    assert len(frames.places) == len(tiny.places)
