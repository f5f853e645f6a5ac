"""Which features of a collection does the current request select, and in which order?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from flask import request
from flask_babel import gettext as _

from layers.atlas import ENGAGEMENTS
from layers.cql import parse
from layers.errors import ParameterError
from layers.order import ordered, sortables
from layers.properties import Kind
from layers.query import positions_in, positions_meeting
from layers.systems import CRS84, OutsideAreaError, System, offered, region
from webmap.ogc.collections import Collection
from webmap.ogc.parameters import (
    BBOX,
    BBOX_CRS,
    DATETIME,
    FILTER,
    FILTER_CRS,
    FILTER_LANG,
    PROPERTIES,
    SORTBY,
)
from webmap.ogc.temporal import dues, selected
from webmap.params import Parameter
from webmap.site import current_site
from webmap.system_words import area_in_words, outside_in_words

Positions = npt.NDArray[np.intp]


def system_of(subject: Collection, parameter: Parameter[System]) -> System:
    """The reference system that a parameter names, if the collection is offered in it.

    Raises
    ------
    layers.errors.ParameterError
        If the collection reaches outside of the system's area of use.
    """
    system = parameter.value
    if not system.covers(subject.features.bounds):
        known = ", ".join(other.uri for other in offered(subject.features.bounds))
        allowed = _(
            "pour la collection %(id)s, qui dépasse le domaine d’usage de %(code)s (%(area)s) :"
            " %(known)s",
            id=subject.id,
            code=system.code,
            area=area_in_words(system),
            known=known,
        )
        raise ParameterError(parameter.name, system.uri, allowed)
    return system


def _in_box(subject: Collection) -> Positions | None:
    """The positions of the features that meet the box that is asked for, None without one."""
    if BBOX_CRS.value.uri != CRS84:
        system_of(subject, BBOX_CRS)
    corners = BBOX.value
    if corners is None:
        return None
    if BBOX_CRS.value.uri == CRS84:
        return positions_in(subject.features, corners)
    got = request.args[BBOX.name]
    try:
        wanted = region(corners, BBOX_CRS.value)
    except OutsideAreaError as error:
        raise ParameterError(BBOX.name, got, outside_in_words(error)) from error
    except ParameterError as error:
        raise ParameterError(BBOX.name, got, BBOX.allowed()) from error
    return positions_meeting(subject.features, wanted)


def select(subject: Collection) -> Positions:
    """The positions of the features that the request selects, in the order of the collection.

    Every condition holds: box, time and filter.

    Raises
    ------
    layers.errors.ParameterError, layers.cql.FilterError
        If a condition cannot be understood or does not fit the collection.
    """
    chosen = np.ones(len(subject.features), dtype=bool)
    inside = _in_box(subject)
    if inside is not None:
        chosen[:] = False
        chosen[inside] = True
    if DATETIME.value is not None and subject.id == ENGAGEMENTS:
        chosen &= selected(dues(current_site().atlas), DATETIME.value)
    system = system_of(subject, FILTER_CRS)
    if FILTER.value is not None:
        expression = parse(FILTER.value, FILTER_LANG.value, system.uri)
        chosen &= expression.mask(subject.table)
    return np.flatnonzero(chosen)


def in_order(subject: Collection, positions: Positions) -> Positions:
    """Selected positions in the order that the request asks for.

    Raises
    ------
    layers.errors.ParameterError
        If it asks to sort by what the collection cannot be sorted by.
    """
    sorting = SORTBY.value
    if sorting is None:
        return positions
    table = subject.table
    _check_names(SORTBY, [name for name, _descends in sorting], sortables(table))
    return ordered(table, positions, sorting)


def wanted_properties(subject: Collection) -> tuple[str, ...] | None:
    """The properties that the answer is to have; None for all.

    Raises
    ------
    layers.errors.ParameterError
        If the collection has no property of a name that is asked for.
    """
    if PROPERTIES.value is not None:
        _check_names(PROPERTIES, PROPERTIES.value, returned(subject))
    return PROPERTIES.value


def returned(subject: Collection) -> list[str]:
    """The names of the properties that the features of a collection have."""
    properties = subject.table.properties
    return [p.name for p in properties if "." not in p.name and p.kind is not Kind.GEOMETRY]


def _check_names(parameter: Parameter[Any], names: Sequence[str], known: Sequence[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        allowed = _("ici, %(names)s", names=", ".join(known))
        raise ParameterError(parameter.name, ", ".join(unknown), allowed)
