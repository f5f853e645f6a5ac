"""How is a download put together? Data, README, styles and sums in one ZIP, on disk."""

from __future__ import annotations

import datetime
import hashlib
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from layers.area import Area
from layers.atlas import Atlas
from layers.encode import geometry_text
from layers.exporters.area import in_area
from layers.exporters.columns import Column
from layers.exporters.extract import Choice, Mask, extract
from layers.exporters.formats import FORMATS, check
from layers.exporters.licences import terms
from layers.exporters.ogr import add_table, write
from layers.exporters.qml import qml
from layers.exporters.readme import Delivery, Part, readme, title
from layers.exporters.shapefile import fields_of
from layers.exporters.sld import sld
from layers.exporters.symbols import from_table, look
from layers.exporters.target import ExportError, Target, Written, families
from layers.join import Join
from layers.model import Link, LinkKind

Styles = Mapping[str, Mapping[str, Any]]
"""Styles by name, as the map draws them; the register has one under its collection's id."""
README, SUMS = "README.txt", "SHA256SUMS"
ATLAS, LINKS, ZONE = "atlas", "liens", "zone"
RESULT = "resultat"
"""What the ZIP of several collections is called, and what asks for all that an area has."""
_BLOCK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)


def package(
    atlas: Atlas,
    choices: Sequence[Choice],
    target: Target,
    format_id: str,
    *,
    styles: Styles,
    made: datetime.date,
    address: str = "",
    keep: Mask | None = None,
    links: Sequence[Link] = (),
) -> Path:
    """Write the ZIP of one collection, or of several; return its path, in the folder of ``target``.

    Parameters
    ----------
    atlas, choices, keep
        What to take of each collection; see `layers.exporters.extract.extract`. With several,
        the ZIP is called `RESULT`: they are what a question finds.
    target, format_id
        Where to, in which reference system and format.
    styles
        How the map draws each style.
    made, address
        The day, and where it was asked for, for the README.
    links
        What ties the commitments to the area that is asked about, if there is one.

    Raises
    ------
    NotFoundError, ParameterError
        If the question is wrong: an unknown id, a format that has not this reference system,
        too many features.
    ExportError
        If the files do not hold what was announced.
    """
    format = check(format_id, target.epsg)
    parts = []
    for choice in choices:
        found = extract(atlas, choice, keep)
        if choice.area:
            found = in_area(found, choice.area, links)
        written = format.write(found, target)
        part = Part(choice, found, _checked(written, len(found), choice.collection))
        _styles(atlas, part, target, styles, format_id)
        parts.append(part)
    ids = [choice.collection for choice in choices]
    delivery = Delivery(
        atlas, tuple(parts), terms(atlas, ids), format.title,
        target.epsg, target.date, made, address,
    )  # fmt: skip
    area = choices[0].area
    if area:
        _write_zone(area, target)
    return zipped(target, ids[0] if len(ids) == 1 else RESULT, readme(delivery))


def _write_zone(area: Area, target: Target) -> None:
    """Write the geometry that was asked about beside what was found."""
    path = replace(target, epsg=4326).path(ZONE, "geojson")
    path.write_text(geometry_text(area.geometry), "utf-8")


def atlas_package(
    atlas: Atlas,
    join: Join,
    target: Target,
    *,
    styles: Styles,
    made: datetime.date,
    address: str = "",
) -> Path:
    """Write the ZIP of the whole atlas: one GeoPackage with every collection and the links.

    The table ``liens`` ties commitments and places by id, with the kind of link. Parameters
    and errors are those of `package`.
    """
    path = target.path(ATLAS, "gpkg")
    parts = []
    for id in atlas.features:
        found = extract(atlas, Choice(id))
        count = write(found, path, target.epsg, "GPKG", append=path.exists())
        part = Part(Choice(id), found, _checked(Written(count), len(found), id))
        _styles(atlas, part, target, styles)
        parts.append(part)
    add_table(path, LINKS, links_rows(atlas, join))
    delivery = Delivery(
        atlas, tuple(parts), terms(atlas, atlas.features), FORMATS["gpkg"].title,
        target.epsg, target.date, made, address,
    )  # fmt: skip
    return zipped(target, ATLAS, readme(delivery))


def links_rows(
    atlas: Atlas, join: Join, kinds: Collection[LinkKind] = (LinkKind.DIRECT, LinkKind.TERRITORIAL)
) -> list[dict[str, str | None]]:
    """Return the links of every commitment that are of some kinds, as ids by column."""
    return [
        {
            "id": f"{link.commitment}/{link.place}/{link.kind}",
            "engagement": link.commitment,
            "lieu": link.place,
            "couche": atlas.places[link.place].layer,
            "lien": str(link.kind),
            "par": link.via or None,
        }
        for id in atlas.commitments
        for link in join.links_of_commitment(id)
        if link.kind in kinds
    ]


def _checked(written: Written, announced: int, collection: str) -> Written:
    if written.delivered != announced:
        raise ExportError(f"{collection}: {announced} announced, {written.delivered} delivered")
    return written


def _renamed(
    style: Mapping[str, Any], columns: tuple[Column, ...]
) -> tuple[Mapping[str, Any], set[str]]:
    """Return a style and the names of columns, both by the fields of a Shapefile."""
    fields = {f.column.name: f.name for f in fields_of(columns) if f.part == 1}
    if "category" in style:
        category = dict(style["category"])
        category["property"] = fields.get(category["property"], category["property"])
        style = {**style, "category": category}
    return style, set(fields.values())


def _styles(
    atlas: Atlas, part: Part, target: Target, styles: Styles, format_id: str = "gpkg"
) -> None:
    """Write a QGIS style and an SLD for each geometry type that occurs, named like the data."""
    id = part.choice.collection
    layer = atlas.layers.get(id)
    style = styles.get(layer.style if layer else id)
    if style is None:
        return
    names = {column.name for column in part.extract.columns}
    if format_id == "shp":
        style, names = _renamed(style, part.extract.columns)
    found = families(part.extract)
    for family in found:
        stem = id if len(found) == 1 else f"{id}-{family}"
        drawn = look(style, family, from_table(names))
        target.path(stem, "qml").write_text(qml(drawn), "utf-8")
        target.path(stem, "sld").write_text(sld(drawn, title(atlas, id)), "utf-8")


def zipped(target: Target, name: str, about: str) -> Path:
    """Put the files of the folder into one ZIP, with the README and the sums; remove them.

    Parameters
    ----------
    target, name
        The folder, and the part of the file's name that says what is in it.
    about
        The text of the README, its lines ended as Windows does.
    """
    (target.folder / README).write_text(about, "utf-8-sig", newline="")
    files = sorted(path for path in target.folder.iterdir() if path.is_file())
    sums = "".join(f"{_sum(path)}  {path.name}\n" for path in files)
    path = target.path(name, "zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in files:
            _add(archive, file)
        archive.writestr(zipfile.ZipInfo(SUMS, _EPOCH), sums)
    for file in files:
        file.unlink()
    return path


def _add(archive: zipfile.ZipFile, path: Path) -> None:
    """Add a file block by block, with no time of its own."""
    info = zipfile.ZipInfo(path.name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as entry:
        for block in _blocks(source):
            entry.write(block)


def _blocks(file: IO[bytes]) -> Iterable[bytes]:
    while block := file.read(_BLOCK):
        yield block


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
