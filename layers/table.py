"""How is a CSV table read and checked against its Table Schema?

A table is UTF-8 with a header line. Planners edit in spreadsheets, so a byte order mark, ``;``
or tabs as separator and CRLF line ends are read too. Cells are stripped; lists are split at
the schema's delimiter. What is checked here needs one file only: references between files are
the matter of `layers.references`.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from layers.errors import FaultLog, closest

SCHEMA = "commitments/schema.json"
DELIMITERS = ",;\t"
Cell = str | tuple[str, ...] | datetime.date | None


@dataclass(frozen=True)
class Field:
    """A column of a table, as Table Schema describes it."""

    name: str
    type: str = "string"
    title: str = ""
    description: str = ""
    delimiter: str = "|"
    references: str = ""
    item_pattern: str = ""
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""

    @classmethod
    def from_schema(cls, entry: Mapping[str, Any]) -> Field:
        """Make a field from its entry in the schema's ``fields``."""
        constraints = entry.get("constraints", {})
        return cls(
            name=entry["name"],
            type=entry.get("type", "string"),
            title=entry.get("title", ""),
            description=entry.get("description", ""),
            delimiter=entry.get("delimiter", "|"),
            references=entry.get("references", ""),
            item_pattern=entry.get("itemPattern", ""),
            required=constraints.get("required", False),
            unique=constraints.get("unique", False),
            enum=tuple(constraints.get("enum", ())),
            pattern=constraints.get("pattern", ""),
        )

    @cached_property
    def form(self) -> re.Pattern[str] | None:
        """The form that a filled cell (or each item of a list) must have."""
        text = self.item_pattern if self.type == "list" else self.pattern
        return re.compile(text) if text else None


Schema = dict[str, tuple[Field, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: ``row`` says where it is, ``values`` holds its cells by column."""

    file: str
    row: str
    values: Mapping[str, Any]


def read_schema(data_dir: Path, log: FaultLog) -> Schema:
    """Return the fields of each resource of ``commitments/schema.json``, by resource name."""
    try:
        package = orjson.loads((data_dir / SCHEMA).read_bytes())
        return {
            resource["name"]: tuple(map(Field.from_schema, resource["schema"]["fields"]))
            for resource in package["resources"]
        }
    except FileNotFoundError:
        log.add(SCHEMA, "", "", "the file is missing", "Add it: it says what the tables hold")
    except orjson.JSONDecodeError as error:
        log.add(
            SCHEMA,
            f"line {error.lineno}",
            "",
            f"not valid JSON: {error.msg}",
            "Correct the syntax there",
        )
    except (KeyError, TypeError, AttributeError) as error:
        log.add(
            SCHEMA,
            "",
            "",
            f"not a Table Schema package: {error!r}",
            "Each of its resources has a name and a schema with fields, each with a name",
        )
    return {}


def read_table(
    data_dir: Path, file: str, kind: str, fields: Sequence[Field], log: FaultLog
) -> list[Row]:
    """Return the rows of a CSV file, typed as its fields say.

    Parameters
    ----------
    data_dir, file
        The data folder and the file's path below it.
    kind
        What a row is, such as ``actor``; the log is unsure of it when rows cannot be read.
    fields
        The columns that the table has.
    log
        Where faults go. A row with a faulty cell is returned with that cell empty.

    Returns
    -------
    list of Row
        ``values`` maps each field name to a text, a tuple of texts (list) or a date or None.
    """
    rows = _read_rows(data_dir / file, file, fields, log)
    if rows is None or None in rows:
        log.unsure.add(kind)
    sound = [row for row in rows or () if row is not None]
    _check_unique(sound, fields, log)
    return sound


def _read_rows(
    path: Path, file: str, fields: Sequence[Field], log: FaultLog
) -> list[Row | None] | None:
    """Return the rows, None for each that cannot be read; None if the file cannot."""
    text = _decoded(path, file, log)
    if text is None:
        return None
    header, *_ = text.splitlines() or [""]
    delimiter = max(DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
        if not _check_header(columns, fields, file, log):
            return None
        return list(_rows(reader, columns, fields, file, log))
    except csv.Error as error:
        log.add(file, f"line {reader.line_num}", "", f"not valid CSV: {error}", "Check the quotes")
        return None


def _decoded(path: Path, file: str, log: FaultLog) -> str | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        log.add(file, "", "", "the file is missing", "Add it, with its header line at least")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        guess = "UTF-16" if utf16 else "Windows-1252 or the like"
        log.add(
            file,
            f"line {line}",
            "",
            f"the file is not UTF-8 (it looks like {guess})",
            "Save it again from the spreadsheet as 'CSV UTF-8'",
        )
        return None


def _check_header(
    columns: Sequence[str], fields: Sequence[Field], file: str, log: FaultLog
) -> bool:
    names = [field.name for field in fields]
    before = len(log)
    for column in columns:
        if column not in names:
            near = closest(column, names, 1)
            remedy = f"Did you mean {near[0]}?" if near else "Remove the column"
            log.add(file, "line 1", column, f"unknown column {column!r}", remedy)
        elif columns.count(column) > 1:
            log.add(file, "line 1", column, "the column is there twice", "Keep one")
    for name in names:
        if name not in columns:
            log.add(file, "line 1", name, f"the column {name!r} is missing", "Add it")
    return len(log) == before


def _rows(
    reader: Any, columns: Sequence[str], fields: Sequence[Field], file: str, log: FaultLog
) -> Iterator[Row | None]:
    by_name = {field.name: field for field in fields}
    ordered = [by_name[column] for column in columns]
    start = reader.line_num + 1
    for cells in reader:
        row, start = f"line {start}", reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            log.add(
                file,
                row,
                "",
                f"{len(cells)} cells where the header has {len(columns)}",
                "Put cells that hold the separator between double quotes",
            )
            yield None
            continue
        values = {
            field.name: _typed(cell.strip(), field, file, row, log)
            for field, cell in zip(ordered, cells, strict=True)
        }
        yield Row(file, row, values)


def _typed(cell: str, field: Field, file: str, row: str, log: FaultLog) -> Cell:
    if not cell:
        if field.required:
            log.add(file, row, field.name, "empty", f"Fill in {field.name}")
        return {"list": (), "date": None}.get(field.type, "")
    if field.type == "date":
        return _date(cell, field, file, row, log)
    if field.type == "list":
        return _list(cell, field, file, row, log)
    if field.enum and cell not in field.enum:
        near = closest(cell, field.enum, 1)
        remedy = f"Use {near[0]}" if near else f"Use one of {', '.join(field.enum)}"
        log.add(file, row, field.name, f"{cell!r} is not allowed", remedy)
        return ""
    if field.form and not field.form.fullmatch(cell):
        log.add(
            file,
            row,
            field.name,
            f"{cell!r} has not the form {field.pattern}",
            field.description or "Correct it",
        )
    return cell


def _date(cell: str, field: Field, file: str, row: str, log: FaultLog) -> datetime.date | None:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        try:
            return datetime.date.fromisoformat(cell)
        except ValueError:
            pass
    remedy = "Write the date as YYYY-MM-DD"
    french = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", cell)
    if french:
        day, month, year = french.groups()
        remedy += f", here {year}-{month:0>2}-{day:0>2}"
    log.add(file, row, field.name, f"{cell!r} is not a date", remedy)
    return None


def _list(cell: str, field: Field, file: str, row: str, log: FaultLog) -> tuple[str, ...]:
    items = [item.strip() for item in cell.split(field.delimiter)]
    if "" in items:
        log.add(
            file,
            row,
            field.name,
            f"an empty item in {cell!r}",
            f"Write one {field.delimiter} between two items and none at the ends",
        )
    for item in items:
        if items.count(item) > 1:
            log.add(file, row, field.name, f"{item!r} is listed twice", "List it once")
            break
    for item in items:
        if item and field.form and not field.form.fullmatch(item):
            log.add(
                file,
                row,
                field.name,
                f"{item!r} has not the form {field.item_pattern}",
                field.description or "Correct it",
            )
    return tuple(dict.fromkeys(item for item in items if item))


def _check_unique(rows: Sequence[Row], fields: Sequence[Field], log: FaultLog) -> None:
    for field in fields:
        first: dict[str, str] = {}
        for row in rows if field.unique else ():
            value = row.values[field.name]
            if value and value in first:
                log.add(
                    row.file,
                    row.row,
                    field.name,
                    f"{value!r} is used twice (first on {first[value]})",
                    "Renumber one of them",
                )
            first.setdefault(value, row.row)
