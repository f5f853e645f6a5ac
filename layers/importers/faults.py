"""What can be wrong with a file that somebody brings? One reason for each, and the limits."""

from __future__ import annotations

from enum import StrEnum

from layers.errors import LimitropheError

MAX_FILE = 16_000_000
"""Bytes of a file."""
MAX_UNPACKED = 64_000_000
"""Bytes of all that is taken out of an archive."""
MAX_ENTRIES = 200
"""Files in an archive."""
MAX_FEATURES = 20_000
"""Features of a layer."""
MAX_POSITIONS = 500_000
"""Positions of all the geometries of a layer, before they are simplified."""
MAX_SECONDS = 20
"""Seconds that reading a file may take."""


class Reason(StrEnum):
    """What is wrong with a file."""

    EMPTY = "the file is empty"
    SIZE = "the file is too large"
    FORMAT = "the format is not one of those that are read"
    PARTS = "a Shapefile is several files: they come together in a ZIP"
    ARCHIVE = "the archive is damaged, or locked by a password"
    ENTRIES = "the archive holds too many files"
    UNPACKED = "the archive grows too large when it is unpacked"
    NO_DATA = "the archive holds none of the formats that are read"
    DAMAGED = "the file is damaged"
    LAYER = "the file has no such layer"
    NO_GEOMETRY = "the file holds no geometry"
    FEATURES = "the layer has too many features"
    POSITIONS = "the geometries have too many positions"
    SHAPES = "the geometries stay too detailed when they are simplified"
    SYSTEM = "the coordinates lie in France in none of the reference systems that are recognised"
    SLOW = "reading the file takes too long or too much memory"


class FileFault(LimitropheError):
    """A file cannot be used.

    ``reason`` says why; ``got`` is what was found, shortened, or empty.
    """

    def __init__(self, reason: Reason, got: object = "") -> None:
        self.reason = reason
        self.got = str(got)[:200]
        super().__init__(f"file: {reason}{f' ({self.got})' if self.got else ''}")
