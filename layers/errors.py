"""What can go wrong in the domain, and what does each fault say?

The domain knows no HTTP status: a caller maps these classes to whatever it speaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class LimitropheError(Exception):
    """Base of every error that the domain raises on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the data.

    Parameters
    ----------
    file
        Path of the file below the data folder, with forward slashes.
    row
        Where in the file: ``line 12``, a feature id, a table name; may be empty.
    subject
        The column, property or entry at fault.
    problem
        What was found.
    remedy
        What to do about it.
    """

    file: str
    row: str
    subject: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.row, self.subject) if part)
        return f"{where}: {self.problem}. {self.remedy}".strip()


class DataFaults(LimitropheError):
    """The data folder does not hold a valid atlas; ``faults`` lists every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        count = len(self.faults)
        lines = "\n".join(f"- {fault}" for fault in self.faults)
        super().__init__(f"{count} fault{'' if count == 1 else 's'} in the data\n{lines}")


class NotFoundError(LimitropheError):
    """Nothing of this kind has this id.

    ``kind`` is the English noun of the glossary (``place``, ``commitment`` …), ``id`` what was
    asked for, ``suggestions`` the existing ids closest to it, best first.
    """

    def __init__(self, kind: str, id: str, suggestions: Iterable[str] = ()) -> None:
        self.kind = kind
        self.id = id
        self.suggestions = tuple(suggestions)
        hint = f" Did you mean {', '.join(self.suggestions)}?" if self.suggestions else ""
        super().__init__(f"no {kind} has the id {id!r}.{hint}")


class ParameterError(LimitropheError):
    """A parameter of a question cannot be understood.

    ``parameter`` is its name, ``got`` the text that came, ``allowed`` what would do.
    """

    def __init__(self, parameter: str, got: object, allowed: str) -> None:
        self.parameter = parameter
        self.got = got
        self.allowed = allowed
        super().__init__(f"{parameter}: got {got!r}; allowed: {allowed}")


class CRSMismatchError(LimitropheError):
    """Two things that were to be combined are in different reference systems."""

    def __init__(self, left: str, right: str) -> None:
        self.left = left
        self.right = right
        super().__init__(f"cannot combine {left} with {right}: reproject one of them first")


class GeocoderError(LimitropheError):
    """The geocoder did not give a usable answer.

    ``offline`` is true when it could not be reached at all, false when it answered wrongly.
    """

    def __init__(self, message: str, *, offline: bool) -> None:
        self.offline = offline
        super().__init__(message)


def closest(id: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Return up to ``count`` of the ``known`` ids that resemble ``id``, best first."""
    return tuple(get_close_matches(id, list(known), n=count, cutoff=0.6))


class FaultLog:
    """Gathers faults while files are read, so that all of them are reported at once.

    ``unsure`` names the kinds of things (``place``, ``actor`` …) of which some could not be
    read: a reference to one that is not known is then no fault that can be told.
    """

    def __init__(self) -> None:
        self.unsure: set[str] = set()
        self._faults: list[Fault] = []
        self._remedies: dict[tuple[str, str], str] = {}

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, file: str, row: str, subject: str, problem: str, remedy: str) -> None:
        """Note one fault; see `Fault` for the meaning of the parts."""
        self._faults.append(Fault(file, row, subject, problem, remedy))

    def unknown(
        self, file: str, row: str, subject: str, kind: str, id: str, known: Iterable[str]
    ) -> None:
        """Note a reference to an id that does not exist, with the nearest valid ids.

        Nothing is noted when ``kind`` is among the `unsure`.
        """
        if kind in self.unsure:
            return
        key = (kind, id)
        if key not in self._remedies:
            near = closest(id, known)
            self._remedies[key] = (
                f"Use {' or '.join(near)}, or add it"
                if near
                else f"Add the {kind} or correct the id"
            )
        self.add(file, row, subject, f"no {kind} has the id {id!r}", self._remedies[key])

    def raise_any(self) -> None:
        """Raise `DataFaults` when at least one fault was noted, in the order of noting."""
        if self._faults:
            raise DataFaults(self._faults)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults noted so far."""
        return tuple(self._faults)
