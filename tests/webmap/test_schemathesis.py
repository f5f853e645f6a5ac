"""A fuzzer that reads the OpenAPI definition and exercises every operation of the live service.

What it checks on each answer: no 5xx, a status, a content type and headers that the definition
tells of, and a body that fits its schema. What it sends fits the definition, and also what
breaks it in one place.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.webmap.conftest import serving

pytestmark = pytest.mark.live

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SETTINGS = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def api(trial_folder: Path) -> Iterator[Any]:
    with serving(trial_folder) as address:
        yield schemathesis.openapi.from_url(f"{address}/ogc/api?f=json")


def exercised(operation: Any, mode: GenerationMode) -> set[int]:
    """The statuses that an operation answered with, each answer checked."""
    statuses: set[int] = set()

    @SETTINGS
    @given(case=operation.as_strategy(generation_mode=mode))
    def exercise(case: schemathesis.Case) -> None:
        statuses.add(case.call_and_validate(checks=CHECKS, timeout=10).status_code)

    try:
        exercise()
    except Unsatisfiable:
        # Nothing about this operation can be broken: it takes nothing that is required.
        assert mode.is_negative
    return statuses


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_keeps_its_definition(api: Any, mode: GenerationMode) -> None:
    operations = [found.ok() for found in api.get_all_operations()]
    seen = {operation.label: exercised(operation, mode) for operation in operations}
    assert len(seen) == 11  # all but the definition itself
    every = set().union(*seen.values())
    assert every <= (
        {200, 400, 404, 406, 413, 414, 415, 431} if mode.is_negative else {200, 400, 404}
    )
    assert 400 in seen["GET /collections/{collectionId}/items"]
    assert 400 in seen["POST /portee"]
    assert mode.is_negative or 200 in seen["GET /collections/{collectionId}"]
