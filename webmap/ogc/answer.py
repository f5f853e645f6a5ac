"""How is a resource of the open data service answered? As JSON or as a page, by negotiation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, render_template

from webmap.negotiation import JSON, wants_html
from webmap.responses import AtlasResponse, prepared


def page(template: str, **context: Any) -> AtlasResponse:
    """Render a page of the service; ``Vary`` tells that the address has another form."""
    html = render_template(f"ogc/{template}.html", **context)
    return _negotiated(AtlasResponse(html, content_type="text/html; charset=utf-8"))


def data(mimetype: str, make: Callable[[], bytes], *, changes: bool = False) -> AtlasResponse:
    """Answer with JSON that is made once for each address; each time, if it ``changes``."""
    if changes:
        return _negotiated(AtlasResponse(make(), content_type=mimetype))
    return _negotiated(prepared(mimetype, make))


def document(
    template: str,
    make: Callable[[], dict[str, Any]],
    mimetype: str = JSON,
    changes: bool = False,
    **context: Any,
) -> Response:
    """Answer with a JSON document, or with the page that shows it as ``document``.

    See `data` for ``changes``.
    """
    if wants_html():
        return page(template, document=make(), **context)
    return data(mimetype, lambda: orjson.dumps(make()), changes=changes)


def _negotiated(response: AtlasResponse) -> AtlasResponse:
    response.vary.add("Accept")
    return response
