"""What do the tables of the register show? Their columns, their order, and the page asked for.

The register's own page and the table beside the map are made of the same columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from flask_babel import lazy_gettext as _l

from layers.atlas import ENGAGEMENTS
from layers.errors import ParameterError
from layers.folding import folded
from layers.model import Commitment, Place
from webmap.i18n import localised
from webmap.labels import actor_names, area, date, label, metres, place_label, section_label
from webmap.params import Parameter, Several, text, whole_number
from webmap.site import current_site

Item = TypeVar("Item", Commitment, Place)
PER_PAGE = 40
ASCENDING, DESCENDING = "ascending", "descending"


@dataclass(frozen=True)
class Column(Generic[Item]):
    """A column: ``name`` in addresses, ``title`` for people.

    Parameters
    ----------
    text
        What a cell says, in the language of the request.
    key
        What rows are put in order by, None where there is nothing: such rows come last, either
        way. Without one, by the text.
    shown
        Whether the table has it unless told otherwise.
    number
        Whether it holds numbers, which are set to the right.
    """

    name: str
    title: object
    text: Callable[[Item], str]
    key: Callable[[Item], Any] | None = None
    shown: bool = True
    number: bool = False

    def order(self, item: Item) -> Any:
        """What ``item`` is put in order by."""
        return self.key(item) if self.key else folded(self.text(item)) or None


@dataclass(frozen=True)
class Layout(Generic[Item]):
    """A table as it is asked for: its columns, the sorted one and its direction ("" for none)."""

    columns: tuple[Column[Item], ...]
    sorted_by: str
    direction: str

    def arranged(self, items: Sequence[Item], table: Table[Item]) -> list[Item]:
        """Return items in the order asked for; equal ones stay as they were."""
        if not self.sorted_by:
            return list(items)
        order = table.by_name[self.sorted_by].order
        keyed = [(order(item), item) for item in items]
        filled = sorted(
            (pair for pair in keyed if pair[0] is not None),
            key=lambda pair: pair[0],
            reverse=self.direction == DESCENDING,
        )
        return [item for _, item in filled] + [item for key, item in keyed if key is None]


@dataclass(frozen=True)
class Table(Generic[Item]):
    """A table: ``name`` in addresses; its first column names the row and is always there."""

    name: str
    title: object
    columns: tuple[Column[Item], ...]

    @cached_property
    def by_name(self) -> dict[str, Column[Item]]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    def layout(self, sort: str, columns: tuple[str, ...] | None) -> Layout[Item]:
        """Return the table as the parameters ``tri`` and ``colonnes`` ask for it.

        Raises
        ------
        ParameterError
            If the table has no such column.
        """
        wanted = sort.removeprefix("-")
        for parameter, names in ((SORT, [wanted] if wanted else []), (COLUMNS, columns or ())):
            for name in names:
                if name not in self.by_name:
                    raise ParameterError(parameter.name, name, ", ".join(self.by_name))
        first, *others = self.columns
        kept: list[Column[Item]] = [
            c for c in others if (c.shown if columns is None else c.name in columns)
        ]
        direction = (DESCENDING if sort.startswith("-") else ASCENDING) if wanted else ""
        return Layout((first, *kept), wanted, direction)


def _page(text: str) -> int:
    number = whole_number(text)
    if number < 1:
        raise ValueError(text)
    return number


SORT = text("tri")
COLUMNS = Several("colonnes", lambda text: tuple(filter(None, text.split(","))), lambda: "", None)
PAGE = Parameter("page", _page, lambda: "1, 2, 3 …", 1)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A page of a table: ``first`` and ``last`` are the ranks of its rows, from 1."""

    items: Sequence[Item]
    total: int
    number: int
    pages: int

    @property
    def first(self) -> int:
        """Rank of the first row; 0 when there is none."""
        return (self.number - 1) * PER_PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Rank of the last row."""
        return self.first + len(self.items) - 1 if self.total else 0


def page_of(items: Sequence[Item], number: int) -> Page[Item]:
    """Return a page of some items; a number beyond the last means the last."""
    pages = max(1, -(-len(items) // PER_PAGE))
    number = min(number, pages)
    shown = items[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page(shown, len(items), number, pages)


def _names(ids: tuple[str, ...]) -> str:
    return ", ".join(map(place_label, ids))


def _disputes(item: Commitment | Place) -> int:
    found = current_site().atlas.discrepancies.values()
    if isinstance(item, Commitment):
        return sum(item.id in d.commitments for d in found)
    return sum(item.id in d.places for d in found)


def _count(number: int) -> str:
    return str(number) if number else ""


def _naming(place: Place) -> int:
    return len(current_site().atlas.direct[place.id])


def _layer(place: Place) -> str:
    return localised(current_site().atlas.layer(place.layer), "title")


COMMITMENTS: Table[Commitment] = Table(
    "engagements",
    _l("Engagements"),
    (
        Column("engagement", _l("Engagement"), lambda c: localised(c, "summary")),
        Column(
            "document",
            _l("Document"),
            lambda c: localised(current_site().atlas.document(c.document), "short"),
        ),
        Column(
            "section",
            _l("Section"),
            lambda c: section_label(c.document, c.section),
            key=lambda c: current_site().atlas.collection(ENGAGEMENTS).index[c.id],
            shown=False,
        ),
        Column("nature", _l("Nature"), lambda c: label(c.kind, "kind")),
        Column("theme", _l("Thème"), lambda c: label(c.theme, "theme"), shown=False),
        Column("porteur", _l("Porteur"), lambda c: actor_names(c.lead)),
        Column("partenaire", _l("Partenaires"), lambda c: actor_names(c.partners), shown=False),
        Column("echeance", _l("Échéance"), lambda c: date(c.due) or c.horizon, key=lambda c: c.due),
        Column("lieux", _l("Lieux nommés"), lambda c: _names(c.places)),
        Column("territoire", _l("Pris pour"), lambda c: _names(c.scope), shown=False),
        Column(
            "discordances",
            _l("Discordances"),
            lambda c: _count(_disputes(c)),
            key=lambda c: _disputes(c) or None,
            shown=False,
            number=True,
        ),
    ),
)
PLACES: Table[Place] = Table(
    "lieux",
    _l("Lieux"),
    (
        Column("lieu", _l("Lieu"), lambda p: p.name),
        Column("couche", _l("Couche"), _layer),
        Column("type", _l("Type"), lambda p: p.kind, shown=False),
        Column("communes", _l("Communes"), lambda p: _names(p.communes)),
        Column(
            "engagements",
            _l("Engagements qui le nomment"),
            lambda p: _count(_naming(p)),
            key=lambda p: _naming(p) or None,
            number=True,
        ),
        Column(
            "longueur",
            _l("Longueur"),
            lambda p: metres(p.length_m),
            lambda p: p.length_m,
            False,
            True,
        ),
        Column(
            "surface", _l("Surface"), lambda p: area(p.area_m2), lambda p: p.area_m2, False, True
        ),
        Column(
            "position", _l("Position"), lambda p: label(p.position.method, "method"), shown=False
        ),
        Column(
            "discordances",
            _l("Discordances"),
            lambda p: _count(_disputes(p)),
            key=lambda p: _disputes(p) or None,
            shown=False,
            number=True,
        ),
    ),
)
TABLES = (COMMITMENTS, PLACES)
