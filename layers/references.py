"""Does every reference between the files lead somewhere?

Checks across files: ids of places, actors, documents, sections, commitments and indicators;
ids used twice; members and corridors; places against scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from layers.catalogue import CATALOGUE, Catalogue
from layers.errors import FaultLog
from layers.model import Place
from layers.places import layer_file
from layers.register import DOCUMENTS, Register
from layers.table import Field, Row

KINDS = {
    "actors": "actor",
    "commitments": "commitment",
    "documents": "document",
    "indicators": "indicator",
    "places": "place",
    "sections": "section",
}


def check_references(
    catalogue: Catalogue, places: Iterable[Place], register: Register, log: FaultLog
) -> dict[str, Place]:
    """Check every reference between files; faults go to ``log``.

    Returns
    -------
    dict
        The places by id, in the order given; of an id used twice the first.
    """
    by_id = _by_id(places, log)
    known: dict[str, Mapping[str, object]] = {
        "documents": register.documents,
        "places": by_id,
        **{name: {row.values["id"]: row for row in rows} for name, rows in register.rows.items()},
    }
    for place in by_id.values():
        _check_place(place, by_id, register, log)
    _check_cycles(by_id, log)
    _check_documents(register, known, log)
    _check_corridors(catalogue, by_id, log)
    for name, rows in register.rows.items():
        columns = [field for field in register.schema.get(name, ()) if field.references]
        for row in rows:
            _check_row(row, columns, known, register, log)
            if name == "commitments":
                _check_target(row, log)
    return by_id


def _by_id(places: Iterable[Place], log: FaultLog) -> dict[str, Place]:
    by_id: dict[str, Place] = {}
    for place in places:
        first = by_id.setdefault(place.id, place)
        if first is not place and place.id:
            log.add(
                layer_file(place.layer),
                f"feature {place.id}",
                "id",
                f"{place.id!r} is used twice (also in {layer_file(first.layer)})",
                "Rename one of them: ids are unique across all layers",
            )
    return by_id


def _check_place(
    place: Place, by_id: Mapping[str, Place], register: Register, log: FaultLog
) -> None:
    file, row = layer_file(place.layer), f"feature {place.id}"
    for subject, ids in (
        ("communes", place.communes),
        ("members", place.members),
        ("within", (place.within,) if place.within else ()),
    ):
        for id in ids:
            if id not in by_id:
                log.unknown(file, row, subject, "place", id, by_id)
    for id in place.documents:
        if id not in register.documents:
            log.unknown(file, row, "documents", "document", id, register.documents)
    for fact in place.facts:
        if fact.document:
            subject = f"facts {fact.label}"
            _check_section(file, row, subject, fact.document, fact.section, register, log)


def _check_section(
    file: str,
    row: str,
    subject: str,
    document: str,
    section: str,
    register: Register,
    log: FaultLog,
) -> None:
    if document not in register.documents:
        log.unknown(file, row, subject, "document", document, register.documents)
        return
    sections = [entry.id for entry in register.documents[document].sections]
    if section and section not in sections:
        log.unknown(file, row, subject, f"section of {document}", section, sections)


def _check_cycles(by_id: Mapping[str, Place], log: FaultLog) -> None:
    """Note every composite that is, through its members, a member of itself."""
    for start in by_id.values():
        reached: set[str] = set()
        waiting = list(start.members)
        while waiting:
            id = waiting.pop()
            if id not in reached:
                reached.add(id)
                waiting.extend(by_id[id].members if id in by_id else ())
        if start.id in reached:
            log.add(
                layer_file(start.layer),
                f"feature {start.id}",
                "members",
                "the place is a member of itself",
                "Break the circle",
            )


def _check_documents(
    register: Register, known: Mapping[str, Mapping[str, object]], log: FaultLog
) -> None:
    for document in register.documents.values():
        row = f"document {document.id}"
        parties = [*document.parties, *(s.party for s in document.signatories if s.party)]
        for subject, name, ids in (
            ("parties", "actors", parties),
            ("territory", "places", document.territory),
        ):
            for id in dict.fromkeys(ids):
                if id not in known.get(name, {}):
                    log.unknown(DOCUMENTS, row, subject, KINDS[name], id, known.get(name, {}))


def _check_corridors(catalogue: Catalogue, by_id: Mapping[str, Place], log: FaultLog) -> None:
    for corridor in catalogue.corridors.values():
        row = f"corridor {corridor.id}"
        ends = [id for end in corridor.ends for id in (end.place, end.stretch) if id]
        named = [*corridor.stretches, *corridor.stones, *corridor.alongside, *ends, corridor.whole]
        for id in dict.fromkeys(named):
            if id and id not in by_id:
                log.unknown(CATALOGUE, row, "places", "place", id, by_id)
        for end in corridor.ends:
            if end.stretch and end.stretch not in corridor.stretches:
                log.unknown(CATALOGUE, row, "ends", "stretch", end.stretch, corridor.stretches)


def _check_row(
    row: Row,
    columns: Iterable[Field],
    known: Mapping[str, Mapping[str, object]],
    register: Register,
    log: FaultLog,
) -> None:
    for field in columns:
        value = row.values[field.name]
        for id in value if isinstance(value, tuple) else (value,):
            if not id:
                continue
            if field.references == "sections":
                document = row.values[_document_column(field.name)]
                if document in register.documents:
                    _check_section(row.file, row.row, field.name, document, id, register, log)
            elif id not in known.get(field.references, {}):
                kind = KINDS.get(field.references, field.references)
                ids = known.get(field.references, {})
                log.unknown(row.file, row.row, field.name, kind, id, ids)


def _document_column(column: str) -> str:
    """Return the column that holds the document of a section column (section_a: document_a)."""
    return f"document_{column[-1]}" if column in ("section_a", "section_b") else "document"


def _check_target(row: Row, log: FaultLog) -> None:
    places, scope = row.values["places"], row.values["scope"]
    if places and scope:
        log.add(
            row.file,
            row.row,
            "scope",
            "both places and scope are filled",
            "Keep the places; scope is for acts that name none",
        )
    elif not places and not scope:
        log.add(
            row.file,
            row.row,
            "places",
            "neither places nor scope is filled",
            "Name the places, or the territory that the act holds for",
        )
