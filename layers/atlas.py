"""What is the atlas? ``data/`` read into one immutable, validated, indexed whole."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.catalogue import CATALOGUE, Catalogue, read_catalogue
from layers.continuity import Break, Corridor, break_place, breaks
from layers.encode import (
    feature_bytes,
    geometry_fragments,
    place_properties,
)
from layers.errors import FaultLog, NotFoundError, ParameterError, closest
from layers.model import (
    Actor,
    Area,
    Commitment,
    CorridorPlan,
    Discrepancy,
    Document,
    Indicator,
    Layer,
    Place,
    Source,
)
from layers.places import LayerReader
from layers.query import FeatureSet, feature_set
from layers.records import ENGAGEMENTS as ENGAGEMENTS
from layers.records import leaves, register_features
from layers.references import check_references
from layers.register import Register, read_register

if TYPE_CHECKING:
    from layers.frames import Frames

DATA = Path(__file__).parents[1] / "data"
"""The data folder of the project."""
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Atlas:
    """Layers, places, documents and commitments, checked against each other.

    Mappings are read-only and in file order. ``features`` holds one `FeatureSet` a layer and
    one for each part of the register (`layers.records.REGISTER`). ``breaks`` holds the computed
    breaks of the corridors by id; each is a place of its corridor's layer too. ``territories``
    holds the union of the members of each composite place. ``data_date`` is the day of the last
    change of the content. ``content_hash`` is the SHA-256 of the files' names and bytes (hex).
    """

    title_fr: str
    title_en: str
    description: str
    data_date: datetime.date
    layers: Mapping[str, Layer]
    sources: Mapping[str, Source]
    areas: Mapping[str, Area]
    corridors: Mapping[str, CorridorPlan]
    places: Mapping[str, Place]
    documents: Mapping[str, Document]
    actors: Mapping[str, Actor]
    commitments: Mapping[str, Commitment]
    indicators: Mapping[str, Indicator]
    discrepancies: Mapping[str, Discrepancy]
    breaks: Mapping[str, Break]
    features: Mapping[str, FeatureSet]
    by_layer: Mapping[str, tuple[Place, ...]]
    direct: Mapping[str, tuple[str, ...]]
    territories: Mapping[str, BaseGeometry | None]
    content_hash: str

    @classmethod
    def load(cls, data_dir: Path) -> Atlas:
        """Read, check and index a data folder.

        Parameters
        ----------
        data_dir
            The folder that holds ``geo/`` and ``commitments/``.

        Raises
        ------
        DataFaults
            If anything is wrong; it lists every fault of every file. There is never half an
            atlas.
        """
        log = FaultLog()
        catalogue, places, register, gaps = _read(data_dir, log)
        log.raise_any()
        return _assemble(catalogue, places, register, gaps, content_hash(data_dir))

    def layer(self, id: str) -> Layer:
        """Return a layer. Raises `NotFoundError`."""
        return _find("layer", id, self.layers)

    def place(self, id: str) -> Place:
        """Return a place. Raises `NotFoundError`."""
        return _find("place", id, self.places)

    def commitment(self, id: str) -> Commitment:
        """Return a commitment. Raises `NotFoundError`."""
        return _find("commitment", id, self.commitments)

    def document(self, id: str) -> Document:
        """Return a document. Raises `NotFoundError`."""
        return _find("document", id, self.documents)

    def actor(self, id: str) -> Actor:
        """Return an actor. Raises `NotFoundError`."""
        return _find("actor", id, self.actors)

    def corridor(self, id: str) -> CorridorPlan:
        """Return the plan of a corridor. Raises `NotFoundError`."""
        return _find("corridor", id, self.corridors)

    def collection(self, id: str) -> FeatureSet:
        """Return the features of a layer or of a part of the register. Raises `NotFoundError`."""
        return _find("collection", id, self.features)

    def places_in(self, layer_id: str) -> tuple[Place, ...]:
        """Return the places of a layer, in file order. Raises `NotFoundError`."""
        return _find("layer", layer_id, self.by_layer)

    def territory_geometry(self, place_id: str) -> BaseGeometry | None:
        """Return the geometry of a place, or the union of its members where it has none.

        WGS84, longitude before latitude; None where nothing locates the place. Raises
        `NotFoundError`.
        """
        place = self.place(place_id)
        return place.geometry if place.geometry is not None else self.territories.get(place_id)


def frames(data_dir: Path = DATA) -> Frames:
    """Return the atlas of a data folder as GeoDataFrames, with the joins made.

    ``frames()["voies"]`` is a layer, ``frames().register`` the commitments,
    ``frames().commitments_by_place`` both joined. Raises `DataFaults` as `Atlas.load` does.
    """
    from layers.frames import Frames  # a server does without it, and it needs this module

    return Frames(Atlas.load(data_dir))


def content_hash(data_dir: Path) -> str:
    """Return the SHA-256 of the names and bytes of the data files, as hex digits."""
    digest = hashlib.sha256()
    for path in sorted(_data_files(data_dir)):
        digest.update(path.relative_to(data_dir).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _data_files(data_dir: Path) -> Iterator[Path]:
    for pattern in ("geo/*.toml", "geo/*.geojson", "commitments/*"):
        yield from (path for path in data_dir.glob(pattern) if path.is_file())


def _find(kind: str, id: str, known: Mapping[str, Thing]) -> Thing:
    try:
        return known[id]
    except KeyError:
        raise NotFoundError(kind, id, closest(id, known)) from None


def _read(
    data_dir: Path, log: FaultLog
) -> tuple[Catalogue, dict[str, Place], Register, dict[str, Break]]:
    """Read and check everything; faults go to ``log``."""
    catalogue = read_catalogue(data_dir, log)
    reader = LayerReader(catalogue, log)
    read = [place for layer in catalogue.layers.values() for place in reader.read(data_dir, layer)]
    _check_stray_layers(data_dir, catalogue, log)
    register = read_register(data_dir, log)
    gaps, computed = _computed(catalogue, read, log)
    places = check_references(catalogue, [*read, *computed], register, log)
    return catalogue, places, register, gaps


def _check_stray_layers(data_dir: Path, catalogue: Catalogue, log: FaultLog) -> None:
    for path in sorted((data_dir / "geo").glob("*.geojson")):
        if path.stem not in catalogue.layers and catalogue.layers:
            log.add(
                f"geo/{path.name}",
                "",
                "",
                "the catalogue has no layer of this name",
                f"Add the layer to {CATALOGUE}, or remove the file",
            )


def _computed(
    catalogue: Catalogue, places: Iterable[Place], log: FaultLog
) -> tuple[dict[str, Break], list[Place]]:
    """Compute the breaks of every corridor whose places are all known."""
    by_id = {place.id: place for place in places}
    gaps: dict[str, Break] = {}
    computed: list[Place] = []
    for plan in catalogue.corridors.values():
        try:
            found = breaks(Corridor.from_plan(plan, by_id))
        except KeyError:
            continue  # an unknown place: noted when references are checked
        except ParameterError as error:
            log.add(
                CATALOGUE, f"corridor {plan.id}", error.parameter, str(error), "Correct the plan"
            )
            continue
        gaps.update((gap.id, gap) for gap in found)
        computed.extend(break_place(gap, plan, by_id) for gap in found)
    return gaps, computed


def _assemble(
    catalogue: Catalogue,
    places: dict[str, Place],
    register: Register,
    gaps: dict[str, Break],
    hash: str,
) -> Atlas:
    direct: dict[str, list[str]] = {id: [] for id in places}
    for commitment in register.commitments.values():
        for id in commitment.places:
            direct[id].append(commitment.id)
    by_layer: dict[str, list[Place]] = {id: [] for id in catalogue.layers}
    for place in places.values():
        by_layer[place.layer].append(place)
    territories = {id: _union_of_members(p, places) for id, p in places.items() if p.members}
    features = {id: _place_features(found, direct) for id, found in by_layer.items()}
    features.update(register_features(register, places))
    return Atlas(
        title_fr=catalogue.title_fr,
        title_en=catalogue.title_en,
        description=catalogue.description,
        data_date=catalogue.data_date,
        layers=MappingProxyType(catalogue.layers),
        sources=MappingProxyType(catalogue.sources),
        areas=MappingProxyType(catalogue.areas),
        corridors=MappingProxyType(catalogue.corridors),
        places=MappingProxyType(places),
        documents=MappingProxyType(register.documents),
        actors=MappingProxyType(register.actors),
        commitments=MappingProxyType(register.commitments),
        indicators=MappingProxyType(register.indicators),
        discrepancies=MappingProxyType(register.discrepancies),
        breaks=MappingProxyType(gaps),
        features=MappingProxyType(features),
        by_layer=MappingProxyType({id: tuple(found) for id, found in by_layer.items()}),
        direct=MappingProxyType({id: tuple(found) for id, found in direct.items()}),
        territories=MappingProxyType(territories),
        content_hash=hash,
    )


def _union_of_members(place: Place, places: Mapping[str, Place]) -> BaseGeometry | None:
    parts = [leaf.geometry for leaf in leaves(place, places) if leaf.geometry is not None]
    if not parts:
        return None
    union: BaseGeometry = shapely.union_all(parts)
    return union


def _place_features(places: Iterable[Place], direct: Mapping[str, list[str]]) -> FeatureSet:
    found = tuple(places)
    geometries = np.array([place.geometry for place in found], dtype=object)
    encoded = tuple(
        feature_bytes(place.id, fragment, place_properties(place, direct[place.id]))
        for place, fragment in zip(found, geometry_fragments(geometries), strict=True)
    )
    return feature_set(tuple(place.id for place in found), encoded, geometries)
