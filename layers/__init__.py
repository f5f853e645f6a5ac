"""Which commitments hold for which places? The geospatial domain of the atlas.

The package knows neither HTTP nor HTML: it reads ``data/`` into one immutable ``Atlas`` and
answers questions about it, from a server, a notebook or ``python -m layers``.
"""
