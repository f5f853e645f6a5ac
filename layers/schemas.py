"""What may a collection be asked, and what does it return? JSON Schema (draft 2020-12)."""

from __future__ import annotations

from typing import Any

from layers.columns import Table


def queryables(collection: Table, address: str = "", language: str = "fr") -> dict[str, Any]:
    """Return the JSON Schema of what a collection may be filtered and sorted by.

    Parameters
    ----------
    collection
        Its table; see `layers.columns.table_of`.
    address
        The absolute URL of the document, for ``$id``; left out when empty.
    language
        ``fr`` or ``en``, for titles.
    """
    raise NotImplementedError


def schema(collection: Table, address: str = "", language: str = "fr") -> dict[str, Any]:
    """Return the JSON Schema of the properties that a collection returns (Part 5)."""
    raise NotImplementedError
