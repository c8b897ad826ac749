"""A small agency and tiny flows, written in the test as the law would be: one step a line."""

from itertools import pairwise
from typing import Any

import pytest

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.identity.models import Party, User
from sonha.foundation.organisations.models import Position, Unit
from sonha.process.cases import access, engine
from sonha.process.cases.engine import subject_ref
from sonha.process.cases.models import Case, Task
from sonha.process.flows.models import FlowVersion
from sonha.process.flows.services import publish_flow
from sonha.process.flows.validation import validate

Flow = dict[str, Any]
DAY = {"amount": 1, "unit": "working_days"}


def unit(code: str, parent: Unit | None = None, *, agency: bool = False) -> Unit:
    found = Unit.objects.filter(code=code).first()
    kind = Unit.Kind.DEPARTMENT if agency else Unit.Kind.DIVISION
    return found or Unit.objects.create(code=code, name=f"Đơn vị {code}", kind=kind, parent=parent, is_agency=agency)


def units() -> dict[str, int]:
    """Actor names of the flows below -> unit ids: an agency with a desk and a division, and another agency that is asked."""
    agency = unit("SO", agency=True)
    other = unit("XA", agency=True)
    named = {"agency": agency, "desk": unit("SO.MC", agency), "division": unit("SO.PH", agency), "commune": other, "authority": agency}
    return {name: each.pk for name, each in named.items()}


def official(role: str, code: str, name: str = "") -> Actor:
    """An official of a unit; the same name again is the same person."""
    units()
    username = f"{role}.{code}.{name}".lower()
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username, "mat-khau-dai", full_name=name or f"{role} {code}", kind="official")
        Position.objects.create(user=user, unit=Unit.objects.get(code=code), role=role, valid_from="2020-01-01")
    return Actor.of(user)


def citizen(number: str = "020301001234") -> Actor:
    party = Party.objects.create(kind="person", name="Nông Thị Lan", personal_id=number)
    return Actor.of(User.objects.create_user(f"citizen-{number}", "mat-khau-dai", full_name="Nông Thị Lan", party=party))


def task(key: str, role: str = "specialist", unit: str = "division", **more: Any) -> Flow:
    return {"key": key, "kind": "task", "title": f"Bước {key}", "role": role, **({"unit": unit} if role != "applicant" else {}), **more}


def end(key: str = "done", outcome: str = "done") -> Flow:
    return {"key": key, "kind": "end", "outcome": outcome}


def way(source: str, target: str, action: str = "", **more: Any) -> Flow:
    return {"from": source, "to": target, **({"action": action, "title": action} if action else {}), **more}


def chain(*keys: str) -> list[Flow]:
    """One after another, each left by `next`."""
    return [way(source, target, "next") for source, target in pairwise(keys)]


def flow(steps: list[Flow], ways: list[Flow], start: str = "") -> Flow:
    return {"title": "Thử", "start": start or steps[0]["key"], "steps": steps, "transitions": ways}


def choice_form(key: str, *values: str) -> Flow:
    options = [{"value": value, "label": value} for value in values]
    return {"sections": [{"key": "s", "title": "S", "fields": [{"key": key, "type": "radio", "label": key, "options": options}]}]}


def errors(definition: Flow, flows: set[str] | None = None) -> list[str]:
    found = validate(definition, form_fields=None, actors={"commune"}, flows=flows, services=None)
    return [problem.message for problem in found if problem.level == "error"]


def published(definition: Flow, key: str = "thu") -> FlowVersion:
    assert errors(definition) == []
    return publish_flow(key, definition)


def started(definition: Flow, **more: Any) -> Case:
    return engine.start(published(definition), actor=Actor.system("test"), actors=units(), **more)


def owned(case: Case, owner: Actor) -> Case:
    access.grant(case, user=owner.user, cause="applicant")
    return case


def open_steps(case: Case) -> list[str]:
    return sorted(case.tasks.filter(state="open").values_list("step", flat=True))


def waiting(case: Case, step: str) -> Task:
    return Task.objects.get(case=case, step=step, state="open")


def child_of(case: Case, step: str) -> Case:
    return Case.objects.get(parent_task__case=case, parent_task__step=step, state="running")


ROLE_UNITS = {"receptionist": "SO.MC", "specialist": "SO.PH", "head": "SO.PH", "leader": "SO", "clerk": "SO"}


def act(case: Case, step: str, action: str = "next", actor: Actor | None = None, **more: Any) -> Task:
    """The right official acts on the open task of a step."""
    found = waiting(case, step)
    if actor is None:
        actor = Actor.system("test") if found.unit is None else official(found.role, found.unit.code)
    done = engine.act(found.pk, action, actor=actor, **more)
    case.refresh_from_db()
    return done


def verbs(case: Case) -> list[str]:
    kind, ref = subject_ref(case)
    return list(Event.objects.filter(subject_kind=kind, subject_ref=ref).order_by("seq").values_list("verb", flat=True))


def refused(exception: type[Exception], words: str) -> Any:
    return pytest.raises(exception, match=words)
