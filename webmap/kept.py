"""What is kept in memory between requests? The things used lately, within a bound."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Kept(Generic[Key, Thing]):
    """Things by key, in two generations: those used lately stay, reading takes no lock.

    A thing that is kept or found goes to the young generation; when that is full it becomes the
    old one, and what was old and not asked for again is forgotten.

    Parameters
    ----------
    capacity
        The most that both generations may cost together, in the unit of `keep`.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._young: dict[Key, tuple[Thing, int]] = {}
        self._old: dict[Key, tuple[Thing, int]] = {}
        self._young_cost = 0
        self._old_cost = 0
        self._lock = threading.Lock()

    @property
    def cost(self) -> int:
        """What is kept costs so much."""
        return self._young_cost + self._old_cost

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())

    def get(self, key: Key) -> Thing | None:
        """Return the thing kept under ``key``, else None."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                return None
            self.keep(key, *found)
        return found[0]

    def keep(self, key: Key, thing: Thing, cost: int = 1) -> None:
        """Keep a thing, unless it alone costs more than a generation may."""
        half = self.capacity // 2
        with self._lock:
            if cost > half or key in self._young:
                return
            if self._young_cost + cost > half:
                self._old, self._old_cost = self._young, self._young_cost
                self._young, self._young_cost = {}, 0
            self._young[key] = (thing, cost)
            self._young_cost += cost
