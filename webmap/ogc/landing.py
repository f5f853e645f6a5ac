"""What does the service offer, and where? The landing page."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import gettext as _

from webmap.i18n import localised
from webmap.negotiation import HTML, JSON, OPENAPI, F
from webmap.ogc.answer import document
from webmap.ogc.links import both_forms, link, own_links
from webmap.params import takes
from webmap.site import current_site
from webmap.urls import absolute


def landing_document() -> dict[str, Any]:
    """The landing page (17-069r4, 7.2)."""
    api = _("Définition de l’interface")
    return {
        "title": localised(current_site().atlas, "title"),
        "description": _(
            "Les engagements publics et les lieux qu’ils concernent, en données ouvertes :"
            " OGC API – Features, sans inscription."
        ),
        "links": [
            *own_links(),
            link("service-desc", absolute("ogc.api", f="json"), OPENAPI, api),
            link("service-doc", absolute("ogc.api", f="html"), HTML, api),
            *both_forms("conformance", "ogc.conformance", _("Classes de conformité")),
            *both_forms("data", "ogc.collections", _("Collections")),
            link("related", absolute("ogc.reach", f="html"), HTML, _("Portée")),
        ],
    }


@takes(F)
def show() -> Response:
    """Answer ``/ogc``."""
    return document("landing", landing_document, JSON, service=absolute("ogc.landing", lang=None))
