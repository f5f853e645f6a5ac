"""Which features does a layer file hold? Some at a time, every fault noted.

A file with one feature a line, as the data folder has them and GDAL writes them, is decoded a
batch of lines at a time: as a tree of Python objects it would take ten times its size, all at
once, and leave what is kept of it scattered over all that memory. Any other file is decoded in
one piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from layers.errors import FaultLog
from layers.tomlfile import ENCODING_REMEDY

BATCH = 250
"""Lines that are decoded at one time."""
_BOM = b"\xef\xbb\xbf"
_START, _BETWEEN, _END = b'"features": [\n', b",\n", b"\n]"

Ranked = tuple[int, dict[str, Any]]
"""A feature and its rank in the file, from 1."""


def batches(data: bytes, file: str, log: FaultLog) -> Iterator[list[Ranked]]:
    """Yield the features of a file in order, in batches.

    Parameters
    ----------
    data
        The file.
    file, log
        Its name in faults, and where they go.
    """
    data = data.removeprefix(_BOM)
    frame, lines = _cut(data)
    if frame is None:
        frame = _decoded(data, file, log)
    if frame is None or not _is_collection(frame, file, log):
        return
    done, rest = 0, frame["features"]
    for start in range(0, len(lines), BATCH):
        try:
            features = orjson.loads(b"[%b]" % _BETWEEN.join(lines[start : start + BATCH]))
        except orjson.JSONDecodeError:  # a feature of several lines, or a fault: told of the whole
            whole = _decoded(data, file, log)
            rest = whole["features"][done:] if whole else []
            break
        yield _ranked(features, done, file, log)
        done += len(features)
    yield _ranked(rest, done, file, log)


def _cut(data: bytes) -> tuple[dict[str, Any] | None, list[bytes]]:
    """Return the collection without its features, and these line by line; None if not so made."""
    start, end = data.find(_START) + len(_START), data.rfind(_END)
    if not len(_START) <= start <= end:
        return None, []
    try:
        frame = orjson.loads(data[:start] + data[end:])
    except orjson.JSONDecodeError:
        return None, []
    if not isinstance(frame, dict) or frame.get("features") != []:
        return None, []
    return frame, data[start:end].split(_BETWEEN)


def _decoded(data: bytes, file: str, log: FaultLog) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        remedy = ENCODING_REMEDY if not _is_utf8(data) else "Correct the syntax there"
        _note(log, file, f"line {error.lineno}", "", f"not valid JSON: {error.msg}", remedy)
        return None


def _is_collection(collection: Any, file: str, log: FaultLog) -> bool:
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        _note(log, file, "", "type", "not a FeatureCollection", "Write a FeatureCollection")
        return False
    if "crs" in collection:
        remedy = "Reproject to WGS84 longitude/latitude and remove crs (RFC 7946)"
        _note(log, file, "", "crs", "the retired member crs is there", remedy)
    if not isinstance(collection.get("features"), list):
        _note(log, file, "", "features", "missing", "Write a list of features")
        return False
    return True


def _ranked(features: list[Any], done: int, file: str, log: FaultLog) -> list[Ranked]:
    kept = []
    for rank, feature in enumerate(features, start=done + 1):
        if isinstance(feature, dict) and feature.get("type") == "Feature":
            kept.append((rank, feature))
        else:
            _note(log, file, f"feature {rank}", "type", "not a Feature", "Write a Feature")
    return kept


def _note(log: FaultLog, *fault: str) -> None:
    """Note a fault that leaves it unknown which places the file has."""
    log.add(*fault)
    log.unsure.add("place")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
