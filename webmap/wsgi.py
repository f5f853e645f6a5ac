"""What does a production server run? ``granian --interface wsgi webmap.wsgi:app``.

The application is made when this module is imported, by the server alone. Data, settings or
a state that cannot be used end the process with every fault on standard error.
"""

from __future__ import annotations

import sys

from flask import Flask

from layers.errors import DataFaults
from webmap import create_app
from webmap.config import SettingFaults
from webmap.i18n import CatalogueMissing
from webmap.state import StateFault


def start() -> Flask:
    """Make the application, or say what is wrong and exit with code 1."""
    try:
        return create_app()
    except (DataFaults, SettingFaults, CatalogueMissing, StateFault) as error:
        print(f"Cannot start: {error}", file=sys.stderr, flush=True)
        sys.exit(1)


app = start()
