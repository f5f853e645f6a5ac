"""Which features meet a CQL2 filter? Parse a filter once, then ask it of whole columns.

``parse`` reads OGC CQL2 (21-065r2) as text or JSON; the `Expression` that it returns is asked of
a `layers.columns.Table` and answers with one boolean for each of its features.
"""

from __future__ import annotations

from layers.cql.errors import FilterError
from layers.cql.expression import Expression, parse

__all__ = ["Expression", "FilterError", "parse"]
