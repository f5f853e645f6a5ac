"""What leaves a consultation as open data? Published contributions, as features and as files."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, g

from layers.columns import Table
from layers.consulted import contribution_features, contribution_table
from layers.query import FeatureSet
from webmap.consultation.published import Published, Record, chosen, public_ones, record_of
from webmap.consultation.wording import value_text
from webmap.state import current_state

_KEY = "limitrophe_contributions"
_LOCK = threading.Lock()
Stamp = tuple[tuple[int, int], ...]
"""Which consultations, in which state: it changes with everything that others can see."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All published contributions at one moment, as features and as whole columns."""

    stamp: Stamp
    features: FeatureSet
    table: Table


def snapshot() -> Snapshot:
    """Return the contributions of all consultations, the same ones throughout a request.

    Made anew when a consultation has changed, was opened to readers or was erased.
    """
    if "contributions_snapshot" not in g:
        known = public_ones(current_state())
        stamp = tuple((one.id, one.changes) for one in known)
        kept: Snapshot | None = current_app.extensions.get(_KEY)
        if kept is None or kept.stamp != stamp:
            with _LOCK:
                features = features_of([record_of(one) for one in known])
                kept = Snapshot(stamp, features, contribution_table(features))
                current_app.extensions[_KEY] = kept
        g.contributions_snapshot = kept
    found: Snapshot = g.contributions_snapshot
    return found


def features_of(records: Sequence[Record]) -> FeatureSet:
    """The published contributions of some consultations as features, in the order of numbers."""
    pairs = [(record, one) for record in records for one in reversed(record.contributions)]
    return contribution_features(
        [properties(record, one) for record, one in pairs], [one.geometry for _r, one in pairs]
    )


def properties(record: Record, one: Published) -> dict[str, Any]:
    """The properties of a contribution, as `layers.properties` names them."""
    plan, slug = record.known.plan, record.known.slug
    category = plan.category(one.category)
    texts = one.texts(plan)
    return {
        "id": f"{slug}-{one.number}",
        "consultation": slug,
        "consultation_title": plan.title_fr,
        "contribution": one.number,
        "day": one.day.isoformat(),
        "language": one.language,
        "category": one.category or None,
        "category_label": category.text("name", "fr") if category else None,
        "category_label_en": category.text("name", "en") if category else None,
        "place": one.place,
        "commitment": one.commitment,
        "territory": one.territory,
        "text": "\n\n".join(text for _question, text in texts) or None,
        "answers": _answers(record, one),
        "redacted": one.redacted,
        "supports": one.supports,
        "precision_m": one.precision_m,
        "blur_m": plan.blur_m,
        "licence": plan.licence,
    }


def _answers(record: Record, one: Published) -> list[str]:
    """Each answer after its question, in French: what a table can hold without nested data."""
    told = []
    for question in record.known.plan.questions:
        answer = one.answers.get(question.id)
        if answer is None:
            continue
        values = [answer] if question.kind == "text" else [
            value_text(question, value, "fr") for value in chosen(answer)
        ]  # fmt: skip
        told.append(f"{question.label_fr} : {', '.join(values)}")
    return told
