"""How are style sheets, scripts and icons served? Read once, compressed once, named by content.

Their addresses hold a digest of the whole folder (``/static/v/<digest>/js/app.js``), which
relative imports between modules and style sheets keep, so browsers may keep them for good.
The same files answer without the digest (``/static/js/app.js``), to be revalidated each time.
Some are served with all that they import inside, so that a page asks once; in debug mode each
is served as it is.
"""

from __future__ import annotations

import mimetypes
import stat
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from flask import Flask, Response
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from webmap.responses import Body, bodies, respond

FOLDER = Path(__file__).parent / "static"
FOREVER = 31_536_000
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}


def folder_digest(folder: Path = FOLDER) -> str:
    """A digest of the names and contents of all files below a folder."""
    digest = blake2b(digest_size=8)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def content_type(path: Path) -> str:
    """The type of a file, with the charset where it is text."""
    kind = (
        TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    )
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _body(filename: str) -> Body:
    joined = safe_join(str(FOLDER), filename)
    if joined is None:
        raise NotFound
    path = Path(joined)
    try:
        state = path.stat()
    except (OSError, ValueError) as error:  # no such file; a name that no file can have
        raise NotFound from error
    if not stat.S_ISREG(state.st_mode):
        raise NotFound
    key = ("static", filename, state.st_mtime_ns, state.st_size)
    return bodies().get(key, lambda: Body(path.read_bytes(), content_type(path)))


def register(app: Flask, packed: Mapping[str, Callable[[], str]]) -> None:
    """Serve the folder as the endpoint ``static``, versioned unless in debug mode.

    Parameters
    ----------
    packed
        What makes the text that is served in place of a file, by its path below the folder.
    """
    version = folder_digest()

    def body(filename: str) -> Body:
        if filename not in packed or app.debug:
            return _body(filename)

        def make() -> Body:
            return Body(packed[filename]().encode(), content_type(FOLDER / filename))

        return bodies().get(("packed", filename), make)

    def static(filename: str, version_asked: str = "") -> Response:
        response = respond(body(filename))
        response.cache_control.max_age = FOREVER if version_asked == version else None
        response.cache_control.immutable = version_asked == version
        response.cache_control.no_cache = version_asked != version
        return response

    def name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and not app.debug:
            values.setdefault("version_asked", version)

    app.add_url_rule("/static/<path:filename>", "static", static)
    app.add_url_rule("/static/v/<version_asked>/<path:filename>", "static", static)
    app.url_default_functions.setdefault(None, []).append(name_version)
