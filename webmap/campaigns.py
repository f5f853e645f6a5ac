"""Which parameters do others add to our links, and where do readers go without them?

Newsletters, social networks and audience measures mark the links that they carry. A page that
refuses what it does not know would refuse the readers whom they send; it leads them to the same
address without the marks, which say who sent whom and are none of the atlas's business. The
data service refuses them as any parameter that it does not take: OGC API – Features asks so.
"""

from __future__ import annotations

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from webmap.urls import here_without

PREFIXES = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "at_", "hsa_")
"""Of Google Analytics and most newsletters, Matomo, Piano Analytics and HubSpot."""
NAMES = frozenset(
    (
        *("fbclid", "igsh", "igshid"),  # Facebook, Instagram
        *("gclid", "gbraid", "wbraid", "dclid", "gad_source", "gad_campaignid"),  # Google
        *("msclkid", "twclid", "ttclid", "li_fat_id"),  # Bing, X, TikTok, LinkedIn
        *("mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok", "xtor"),  # newsletters
    )
)


def is_mark(name: str) -> bool:
    """Whether a parameter is one that others add to links."""
    return name in NAMES or name.startswith(PREFIXES)


def lead_on() -> Response | None:
    """Lead a reader whose link was marked to the same address without the marks."""
    is_page = request.endpoint is not None and "ogc" not in request.blueprints
    marks = {name for name in request.args if is_mark(name)}
    if not (is_page and marks and request.method in ("GET", "HEAD")):
        return None
    return redirect(here_without(marks), 302)


def register(app: Flask) -> None:
    """Have ``app`` look for marks before it reads the query."""
    app.before_request(lead_on)
