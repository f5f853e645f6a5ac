"""Read one file of a stranger, in a process that has little to lose, and print what it holds.

``python -m layers.importers <file> <folder> <positions> [<layer>]`` prints JSON: see
`layers.importers.bring`, which starts it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson

from layers.encode import geometry_text
from layers.importers.faults import MAX_SECONDS, MAX_UNPACKED, FileFault
from layers.importers.fitting import fitted
from layers.importers.reading import read
from layers.importers.recognise import candidates, in_wgs84

MEMORY = 2_000_000_000
"""Bytes of addresses that the process may take; the libraries alone map a quarter of it."""


def _limit() -> None:
    """Bound what the process may use where Linux can; a file that wants more makes it fail."""
    if sys.platform != "linux":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, MAX_SECONDS),
        (resource.RLIMIT_FSIZE, 2 * MAX_UNPACKED),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def told(path: Path, folder: Path, short: int, layer: str = "") -> dict[str, Any]:
    """Return what a file holds; see `layers.importers.bring.Brought`."""
    try:
        found = read(path, folder, layer)
        readings = []
        for candidate in candidates(found.geometries, found.stated):
            fit = fitted(in_wgs84(found.geometries, candidate), short)
            readings.append(
                {
                    "system": candidate.system,
                    "name": candidate.name,
                    "swapped": candidate.swapped,
                    "stated": candidate.stated,
                    "geometry": orjson.Fragment(geometry_text(fit.geometry)),
                    "tolerance_m": fit.tolerance_m,
                }
            )
    except FileFault as fault:
        return {"fault": fault.reason.name, "got": fault.got}
    return {
        "layers": found.layers,
        "layer": found.layer,
        "features": found.features,
        "without": found.without,
        "others": found.others,
        "stated": found.stated[:200],
        "readings": readings,
    }


if __name__ == "__main__":
    _limit()
    file, room, positions, *name = sys.argv[1:]
    sys.stdout.buffer.write(orjson.dumps(told(Path(file), Path(room), int(positions), *name)))
