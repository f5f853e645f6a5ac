"""What does each command of ``python -m layers`` answer, as text and as data?

A command takes the parsed arguments and returns an `Answer`; it prints nothing itself.
"""

from __future__ import annotations

import datetime
import textwrap
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.atlas import ENGAGEMENTS, Atlas
from layers.continuity import Break, Hop
from layers.discrepancies import Comparison, Verdict, stated_vs_measured
from layers.encode import fields_of
from layers.errors import GeocoderError, LimitropheError, ParameterError
from layers.exporters.geojson import geojson_bytes
from layers.exporters.table import register_csv
from layers.join import Join, JoinReport, KindCount
from layers.locate import Candidate, Geocoder, Proposal, accept, propose, unlocated
from layers.model import Link
from layers.text import counted, number, table

KIND_HEADERS = (
    "kind",
    "links",
    "commitments matched",
    "unmatched",
    "multiply",
    "places matched",
    "unmatched",
    "multiply",
)
OK, FAULTS, USAGE, OFFLINE = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: ``text`` for people, ``data`` for ``--json``."""

    text: str
    data: Any
    code: int = OK
    raw: bytes | None = None


def check(arguments: Namespace) -> Answer:
    """Read everything; faults are raised by `Atlas.load` and shown by the caller."""
    atlas = Atlas.load(arguments.data)
    located = sum(atlas.territory_geometry(id) is not None for id in atlas.places)
    rows = [
        ("layers", len(atlas.layers)),
        ("places", len(atlas.places)),
        ("  of which located", located),
        ("documents", len(atlas.documents)),
        ("commitments", len(atlas.commitments)),
        ("actors", len(atlas.actors)),
        ("indicators", len(atlas.indicators)),
        ("discrepancies", len(atlas.discrepancies)),
        ("sources", len(atlas.sources)),
    ]
    text = table(("what", "count"), [(n, number(c)) for n, c in rows], right=(1,))
    data: dict[str, Any] = {name.strip().replace(" ", "_"): count for name, count in rows}
    data |= {"faults": [], "content_hash": atlas.content_hash}
    return Answer(f"No fault in {arguments.data}.\n\n{text}", data)


def join(arguments: Namespace) -> Answer:
    """Report the join, or the links of one place or commitment."""
    joined = Join(Atlas.load(arguments.data))
    if arguments.place:
        near = joined.near_place(arguments.place, arguments.near)
        return _links(arguments.place, (*joined.links_of_place(arguments.place), *near))
    if arguments.commitment:
        near = joined.near_commitment(arguments.commitment, arguments.near)
        links = (*joined.links_of_commitment(arguments.commitment), *near)
        return _links(arguments.commitment, links)
    report = joined.report(arguments.near, arguments.districts)
    parts = [
        textwrap.fill(f"Tie rule. {report.tie_rule}", 100),
        f"{counted(report.commitments, 'commitment')}, {counted(report.places, 'place')} "
        f"(background layers aside); near means within {number(report.near_m)} m.",
        table(KIND_HEADERS, [_count(kind) for kind in report.kinds], right=range(1, 8)),
        *_inverse(joined.atlas, report, arguments.districts, everything=arguments.all),
    ]
    return Answer("\n\n".join(parts), report)


def _inverse(
    atlas: Atlas, report: JoinReport, districts: str, *, everything: bool
) -> tuple[str, ...]:
    """Return the lists of what is tied to nothing."""
    lonely, homeless = report.places_without_commitment, report.commitments_without_place
    unnamed = report.districts_without_commitment
    return (
        _listing(
            "Places that no commitment names",
            [(id, atlas.places[id].layer, atlas.places[id].name) for id in lonely],
            ("place", "layer", "name"),
            everything,
        ),
        _listing(
            "Commitments that name no place",
            [(id, "|".join(atlas.commitments[id].scope)) for id in homeless],
            ("commitment", "scope"),
            everything,
        ),
        _listing(
            f"Places of the layer {districts} that no commitment names",
            [(id, atlas.places[id].name) for id in unnamed],
            ("place", "name"),
            everything,
        ),
    )


def _count(kind: KindCount) -> tuple[object, ...]:
    figures = (
        kind.links,
        kind.commitments_matched,
        kind.commitments_unmatched,
        kind.commitments_multiple,
        kind.places_matched,
        kind.places_unmatched,
        kind.places_multiple,
    )
    return (kind.kind.value, *map(number, figures))


def _listing(
    title: str, rows: Sequence[Sequence[object]], headers: Sequence[str], everything: bool
) -> str:
    shown = rows if everything else rows[:10]
    more = len(rows) - len(shown)
    text = f"{title}: {number(len(rows))}."
    if shown:
        text += "\n" + table(headers, shown)
    return text + (f"\n… and {number(more)} more (--all shows them)" if more else "")


def _links(id: str, links: Sequence[Link]) -> Answer:
    rows = [
        (
            link.kind.value,
            link.commitment,
            link.place,
            link.via,
            number(link.distance_m) if link.distance_m is not None else "",
        )
        for link in links
    ]
    headers = ("kind", "commitment", "place", "via", "metres")
    text = table(headers, rows, width=160) if rows else f"{id} has no link."
    return Answer(text, links)


def breaks(arguments: Namespace) -> Answer:
    """Show the breaks of the corridors."""
    atlas = Atlas.load(arguments.data)
    if arguments.corridor and arguments.corridor not in atlas.corridors:
        allowed = ", ".join(atlas.corridors) or "none: the catalogue has no corridor"
        raise ParameterError("corridor", arguments.corridor, allowed)
    gaps = [gap for gap in atlas.breaks.values() if arguments.corridor in (None, gap.corridor)]
    text = "\n\n".join(_break(atlas, gap) for gap in gaps) or "No corridor has a break."
    data = [
        {**fields_of(gap), "hops_m": gap.hops_m, "largest_hop_m": gap.largest_hop_m} for gap in gaps
    ]
    return Answer(text, data)


def _break(atlas: Atlas, gap: Break) -> str:
    corridor = atlas.corridors[gap.corridor]
    lines = [f"{corridor.title_fr}: {gap.id}"]
    for end in (gap.end_a, gap.end_b):
        where = f"{number(end.lon, 6)} / {number(end.lat, 6)}"
        how = (
            f"the tip of {end.stretch}, {number(end.offset_m)} m off"
            if end.stretch
            else "its point nearest to the other end"
        )
        lines.append(f"  end: {atlas.places[end.place].name} ({where}), {how}")
    lines.append(
        f"  straight: {number(gap.straight_m)} m (± {number(gap.precision_m)} m, "
        "the precision of both ends)"
    )
    if gap.missing_stones:
        lines.append(f"  stones that nothing locates: {', '.join(gap.missing_stones)}")
    lines.append(f"\nThrough every stone: {number(gap.hops_m)} m remain in hops")
    lines.append(_hops(atlas, gap.hops))
    lines.append(f"\nSmallest largest hop: {number(gap.largest_hop_m)} m")
    lines.append(_hops(atlas, gap.minimax_hops))
    return "\n".join(lines)


def _hops(atlas: Atlas, hops: Sequence[Hop]) -> str:
    rows = [
        (atlas.places[h.start].name, atlas.places[h.end].name, number(h.distance_m)) for h in hops
    ]
    return table(("from", "to", "metres"), rows, right=(2,))


def discrepancies(arguments: Namespace) -> Answer:
    """Compare stated figures with measured ones, and count what contradicts what."""
    atlas = Atlas.load(arguments.data)
    found = stated_vs_measured(atlas)
    compared = [c for c in found if c.verdict is not Verdict.NOT_MEASURABLE]
    others = [c for c in found if c.verdict is Verdict.NOT_MEASURABLE]
    heads = ("place", "figure", "document", "stated", "measured", "difference", "± m", "verdict")
    parts = [
        table(heads, [_comparison(c) for c in compared], width=160),
        "Not measurable:\n"
        + table(
            (*heads[:4], "why"),
            [
                (c.place, c.label, f"{c.document} {c.section}", c.stated_text, _why(c))
                for c in others
            ],
            width=160,
        ),
    ]
    severities = Counter(d.severity.value for d in atlas.discrepancies.values())
    counts = ", ".join(f"{number(n)} {name}" for name, n in severities.items()) or "none"
    parts.append(f"Between the sources: {counts}.")
    if arguments.sources:
        listed = [
            (
                d.id,
                d.severity.value,
                f"{d.document_a} {d.section_a}",
                d.value_a,
                f"{d.document_b} {d.section_b}",
                d.value_b,
                d.subject_fr,
            )
            for d in atlas.discrepancies.values()
        ]
        titles = ("discrepancy", "severity", "where", "value", "where", "value", "subject")
        parts.append(table(titles, listed, width=180))
    data = {
        "measured": found,
        "sources": list(atlas.discrepancies.values()),
    }
    return Answer("\n\n".join(parts), data)


def _comparison(c: Comparison) -> tuple[object, ...]:
    return (
        c.place,
        c.label,
        f"{c.document} {c.section}",
        c.stated_text,
        f"{number(c.measured)} {c.unit}",
        f"{c.relative:+.1%}".replace(".", ",") if c.relative is not None else "",
        number(c.precision_m),
        c.verdict.value,
    )


def _why(c: Comparison) -> str:
    known = f"; its located parts measure {number(c.partial)} {c.unit}" if c.partial else ""
    return f"{c.reason or ''}{known}"


def export(arguments: Namespace) -> Answer:
    """Write a layer or the register."""
    atlas = Atlas.load(arguments.data)
    if arguments.format == "csv":
        if arguments.collection != ENGAGEMENTS:
            raise ParameterError("--format", "csv", f"csv for {ENGAGEMENTS} only")
        data = register_csv(atlas, arguments.document, spreadsheet=arguments.spreadsheet)
    else:
        data = geojson_bytes(atlas, arguments.collection) + b"\n"
    if arguments.output is None:
        return Answer("", None, raw=data)
    arguments.output.write_bytes(data)
    count = counted(len(data), "byte")
    return Answer(
        f"{arguments.output}: {count}", {"file": str(arguments.output), "bytes": len(data)}
    )


def locate(arguments: Namespace) -> Answer:
    """Show what the geocoder says of the places that nothing locates; write what is accepted."""
    atlas = Atlas.load(arguments.data)
    chosen = dict(arguments.accept)
    wanted = [*arguments.place, *chosen]
    places = [atlas.place(id) for id in dict.fromkeys(wanted)] if wanted else unlocated(atlas)
    places = [p for p in places if arguments.layer in (None, p.layer)]
    for place in places:
        if place.geometry is not None:
            raise ParameterError("--place", place.id, "a place without geometry")
    geocoder = Geocoder(arguments.url, arguments.timeout)
    proposals = propose(atlas, geocoder, places, limit=arguments.limit)
    written = _accepted(arguments, atlas, proposals, chosen)
    text = "\n\n".join(_proposal(atlas, proposal) for proposal in proposals)
    summary = f"{counted(len(places), 'place')} asked for, {number(len(written))} written."
    if written:
        rows = [(id, c.label, c.type, f"{c.score:.2f}", number(c.precision_m)) for id, c in written]
        heads = ("written", "as", "type", "score", "± m")
        summary += "\n" + table(heads, rows, width=140)
    elif proposals:
        summary += " Accept with --accept ID=RANK, or --min-score 0.8."
    data = {
        "proposals": proposals,
        "written": dict(written),
    }
    return Answer(f"{text}\n\n{summary}".strip(), data)


def _accepted(
    arguments: Namespace, atlas: Atlas, proposals: Sequence[Proposal], chosen: dict[str, int]
) -> list[tuple[str, Candidate]]:
    """Write what the arguments accept; return it."""
    picked: list[tuple[str, Candidate]] = []
    for proposal in proposals:
        candidate = None
        if proposal.place in chosen:
            rank = chosen[proposal.place]
            candidate = next((c for c in proposal.candidates if c.rank == rank), None)
            if candidate is None:
                allowed = f"a rank from 1 to {len(proposal.candidates)} for {proposal.place}"
                raise ParameterError("--accept", rank, allowed)
        elif arguments.min_score is not None:
            candidate = proposal.best(arguments.min_score)
        if candidate is not None:
            picked.append((proposal.place, candidate))
    today = datetime.datetime.now(tz=datetime.UTC).date()
    for id, candidate in picked:
        accept(arguments.data, atlas, id, candidate, today)
    return picked


def _proposal(atlas: Atlas, proposal: Proposal) -> str:
    place = atlas.places[proposal.place]
    head = f"{place.id} ({place.layer}), asked as « {proposal.query} »"
    if proposal.error:
        return f"{head}\n  {proposal.error}"
    if not proposal.candidates:
        return f"{head}\n  no answer"
    inside = {True: "yes", False: "NO", None: "?"}
    rows = [
        (
            c.rank,
            f"{c.score:.2f}",
            c.type,
            inside[c.inside],
            number(c.precision_m),
            f"{c.label} {f'[{c.category}]' if c.category else ''}",
        )
        for c in proposal.candidates
    ]
    headers = ("rank", "score", "type", "in its communes", "± m", "label")
    return f"{head}\n{table(headers, rows, width=140, right=(0, 1, 4))}"


def refused(error: LimitropheError, data: Path) -> Answer:
    """Return what is said of an error; faults are a table of file, row, subject and remedy."""
    faults = getattr(error, "faults", ())
    if faults:
        rows = [(f.file, f.row, f.subject, f"{f.problem}. {f.remedy}") for f in faults]
        text = table(("file", "row", "subject", "problem and remedy"), rows, width=160)
        text += f"\n\n{counted(len(faults), 'fault')} in {data}."
        return Answer(text, {"faults": faults}, FAULTS)
    offline = isinstance(error, GeocoderError) and error.offline
    text = str(error) + (". Run it again on a machine with a network." if offline else "")
    return Answer(text, {"error": str(error)}, OFFLINE if offline else USAGE)
