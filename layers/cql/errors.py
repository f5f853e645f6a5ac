"""What is wrong with a filter, and at which character?"""

from __future__ import annotations

from layers.errors import LimitropheError


class FilterError(LimitropheError):
    """A filter cannot be understood, or asks what the collection cannot answer.

    Parameters
    ----------
    problem
        What is wrong, and what would do.
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
        problem: str,
        position: int | None = None,
        pointer: str = "",
        suggestions: tuple[str, ...] = (),
    ) -> None:
        self.problem = problem
        self.position = position
        self.pointer = pointer
        self.suggestions = suggestions
        where = f"character {position}: " if position else f"{pointer}: " if pointer else ""
        super().__init__(f"filter: {where}{problem}")
