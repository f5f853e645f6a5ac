"""Which pages are there? One file for each kind; each has a ``blueprint``."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

MODULES = (
    "map",
    "commitments",
    "places",
    "documents",
    "corridors",
    "dashboard",
    "timeline",
    "discrepancies",
    "downloads",
    "share",
    "printing",
    "question",
    "brought",
    "search",
    "sources",
    "tours",
    "accessibility",
    "filters",
    "table",
    "tiles",
    "health",
)
"""Modules of this package whose blueprints are served; one that is missing stops the start."""


WRITING = (
    "webmap.accounts.views",
    "webmap.progress.views",
    "webmap.consultation.views.public",
    "webmap.consultation.views.joining",
    "webmap.consultation.views.on_the_map",
    "webmap.consultation.views.by_form",
    "webmap.consultation.views.taking_part",
    "webmap.consultation.views.facilitating",
    "webmap.consultation.views.preparing",
    "webmap.consultation.views.paper",
    "webmap.consultation.views.moderating",
    "webmap.consultation.views.results",
    "webmap.consultation.views.projecting",
    "webmap.consultation.views.reporting",
    "webmap.consultation.views.open_data",
)
"""Modules whose blueprints are served where there is a state to write to."""


def register(app: Flask) -> None:
    """Serve the pages of ``app``."""
    for name in MODULES:
        app.register_blueprint(import_module(f"{__name__}.{name}").blueprint)


def register_writing(app: Flask) -> None:
    """Serve what writes to the state of ``app``."""
    for name in WRITING:
        app.register_blueprint(import_module(name).blueprint)
