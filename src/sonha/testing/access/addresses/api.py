"""The REST API: dossiers, tasks, permits, registers."""

from sonha.testing.access.expected import HANDLES, KEEPS_PERMIT, OWNS, holders
from sonha.testing.access.rules import HANDLERS, NOBODY, PUBLIC, SIDES, SIGNED_IN, Address


def addresses() -> list[Address]:
    both = {actor: HANDLES.get(actor, set()) | OWNS.get(actor, set()) for actor in HANDLES.keys() | OWNS.keys()}
    act = {"action": "accept", "comment": "x"}
    return [
        Address("api/v1/openapi.json", PUBLIC, reveals=frozenset({"number"})),  # an example of a number, not a permit's
        Address("api/v1/docs", PUBLIC),
        Address("api/v1/", PUBLIC),
        Address("api/v1/^.*$", NOBODY),
        Address("api/v1/me", SIGNED_IN),
        Address("api/v1/procedures", PUBLIC),
        Address("api/v1/procedures/<stt>", PUBLIC, arguments={"stt": 860}),
        Address("api/v1/procedures/<stt>/bpmn", PUBLIC, arguments={"stt": 860}),
        Address("api/v1/tracking/<code>", PUBLIC, of="dossier", reveals=frozenset({"code"})),
        Address("api/v1/dossiers", SIGNED_IN, SIGNED_IN, shows=both, queries=("", "?q={name}", "?q={code}", "?state=submitted")),
        Address("api/v1/dossiers/<code>", SIDES, of="dossier"),
        Address("api/v1/dossiers/<code>/events", SIDES, of="dossier"),
        Address("api/v1/dossiers/<code>/withdraw", NOBODY, SIDES, of="dossier", data={"reason": "x"}),
        Address("api/v1/files", NOBODY, SIGNED_IN),
        Address("api/v1/tasks", SIGNED_IN, queries=("", "?whose=unit", "?whose=applicant")),
        Address("api/v1/tasks/<task_id>", HANDLERS, of="task"),
        Address("api/v1/tasks/<task_id>", SIDES, of="applicant_task"),
        Address("api/v1/tasks/<task_id>/act", NOBODY, HANDLERS, of="task", data=act),
        Address("api/v1/tasks/<task_id>/claim", NOBODY, HANDLERS, of="task"),
        Address("api/v1/tasks/<task_id>/assign", NOBODY, HANDLERS, of="task", data={"user": None}),
        Address("api/v1/permits", SIGNED_IN, queries=("", "?q={name}")),
        *_registers(),
        Address("api/v1/permits/<permit_id>", frozenset(KEEPS_PERMIT | {"lan"}), of="permit"),
    ]


def _registers() -> list[Address]:
    """Registers by REST: what everybody may read of the example register. Writing needs a grant (registry/api/tests)."""
    base, example = "api/v1/registers/<code>", {"code": "example_wells"}
    one, writers = {**example, "record_id": 0}, frozenset(holders("head")) | {"specialist", "other_specialist", "substitute"}
    return [
        Address("api/v1/registers", PUBLIC),
        Address(base, PUBLIC, writers, arguments=example, queries=("", "?q={name}")),
        Address(f"{base}/schema", PUBLIC, arguments=example),
        Address(f"{base}/changes", SIGNED_IN, arguments=example),
        Address(f"{base}/<record_id>", PUBLIC, writers, arguments=one, absent=True),
        Address(f"{base}/<record_id>/versions", SIGNED_IN, arguments=one, absent=True),
        *(Address(f"{base}/<record_id>/{act}", NOBODY, writers, arguments=one) for act in ("end", "withdraw")),
    ]
