"""Applications and clients: the trial atlas, the real one, and a server that listens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from tests.content import Content
from webmap import create_app


def trial_content() -> Content:
    """The trial atlas, each layer with a style that the project has."""
    content = Content()
    content.catalogue = content.catalogue.replace('style = "sites"', 'style = "interfaces"')
    return content


@pytest.fixture(scope="session")
def trial_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the trial atlas."""
    return trial_content().write(tmp_path_factory.mktemp("trial"))


@pytest.fixture(scope="session")
def app(trial_folder: Path) -> Flask:
    """The application on the trial atlas."""
    return create_app({"LIMITROPHE_DATA": trial_folder, "TESTING": True})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the trial atlas."""
    return app.test_client()


@pytest.fixture(scope="session")
def atlas_app() -> Flask:
    """The application on the project's own data."""
    return create_app({"TESTING": True})


@pytest.fixture
def atlas_client(atlas_app: Flask) -> FlaskClient:
    """A client of the project's own data."""
    return atlas_app.test_client()


@pytest.fixture(scope="session")
def live_address(atlas_app: Flask) -> Iterator[str]:
    """The address of a server that serves the project's own data on a free port."""
    server = make_server("127.0.0.1", 0, atlas_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
