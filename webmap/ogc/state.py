"""What does the open data service know besides the atlas? Made when first asked for, then kept."""

from __future__ import annotations

import threading

from flask import Flask, current_app

from layers.atlas import Atlas
from layers.columns import Table, table_of
from layers.reach import Reach
from webmap.site import Site

_KEY = "limitrophe_ogc"


class OpenData:
    """What is derived from the atlas for the open data service.

    Parameters
    ----------
    site
        What the service runs on.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._tables: dict[str, Table] = {}
        self._reach: Reach | None = None
        self._lock = threading.Lock()

    @property
    def atlas(self) -> Atlas:
        """The atlas."""
        return self._site.atlas

    def table(self, collection_id: str) -> Table:
        """The properties of a collection that exists, as whole columns."""
        with self._lock:
            if collection_id not in self._tables:
                self._tables[collection_id] = table_of(self.atlas, collection_id)
            return self._tables[collection_id]

    def prepare(self) -> None:
        """Make every table now: processes that are copied afterwards share them."""
        for collection_id in self.atlas.features:
            self.table(collection_id).prepare()

    @property
    def reach(self) -> Reach:
        """What tells which commitments concern a place or a geometry."""
        with self._lock:
            if self._reach is None:
                self._reach = Reach(self._site.join)
            return self._reach


def attach(app: Flask) -> OpenData:
    """Make the state reachable from the requests of ``app``, whose site is there already."""
    made = app.extensions[_KEY] = OpenData(app.extensions["limitrophe"])
    return made


def open_data() -> OpenData:
    """The state of the application that answers."""
    found: OpenData = current_app.extensions[_KEY]
    return found
