"""Which part of an extract does an area question find, and what ties the commitments to it?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layers.area import Area, within
from layers.atlas import ENGAGEMENTS
from layers.encode import with_more_properties
from layers.exporters.columns import Column
from layers.exporters.extract import Extract
from layers.exporters.labels import LABELS
from layers.model import Link
from layers.query import feature_set

TIES = (("link", "string", 16), ("link_place", "string", 80), ("link_distance_m", "number", 0))
"""What is told of the link of a commitment: column, type, widest text."""


def in_area(found: Extract, area: Area, links: Sequence[Link]) -> Extract:
    """Return those features of an extract that an area question finds.

    Parameters
    ----------
    found
        Features of a layer, or of the register: of the commitments, those that are linked.
    area, links
        The question, and the links of `links_of`.
    """
    if found.collection == ENGAGEMENTS:
        return _tied(found, links)
    inside = np.flatnonzero(within(found.features, area))
    return found.only(np.isin(found.positions, inside))


def _tied(found: Extract, links: Sequence[Link]) -> Extract:
    """Return commitments with what ties them: ``link``, ``link_place``, ``link_distance_m``."""
    by_id = {link.commitment: link for link in links}
    kept = [i for i in found.positions.tolist() if found.features.ids[i] in by_id]
    ids = tuple(found.features.ids[i] for i in kept)
    encoded = tuple(
        with_more_properties(
            found.features.encoded[i],
            {
                "link": by_id[id].kind,
                "link_place": by_id[id].place,
                "link_distance_m": by_id[id].distance_m,
            },
        )
        for i, id in zip(kept, ids, strict=True)
    )
    tied = feature_set(ids, encoded, found.features.geometries[kept])
    ties = (Column(name, type, *LABELS[name], width) for name, type, width in TIES)
    positions = np.arange(len(ids))
    return Extract(found.collection, (*found.columns, *ties), tied, positions, found.declared)
