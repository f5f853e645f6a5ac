"""What does a file that a reader brings hold? Shown before it is trusted; nothing of it is kept."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path, PurePath
from typing import Any

import orjson
from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import TooManyRequests

from layers.encode import geometry_text
from layers.errors import ParameterError
from layers.importers.bring import Brought, Reading, bring
from layers.importers.faults import MAX_FILE
from webmap.labels import metres
from webmap.negotiation import JSON, prefers_problem_json
from webmap.outline import SHORT, address_of, field_of, outline_measure
from webmap.params import Parameter, takes
from webmap.posted import read_fields
from webmap.responses import AtlasResponse
from webmap.site import current_site
from webmap.views.question import DISTANCES_M

blueprint = Blueprint("brought", __name__)

FILE = "fichier"
LAYER = Parameter("couche", str.strip, lambda: "", "")
FIELDS = 20_000
"""Bytes that a form with a file may have beside it."""
_TURN = threading.BoundedSemaphore(1)
"""One file at a time in a process, so that its other thread still answers everybody else."""
USUAL = {
    "OGC:CRS84": "WGS 84",
    "EPSG:4326": "WGS 84",
    "EPSG:2154": "Lambert-93",
    **{f"EPSG:{3900 + zone}": f"CC{zone}" for zone in range(42, 51)},
}
"""What people call the reference systems that are recognised."""


@blueprint.post("/question/fichier")
@takes()
def show() -> Response | str:
    """Answer with what a file holds: how its coordinates are read, and where that would lie."""
    read_fields(LAYER, most=MAX_FILE + FIELDS)
    name, found = _brought()
    told = _told(name, found)
    if prefers_problem_json():
        return AtlasResponse(orjson.dumps(told), content_type=JSON)
    return render_template("brought.html", told=told, distances=DISTANCES_M, distance=300)


def _brought() -> tuple[str, Brought]:
    """Read the file of the request, which is gone afterwards; return its name too.

    Raises
    ------
    ParameterError
        If there is not exactly one.
    layers.importers.faults.FileFault
        If it cannot be used.
    werkzeug.exceptions.TooManyRequests
        If this process is reading another one.
    """
    files = [file for file in request.files.getlist(FILE) if file.filename]
    others = set(request.files) - {FILE}
    if len(files) != 1 or others:
        got = ", ".join(sorted(others)) or str(len(files))
        allowed = _("un fichier et un seul, dans un formulaire (multipart/form-data)")
        raise ParameterError(FILE, got, allowed)
    if not _TURN.acquire(blocking=False):
        raise TooManyRequests(retry_after=5)
    try:
        with tempfile.TemporaryDirectory(prefix="limitrophe-") as folder:
            path = Path(folder) / "brought"
            files[0].save(path)
            found = bring(current_site().atlas, path, short=SHORT, layer=LAYER.value)
    finally:
        _TURN.release()
    return PurePath(str(files[0].filename)).name[:100], found


def _told(name: str, found: Brought) -> dict[str, Any]:
    """What a file holds, for scripts and templates alike."""
    sure = len(found.readings) == 1 or found.readings[0].stated
    return {
        "name": name,
        "layers": found.layers if len(found.layers) > 1 and found.layer else (),
        "layer": found.layer,
        "features": found.features,
        "sure": sure,
        "notes": list(_notes(found)),
        "question": ""
        if sure
        else _("Plusieurs systèmes conviennent : choisissez celui qui met la zone à sa place."),
        "readings": [_reading(found, reading) for reading in found.readings],
    }


def _notes(found: Brought) -> list[str]:
    counts = (
        ngettext("%(num)s objet lu.", "%(num)s objets lus.", found.features),
        ngettext(
            "%(num)s objet sans géométrie laissé de côté.",
            "%(num)s objets sans géométrie laissés de côté.",
            found.without,
        )
        if found.without
        else "",
        ngettext(
            "%(num)s ligne ou point laissé de côté : la question porte sur le reste.",
            "%(num)s lignes ou points laissés de côté : la question porte sur le reste.",
            found.others,
        )
        if found.others
        else "",
    )
    return [note for note in counts if note]


def _reading(found: Brought, reading: Reading) -> dict[str, Any]:
    notes = []
    if reading.swapped:
        notes.append(_("Axes inversés : la latitude (ou le nord) est écrite en premier."))
    if reading.tolerance_m:
        notes.append(_("Contour simplifié à %(metres)s m près.", metres=f"{reading.tolerance_m:g}"))
    address = address_of(reading.geometry)
    if not address:
        notes.append(_("Trop détaillé pour une adresse : le lien de partage ne le dira pas."))
    return {
        "system": reading.system if len(reading.system) < 40 else "",
        "title": USUAL.get(reading.system, reading.name),
        "how": _how(found, reading),
        "where": _where(reading),
        "measure": outline_measure(reading.geometry),
        "notes": notes,
        "swapped": reading.swapped,
        "stated": reading.stated,
        "tolerance_m": reading.tolerance_m,
        "contour": address,
        "field": field_of(reading.geometry),
        "geometry": orjson.Fragment(geometry_text(reading.geometry)),
    }


def _how(found: Brought, reading: Reading) -> str:
    if reading.stated:
        return _("annoncé par le fichier")
    if found.stated:
        return _(
            "reconnu par les coordonnées ; le fichier annonce « %(stated)s »",
            stated=USUAL.get(found.stated, found.stated)[:60],
        )
    return _("reconnu par les coordonnées ; le fichier n’en annonce pas")


def _where(reading: Reading) -> str:
    if reading.communes:
        return ", ".join(reading.communes)
    return _(
        "à %(distance)s de la commune de l’atlas la plus proche",
        distance=metres(reading.distance_m),
    )
