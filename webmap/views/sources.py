"""Where does everything come from? Layers, datasets, licences, methods, rules of the join."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, render_template

from layers.join import TERRITORIES
from webmap.labels import METHODS
from webmap.site import current_site

blueprint = Blueprint("sources", __name__)


@blueprint.get("/sources")
def index() -> str:
    """Answer with the sources page."""
    site = current_site()
    atlas = site.atlas
    methods = {
        layer.id: Counter(str(p.position.method) for p in atlas.places_in(layer.id))
        for layer in atlas.layers.values()
    }
    used = {s for layer in atlas.layers.values() for s in layer.sources}
    used |= {s for place in atlas.places.values() for s in place.position.sources}
    return render_template(
        "sources.html",
        layers=atlas.layers.values(),
        sources=[s for s in atlas.sources.values() if s.id in used],
        methods=methods,
        method_names=METHODS,
        report=site.join.report(),
        places=[p for p in site.join.places if atlas.layer(p.layer).group != TERRITORIES],
    )
