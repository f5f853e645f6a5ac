"""Which commitments does an address choose? The parameters shared by the register and the map.

Another filter is another line of `FILTERS`: the map, the register, their forms, their counts
and their exports follow.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from layers.model import BBox
from layers.query import parse_bbox
from layers.selection import NEAR_M, Selection
from webmap.clock import today
from webmap.labels import DUE_WORDS, facet_options, label
from webmap.params import Parameter, choice, text
from webmap.site import current_site

Options = list[tuple[str, str, int]]


def _bbox(text: str) -> BBox | None:
    return parse_bbox(text) if text.strip() else None


def _day(text: str) -> datetime.date | None:
    if not text.strip():
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip(), re.ASCII):
        raise ValueError(text)
    return datetime.date.fromisoformat(text.strip())


@dataclass(frozen=True)
class Filter:
    """A filter: a facet of the register and how addresses and forms write it.

    Parameters
    ----------
    facet
        The facet, as `layers.selection.Register` names it.
    name
        The parameter in the address.
    title
        What forms call it.
    any, without
        What choosing nothing is called: in a list of choices, and where it is set aside.
    labels
        Where the labels of its values are: see `webmap.labels.facet_options`.
    words
        How addresses write its values, where they are not ids.
    """

    facet: str
    name: str
    title: object
    any: object
    without: object
    labels: str
    words: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def parameter(self) -> Parameter[str]:
        """The parameter that carries the choice."""
        if self.words:
            return choice(self.name, ("", *self.words.values()), "")
        return text(self.name)

    def value(self, word: str) -> str:
        """The value of the facet that a word of an address means."""
        return next((code for code, text in self.words.items() if text == word), word)

    def options(self, counts: Mapping[str, int], chosen: str = "") -> Options:
        """The choices: (word in the address, label, how many it leaves).

        What is chosen is always among them, so that it can be dropped.
        """
        held = {**({chosen: 0} if chosen else {}), **counts}
        if not self.words:
            return facet_options(held, self.labels)
        return [
            (word, _word_label(self.labels, code), held[code])
            for code, word in self.words.items()
            if code in held
        ]


def _word_label(labels: str, code: str) -> str:
    if code == "near":
        return str(_("À moins de %(n)s m", n=f"{NEAR_M:g}"))
    return label(code, labels)


TEXT = text("q")
BBOX = Parameter(
    "bbox",
    _bbox,
    lambda: _("ouest,sud,est,nord en degrés, par exemple 2.29,48.81,2.33,48.84"),
    None,
)
UNTIL = Parameter("jusqu-au", _day, lambda: _("une date AAAA-MM-JJ, par exemple 2024-12-31"), None)
LINK_WORDS = {"direct": "direct", "territorial": "territorial", "near": "proximite"}
YES_NO = {"yes": "oui", "no": "non"}
FILTERS = (
    Filter(
        "document", "document", _l("Document"), _l("Tous"), _l("tous les documents"), "document"
    ),
    Filter("kind", "nature", _l("Nature"), _l("Toutes"), _l("toutes les natures"), "kind"),
    Filter("theme", "theme", _l("Thème"), _l("Tous"), _l("tous les thèmes"), "theme"),
    Filter("lead", "porteur", _l("Porteur"), _l("Tous"), _l("tous les porteurs"), "actor"),
    Filter(
        "partner", "partenaire", _l("Partenaire"), _l("Tous"), _l("tous les partenaires"), "actor"
    ),
    Filter(
        "due",
        "echeance",
        _l("Échéance"),
        _l("Toutes"),
        _l("toutes les échéances"),
        "due",
        DUE_WORDS,
    ),
    Filter(
        "territory", "territoire", _l("Territoire"), _l("Tous"), _l("tous les territoires"), "place"
    ),
    Filter(
        "link", "lien", _l("Lien au lieu"), _l("Tous"), _l("tous les liens"), "link", LINK_WORDS
    ),
    Filter(
        "discrepancy",
        "discordance",
        _l("Discordance"),
        _l("Avec ou sans"),
        _l("avec ou sans discordance"),
        "discrepancy",
        YES_NO,
    ),
)
PLACE_FILTER = Filter("place", "lieu", _l("Lieu nommé"), _l("Tous"), _l("tous les lieux"), "place")
"""Of the register alone: on the map ``lieu`` is the place whose sheet is open."""
IN_THE_REGISTER = (*FILTERS, PLACE_FILTER)
ON_THE_MAP: tuple[Parameter[Any], ...] = (TEXT, *(f.parameter for f in FILTERS), BBOX, UNTIL)
EVERY: tuple[Parameter[Any], ...] = (*ON_THE_MAP, PLACE_FILTER.parameter)


def chosen(filters: Sequence[Filter] = FILTERS) -> Selection:
    """The selection that the current address makes, as far as ``filters`` go."""
    box = BBOX.value
    return Selection(
        text=TEXT.value,
        choices={f.facet: f.value(f.parameter.value) for f in filters if f.parameter.value},
        within=None if box is None else current_site().register.places_in(box),
        until=UNTIL.value,
        today=today(),
    )


def asked() -> dict[str, str]:
    """What the current address chooses, as it says it: for the links that keep it."""
    names = [parameter.name for parameter in EVERY]
    return {name: request.args[name] for name in names if request.args.get(name)}


def options(selection: Selection, filters: Sequence[Filter] = FILTERS) -> dict[str, Options]:
    """The choices of each filter by its parameter, with how many commitments each would leave."""
    counts = current_site().register.commitment_counts(selection)
    return {f.name: f.options(counts[f.facet], selection[f.facet]) for f in filters}


def freeing(selection: Selection, filters: Sequence[Filter] = FILTERS) -> Options:
    """The choices that, set aside one at a time, leave something: (parameter, label, how many)."""
    freed = [
        (TEXT.name, _("sans les mots"), replace(selection, text="")),
        (BBOX.name, _("toute l’étendue"), replace(selection, within=None)),
        (UNTIL.name, _("toutes les dates"), replace(selection, until=None)),
        *((f.name, str(f.without), selection.choosing(f.facet)) for f in filters),
    ]
    register = current_site().register
    left = [
        (name, title, len(register.commitments(other)))
        for name, title, other in freed
        if request.args.get(name)
    ]
    return [choice for choice in left if choice[2]]
