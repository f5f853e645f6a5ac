"""Which guided tours are there? Steps of text and view, one file a tour in ``data/tours/``.

A file is TOML, told in both languages, or the JSON of a presentation that was made on the map
(``static/js/presentation/``), told in the one language that it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import orjson

from layers.atlas import Atlas
from layers.errors import FaultLog
from layers.tomlfile import Table, read_toml

FOLDER = "tours"
LANGUAGES = ("fr", "en")
FREE = (
    *("vue", "fond", "contour", "q", "document", "nature", "theme", "porteur", "partenaire"),
    *("echeance", "territoire", "lien", "discordance", "bbox", "jusqu-au"),
)
"""Parts of a view that name nothing of which the atlas is certain to have all."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``view`` holds parameters of the map's address."""

    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    view: str


@dataclass(frozen=True, slots=True)
class Tour:
    """A tour; its id is the name of its file.

    ``language`` is set when it is told in that one alone, whatever the reader's is.
    """

    id: str
    title_fr: str
    title_en: str
    steps: tuple[Step, ...]
    language: str = ""


def read_tours(data_dir: Path, atlas: Atlas) -> Mapping[str, Tour]:
    """Read every tour, in the order of their file names; there may be none.

    Raises
    ------
    layers.errors.DataFaults
        For files that cannot be read, texts that are missing, and views that name a place, a
        commitment, a layer or an area that the atlas does not have.
    """
    log = FaultLog()
    tours = {}
    for path in sorted((data_dir / FOLDER).glob("*.*")):
        if path.stem in tours:
            name = f"{FOLDER}/{path.name}"
            log.add(name, "", "", f"a second tour is called {path.stem}", "Rename one of them")
        elif path.suffix in READERS:
            tours[path.stem] = _tour(path, atlas, log)
    log.raise_any()
    return MappingProxyType(tours)


def _read_json(path: Path, file: str, log: FaultLog) -> dict[str, Any]:
    try:
        raw = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        log.add(file, "", "", f"not valid JSON: {error}", "Download the presentation again")
        return {}
    if isinstance(raw, dict):
        return raw
    log.add(file, "", "", "not a JSON object", "Download the presentation again")
    return {}


READERS = {".toml": read_toml, ".json": _read_json}


def _tour(path: Path, atlas: Atlas, log: FaultLog) -> Tour:
    file = f"{FOLDER}/{path.name}"
    head = Table(READERS[path.suffix](path, file, log), file, "", log)
    language = head.choice("lang", LANGUAGES) if path.suffix == ".json" else ""
    tour = Tour(
        id=path.stem,
        **_told(head, "title", language),
        steps=tuple(_step(entry, language, atlas) for entry in head.tables("step")),
        language=language,
    )
    head.close()
    if not tour.steps:
        log.add(file, "", "step", "the tour has no step", "Add at least one [[step]]")
    return tour


def _told(table: Table, name: str, language: str) -> dict[str, str]:
    """A text in both languages; one that is told in one language is the same in both."""
    if language:
        return dict.fromkeys((f"{name}_fr", f"{name}_en"), table.text(name))
    return {key: table.text(key) for key in (f"{name}_fr", f"{name}_en")}


def _step(table: Table, language: str, atlas: Atlas) -> Step:
    texts = _told(table, "title", language) | _told(table, "text", language)
    step = Step(**texts, view=table.text("view"))
    table.close()
    known: Mapping[str, Mapping[str, object]] = {
        "lieu": atlas.places,
        "engagement": atlas.commitments,
        "zone": atlas.areas,
        "couches": atlas.layers,
    }
    for name, value in parse_qsl(step.view):
        if name in FREE:
            continue
        if name not in known:
            allowed = ", ".join((*known, *FREE))
            table.fault("view", f"{name!r} is no part of a view", f"Use {allowed}")
            continue
        for id in value.split(","):
            if id not in known[name]:
                table.log.unknown(table.file, table.row, "view", name, id, known[name])
    return step
