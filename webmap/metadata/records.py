"""What is known of each collection? Its description, the same for every kind of metadata."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from layers.atlas import Atlas
from layers.exporters.geojson import attribution
from layers.exporters.licences import terms
from layers.model import BBox, Layer, Source
from layers.records import DISCREPANCIES, DOCUMENTS, ENGAGEMENTS, INDICATORS
from webmap.i18n import localised
from webmap.labels import GROUPS, METHODS, licence_url, metres, number
from webmap.metadata.dates import Period, covered
from webmap.metadata.forms import Form, forms
from webmap.metadata.vocabulary import LICENCE_TITLES, REGISTER, SUBJECTS, Subject
from webmap.ogc.collections import Collection, collection, collections
from webmap.params import LANGUAGES
from webmap.site import current_site
from webmap.urls import absolute

MODIFIED = "limitrophe_modified"
"""Key, among the extensions of the application, of the dates of the collections."""
Shown = TypeVar("Shown")

_NAMED = {
    ENGAGEMENTS: ("commitments", "places"),
    DOCUMENTS: ("documents", "territory"),
    INDICATORS: ("indicators", "places"),
    DISCREPANCIES: ("discrepancies", "places"),
}
"""Where the collections of the register take their points from: table and cell of the atlas."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a record says in one language.

    ``lineage`` tells sources and methods, ``precision`` what the positions are good for.
    """

    title: str
    description: str
    lineage: str
    precision: str
    keywords: tuple[str, ...]
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The description of a collection.

    ``licence`` is an id of `webmap.labels.LICENCES`; that of the register is the strictest one
    of the positions that its points come from. ``scale`` is the denominator of the largest scale
    that the positions hold for; ``resolution_m`` their tolerance in metres. Both are None where
    they say nothing.
    """

    id: str
    uri: str
    texts: Mapping[str, Text]
    subject: Subject
    licence: str
    credit: str
    sources: tuple[Source, ...]
    modified: datetime.date
    period: Period | None
    bbox: BBox | None
    scale: int | None
    resolution_m: float | None

    @property
    def uuid(self) -> str:
        """An identifier of the record, drawn from its address."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.uri))

    @property
    def licence_url(self) -> str:
        """The address of the licence's text."""
        return licence_url(self.licence)

    @property
    def licence_title(self) -> str:
        """The official title of the licence."""
        return LICENCE_TITLES[self.licence]


def in_each_language(make: Callable[[], Shown]) -> dict[str, Shown]:
    """What a function returns in French and in English."""
    made = {}
    for code in LANGUAGES:
        with force_locale(code):
            made[code] = make()
    return made


def publisher() -> str:
    """Who publishes the catalogue: the setting, else the name of the atlas."""
    named: str = current_app.config["LIMITROPHE_PUBLISHER"]
    return named or current_site().atlas.title_fr


def contact() -> str:
    """An e-mail or web address to write to; empty when the settings give none."""
    address: str = current_app.config["LIMITROPHE_CONTACT"]
    return address


def record(id: str) -> Record:
    """Return the description of a collection.

    Raises
    ------
    layers.errors.NotFoundError
        With the ids that resemble it; also for contributions, which are not of the atlas.
    """
    atlas = current_site().atlas
    bbox = atlas.collection(id).bounds
    layer = collection(id).layer
    used = _sources(atlas, id, layer)
    return Record(
        id=id,
        uri=absolute("metadata.dataset", collection_id=id, lang=None),
        texts=in_each_language(lambda: _text(collection(id), used)),
        subject=SUBJECTS[layer.group] if layer else REGISTER,
        licence=terms(atlas, [id]).licence,
        credit=attribution(atlas, [source.id for source in used]),
        sources=used,
        modified=current_app.extensions[MODIFIED][id],
        period=covered(atlas, id),
        bbox=bbox,
        scale=layer.max_scale if layer and atlas.collection(id).bounds else None,
        resolution_m=layer.tolerance_m or None if layer else None,
    )


def records() -> list[Record]:
    """Every description: the register, then the layers in the order of the catalogue."""
    return [record(each.id) for each in collections()]


def _sources(atlas: Atlas, id: str, layer: Layer | None) -> tuple[Source, ...]:
    """The sources of a layer and of its places; of the register, those of the named places."""
    if layer:
        places = atlas.places_in(id)
        used = set(layer.sources)
    else:
        table, cell = _NAMED[id]
        named = {place for row in getattr(atlas, table).values() for place in getattr(row, cell)}
        places = tuple(atlas.places[place] for place in named)
        used = set()
    used.update(source for place in places for source in place.position.sources)
    return tuple(source for source in atlas.sources.values() if source.id in used)


def _text(subject: Collection, used: tuple[Source, ...]) -> Text:
    layer = subject.layer
    keywords = [_("données ouvertes"), _("engagements publics"), subject.title]
    if layer:
        keywords.insert(1, str(GROUPS[layer.group]))
    return Text(
        title=f"{localised(current_site().atlas, 'title')} – {subject.title}",
        description=subject.description or subject.title,
        lineage=_layer_lineage(layer, used) if layer else _register_lineage(used),
        precision=_precision(layer, subject),
        keywords=tuple(dict.fromkeys(keywords)),
        forms=forms(subject.id),
    )


def _quoted(used: tuple[Source, ...]) -> str:
    named = [f"{s.title} ({', '.join(p for p in (s.producer, s.vintage) if p)})" for s in used]
    return _("Sources : %(named)s.", named=" ; ".join(named)) if named else _("Sources : aucune.")


def _layer_lineage(layer: Layer, used: tuple[Source, ...]) -> str:
    places = current_site().atlas.places_in(layer.id)
    counts = Counter(str(place.position.method) for place in places)
    told = [
        _("%(what)s : %(much)s", what=METHODS[method], much=number(count))
        for method, count in counts.most_common()
    ]
    methods = _("Lieux par méthode de position : %(told)s.", told=", ".join(told)) if told else ""
    return " ".join(part for part in (_quoted(used), methods) if part)


def _register_lineage(used: tuple[Source, ...]) -> str:
    atlas = current_site().atlas
    titles = " ; ".join(localised(document, "title") for document in atlas.documents.values())
    read = _(
        "Relevé et résumé de ces documents, dont seul le texte fait foi : %(titles)s.",
        titles=titles,
    )
    placed = _("Les points sont ceux des lieux nommés.")
    return f"{read} {placed} {_quoted(used)}"


def _precision(layer: Layer | None, subject: Collection) -> str:
    if layer is None:
        return _("Un point par lieu nommé : il situe, il ne mesure pas.")
    if not subject.features.bounds:
        return _("Aucun lieu de cette couche n’est situé.")
    scale = _("Valable jusqu’au 1:%(scale)s.", scale=number(layer.max_scale))
    if layer.tolerance_m:
        tolerance = _("Tracés à %(distance)s près.", distance=metres(layer.tolerance_m))
        scale = f"{scale} {tolerance}"
    each = _("Chaque lieu dit sa méthode et sa précision.")
    return f"{scale} {each}"
