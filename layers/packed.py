"""How are many short texts held without an object for each? End to end, in one piece of memory.

A process that shares its memory with the one that made it (see `webmap.server`) copies a page
as soon as it touches an object there, even to read it: Python counts references. Texts in one
piece are read without that, and leave no gaps between them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import overload


class Packed(Sequence[bytes]):
    """An immutable sequence of bytes objects, each made anew when it is read.

    Parameters
    ----------
    texts
        What it holds.
    """

    __slots__ = ("_ends", "_texts")

    def __init__(self, texts: Iterable[bytes]) -> None:
        found = tuple(texts)
        self._texts = b"".join(found)
        self._ends = array("q", accumulate(map(len, found), initial=0))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[bytes, ...]: ...

    def __getitem__(self, index: int | slice) -> bytes | tuple[bytes, ...]:
        if isinstance(index, slice):
            return tuple(self.many(range(*index.indices(len(self)))))
        position = index if index >= 0 else index + len(self)
        if not 0 <= position < len(self):
            raise IndexError(index)
        return self._texts[self._ends[position] : self._ends[position + 1]]

    def many(self, positions: Iterable[int]) -> list[bytes]:
        """Return the texts at some positions, none of them negative; quicker than one by one."""
        texts, ends = self._texts, self._ends
        return [texts[ends[position] : ends[position + 1]] for position in positions]

    def __iter__(self) -> Iterator[bytes]:
        texts, ends = self._texts, self._ends
        return (texts[start:end] for start, end in pairwise(ends))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Packed):
            return NotImplemented
        return self._texts == other._texts and self._ends == other._ends

    def __hash__(self) -> int:
        return hash(self._texts)
