"""Under which licence is what leaves the atlas, and what is to be quoted?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from layers.atlas import Atlas
from layers.model import Source

ODBL, ETALAB, CC_BY = "ODbL-1.0", "etalab-2.0", "CC-BY-4.0"
NAMES: Mapping[str, tuple[str, str]] = {
    ODBL: (
        "Open Database License (ODbL) 1.0",
        "https://opendatacommons.org/licenses/odbl/1-0/",
    ),
    ETALAB: (
        "Licence Ouverte / Open Licence 2.0 (Etalab)",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    ),
    CC_BY: (
        "Creative Commons Attribution 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
}
"""Full name and address by id."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a download may be used for, and what it comes from.

    ``licence`` is that of the whole; ``parts`` are the licences of the collections in it by
    their title; ``sources`` are in the order of the catalogue.
    """

    licence: str
    parts: Mapping[str, str]
    sources: tuple[Source, ...]

    @property
    def mixed(self) -> bool:
        """Whether collections of several licences come together."""
        return len(set(self.parts.values())) > 1

    @property
    def attribution(self) -> str:
        """The credits to quote, each once."""
        return " ; ".join(dict.fromkeys(source.attribution for source in self.sources))


def terms(atlas: Atlas, collection_ids: Iterable[str]) -> Terms:
    """Return the terms of some collections taken together.

    What is derived from a database under the ODbL stays under it, so one collection under it
    puts the whole under it; the others keep their licence when they are taken alone.

    Raises
    ------
    NotFoundError
        If a collection is unknown.
    """
    parts: dict[str, str] = {}
    used: set[str] = set()
    for id in collection_ids:
        atlas.collection(id)
        if id in atlas.layers:
            layer = atlas.layers[id]
            parts[layer.title_fr] = layer.licence
            used.update(layer.sources)
        else:
            found = _sources_of_the_register(atlas)
            licences = {atlas.sources[s].licence for s in found}
            parts[id] = ODBL if ODBL in licences else ETALAB
            used.update(found)
    sources = tuple(source for id, source in atlas.sources.items() if id in used)
    return Terms(ODBL if ODBL in parts.values() else ETALAB, parts, sources)


def _sources_of_the_register(atlas: Atlas) -> set[str]:
    """Return the sources of the positions that the register's points come from."""
    named = {id for thing in atlas.commitments.values() for id in thing.places}
    named |= {id for thing in atlas.indicators.values() for id in thing.places}
    named |= {id for thing in atlas.discrepancies.values() for id in thing.places}
    named |= {id for document in atlas.documents.values() for id in document.territory}
    members = {m for id in named for m in atlas.places[id].members}
    return {s for id in named | members for s in atlas.places[id].position.sources}
