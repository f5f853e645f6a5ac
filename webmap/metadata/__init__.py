"""Metadata below ``/catalogue``: DCAT-AP, ISO 19139, and schema.org in the pages.

One file answers one question: `vocabulary` (words of others), `forms` (in which formats),
`dates`, `records` (what is known of each collection), then one file for each standard.
"""

from __future__ import annotations

from flask import Flask

from webmap.metadata import schema_org, views
from webmap.metadata.dates import modified_dates
from webmap.metadata.records import MODIFIED
from webmap.site import current_site


def register(app: Flask) -> None:
    """Serve the metadata of ``app``; templates describe their data by ``described_*``."""
    with app.app_context():
        atlas = current_site().atlas
    app.extensions[MODIFIED] = modified_dates(app.config["LIMITROPHE_DATA"], atlas)
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals.update(
        described_dataset=schema_org.described_dataset,
        described_catalogue=schema_org.described_catalogue,
    )
