"""How do the sheets fit into one file? Each record once, lists as numbers, links inside.

The sheets are those of the live map, made by the same templates. Under a `Pack` their lists of
records become ``<ul data-list="n">``, which the file's script fills from the records; their
links lead to places and commitments of the file, or are plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from layers.model import Commitment, Discrepancy, Layer, Link, Place
from webmap.icons import icon
from webmap.labels import metres
from webmap.site import current_site
from webmap.views import commitments, places

NOWHERE = "absent:"
_DEAD_LINK = re.compile(rf'<a\b([^>]*)\bhref="{NOWHERE}"([^>]*)>(.*?)</a>', re.DOTALL)
_CLASS = re.compile(r'\bclass="[^"]*"')
_SPACE = re.compile(r"[ \t\r\n]+")

Entry = int | tuple[int, int, str]


class Pack:
    """What the templates of the sheets are given in order to be put into one file.

    Parameters
    ----------
    layers
        The layers whose places have a sheet in the file. Every commitment has one.
    """

    def __init__(self, layers: Iterable[Layer]) -> None:
        self.atlas = current_site().atlas
        self.layers = {layer.id for layer in layers}
        self.lists: list[tuple[str, tuple[Entry, ...]]] = []
        self._list_numbers: dict[tuple[str, tuple[Entry, ...]], int] = {}
        self._commitment_numbers = {id: n for n, id in enumerate(self.atlas.commitments)}
        self._place_numbers = {id: n for n, id in enumerate(self.atlas.places)}
        self._discrepancy_numbers = {id: n for n, id in enumerate(self.atlas.discrepancies)}
        self._icons: dict[str, None] = {}

    def holds(self, place_id: str) -> bool:
        """Tell whether a place has its sheet in the file."""
        return place_id in self.atlas.places and self.atlas.places[place_id].layer in self.layers

    def link(self, endpoint: str, **values: Any) -> str:
        """Stands for ``url_for``: the address inside the file, or `NOWHERE`."""
        if endpoint == "map.show" and "zone" in values:
            return f"#zone={values['zone']}"
        if endpoint == "commitments.show":
            return f"#engagement={values['id']}"
        if endpoint == "places.show" and self.holds(values["id"]):
            return f"#lieu={values['id']}"
        return NOWHERE

    def icon(self, name: str) -> Markup:
        """Stands for ``icon``: a reference to the one drawing in the file."""
        self._icons[name] = None
        return Markup(
            '<svg class="icon" aria-hidden="true"><use href="#icone-{}"></use></svg>'
        ).format(name)

    def drawings(self) -> Markup:
        """The icons that were asked for, each once."""
        symbols = []
        for name in self._icons:
            drawn = re.sub(r'^<svg class="icon" focusable="false"', "<symbol", icon(name))
            drawn = re.sub(r"</svg>$", "</symbol>", drawn)
            drawn = drawn.replace("<symbol", f'<symbol id="icone-{name}"', 1)
            symbols.append(re.sub(r' (?:xmlns|aria-hidden|data-slot)="[^"]*"', "", drawn))
        return Markup('<svg hidden aria-hidden="true">{}</svg>').format(Markup("".join(symbols)))

    def commitments(self, found: Sequence[Commitment]) -> Markup:
        """A list of commitments, by number."""
        return self._list("c", tuple(self._commitment_numbers[c.id] for c in found))

    def near(self, found: Sequence[tuple[Link, Commitment]]) -> Markup:
        """A list of commitments, each with the place that it names and the distance to it."""
        return self._list("c", tuple(self._near(link, commitment) for link, commitment in found))

    def _near(self, link: Link, commitment: Commitment) -> Entry:
        said = _("à %(distance)s", distance=metres(link.distance_m))
        number = self._commitment_numbers[commitment.id]
        return (number, self._place_numbers[link.via], said)

    def places(self, found: Sequence[Place]) -> Markup:
        """A list of places, by number."""
        return self._list("p", tuple(self._place_numbers[place.id] for place in found))

    def discrepancies(self, found: Sequence[Discrepancy]) -> Markup:
        """A list of discrepancies, by number."""
        return self._list("d", tuple(self._discrepancy_numbers[d.id] for d in found))

    def _list(self, kind: str, entries: tuple[Entry, ...]) -> Markup:
        key = (kind, entries)
        if key not in self._list_numbers:
            self._list_numbers[key] = len(self.lists)
            self.lists.append(key)
        return Markup('<ul class="records" data-list="{}"></ul>').format(self._list_numbers[key])

    def render(self, template: str, **variables: Any) -> Markup:
        """Render a template for the file."""
        text = render_template(template, pack=self, url_for=self.link, icon=self.icon, **variables)
        return Markup(_SPACE.sub(" ", _DEAD_LINK.sub(_as_text, text)).strip())

    def sheets(self) -> dict[str, Markup]:
        """The sheets by key: ``lieu:<id>`` and ``engagement:<id>``."""
        found = {
            f"lieu:{id}": self.render(
                "sheets/place.html", **places.about(id, places.RADIUS.default)
            )
            for id in self.atlas.places
            if self.holds(id)
        }
        for id in self.atlas.commitments:
            found[f"engagement:{id}"] = self.render(
                "sheets/commitment.html", **commitments.about(id)
            )
        return found

    def records(self) -> dict[str, list[Markup]]:
        """The records that the lists refer to, by kind, in the order of their numbers."""
        atlas = self.atlas
        kinds = {"c": atlas.commitments, "p": atlas.places, "d": atlas.discrepancies}
        return {
            kind: [self.render("standalone/record.html", kind=kind, thing=thing) for thing in known]
            for kind, known in ((kind, known.values()) for kind, known in kinds.items())
        }


def _as_text(match: re.Match[str]) -> str:
    kept = _CLASS.search(match[1] + match[2])
    return f"<span {kept[0]}>{match[3]}</span>" if kept else match[3]
