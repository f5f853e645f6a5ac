"""How do the contributions of a consultation leave as a file? With what must be known of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from layers.exporters.extract import Extract
from layers.exporters.formats import SYSTEMS, check
from layers.exporters.licences import NAMES
from layers.exporters.package import zipped
from layers.exporters.target import ExportError, Target, Written
from layers.properties import CONTRIBUTIONS
from layers.query import FeatureSet


@dataclass(frozen=True, slots=True)
class About:
    """What the README tells of a consultation.

    ``blur_m`` is the side of the grid of positions in metres, 0 for none; ``smallest_count`` the
    count below which nothing is told; ``address`` where the data are on line.
    """

    slug: str
    title: str
    organiser: str
    licence: str
    blur_m: int
    smallest_count: int
    format_id: str
    address: str


def contributions_package(features: FeatureSet, about: About, target: Target) -> Path:
    """Write the ZIP of the contributions of a consultation; return its path.

    Parameters
    ----------
    features
        What is published, see `layers.consulted`.
    about, target
        What to say of it; where to, in which reference system.

    Raises
    ------
    ParameterError
        If there is no such format, or it has not this reference system.
    ExportError
        If the files do not hold what was announced.
    """
    format = check(about.format_id, target.epsg)
    extract = Extract.whole(CONTRIBUTIONS, features)
    written = format.write(extract, target)
    if written.delivered != len(extract):
        raise ExportError(f"{about.slug}: {len(extract)} announced, {written.delivered} delivered")
    text = _readme(about, extract, written, target, format.title)
    return zipped(target, f"{CONTRIBUTIONS}_{about.slug}", text)


def _readme(about: About, extract: Extract, written: Written, target: Target, format: str) -> str:
    name, address = NAMES[about.licence]
    blur = f"{about.blur_m} m" if about.blur_m else ""
    french = [
        f"Contributions – {about.title}",
        f"Organisée par : {about.organiser}" if about.organiser else "",
        f"Fichier produit le : {target.date.isoformat()}",
        f"Format : {format}",
        f"Système de coordonnées : EPSG:{target.epsg}, {SYSTEMS[target.epsg]}",
        f"Adresse : {about.address}",
        f"Contributions livrées : {written.delivered}, dont sans dessin : {extract.unlocated}",
        f"Licence : {name}, {address}",
        f"Mention à citer : {about.organiser or about.title}, contributions des habitants",
        "",
        "Contributions publiées seulement. Elles disent ce qui a été reçu et ne sont pas"
        " représentatives de la population.",
        f"Positions : centre d’une case de {blur} en Lambert-93." if blur else "",
        "precision_m : distance en mètres, au plus, entre la position et l’endroit montré"
        " (case du plan papier, grille de publication) ; vide quand elle n’est pas connue.",
        f"Les choix faits par moins de {about.smallest_count} contributions sont laissés vides.",
        "place, territory et commitment sont des identifiants de l’atlas Limitrophe.",
        *(f"Note : {note}" for note, _english in written.notes),
    ]
    english = [
        f"Contributions – {about.title}",
        f"File made on: {target.date.isoformat()}",
        f"Contributions delivered: {written.delivered}, without a drawing: {extract.unlocated}",
        f"Licence: {name}, {address}",
        "Published contributions only. They tell what was received and are not representative.",
        f"Positions: centre of a cell of {blur} in Lambert-93." if blur else "",
        "precision_m: how far in metres, at most, the position lies from what was pointed at"
        " (cell of the printed map, grid of publication); empty where that is not known.",
        f"Choices of fewer than {about.smallest_count} contributions are left empty.",
        "place, territory and commitment are ids of the Limitrophe atlas.",
        *(f"Note: {note}" for _french, note in written.notes),
    ]
    kept = (
        [line for line in french if line] + ["", "=" * 72, ""] + [line for line in english if line]
    )
    return "\r\n".join(kept) + "\r\n"
