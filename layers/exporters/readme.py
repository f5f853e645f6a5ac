"""What must travel with the data? The README of a download, in French and in English."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from layers.atlas import Atlas
from layers.crs import area_of_use
from layers.exporters.extract import Choice, Extract
from layers.exporters.formats import SYSTEMS
from layers.exporters.licences import NAMES, Terms
from layers.exporters.target import Written
from layers.model import Layer

REGISTER_TITLES = {
    "engagements": ("Registre des engagements", "Register of commitments"),
    "documents": ("Documents", "Documents"),
    "indicateurs": ("Indicateurs", "Indicators"),
    "discordances": ("Discordances", "Discrepancies"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One collection of a download: what was asked for, and what was written."""

    choice: Choice
    extract: Extract
    written: Written


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a README tells of.

    ``address`` is where the download was asked for; ``made`` the day it was made, and ``date``
    that of the data.
    """

    atlas: Atlas
    parts: tuple[Part, ...]
    terms: Terms
    format: str
    epsg: int
    date: datetime.date
    made: datetime.date
    address: str = ""


def title(atlas: Atlas, id: str, english: bool = False) -> str:
    """Return the title of a collection."""
    if id in atlas.layers:
        layer = atlas.layers[id]
        return layer.title_en if english else layer.title_fr
    return REGISTER_TITLES[id][english]


def readme(delivery: Delivery) -> str:
    """Return the text of the README; the French first, then the English."""
    lines = [*_french(delivery), "", "=" * 72, "", *_english(delivery)]
    return "\r\n".join(lines) + "\r\n"


def _french(d: Delivery) -> Iterable[str]:
    yield f"{d.atlas.title_fr} – {', '.join(title(d.atlas, p.choice.collection) for p in d.parts)}"
    yield ""
    yield f"Date des données : {d.date.isoformat()}"
    yield f"Fichier produit le : {d.made.isoformat()}"
    yield f"Format : {d.format}"
    yield f"Système de coordonnées : EPSG:{d.epsg}, {SYSTEMS[d.epsg]}"
    yield from (f"Adresse : {d.address}",) if d.address else ()
    for part in d.parts:
        yield ""
        yield f"-- {title(d.atlas, part.choice.collection)} ({part.choice.collection})"
        yield f"Demande : {_query(part.choice, 'tout')}"
        yield f"Objets annoncés : {len(part.extract)}"
        yield f"Objets livrés : {part.written.delivered}"
        yield f"Dont sans géométrie (rien ne les situe) : {part.extract.unlocated}"
        layer = d.atlas.layers.get(part.choice.collection)
        if layer:
            yield f"Millésime : {layer.vintage}"
            yield (
                f"Précision : généralisation à {layer.tolerance_m:g} m ; celle de chaque position"
                " est dans ses attributs"
            )
            yield f"Plus grande échelle valable : 1:{layer.max_scale}"
        else:
            yield "Millésime : celui de chaque document ; un point par lieu nommé"
            yield f"Plus grande échelle valable : 1:{_coarsest(d.atlas)}"
        outside = _outside(part.extract, d.epsg)
        if outside:
            yield (
                f"Hors du domaine d’emploi d’EPSG:{d.epsg} : {outside} objets ; leurs longueurs"
                " et surfaces planes y sont déformées"
            )
        yield from (f"Note : {french}" for french, _english in part.written.notes)
    yield ""
    yield "-- Licence et mention à citer"
    name, url = NAMES[d.terms.licence]
    yield f"Licence : {name}, {url}"
    if d.terms.mixed:
        yield (
            "Ce lot réunit des données sous ODbL et sous Licence Ouverte. L’ensemble, et tout ce"
            " qui en mêle les couches, est sous ODbL 1.0 ; prise seule, chaque couche garde sa"
            " licence :"
        )
        yield from (f"  {part} : {NAMES[id][0]}" for part, id in d.terms.parts.items())
    yield f"Mention à citer : Limitrophe ; {d.terms.attribution}"
    yield "Sources :"
    for source in d.terms.sources:
        note = f" ({source.licence_note})" if source.licence_note else ""
        yield f"  {source.title} – {source.producer}, {source.vintage}, {source.licence}{note}"
    yield ""
    yield "Les résumés sont de l’atlas ; le texte signé fait foi."
    yield "SHA256SUMS permet de vérifier les fichiers : sha256sum -c SHA256SUMS"


def _english(d: Delivery) -> Iterable[str]:
    titles = ", ".join(title(d.atlas, p.choice.collection, True) for p in d.parts)
    yield f"{d.atlas.title_en} – {titles}"
    yield ""
    yield f"Date of the data: {d.date.isoformat()}"
    yield f"File made on: {d.made.isoformat()}"
    yield f"Format: {d.format}"
    yield f"Reference system: EPSG:{d.epsg}, {SYSTEMS[d.epsg]}"
    yield from (f"Address: {d.address}",) if d.address else ()
    for part in d.parts:
        yield ""
        yield f"-- {title(d.atlas, part.choice.collection, True)} ({part.choice.collection})"
        yield f"Query: {_query(part.choice, 'everything')}"
        yield f"Features announced: {len(part.extract)}"
        yield f"Features delivered: {part.written.delivered}"
        yield f"Of which without geometry (nothing locates them): {part.extract.unlocated}"
        yield from _precision_english(d, d.atlas.layers.get(part.choice.collection))
        outside = _outside(part.extract, d.epsg)
        if outside:
            yield (
                f"Outside of the area of use of EPSG:{d.epsg}: {outside} features; planar lengths"
                " and areas are distorted there"
            )
        yield from (f"Note: {english}" for _french, english in part.written.notes)
    yield ""
    yield "-- Licence and credit to quote"
    name, url = NAMES[d.terms.licence]
    yield f"Licence: {name}, {url}"
    if d.terms.mixed:
        yield (
            "This download holds data under the ODbL and under the Licence Ouverte. The whole,"
            " and whatever mixes its layers, is under the ODbL 1.0; taken alone, each layer"
            " keeps its licence, listed above."
        )
    yield f"Credit to quote: Limitrophe; {d.terms.attribution}"
    yield "Sources: listed above."
    yield ""
    yield "Summaries are the atlas's own; the signed text alone is authoritative."


def _precision_english(d: Delivery, layer: Layer | None) -> Iterable[str]:
    if layer is None:
        yield "Vintage: that of each document; one point for each place that is named"
        yield f"Largest valid scale: 1:{_coarsest(d.atlas)}"
        return
    yield f"Vintage: {layer.vintage}"
    yield f"Precision: generalised to {layer.tolerance_m:g} m; that of each position is with it"
    yield f"Largest valid scale: 1:{layer.max_scale}"


def _coarsest(atlas: Atlas) -> int:
    return max(layer.max_scale for layer in atlas.layers.values())


def _query(choice: Choice, everything: str) -> str:
    bbox = ",".join(f"{number:g}" for number in choice.bbox) if choice.bbox else ""
    asked = {
        "document": choice.document,
        "commune": choice.commune,
        "bbox": bbox,
        "filter": " ".join(choice.filter.split()),
        **(choice.area.said() if choice.area else {}),
        **{name: " ".join(value.split()) for name, value in choice.asked},
    }
    return " ; ".join(f"{name} = {value}" for name, value in asked.items() if value) or everything


def _outside(extract: Extract, epsg: int) -> int:
    """Return how many features do not lie wholly in the area of use of a reference system."""
    west, south, east, north = area_of_use(f"EPSG:{epsg}")
    bounds = shapely.bounds(extract.geometries)
    known = bounds[~shapely.is_missing(extract.geometries)]
    inside = (known[:, 0] >= west) & (known[:, 1] >= south)
    inside &= (known[:, 2] <= east) & (known[:, 3] <= north)
    return int((~inside).sum())
