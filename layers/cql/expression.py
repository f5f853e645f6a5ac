"""What does a filter say, and of which features of a table is it true?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from layers.columns import Table

LANGUAGES = ("cql2-text", "cql2-json")


class Expression:
    """A filter that was read without fault; it may be asked of any table, any number of times."""

    def mask(self, table: Table) -> npt.NDArray[np.bool_]:
        """Tell of each feature of a table whether the filter is true of it.

        Raises
        ------
        FilterError
            If the filter names what the table does not have, or compares unlike things.
        """
        raise NotImplementedError


def parse(text: str, language: str = "cql2-text", filter_crs: str | None = None) -> Expression:
    """Read a filter.

    Parameters
    ----------
    text
        The filter, as it came.
    language
        ``cql2-text`` or ``cql2-json``.
    filter_crs
        The reference system of the geometries in the filter: a URI or an identifier such as
        ``EPSG:2154``; None for CRS84 (longitude, latitude).

    Raises
    ------
    FilterError
        If it cannot be understood, is too large, or its geometries are not sound.
    """
    raise NotImplementedError
