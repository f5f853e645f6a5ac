"""Which properties of a collection may be filtered and sorted by, as whole columns?"""

from __future__ import annotations

from layers.atlas import Atlas


class Table:
    """The queryable properties of a collection, as whole columns in the features' order."""

    def __len__(self) -> int:
        raise NotImplementedError


def table_of(atlas: Atlas, collection_id: str) -> Table:
    """Return the table of a layer or of a collection of the register.

    The ids of the register are ``engagements``, ``documents``, ``indicateurs`` and
    ``discordances``. Rows are in the order of the atlas's mapping (and so of its `FeatureSet`).

    Raises
    ------
    NotFoundError
        With the ids that resemble it.
    """
    raise NotImplementedError
