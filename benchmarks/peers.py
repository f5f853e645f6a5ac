"""Which services stand beside ours, at which versions, and how is each started and ended?

``python benchmarks/peers.py --setup`` installs pygeoapi and tipg, each in an environment of its
own under a cache folder; nothing of the project's own environment is touched. PostgreSQL with
PostGIS, nginx and wrk come from the system (on Debian: ``apt install wrk nginx postgresql
postgresql-15-postgis-3 libsqlite3-mod-spatialite``). pygeoapi reads a GeoPackage with SpatiaLite,
which not every Python's SQLite loads: its environment is made with one that does. PostgreSQL runs
on loopback in a temporary folder, as the user ``postgres`` when the benchmark runs as root, which
PostgreSQL itself refuses. Every process is ended by its id.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import service_data as data  # noqa: E402

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "limitrophe-benchmarks"
PINNED = {
    "pygeoapi": (
        "pygeoapi==0.21.0",
        "psycopg2-binary==2.9.13",  # what its PostgreSQL provider needs, and the next three
        "geoalchemy2==0.20.0",
        "sqlalchemy==2.1.9",
        "pygeofilter[backend-sqlalchemy]==0.4.0",
        "granian==2.8.7",
    ),
    "tipg": ("tipg==1.6.1", "granian==2.8.7"),
}
"""The packages of each peer; both run on the server that ours runs on."""
START_S, STOP_S = 600, 20
WORKERS = 2
GEOPACKAGE = "SQLiteGPKG"
PROVIDERS = ("GeoJSON", GEOPACKAGE, "PostgreSQL")
"""pygeoapi's, by its names."""


class PeerError(Exception):
    """What is missing to run a peer, and how to get it."""


def setup() -> None:
    """Install the peers that are not there yet."""
    for name, packages in PINNED.items():
        stamp = CACHE / name / "installed.json"
        if stamp.exists() and json.loads(stamp.read_text()) == list(packages):
            continue
        folder = CACHE / name
        shutil.rmtree(folder, ignore_errors=True)
        python = python_with_spatialite() or sys.executable
        subprocess.run([python, "-m", "venv", str(folder)], check=True, timeout=120)
        install = [str(folder / "bin" / "pip"), "install", "--quiet", *packages]
        subprocess.run(install, check=True, timeout=900)
        stamp.write_text(json.dumps(list(packages)))


def python_with_spatialite() -> str | None:
    """A Python whose SQLite loads SpatiaLite: the one that runs this, or the system's."""
    known = (sys.executable, shutil.which("python3", path="/usr/bin:/usr/local/bin"))
    return next((python for python in known if python and loads_spatialite(python)), None)


def loads_spatialite(python: str) -> bool:
    """Whether a Python reads GeoPackages as pygeoapi does: its SQLite may be built without."""
    load = (
        "import sqlite3; c = sqlite3.connect(':memory:'); c.enable_load_extension(True);"
        " c.execute(\"SELECT load_extension('mod_spatialite')\")"
    )
    return subprocess.run([python, "-c", load], capture_output=True, timeout=30).returncode == 0


def check() -> None:
    """Say what is missing, before anything is started.

    Raises
    ------
    PeerError
        Naming the program or peer and what installs it.
    """
    missing = [name for name in ("wrk", "nginx") if not shutil.which(name)]
    missing += [] if postgres_bin() else ["postgresql with PostGIS"]
    if missing:
        raise PeerError(f"{', '.join(missing)}: install from the system, see benchmarks/peers.py")
    for name in PINNED:
        if not (CACHE / name / "installed.json").exists():
            raise PeerError(f"{name}: run python benchmarks/peers.py --setup")


def postgres_bin() -> Path | None:
    """The folder of PostgreSQL's server programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def providers() -> tuple[str, ...]:
    """The providers of pygeoapi that work here: its GeoPackage one needs SpatiaLite."""
    spatialite = loads_spatialite(str(CACHE / "pygeoapi" / "bin" / "python"))
    return tuple(name for name in PROVIDERS if name != GEOPACKAGE or spatialite)


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running(
    command: Sequence[str], address: str, log: Path, env: dict[str, str] | None = None
) -> Iterator[int]:
    """Run a server until the block ends; yield its process id once ``address`` answers 200.

    Raises
    ------
    PeerError
        If it stops or does not answer in time; the log says why.
    """
    with log.open("wb") as out:
        server = subprocess.Popen(
            command,
            stdout=out,
            stderr=out,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
    try:
        _wait_for(address, server, log)
        yield server.pid
    finally:
        _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server, and what it has started and left behind: the group that it leads."""
    server.terminate()
    try:
        server.wait(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(timeout=STOP_S)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=30).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
        else:
            return
    text = log.read_text(encoding="utf-8", errors="replace")
    raise PeerError(f"{address} does not answer:\n{text[-2000:]}")


@contextmanager
def ours(folder: Path, scratch: Path, workers: int) -> Iterator[tuple[str, int]]:
    """Serve a data folder with ours; yield address and process id."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "webmap.server", "--port", str(port), "--workers", str(workers),
    ]  # fmt: skip
    env = {"LIMITROPHE_DATA": str(folder), "LIMITROPHE_STATE": str(scratch / "state")}
    with running(command, f"{address}/healthz", scratch / "ours.log", env) as pid:
        yield address, pid


@contextmanager
def postgres(scratch: Path, datasets: Sequence[data.Dataset]) -> Iterator[int]:
    """Run PostgreSQL with the tables of some datasets; yield its port."""
    programs = postgres_bin()
    folder, port = scratch / "postgres", free_port()
    folder.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        scratch.chmod(0o755)
        as_user = ["runuser", "-u", "postgres", "--"]
    subprocess.run(
        [*as_user, f"{programs}/initdb", "-D", str(folder), "-A", "trust", "-U", "postgres",
         "-E", "UTF8"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "",
        "shared_buffers": "512MB", "max_connections": 200, "jit": "off",
    }  # fmt: skip
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (scratch / "postgres.log").open("wb") as out:
        server = subprocess.Popen(
            [*as_user, f"{programs}/postgres", "-D", str(folder), *options],
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _wait_for_port(port)
        _sql(port, "CREATE EXTENSION postgis")
        for dataset in datasets:
            _fill(port, scratch, dataset)
        yield port
    finally:
        _end(server)


def _wait_for_port(port: int) -> None:
    for _attempt in range(100):
        try:
            _sql(port, "SELECT 1")
        except subprocess.CalledProcessError:
            time.sleep(0.3)
        else:
            return
    raise PeerError("PostgreSQL does not answer")


def _sql(port: int, *statements: str) -> None:
    orders = [part for statement in statements for part in ("-c", statement)]
    subprocess.run(
        ["psql", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres",
         "-v", "ON_ERROR_STOP=1", *orders],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip


def _fill(port: int, scratch: Path, dataset: data.Dataset) -> None:
    create, index = data.ddl(dataset)
    rows = data.write_table(scratch / f"{dataset.id}.csv", dataset)
    name = data.table(dataset)
    _sql(port, create, rf"\copy {name} FROM '{rows}' WITH (FORMAT csv)")
    for statement in index.split("; "):
        _sql(port, statement)
    rows.unlink()


@contextmanager
def tipg(scratch: Path, database: int) -> Iterator[tuple[str, int]]:
    """Serve the tables with tipg; yield address and process id."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    env = {
        "DATABASE_URL": f"postgresql://postgres:x@127.0.0.1:{database}/postgres",
        "TIPG_MAX_FEATURES_PER_QUERY": "10000",
        "DB_MIN_CONN_SIZE": "4",
        "DB_MAX_CONN_SIZE": "20",
    }
    command = _granian("tipg", "asgi", "tipg.main:app", port)
    with running(command, f"{address}/collections", scratch / "tipg.log", env) as pid:
        yield address, pid


def _granian(peer: str, interface: str, app: str, port: int) -> list[str]:
    return [
        str(CACHE / peer / "bin" / "granian"), "--interface", interface, app,
        "--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS),
        "--log-level", "warning",
    ]  # fmt: skip


@contextmanager
def pygeoapi(
    scratch: Path, database: int, datasets: Sequence[data.Dataset]
) -> Iterator[tuple[str, int]]:
    """Serve datasets with pygeoapi, each by every provider; yield address and process id."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    config = scratch / "pygeoapi.json"  # JSON is YAML
    config.write_text(json.dumps(_pygeoapi_config(scratch, address, port, database, datasets)))
    openapi = scratch / "openapi.json"
    env = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    subprocess.run(
        [str(CACHE / "pygeoapi" / "bin" / "pygeoapi"), "openapi", "generate", str(config),
         "--format", "json", "--output-file", str(openapi)],
        check=True, capture_output=True, timeout=120, env={**os.environ, **env},
    )  # fmt: skip
    command = _granian("pygeoapi", "wsgi", "pygeoapi.flask_app:APP", port)
    with running(command, f"{address}/conformance?f=json", scratch / "pygeoapi.log", env) as pid:
        yield address, pid


def _pygeoapi_config(
    scratch: Path, address: str, port: int, database: int, datasets: Sequence[data.Dataset]
) -> dict[str, object]:
    bbox = [data.WEST, data.SOUTH, data.WEST + data.SIDE, data.SOUTH + data.SIDE]
    resources = {
        f"{dataset.id}-{provider}".lower(): {
            "type": "collection",
            "title": dataset.id,
            "description": dataset.id,
            "keywords": ["essai"],
            "links": [],
            "extents": {
                "spatial": {"bbox": bbox, "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
            },
            "providers": [_provider(provider, scratch, database, dataset)],
        }
        for dataset in datasets
        for provider in providers()
    }
    about = {"title": "Essai", "description": "Essai", "keywords": ["essai"], "url": address}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": address,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 10_000},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**about, "terms_of_service": "none", "keywords_type": "theme"},
            "license": {"name": "none", "url": address},
            "provider": {"name": "Essai", "url": address},
            "contact": {"name": "Essai", "email": "essai@example.org", "url": address},
        },
        "resources": resources,
    }


def _provider(name: str, scratch: Path, database: int, dataset: data.Dataset) -> dict[str, object]:
    common: dict[str, object] = {"type": "feature", "name": name, "id_field": "id"}
    if name == "GeoJSON":
        return {**common, "data": str(data.write_geojson(scratch / f"{dataset.id}.json", dataset))}
    if name == "SQLiteGPKG":
        path = data.write_geopackage(scratch / f"{dataset.id}.gpkg", dataset)
        return {**common, "data": str(path), "table": data.table(dataset)}
    where = {"host": "127.0.0.1", "port": database, "dbname": "postgres", "user": "postgres"}
    return {
        **common,
        "data": {**where, "password": "x", "search_path": ["public"]},
        "table": data.table(dataset),
        "geom_field": "geometry",
    }


@contextmanager
def nginx(scratch: Path, files: dict[str, bytes]) -> Iterator[tuple[str, int]]:
    """Serve bytes as static files, by name; yield address and process id."""
    folder, port = scratch / "static", free_port()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    user = "user root;" if os.geteuid() == 0 else ""
    config = scratch / "nginx.conf"
    config.write_text(
        f"{user} worker_processes {WORKERS}; daemon off; pid {scratch}/nginx.pid;"
        f" error_log {scratch}/nginx.log; events {{ worker_connections 512; }}"
        " http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;"
        f" open_file_cache max=100; server {{ listen 127.0.0.1:{port}; root {folder};"
        " default_type application/geo+json; } }"
    )
    address = f"http://127.0.0.1:{port}"
    command = [str(shutil.which("nginx")), "-p", str(scratch), "-c", str(config)]
    with running(command, f"{address}/{next(iter(files))}", scratch / "nginx.out") as pid:
        yield address, pid


def main() -> None:
    """Install the peers, or say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--setup", action="store_true", help="install the peers")
    if parser.parse_args().setup:
        setup()
    check()
    print(f"The peers are in {CACHE}")
    if GEOPACKAGE not in providers():
        print("pygeoapi without its GeoPackage provider: no Python here loads mod_spatialite")


if __name__ == "__main__":
    main()
