"""Which pages are compared in the browser? Ours, one that Folium writes, and a plain Leaflet one.

The peers' pages are files that a server of the standard library sends, compressed beforehand;
they load Leaflet from here instead of from the network, and Folium's nothing else of what it
would usually load: both are to their advantage. Data, view and size are the same for all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import brotli

from benchmarks import service_data as data

LEAFLET = data.ROOT / "webmap" / "static" / "vendor" / "leaflet"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}

FOLIUM = """
import json, sys
import folium
source, target, lat, lon, zoom = sys.argv[1:]
page = folium.Map([float(lat), float(lon)], zoom_start=float(zoom), tiles=None, prefer_canvas=True)
page.default_js = [("leaflet", "leaflet.js")]
page.default_css = [("leaflet_css", "leaflet.css")]
folium.GeoJson(json.load(open(source, encoding="utf-8"))).add_to(page)
page.save(target)
"""
"""The program that has Folium write a page; in a process of its own, as its users run it."""

PLAIN = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Leaflet</title>
<link rel="stylesheet" href="leaflet.css"><script src="leaflet.js"></script>
<style>html, body, #frame {{ height: 100%; margin: 0 }}</style></head>
<body><div id="frame"></div><script>
var map = L.map("frame", {{ preferCanvas: true }}).setView([{lat}, {lon}], {zoom});
fetch("{name}").then((answer) => answer.json()).then((data) => L.geoJSON(data).addTo(map));
</script></body></html>
"""


def write_peers(
    folder: Path, dataset: data.Dataset, views: dict[str, tuple[float, float, float]]
) -> None:
    """Write the pages of the peers for a dataset, one for each view, and what they load.

    Parameters
    ----------
    folder
        Where to.
    dataset
        Its features are on every page.
    views
        Latitude, longitude and zoom by name; pages are called ``<peer>-<dataset>-<name>.html``.
    """
    source = data.write_geojson(folder / f"{dataset.id}.json", dataset)
    for name, (lat, lon, zoom) in views.items():
        target = folder / f"folium-{dataset.id}-{name}.html"
        arguments = [str(value) for value in (source, target, lat, lon, zoom)]
        subprocess.run([sys.executable, "-c", FOLIUM, *arguments], check=True)
        page = PLAIN.format(lat=lat, lon=lon, zoom=zoom, name=source.name)
        (folder / f"leaflet-{dataset.id}-{name}.html").write_text(page, encoding="utf-8")
    for asset in ("leaflet.js", "leaflet.css"):
        (folder / asset).write_bytes((LEAFLET / asset).read_bytes())


@contextmanager
def serving_files(folder: Path) -> Iterator[str]:
    """Serve the files of a folder, compressed beforehand; yield the address."""
    bodies = {
        f"/{path.name}": (
            TYPES.get(path.suffix, "application/json"),
            brotli.compress(path.read_bytes(), quality=7),
        )
        for path in folder.iterdir()
        if path.is_file()
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = bodies.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if body:
                self.send_header("Content-Encoding", "br")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ours_path(dataset: data.Dataset, view: tuple[float, float, float]) -> str:
    """The address of our map that shows a dataset alone."""
    lat, lon, zoom = view
    return f"/?couches={dataset.id}&vue={lat},{lon},{json.dumps(zoom)}"
