"""How is a TOML file of the data folder read, with every fault of it kept?"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from layers.errors import FaultLog, closest

ENCODING_REMEDY = "Save the file again as UTF-8"


def read_toml(path: Path, file: str, log: FaultLog) -> dict[str, Any]:
    """Return the tables of a TOML file; empty, with a fault noted, when it cannot be read.

    Parameters
    ----------
    path
        The file.
    file
        Its name in faults, below the data folder.
    log
        Where faults go.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        log.add(file, "", "", "the file is missing", "Add it: an atlas cannot do without")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        log.add(file, f"line {line}", "", "the file is not UTF-8", ENCODING_REMEDY)
    except tomllib.TOMLDecodeError as error:
        log.add(file, "", "", f"not valid TOML: {error}", "Correct the syntax there")
    return {}


class Table:
    """One table of a TOML file (or one JSON object), read key by key.

    Each getter notes a fault for a missing or wrongly typed value and returns a neutral one, so
    that reading goes on; `close` notes the keys that nobody asked for.
    """

    def __init__(self, values: Mapping[str, Any], file: str, row: str, log: FaultLog) -> None:
        self.values = values
        self.file = file
        self.row = row
        self.log = log
        self._asked: set[str] = set()

    def fault(self, subject: str, problem: str, remedy: str) -> None:
        """Note a fault of this table."""
        self.log.add(self.file, self.row, subject, problem, remedy)

    def _get(self, key: str, kind: type | tuple[type, ...], expected: str, required: bool) -> Any:
        self._asked.add(key)
        value = self.values.get(key)
        if value is None:
            if required:
                self.fault(key, "missing", f"Add {key} ({expected})")
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(key, f"{value!r} is not {expected}", f"Write {expected}")
            return None
        return value

    def text(self, key: str, *, required: bool = True, filled: bool = False) -> str:
        """Return a string; ``filled`` asks for more than blanks."""
        value = self._get(key, str, "a text", required)
        if value is not None and filled and not value.strip():
            self.fault(key, "empty", f"Fill in {key}")
        return value or ""

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        """Return a string out of ``allowed``."""
        value = self.text(key)
        options = list(allowed)
        if value and value not in options:
            near = closest(value, options, 1)
            hint = f"Use {near[0]}" if near else f"Use one of {', '.join(options)}"
            self.fault(key, f"{value!r} is not allowed", hint)
        return value

    def number(self, key: str, *, minimum: float = 0.0) -> float:
        """Return a finite number of at least ``minimum``."""
        value = self._get(key, (int, float), "a number", True)
        if value is not None and not minimum <= value < float("inf"):
            self.fault(key, f"{value!r} is out of range", f"Write a number from {minimum:g}")
            return minimum
        return float(value or 0.0)

    def integer(self, key: str) -> int:
        """Return a whole number."""
        return int(self._get(key, int, "a whole number", True) or 0)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        return bool(self._get(key, bool, "true or false", True))

    def date(self, key: str) -> datetime.date:
        """Return a day, written ``2026-11-21`` without quotes."""
        value = self._get(key, datetime.date, "a date such as 2026-11-21, without quotes", True)
        if isinstance(value, datetime.datetime):
            return value.date()
        return value or datetime.date.min

    def strings(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """Return a list of distinct strings, in order."""
        value = self._get(key, list, "a list of texts", required) or []
        if not all(isinstance(item, str) and item for item in value):
            self.fault(key, f"{value!r} is not a list of texts", "Write a list of texts")
            return ()
        if len(set(value)) < len(value):
            self.fault(key, "an item is listed twice", "List it once")
        return tuple(dict.fromkeys(value))

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        """Return exactly ``count`` numbers, zeros when they are not there."""
        value = self._get(key, list, f"{count} numbers", True)
        if value is None:
            return (0.0,) * count
        sound = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in value)
        if not sound or len(value) != count:
            self.fault(key, f"{value!r} is not {count} numbers", f"Write {count} numbers")
            return (0.0,) * count
        return tuple(float(v) for v in value)

    def tables(self, key: str, id_key: str = "id") -> list[Table]:
        """Return the sub-tables ``[[key]]``, each with its id (or rank) as its row."""
        value = self._get(key, list, f"[[{key}]] tables", False) or []
        found = []
        for rank, item in enumerate(value, start=1):
            if isinstance(item, dict):
                name = item.get(id_key) or f"{rank}"
                row = f"{self.row} {key} {name}".strip()
                found.append(Table(item, self.file, row, self.log))
            else:
                self.fault(key, f"{item!r} is not a table", f"Write a [[{key}]] table")
        return found

    def close(self, also: Iterable[str] = ()) -> None:
        """Note every key that was not asked for, except those in ``also``."""
        known = self._asked | set(also)
        for key in self.values:
            if key not in known:
                near = closest(key, known, 1)
                hint = f"Did you mean {near[0]}?" if near else "Remove it"
                self.fault(key, "unknown key", hint)
