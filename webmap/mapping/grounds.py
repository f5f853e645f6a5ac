"""Which basemaps may a reader choose, and how is each layer drawn? Reads the TOML beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Basemap:
    """A ground; ``url`` is empty for the project's own, which asks nothing of anybody.

    Where the page is dark, ``photographs`` are dimmed; the lightness of a plan is turned round.
    """

    id: str
    title_fr: str
    title_en: str
    url: str = ""
    hosts: tuple[str, ...] = ()
    max_zoom: int = 19
    attribution: str = ""
    photographs: bool = False


@cache
def basemaps() -> tuple[Basemap, ...]:
    """Read the basemaps in the order in which they are offered."""
    entries = tomllib.loads((HERE / "basemaps.toml").read_text(encoding="utf-8"))["basemap"]
    return tuple(Basemap(**{**entry, "hosts": tuple(entry.get("hosts", ()))}) for entry in entries)


@cache
def styles() -> Mapping[str, Mapping[str, Any]]:
    """Read the styles, by name."""
    return MappingProxyType(tomllib.loads((HERE / "styles.toml").read_text(encoding="utf-8")))
