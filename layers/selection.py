"""Which commitments and which places meet what a reader asks for, and how many has each choice?

A selection is a set of choices, all of which must hold; an empty choice asks nothing. Texts are
compared without case, accents or typographic apostrophes, word by word.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from layers.atlas import Atlas
from layers.folding import folded as folded
from layers.model import Commitment, Place

Counts = Mapping[str, int]


DUE_STATES = ("overdue", "this-year", "later", "none")


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


@dataclass(frozen=True, slots=True)
class CommitmentSelection:
    """Choices among the commitments; each is an id or a code, empty for any.

    ``due`` is one of `DUE_STATES`, judged on the day ``today``.
    """

    text: str = ""
    document: str = ""
    kind: str = ""
    theme: str = ""
    lead: str = ""
    partner: str = ""
    place: str = ""
    due: str = ""
    today: datetime.date = datetime.date.min


@dataclass(frozen=True, slots=True)
class PlaceSelection:
    """Choices among the places; ``located`` and ``committed`` are ``yes``, ``no`` or empty."""

    text: str = ""
    layer: str = ""
    document: str = ""
    commune: str = ""
    located: str = ""
    committed: str = ""


class Register:
    """The commitments and places of an atlas, ready to be selected from."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        background = {layer.id for layer in atlas.layers.values() if layer.background}
        self._places = tuple(p for p in atlas.places.values() if p.layer not in background)
        self._named = {id for c in atlas.commitments.values() for id in c.places}

    @cached_property
    def _commitment_texts(self) -> Mapping[str, str]:
        return {c.id: folded(" ".join(self._words(c))) for c in self._atlas.commitments.values()}

    @cached_property
    def _place_texts(self) -> Mapping[str, str]:
        return {p.id: folded(" ".join((p.id, p.name, p.kind, *p.aliases))) for p in self._places}

    def _words(self, commitment: Commitment) -> Iterable[str]:
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

    def commitments(self, selection: CommitmentSelection) -> tuple[Commitment, ...]:
        """Return the commitments that meet every choice, in the register's order."""
        tests = self._commitment_tests(selection)
        return tuple(c for c in self._atlas.commitments.values() if all(test(c) for test in tests))

    def _commitment_tests(
        self, selection: CommitmentSelection
    ) -> list[Callable[[Commitment], bool]]:
        words = folded(selection.text).split()
        texts = self._commitment_texts if words else {}
        tests: list[tuple[object, Callable[[Commitment], bool]]] = [
            (words, lambda c: all(word in texts[c.id] for word in words)),
            (selection.document, lambda c: c.document == selection.document),
            (selection.kind, lambda c: c.kind == selection.kind),
            (selection.theme, lambda c: c.theme == selection.theme),
            (selection.lead, lambda c: selection.lead in c.lead),
            (selection.partner, lambda c: selection.partner in c.partners),
            (selection.place, lambda c: selection.place in c.places),
            (selection.due, lambda c: due_state(c, selection.today) == selection.due),
        ]
        return [test for choice, test in tests if choice]

    def commitment_counts(self, selection: CommitmentSelection) -> Mapping[str, Counts]:
        """Return, for each facet, how many commitments each of its values would leave.

        A facet's own choice is set aside for its counts, so that the other values of the same
        facet remain to be seen; all other choices hold.
        """
        facets: Mapping[str, Callable[[Commitment], Iterable[str]]] = {
            "document": lambda c: (c.document,),
            "kind": lambda c: (str(c.kind),),
            "theme": lambda c: (c.theme,),
            "lead": lambda c: c.lead,
            "partner": lambda c: c.partners,
            "place": lambda c: c.places,
            "due": lambda c: (due_state(c, selection.today),),
        }
        counts = {}
        for facet, values in facets.items():
            none: dict[str, Any] = {facet: ""}
            freed = self.commitments(replace(selection, **none))
            counts[facet] = Counter(value for c in freed for value in set(values(c)))
        return counts

    def places(self, selection: PlaceSelection) -> tuple[Place, ...]:
        """Return the places that meet every choice, in the catalogue's order; no background."""
        tests = self._place_tests(selection)
        return tuple(p for p in self._places if all(test(p) for test in tests))

    def _place_tests(self, selection: PlaceSelection) -> list[Callable[[Place], bool]]:
        words = folded(selection.text).split()
        texts = self._place_texts if words else {}
        tests: list[tuple[object, Callable[[Place], bool]]] = [
            (words, lambda p: all(word in texts[p.id] for word in words)),
            (selection.layer, lambda p: p.layer == selection.layer),
            (selection.document, lambda p: selection.document in p.documents),
            (selection.commune, lambda p: selection.commune in p.communes),
            (selection.located, lambda p: (p.geometry is not None) == (selection.located == "yes")),
            (
                selection.committed,
                lambda p: (p.id in self._named) == (selection.committed == "yes"),
            ),
        ]
        return [test for choice, test in tests if choice]

    def place_counts(self, selection: PlaceSelection) -> Mapping[str, Counts]:
        """Return, for each facet, how many places each of its values would leave."""
        facets: Mapping[str, Callable[[Place], Iterable[str]]] = {
            "layer": lambda p: (p.layer,),
            "document": lambda p: p.documents,
            "commune": lambda p: p.communes,
        }
        counts = {}
        for facet, values in facets.items():
            freed = self.places(replace(selection, **{facet: ""}))
            counts[facet] = Counter(value for p in freed for value in set(values(p)))
        return counts
