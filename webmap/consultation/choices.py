"""Which layers, places, commitments and communes does a consultation offer?"""

from __future__ import annotations

from layers.atlas import Atlas
from layers.join import TERRITORIES
from layers.model import Commitment, Layer, Place
from webmap.consultation.plan import Plan
from webmap.labels import by_name


def layers_of(plan: Plan, atlas: Atlas) -> list[Layer]:
    """The layers that are shown: those of the plan, else those that the atlas shows first."""
    chosen = [atlas.layers[id] for id in plan.layers if id in atlas.layers]
    every = atlas.layers.values()
    return [
        layer for layer in chosen or every if not layer.background and (chosen or layer.visible)
    ]


def places_of(plan: Plan, atlas: Atlas) -> list[Place]:
    """The places that a contribution may be about, by name."""
    layers = [layer for layer in layers_of(plan, atlas) if layer.group != TERRITORIES]
    return by_name(place for layer in layers for place in atlas.places_in(layer.id))


def territories_of(plan: Plan, atlas: Atlas) -> list[Place]:
    """The communes and territories that a contribution may be about, by name."""
    chosen = [atlas.places[id] for id in plan.territories if id in atlas.places]
    layers = [layer for layer in atlas.layers.values() if layer.group == TERRITORIES]
    every = (place for layer in layers for place in atlas.places_in(layer.id))
    return by_name(chosen or every)


def commitments_of(plan: Plan, atlas: Atlas) -> list[Commitment]:
    """The commitments that a contribution may be about: those of the plan, else all."""
    chosen = [atlas.commitments[id] for id in plan.commitments if id in atlas.commitments]
    return chosen or list(atlas.commitments.values())
