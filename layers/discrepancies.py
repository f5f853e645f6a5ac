"""Do the figures that documents state agree with what is measured on the geometry?

Only lengths and areas of whole places are compared: a width, a floor area or a distance is
listed as not measurable, with the reason. Nothing is corrected; both values are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from layers.atlas import Atlas
from layers.measure import area_m2, length_m, perimeter_m
from layers.model import Fact, Place

UNITS_M = {"m": 1.0, "mètres": 1.0, "km": 1000.0, "kilomètres": 1000.0}
UNITS_M2 = {
    "m²": 1.0,
    "m2": 1.0,
    "ha": 10_000.0,
    "hectares": 10_000.0,
    "km²": 1e6,
    "km2": 1e6,
}
WHOLE_LENGTH = re.compile(r"(longueur|linéaire)( (totale|du|de|des)\b.*)?")
WHOLE_AREA = re.compile(r"(surface|superficie|emprise)( (totale|du|de|des)\b.*)?")
PARTS = re.compile(r"plancher|utile|bâtie|arborée|logement|bureau|commerce|activit")
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


class Verdict(StrEnum):
    """What comes of comparing a stated figure with a measured one."""

    WITHIN = "within precision"
    DIFFERS = "differs"
    NOT_MEASURABLE = "not measurable"


class Reason(StrEnum):
    """Why a stated figure cannot be compared."""

    NOT_WHOLE = "it does not measure the whole place"
    NOT_A_NUMBER = "the stated value is not one number"
    NOWHERE = "nothing locates the place"
    NO_EXTENT = "the place is drawn as a geometry that has no such measure"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A stated figure beside the measured one.

    ``stated`` and ``measured`` are in metres or square metres, as ``unit`` says (``m``,
    ``m²``); ``stated_text`` is what the document says. ``difference`` is measured minus
    stated, ``relative`` that over stated. ``tolerance`` is what the precision of the geometry
    allows: twice ``precision_m`` for a length (either end may be off), the perimeter times
    ``precision_m`` for an area. ``reason`` says why nothing can be compared; ``partial`` is
    then what the located parts of the place measure, if any is.
    """

    place: str
    label: str
    document: str
    section: str
    stated_text: str
    unit: str
    stated: float | None
    measured: float | None
    difference: float | None
    relative: float | None
    precision_m: float | None
    tolerance: float | None
    verdict: Verdict
    reason: Reason | None = None
    partial: float | None = None


def stated_vs_measured(atlas: Atlas) -> tuple[Comparison, ...]:
    """Compare every stated length and area of a place with its geometry.

    Stated are the facts of the places, and the indicators that describe exactly one place and
    repeat none of its facts.

    Returns
    -------
    tuple of Comparison
        In the order of places, then of facts. Figures in other units are left out.
    """
    found = []
    for place in atlas.places.values():
        for fact in (*place.facts, *_indicators(atlas, place)):
            if fact.unit in UNITS_M or fact.unit in UNITS_M2:
                compared = compare(place, fact, atlas.territory_geometry(place.id))
                found.append(_with_parts(atlas, compared))
    return tuple(found)


def _with_parts(atlas: Atlas, comparison: Comparison) -> Comparison:
    """Add what is measured of the places that are stated to be within an unlocated one."""
    if comparison.reason is not Reason.NOWHERE:
        return comparison
    measure = length_m if comparison.unit == "m" else area_m2
    parts = [p for p in atlas.places.values() if p.within == comparison.place]
    partial = sum(measure(part.geometry) for part in parts)
    return replace(comparison, partial=partial) if partial else comparison


def _indicators(atlas: Atlas, place: Place) -> Iterator[Fact]:
    known = {(_number(fact.value), fact.unit) for fact in place.facts}
    for indicator in atlas.indicators.values():
        if indicator.places == (place.id,):
            key = (_number(indicator.value), indicator.unit)
            if key not in known:
                yield Fact(
                    indicator.label_fr,
                    indicator.value,
                    indicator.unit,
                    indicator.document,
                    indicator.section,
                )


def compare(place: Place, fact: Fact, geometry: BaseGeometry | None) -> Comparison:
    """Compare one stated figure with a geometry (WGS84, lon/lat).

    Parameters
    ----------
    place
        The place that the figure is about; its precision counts.
    fact
        The figure, in a unit of `UNITS_M` or `UNITS_M2`.
    geometry
        What to measure; None when nothing locates the place.
    """
    linear = fact.unit in UNITS_M
    factor = UNITS_M[fact.unit] if linear else UNITS_M2[fact.unit]
    number = _number(fact.value)
    stated = None if number is None else number * factor
    precision_m = place.position.precision_m
    measured = length_m(geometry) if linear else area_m2(geometry)
    reason = _why_not(fact, number, geometry, measured, linear=linear)
    text = f"{_shown(fact.value)} {fact.unit}".strip()
    unit = "m" if linear else "m²"
    head = (place.id, fact.label, fact.document, fact.section, text, unit, stated)
    if reason or stated is None:
        nothing = (None, None, None, precision_m, None)
        return Comparison(*head, *nothing, Verdict.NOT_MEASURABLE, reason)
    allowed = (precision_m or 0.0) * (2 if linear else perimeter_m(geometry))
    difference = measured - stated
    verdict = Verdict.WITHIN if abs(difference) <= allowed else Verdict.DIFFERS
    relative = difference / stated if stated else None
    return Comparison(*head, measured, difference, relative, precision_m, allowed, verdict)


def _why_not(
    fact: Fact,
    number: float | None,
    geometry: BaseGeometry | None,
    measured: float,
    *,
    linear: bool,
) -> Reason | None:
    """Return why a figure cannot be compared; None when it can."""
    label = fact.label.casefold()
    whole = (WHOLE_LENGTH if linear else WHOLE_AREA).fullmatch(label)
    if not whole or PARTS.search(label):
        return Reason.NOT_WHOLE
    if number is None:
        return Reason.NOT_A_NUMBER
    if geometry is None:
        return Reason.NOWHERE
    return Reason.NO_EXTENT if measured == 0 else None


def _shown(value: str | int | float) -> str:
    """Return a stated value as French text writes it."""
    if isinstance(value, str):
        return value
    return f"{value:,}".replace(",", "\u202f").replace(".", ",")


def _number(value: str | int | float) -> float | None:
    """Return the number that a stated value is, written the French way or not, or None."""
    if isinstance(value, (int, float)):
        return float(value)
    text = re.sub(r"\s", "", value).replace(",", ".")
    return float(text) if NUMBER.fullmatch(text) else None
