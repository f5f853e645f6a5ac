"""What does the panel of a map offer? Areas, layers by group with their legend, places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from layers.model import Layer
from webmap.labels import GROUPS
from webmap.mapping.grounds import styles
from webmap.mapping.hatching import hatch_path
from webmap.site import current_site


def panel(layers: Iterable[Layer] | None = None) -> dict[str, Any]:
    """The variables of the template ``_map_panel.html``.

    Parameters
    ----------
    layers : iterable of Layer, optional
        The layers on offer, every layer of the atlas when left out; the ground is never listed.
    """
    atlas = current_site().atlas
    offered = list(atlas.layers.values() if layers is None else layers)
    groups: dict[str, list[Layer]] = {group: [] for group in GROUPS}
    for layer in offered:
        if not layer.background:
            groups.setdefault(layer.group, []).append(layer)
    unlocated = {
        layer.id: [place for place in atlas.places_in(layer.id) if place.geometry is None]
        for layer in offered
    }
    return {
        "areas": tuple(atlas.areas.values()),
        "groups": {group: listed for group, listed in groups.items() if listed},
        "styles": styles(),
        "hatch_path": hatch_path,
        "unlocated": unlocated,
        "unlocated_layers": [layer for layer in offered if unlocated[layer.id]],
        "unlocated_count": sum(map(len, unlocated.values())),
    }
