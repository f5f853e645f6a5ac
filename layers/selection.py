"""Which commitments and which places meet what a reader asks for, and how many has each choice?

A selection is a set of choices, all of which must hold; an empty choice asks nothing. Texts are
compared without case, accents or typographic apostrophes, word by word. A facet is what can be
chosen by: a choice holds for a commitment or a place when it is among its values of the facet.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Generic, TypeVar

from layers.atlas import Atlas
from layers.folding import folded as folded
from layers.join import TERRITORIES, Join
from layers.model import BBox, Commitment, LinkKind, Place
from layers.query import positions_in

Item = TypeVar("Item", Commitment, Place)
Counts = Mapping[str, int]

DUE_STATES = ("overdue", "this-year", "later", "none")
NEAR_M = 300.0
"""Distance of the near links that commitments are chosen by, in metres."""


def due_state(commitment: Commitment, today: datetime.date) -> str:
    """Return when a commitment is due, one of `DUE_STATES`.

    ``overdue`` only says that the date that the text gives has passed, never that nothing was
    done.
    """
    if commitment.due is None:
        return "none"
    if commitment.due < today:
        return "overdue"
    return "this-year" if commitment.due.year == today.year else "later"


@dataclass(frozen=True)
class Selection:
    """Choices among the commitments or the places.

    Parameters
    ----------
    text
        Words that must all occur; empty for any.
    choices
        An id or a code by facet; see `Register`.
    within
        The places out of which a commitment must have one, or a place be one; None for any.
    until
        The last day that a commitment may be due, one without a date then being left out; None
        for any.
    today
        The day that due dates are judged on.
    """

    text: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    within: frozenset[str] | None = None
    until: datetime.date | None = None
    today: datetime.date = datetime.date.min

    def __getitem__(self, facet: str) -> str:
        """What is chosen of a facet; empty when nothing is."""
        return self.choices.get(facet, "")

    @property
    def asks(self) -> bool:
        """Whether anything is chosen."""
        limits = (self.within, self.until)
        return bool(self.text or limits != (None, None) or any(self.choices.values()))

    def choosing(self, facet: str, value: str = "") -> Selection:
        """The same selection with another value of a facet; without one, the facet set aside."""
        return replace(self, choices={**self.choices, facet: value})


Values = Callable[[Item, Selection], Collection[str]]


@dataclass(frozen=True)
class Shelf(Generic[Item]):
    """Things to select from: ``texts`` has the folded words of each by id."""

    items: Mapping[str, Item]
    texts: Mapping[str, str]
    facets: Mapping[str, Values[Item]]
    within: Callable[[Item, Selection], Collection[str]]
    due: Callable[[Item], datetime.date | None]

    def found(self, selection: Selection) -> tuple[Item, ...]:
        """Return what meets every choice, in order."""
        words = folded(selection.text).split()
        chosen = [(self.facets[f], value) for f, value in selection.choices.items() if value]
        within = selection.within
        return tuple(
            item
            for id, item in self.items.items()
            if all(word in self.texts[id] for word in words)
            and all(value in values(item, selection) for values, value in chosen)
            and (within is None or not within.isdisjoint(self.within(item, selection)))
            and _due_by(self.due(item), selection.until)
        )

    def counts(self, facet: str, selection: Selection) -> Counts:
        """Return how many each value of a facet would leave, its own choice set aside."""
        values = self.facets[facet]
        freed = selection.choosing(facet)
        return Counter(v for item in self.found(freed) for v in set(values(item, freed)))


class Register:
    """The commitments and places of an atlas, ready to be selected from.

    Commitments have the facets ``document``, ``kind``, ``theme``, ``lead``, ``partner``, ``due``
    (one of `DUE_STATES`), ``discrepancy`` (``yes``, ``no``), ``link`` (a `LinkKind`), ``place``
    and ``territory``. Without a kind of link, ``place`` means a place that the text names, and
    ``territory`` one in which a named place lies, or that lies in, or has a place in common
    with, what the commitment holds for; with one, that the commitment has such a link to the
    place, or to a place in the territory. Near links reach `NEAR_M`.

    Places have ``layer``, ``document``, ``commune``, ``located`` and ``committed`` (``yes``,
    ``no``); background layers take no part.

    Parameters
    ----------
    join
        The join of the atlas.
    """

    def __init__(self, join: Join) -> None:
        self._join = join
        self._atlas: Atlas = join.atlas
        self._named = {id for c in self._atlas.commitments.values() for id in c.places}
        self._disputed = {
            id for found in self._atlas.discrepancies.values() for id in found.commitments
        }

    def prepare(self) -> None:
        """Make now what is otherwise made when it is first asked for."""
        _ = (self._commitments, self._places, self._territories)

    # The two shelves

    @cached_property
    def _commitments(self) -> Shelf[Commitment]:
        def linked(commitment: Commitment, selection: Selection) -> Collection[str]:
            return self.linked(commitment, selection["link"])

        return Shelf(
            items=self._atlas.commitments,
            texts={c.id: _words(self._texts(c)) for c in self._atlas.commitments.values()},
            facets={
                "document": lambda c, s: (c.document,),
                "kind": lambda c, s: (str(c.kind),),
                "theme": lambda c, s: (c.theme,),
                "lead": lambda c, s: c.lead,
                "partner": lambda c, s: c.partners,
                "due": lambda c, s: (due_state(c, s.today),),
                "discrepancy": lambda c, s: (_yes_no(c.id in self._disputed),),
                "link": lambda c, s: [k for k, places in self._links.items() if places[c.id]],
                "place": linked,
                "territory": lambda c, s: self._territories[s["link"]][c.id],
            },
            within=linked,
            due=lambda c: c.due,
        )

    @cached_property
    def _places(self) -> Shelf[Place]:
        return Shelf(
            items={place.id: place for place in self._join.places},
            texts={p.id: _words((p.id, p.name, p.kind, *p.aliases)) for p in self._join.places},
            facets={
                "layer": lambda p, s: (p.layer,),
                "document": lambda p, s: p.documents,
                "commune": lambda p, s: p.communes,
                "located": lambda p, s: (_yes_no(p.geometry is not None),),
                "committed": lambda p, s: (_yes_no(p.id in self._named),),
            },
            within=lambda p, s: (p.id,),
            due=lambda p: None,
        )

    def _texts(self, commitment: Commitment) -> Iterable[str]:
        atlas = self._atlas
        document = atlas.document(commitment.document)
        yield from (commitment.id, commitment.summary_fr, commitment.summary_en)
        yield from (commitment.horizon, commitment.recurrence, commitment.note)
        yield from commitment.figures
        yield from (document.short_fr, document.short_en)
        yield from (s.label_fr for s in document.sections if s.id == commitment.section)
        for id in (*commitment.lead, *commitment.partners):
            actor = atlas.actor(id)
            yield from (actor.name_fr, actor.name_en, *actor.aliases)
        for id in (*commitment.places, *commitment.scope):
            place = atlas.place(id)
            yield from (place.name, *place.aliases)

    # Links and territories

    @cached_property
    def _links(self) -> Mapping[str, Mapping[str, set[str]]]:
        """The places of each commitment by kind of link."""
        return {
            str(LinkKind.DIRECT): self._join.named(),
            str(LinkKind.TERRITORIAL): self._join.inherited(),
            str(LinkKind.NEAR): self._join.near(NEAR_M),
        }

    @cached_property
    def _contents(self) -> Mapping[str, frozenset[str]]:
        """What lies in each territory: those of the catalogue, and all that is a scope."""
        scopes = {id for c in self._atlas.commitments.values() for id in c.scope}
        return {
            place.id: frozenset(self._join.contents(place.id))
            for place in self._join.places
            if place.id in scopes or self._atlas.layers[place.layer].group == TERRITORIES
        }

    @cached_property
    def _territories(self) -> Mapping[str, Mapping[str, set[str]]]:
        """The territories of each commitment by kind of link; "" is direct and territorial."""
        holders: dict[str, list[str]] = {}
        for territory, places in self._contents.items():
            for id in places:
                holders.setdefault(id, []).append(territory)
        found: dict[str, Mapping[str, set[str]]] = {
            kind: {
                id: {territory for place in places for territory in holders.get(place, ())}
                for id, places in linked.items()
            }
            for kind, linked in self._links.items()
        }
        direct, around = found[LinkKind.DIRECT], found[LinkKind.TERRITORIAL]
        found[""] = {id: direct[id] | around[id] for id in direct}
        return found

    def linked(self, commitment: Commitment, kind: str = "") -> Collection[str]:
        """Return the places that a kind of link ties to a commitment; those named without one."""
        return self._links[kind][commitment.id] if kind else commitment.places

    # What is asked

    def commitments(self, selection: Selection) -> tuple[Commitment, ...]:
        """Return the commitments that meet every choice, in the register's order."""
        return self._commitments.found(selection)

    def commitment_counts(self, selection: Selection) -> Mapping[str, Counts]:
        """Return, for each facet, how many commitments each of its values would leave.

        A facet's own choice is set aside for its counts, so that the other values of the same
        facet remain to be seen; all other choices hold.
        """
        shelf = self._commitments
        counts = {f: shelf.counts(f, selection) for f in shelf.facets if f != "link"}
        # The kind of link says what a place and a territory mean, so each is tried.
        tried = {str(k): len(shelf.found(selection.choosing("link", k))) for k in LinkKind}
        return {**counts, "link": {kind: count for kind, count in tried.items() if count}}

    def tied(self, commitments: Iterable[Commitment], selection: Selection) -> Counts:
        """Return the places that a selection ties to commitments, with how many of these.

        They are those of the chosen kind of link that lie in the chosen territory.
        """
        territory = selection["territory"]
        inside = self._contents.get(territory, frozenset()) if territory else None
        return Counter(
            id
            for commitment in commitments
            for id in self.linked(commitment, selection["link"])
            if inside is None or id in inside
        )

    def places_in(self, bbox: BBox) -> frozenset[str]:
        """Return the places whose geometry meets a box ``(west, south, east, north)``."""
        layers = {place.layer: self._atlas.collection(place.layer) for place in self._join.places}
        return frozenset(
            layer.ids[position]
            for layer in layers.values()
            for position in positions_in(layer, bbox).tolist()
        )

    def places(self, selection: Selection) -> tuple[Place, ...]:
        """Return the places that meet every choice, in the catalogue's order; no background."""
        return self._places.found(selection)

    def place_counts(self, selection: Selection) -> Mapping[str, Counts]:
        """Return, for each facet, how many places each of its values would leave."""
        return {facet: self._places.counts(facet, selection) for facet in self._places.facets}


def _words(texts: Iterable[str]) -> str:
    return folded(" ".join(texts))


def _due_by(due: datetime.date | None, until: datetime.date | None) -> bool:
    return until is None or (due is not None and due <= until)


def _yes_no(holds: bool) -> str:
    return "yes" if holds else "no"
