"""What is wrong with a filter, and at which character?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from layers.errors import LimitropheError


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, or a part of one, that can be said in another language.

    Attributes
    ----------
    text
        The English text; ``%(name)s`` stands for a value.
    values
        What is put into it, by name: a text, a number, `Said`, or what another error tells.
    """

    text: str
    values: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.text % dict(self.values) if self.values else self.text


@dataclass(frozen=True, slots=True)
class Listed:
    """Parts of a sentence that are told one after the other, with commas."""

    parts: tuple[Said, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.parts))


def say(text: str, **values: Any) -> Said:
    """Return what is said with some values."""
    return Said(text, tuple(values.items()))


def listed(parts: Iterable[str]) -> Listed:
    """Return texts as parts of a sentence, each once."""
    return Listed(tuple(map(Said, dict.fromkeys(parts))))


class FilterError(LimitropheError):
    """A filter cannot be understood, or asks what the collection cannot answer.

    Parameters
    ----------
    said
        What is wrong, and what would do; ``problem`` is the same in English.
    position
        The character of a text filter that it is about, counted from 1; None when it is about
        the whole, or for a JSON filter whose syntax is sound.
    pointer
        The JSON pointer (RFC 6901) of the part of a JSON filter; empty for a text filter.
    suggestions
        Names that resemble one that is not known, best first.
    """

    def __init__(
        self,
        said: Said,
        position: int | None = None,
        pointer: str = "",
        suggestions: tuple[str, ...] = (),
    ) -> None:
        self.said = said
        self.problem = problem = str(said)
        self.position = position
        self.pointer = pointer
        self.suggestions = suggestions
        where = f"character {position}: " if position else f"{pointer}: " if pointer else ""
        super().__init__(f"filter: {where}{problem}")
