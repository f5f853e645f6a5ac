"""The atlas over HTTP: Flask application, made by `create_app`."""

from __future__ import annotations

import os
from collections.abc import Mapping

from flask import Flask

from webmap import (
    accounts,
    campaigns,
    config,
    errors,
    i18n,
    labels,
    metadata,
    ogc,
    params,
    plain,
    prepared,
    progress,
    responses,
    security,
    site,
    state,
    static_files,
    urls,
    views,
)
from webmap.consultation import keeping, words
from webmap.mapping.bundle import PACKED

MEGABYTE = 1_000_000


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    """Make the application.

    Parameters
    ----------
    settings
        Values by name, see `webmap.config.SETTINGS`; nothing else is then read. Without it the
        environment is read. Names in capitals that are no ``LIMITROPHE_`` setting go to Flask
        (``TESTING``).

    Raises
    ------
    webmap.config.SettingFaults
        If a setting cannot be used.
    layers.errors.DataFaults
        If the data folder does not hold a valid atlas; every fault is listed.
    webmap.state.StateFault
        If there is a state that cannot be used.
    """
    given = os.environ if settings is None else settings
    values = config.read_settings(given)
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(values)
    if settings is not None:
        own = {name: value for name, value in settings.items() if name.startswith("LIMITROPHE_")}
        config.check_names(own)
        app.config.from_mapping({name: settings[name] for name in settings if name not in own})
    app.config["TRUSTED_HOSTS"] = list(values["LIMITROPHE_TRUSTED_HOSTS"]) or None
    known = site.load_site(values)
    site.attach_site(app, known)
    capacity = values["LIMITROPHE_CACHE_MB"] * MEGABYTE
    responses.register(app, capacity)
    prepared.register(app, capacity // 4, plain.Plain(ogc.attach(app).table))
    security.register(app)
    i18n.register(app)
    labels.register(app)
    campaigns.register(app)
    params.register(app)
    urls.register(app, values["LIMITROPHE_TRUSTED_PROXIES"])
    errors.register(app)
    static_files.register(app, PACKED)
    ogc.register(app)
    metadata.register(app)
    views.register(app)
    progress.register(app)
    if state.register(app, values):
        accounts.register(app)
        keeping.register(app)
        words.register(app)
        views.register_writing(app)
    return app
