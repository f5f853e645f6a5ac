"""What do the documents commit to? Reads ``commitments/`` into documents, actors and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from layers.errors import FaultLog
from layers.model import (
    Actor,
    Commitment,
    CommitmentKind,
    Discrepancy,
    Document,
    Indicator,
    Section,
    Severity,
    Signatory,
)
from layers.periods import period_days
from layers.table import SCHEMA, Field, Row, Schema, read_schema, read_table
from layers.tomlfile import Table, read_toml

DOCUMENTS = "commitments/documents.toml"
TEXTS = (
    "title_fr",
    "title_en",
    "short_fr",
    "short_en",
    "type_fr",
    "status_fr",
    "object_fr",
    "object_en",
    "dates",
    "duration",
    "renewal",
    "notice",
    "copies",
    "producer",
)
RESOURCES = {
    "actors": Actor,
    "commitments": Commitment,
    "indicators": Indicator,
    "discrepancies": Discrepancy,
}
ROW_KINDS = {"actors": "actor", "indicators": "indicator", "discrepancies": "discrepancy"}
FILLED = ("title_fr", "title_en", "short_fr", "short_en")

Thing = TypeVar("Thing", Actor, Commitment, Indicator, Discrepancy)


@dataclass(frozen=True, slots=True)
class Register:
    """The register as read; mappings are in reading order.

    ``rows`` tells for every entry, by resource and id, which line of which file it came from.
    """

    documents: dict[str, Document] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    discrepancies: dict[str, Discrepancy] = field(default_factory=dict)
    schema: Schema = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)


def table_file(name: str) -> str:
    """Return the path below the data folder of a table, by its name or its document's id."""
    return f"commitments/{name}.csv"


def read_register(data_dir: Path, log: FaultLog) -> Register:
    """Read and check every file of ``commitments/``; faults go to ``log``.

    Parameters
    ----------
    data_dir
        The data folder, which holds ``geo/`` and ``commitments/``.
    log
        Where faults go. References between entries are not checked here.
    """
    schema = _checked(read_schema(data_dir, log), log)
    documents = read_documents(data_dir, log)
    rows: dict[str, list[Row]] = {}
    for name in ("actors", "indicators", "discrepancies"):
        rows[name] = _read(data_dir, name, schema.get(name), log)
    rows["commitments"] = []
    for document in documents:
        found = _read(data_dir, document, schema.get("commitments"), log)
        rows["commitments"].extend(found)
        _check_ids(found, document, log)
    _check_strays(data_dir, documents, rows, log)
    return Register(
        documents=documents,
        actors=_things(rows["actors"], _plain(Actor)),
        commitments=_things(rows["commitments"], _commitment),
        indicators=_things(rows["indicators"], _plain(Indicator)),
        discrepancies=_things(rows["discrepancies"], _discrepancy),
        schema=schema,
        rows=rows,
    )


def _checked(schema: Schema, log: FaultLog) -> Schema:
    """Keep the resources whose fields are those that the code knows."""
    sound: Schema = {}
    for name, cls in RESOURCES.items():
        expected = {entry.name for entry in fields(cls)}
        found = {entry.name for entry in schema.get(name, ())}
        enums = {entry.name: set(entry.enum) for entry in schema.get(name, ())}
        if schema and expected != found:
            log.add(
                SCHEMA,
                name,
                "fields",
                f"other fields than the register has: {', '.join(sorted(expected ^ found))}",
                "Fields are added or removed in layers/model.py and schema.json together",
            )
        elif name == "commitments" and enums.get("kind", set()) - set(CommitmentKind):
            log.add(SCHEMA, name, "kind", "a kind that is unknown", f"Use {_words(CommitmentKind)}")
        elif name == "discrepancies" and enums.get("severity", set()) - set(Severity):
            log.add(SCHEMA, name, "severity", "one is unknown", f"Use {_words(Severity)}")
        elif name in schema:
            sound[name] = schema[name]
    return sound


def _words(vocabulary: Iterable[str]) -> str:
    return ", ".join(str(word) for word in vocabulary)


def read_documents(data_dir: Path, log: FaultLog) -> dict[str, Document]:
    """Read and check ``commitments/documents.toml``; mapping in file order."""
    before = len(log)
    values = read_toml(data_dir / DOCUMENTS, DOCUMENTS, log)
    if not values and len(log) == before:
        log.add(DOCUMENTS, "", "", "no document", "Add a [[document]] table")
    top = Table(values, DOCUMENTS, "", log)
    documents: dict[str, Document] = {}
    for table in top.tables("document"):
        document = _document(table)
        if document.id in documents:
            table.fault("id", "another document has this id", "Rename one of them")
        documents.setdefault(document.id, document)
    top.close()
    if not documents:
        log.unsure |= {"document", "commitment"}
    return documents


def _document(table: Table) -> Document:
    texts: dict[str, Any] = {key: table.text(key, filled=key in FILLED) for key in TEXTS}
    document = Document(
        id=table.text("id", filled=True),
        period=_period(table),
        parties=table.strings("parties"),
        territory=table.strings("territory"),
        signatories=tuple(map(_signatory, table.tables("signatory", "party"))),
        sections=tuple(map(_section, table.tables("section"))),
        **texts,
    )
    table.close()
    identifiers = [section.id for section in document.sections]
    for identifier in dict.fromkeys(identifiers):
        if identifiers.count(identifier) > 1:
            table.fault("section", f"the id {identifier!r} is there twice", "Rename one of them")
    return document


def _period(table: Table) -> str:
    text = table.text("period", required=False)
    try:
        period_days(text)
    except ValueError:
        table.fault(
            "period",
            f"{text!r} is not a period",
            "Write two years or two days in order, such as 2024/2030; leave it out if the text"
            " does not date it",
        )
    return text


def _signatory(table: Table) -> Signatory:
    signatory = Signatory(table.text("party"), table.text("name"), table.text("role"))
    table.close()
    return signatory


def _section(table: Table) -> Section:
    section = Section(table.text("id", filled=True), table.text("label_fr", filled=True))
    table.close()
    return section


def _read(data_dir: Path, name: str, columns: Sequence[Field] | None, log: FaultLog) -> list[Row]:
    kind = ROW_KINDS.get(name, "commitment")
    if not columns:
        log.unsure.add(kind)
        return []
    return read_table(data_dir, table_file(name), kind, columns, log)


def _check_ids(rows: Iterable[Row], document: str, log: FaultLog) -> None:
    """Check that ids are ``<document>-<section>-<n>`` and rows are in their document's file."""
    for row in rows:
        values = row.values
        if values["document"] and values["document"] != document:
            log.add(
                row.file,
                row.row,
                "document",
                f"{values['document']!r} in the file of {document}",
                f"Write {document}, or move the row",
            )
        stem, _, number = values["id"].rpartition("-")
        expected = f"{values['document']}-{values['section']}"
        if values["id"] and values["section"] and stem != expected:
            log.add(
                row.file,
                row.row,
                "id",
                f"{values['id']!r} does not fit its document and section",
                f"Write {expected}-{number if number.isdigit() else 'n'}",
            )


def _check_strays(
    data_dir: Path, documents: Mapping[str, Document], rows: dict[str, list[Row]], log: FaultLog
) -> None:
    known = {table_file(name) for name in (*documents, "actors", "indicators", "discrepancies")}
    for path in sorted((data_dir / "commitments").glob("*.csv")):
        if f"commitments/{path.name}" not in known:
            log.add(
                f"commitments/{path.name}",
                "",
                "",
                "no document has this file's name as its id",
                "Add the document to documents.toml, or remove the file",
            )
    seen: dict[str, Row] = {}
    for row in rows["commitments"]:
        first = seen.setdefault(row.values["id"], row)
        if first.file != row.file:
            log.add(
                row.file,
                row.row,
                "id",
                f"{row.values['id']!r} is used twice (first in {first.file}, {first.row})",
                "Renumber one of them",
            )


def _things(rows: Iterable[Row], make: Callable[[Row], Thing | None]) -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    for row in rows:
        thing = make(row)
        if thing is not None and thing.id:
            found.setdefault(thing.id, thing)
    return found


def _plain(cls: type[Thing]) -> Callable[[Row], Thing]:
    names = [entry.name for entry in fields(cls)]
    return lambda row: cls(**{name: row.values[name] for name in names})


def _commitment(row: Row) -> Commitment | None:
    if not row.values["kind"]:
        return None
    return Commitment(**{**row.values, "kind": CommitmentKind(row.values["kind"])})


def _discrepancy(row: Row) -> Discrepancy | None:
    if not row.values["severity"]:
        return None
    return Discrepancy(**{**row.values, "severity": Severity(row.values["severity"])})
