"""Which pages are there? One file for each kind; each has a ``blueprint``."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

MODULES = (
    "map",
    "commitments",
    "places",
    "documents",
    "dashboard",
    "discrepancies",
    "downloads",
    "share",
    "printing",
    "search",
    "sources",
    "accessibility",
    "health",
)
"""Modules of this package whose blueprints are served; one that is missing stops the start."""


def register(app: Flask) -> None:
    """Serve the pages of ``app``."""
    for name in MODULES:
        app.register_blueprint(import_module(f"{__name__}.{name}").blueprint)
