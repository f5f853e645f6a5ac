"""What does the running service know? The atlas, its join and the settings, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from layers.atlas import Atlas
from layers.catalogue import CATALOGUE
from layers.continuity import Break
from layers.discrepancies import Comparison, stated_vs_measured
from layers.errors import FaultLog
from layers.join import Join
from layers.selection import Register
from webmap.mapping.grounds import styles
from webmap.tours import Tour, read_tours

_KEY = "limitrophe"


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that requests read; nothing in it changes after the start.

    ``register`` selects commitments and places; ``breaks`` are the computed gaps of the
    corridors; ``comparisons`` set stated figures against measured ones.
    """

    atlas: Atlas
    join: Join
    register: Register
    breaks: tuple[Break, ...]
    comparisons: tuple[Comparison, ...]
    tours: Mapping[str, Tour]
    settings: Mapping[str, Any]


def load_site(settings: Mapping[str, Any]) -> Site:
    """Read the data folder that the settings name.

    Raises
    ------
    layers.errors.DataFaults
        If the folder does not hold a valid atlas, or one that cannot be drawn; every fault is
        listed.
    """
    atlas = Atlas.load(settings["LIMITROPHE_DATA"])
    _check_styles(atlas)
    join = Join(atlas)
    return Site(
        atlas=atlas,
        join=join,
        register=Register(join),
        breaks=tuple(atlas.breaks.values()),
        comparisons=stated_vs_measured(atlas),
        tours=read_tours(settings["LIMITROPHE_DATA"], atlas),
        settings=settings,
    )


def _check_styles(atlas: Atlas) -> None:
    log = FaultLog()
    for layer in atlas.layers.values():
        if layer.style not in styles():
            log.unknown(CATALOGUE, f"layer {layer.id}", "style", "style", layer.style, styles())
    log.raise_any()


def attach_site(app: Flask, site: Site) -> None:
    """Make the site reachable from the requests of ``app``."""
    app.extensions[_KEY] = site


def current_site() -> Site:
    """The site of the application that answers."""
    site: Site = current_app.extensions[_KEY]
    return site
