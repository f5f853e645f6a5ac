"""Applications and clients: the trial atlas, the real one, and a server that listens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.content import Content
from webmap import create_app
from webmap.config import ROOT


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


@pytest.fixture(scope="session", params=["app", "atlas_app"], ids=["trial", "atlas"])
def live_app(request: pytest.FixtureRequest) -> Flask:
    """The application that listens: on the trial atlas, then on the project's own data."""
    found: Flask = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def live_address(live_app: Flask) -> Iterator[str]:
    """The address of the production server on the same data, in a process of its own.

    A thread would not do: GDAL keeps Python's lock while it waits for the answer.
    """
    with serving(live_app.config["LIMITROPHE_DATA"]) as address:
        yield address


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """Run the production server on a data folder; yield its address when it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "webmap.wsgi:app",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "2", "--log-level", "error",
    ]  # fmt: skip
    environment = {**os.environ, "LIMITROPHE_DATA": str(data)}
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        assert server.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not answer in a minute")
