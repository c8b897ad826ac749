"""The API keeps its own contract: schemathesis calls every operation with valid, invalid and hostile data.

Three callers: an official, a citizen, nobody. Half of the calls name things that exist, so that more than refusals is seen.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.tokens import issue_token
from sonha.process.cases.models import Task
from sonha.services.dossiers.tests.people import citizen, filed, groundwater_answers, official

pytestmark = pytest.mark.usefixtures("lang_son")
EXAMPLES = 12  # calls of one operation by one caller in one mode
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
Caller = Callable[[], Actor | None]


@pytest.fixture
def things() -> dict[str, Any]:
    """What exists: a dossier that waits at the desk, its task, a procedure."""
    lan = citizen()
    dossier = filed(lan, 860, groundwater_answers())
    filed(lan, 860, groundwater_answers(flow=5))
    return {"code": dossier.code, "task_id": Task.objects.get(case=dossier.case).pk, "stt": 860, "lan": lan}


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rate of tracking is tested elsewhere; here it would hide what is behind it."""
    from sonha.services.dossiers.api.tracking import PER_MINUTE

    monkeypatch.setattr(PER_MINUTE, "num_requests", 1_000_000)
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("caller", ["official", "citizen", "anonymous"])
def test_every_operation_keeps_its_contract(caller: str, things: dict[str, Any]) -> None:
    actor = {"official": official("receptionist", "STNMT.MC"), "citizen": things["lan"], "anonymous": None}[caller]
    headers = {"Accept-Language": "vi"}
    if actor is not None:
        headers["Authorization"] = f"Bearer {issue_token(actor.user, 'schemathesis', scope='write')}"
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) >= 18
    broken = []
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                call_many(operation, mode, headers, things)
            except* Failure as found:
                broken += [f"{operation.label} ({mode}): {each}" for each in found.exceptions]
    assert not broken, "\n\n".join(broken)


def call_many(operation: Any, mode: GenerationMode, headers: dict[str, str], things: dict[str, Any]) -> None:
    """Calls one operation with generated data; half of the time its address names something that exists."""
    checks = CHECKS if mode == GenerationMode.POSITIVE else [*CHECKS, negative_data_rejection]
    try:
        cases = operation.as_strategy(generation_mode=mode)
    except Exception:
        if mode == GenerationMode.NEGATIVE and not operation.query and not operation.body and not operation.path_parameters:
            return  # nothing to spoil
        raise

    @seed(20261121)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=cases, existing=st.booleans())
    def call(case: Any, existing: bool) -> None:
        if existing and mode == GenerationMode.POSITIVE:
            for name in case.path_parameters or {}:
                if name in things:
                    case.path_parameters[name] = things[name]
        case.call_and_validate(headers=headers, checks=checks)

    call()
