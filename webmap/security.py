"""What may a page of ours do in a browser? Response headers, above all the content policy.

No page may load or run anything but the project's own files and the images of the basemaps
that are declared; an inline script runs only under the nonce of its own response, save those
that are known by their digests (`INLINE`). Pages of other sites may hold none of ours in a
frame, save the map that is made for it (`EMBEDDABLE`).
"""

from __future__ import annotations

import base64
import secrets
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from markupsafe import Markup

from layers.locate import BASE_URL
from webmap.mapping.grounds import basemaps

SCRIPTS = Path(__file__).parent / "static" / "js"
INLINE = ("appearance", "first-script", "first-squares", "map-is-there")
"""Scripts that stand in pages and run before any other has come; every page has the first."""
GEOCODER = "{0.scheme}://{0.netloc}".format(urlsplit(BASE_URL))
EMBEDDABLE = frozenset({"share.embed"})
"""Endpoints that any site may hold in a frame: they act on nothing and know no reader."""
PERMISSIONS = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"


def csp_nonce() -> str:
    """The nonce of the response in the making; a response that never asks has none."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def uses_nonce() -> bool:
    """Tell whether the response in the making holds its nonce, which makes it unique."""
    return "csp_nonce" in g


@cache
def inline_script(name: str) -> Markup:
    """One of `INLINE`, to stand in a page."""
    return Markup((SCRIPTS / f"{name}.js").read_text(encoding="utf-8").strip())


@cache
def _inline_sources() -> str:
    digests = (sha256(inline_script(name).encode()).digest() for name in INLINE)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


@cache
def _image_sources() -> str:
    hosts = sorted({f"https://{host}" for ground in basemaps() for host in ground.hosts})
    return " ".join(["'self'", "data:", "blob:", *hosts])


def content_policy() -> str:
    """The content security policy of the response in the making."""
    scripts = f"'self' {_inline_sources()}"
    if uses_nonce():
        scripts += f" 'nonce-{csp_nonce()}'"
    directives = {
        "default-src": "'none'",
        "script-src": scripts,
        "style-src": "'self'",
        "img-src": _image_sources(),
        # The national geocoder is asked on a reader's demand only.
        "connect-src": f"'self' {GEOCODER}",
        "font-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "*" if request.endpoint in EMBEDDABLE else "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _protect(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = content_policy()
    headers["X-Content-Type-Options"] = "nosniff"
    # Tile servers ask for the origin of a page; nobody needs the path.
    headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    headers["Permissions-Policy"] = PERMISSIONS
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def register(app: Flask) -> None:
    """Protect every response of ``app``; templates get ``csp_nonce()``, ``inline_script()``."""
    app.after_request(_protect)
    app.jinja_env.globals["inline_script"] = inline_script
    app.jinja_env.globals["csp_nonce"] = csp_nonce
