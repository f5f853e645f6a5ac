"""Is the service up, and which data does it serve?"""

from __future__ import annotations

import orjson
from flask import Blueprint, Response

from webmap.responses import AtlasResponse
from webmap.site import current_site

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def show() -> Response:
    """Answer ``/healthz``: the digest of the data and what it holds."""
    atlas = current_site().atlas
    state = {
        "status": "ok",
        "content": atlas.content_hash,
        "layers": len(atlas.layers),
        "places": len(atlas.places),
        "commitments": len(atlas.commitments),
    }
    response = AtlasResponse(orjson.dumps(state), content_type="application/json")
    response.cache_control.no_store = True
    return response
