"""What is the atlas in a notebook? GeoDataFrames of its layers and its register, joined.

Properties have the names that the service gives them; lists stay lists. Frames are indexed by
id and in WGS84 (longitude, latitude); `layers.crs.frame_to` projects them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import geopandas as gpd
import pandas as pd

from layers.atlas import ENGAGEMENTS, Atlas
from layers.crs import WGS84
from layers.encode import properties_of
from layers.join import NEAR_M, Join
from layers.model import Link


class Frames(Mapping[str, gpd.GeoDataFrame]):
    """The collections of an atlas by id, each a GeoDataFrame that is made once.

    Parameters
    ----------
    atlas
        The atlas.
    """

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self._made: dict[str, gpd.GeoDataFrame] = {}

    def __getitem__(self, id: str) -> gpd.GeoDataFrame:
        if id not in self.atlas.features:
            raise KeyError(id)
        if id not in self._made:
            self._made[id] = _frame(self.atlas, id)
        return self._made[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.atlas.features)

    def __len__(self) -> int:
        return len(self.atlas.features)

    @cached_property
    def join(self) -> Join:
        """The join of commitments and places."""
        return Join(self.atlas)

    @cached_property
    def places(self) -> gpd.GeoDataFrame:
        """Every place of every layer that is no background, in one frame."""
        wanted = [id for id, layer in self.atlas.layers.items() if not layer.background]
        frames = [self[id] for id in wanted if len(self[id])]
        return gpd.GeoDataFrame(pd.concat(frames), geometry="geometry", crs=WGS84)

    @property
    def register(self) -> gpd.GeoDataFrame:
        """The commitments; their geometry is one point for each place that they name."""
        return self[ENGAGEMENTS]

    @cached_property
    def links(self) -> pd.DataFrame:
        """The direct and territorial links: commitment, place, layer, kind, via."""
        found = [link for id in self.register.index for link in self.join.links_of_commitment(id)]
        return self._table(found).drop(columns="distance_m")

    def near(self, distance_m: float = NEAR_M) -> pd.DataFrame:
        """Return the near links, with their planar distance in Lambert-93 metres."""
        ids = self.register.index
        return self._table([n for id in ids for n in self.join.near_commitment(id, distance_m)])

    def _table(self, links: Iterable[Link]) -> pd.DataFrame:
        layers = {id: place.layer for id, place in self.atlas.places.items()}
        rows = [
            (link.commitment, link.place, layers[link.place], str(link.kind), link.via,
             link.distance_m)
            for link in links
        ]  # fmt: skip
        columns = ["commitment", "place", "layer", "kind", "via", "distance_m"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def commitments_by_place(self) -> gpd.GeoDataFrame:
        """One row for each direct link: the commitment's columns, the place's name and shape."""
        direct = self.links[self.links["kind"] == "direct"]
        places = self.places[["name", "communes", "geometry"]]
        named = direct.merge(places, left_on="place", right_index=True)
        acts = self.register.drop(columns="geometry")
        joined = named[["commitment", "place", "layer", "name", "communes", "geometry"]].merge(
            acts, left_on="commitment", right_index=True
        )
        return gpd.GeoDataFrame(joined, geometry="geometry", crs=WGS84)


def _frame(atlas: Atlas, id: str) -> gpd.GeoDataFrame:
    features = atlas.collection(id)
    rows = [properties_of(feature) for feature in features.encoded]
    table = pd.DataFrame(rows, index=pd.Index(features.ids, name="id"))
    if "id" in table:
        table = table.drop(columns="id")
    if "due" in table:
        table["due"] = pd.to_datetime(table["due"], format="%Y-%m-%d")
    return gpd.GeoDataFrame(table, geometry=features.geometries, crs=WGS84)
