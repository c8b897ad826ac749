"""Many dossiers for lists and boards: one filed for real, the others its copies, each set on days and in a state of its own."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party
from sonha.process.cases.models import Case, CaseAccess, Suspension, Task
from sonha.services.dossiers.models import ENDED, Dossier, State
from sonha.services.dossiers.tests.people import citizen, filed, groundwater_answers, official
from sonha.services.procedures.models import Procedure


def a_dossier_and_copies(count: int) -> list[Dossier]:
    """`count` dossiers waiting at the desk of the department, oldest first."""
    first = filed(citizen(), 860, groundwater_answers())
    return [first, *(_copy(first, number) for number in range(2, count + 1))]


def _copy(first: Dossier, number: int) -> Dossier:
    case, dossier = Case.objects.get(pk=first.case_id), Dossier.objects.get(pk=first.pk)
    tasks, grants = list(case.tasks.all()), list(case.access.all())
    case.pk = None
    case.save()
    for row in (*tasks, *grants):
        row.pk, row.case = None, case
    Task.objects.bulk_create(tasks)
    CaseAccess.objects.bulk_create(grants)
    dossier.pk, dossier.case, dossier.code = None, case, f"{first.code[:-4]}{number:04}"
    dossier.save()
    return dossier


def renamed(dossier: Dossier, name: str, number: str) -> Dossier:
    """The dossier as that of another person."""
    owner = Party.objects.create(kind="person", name=name, personal_id=number)
    Dossier.objects.filter(pk=dossier.pk).update(owner=owner, owner_name=name, applicant_name=name)
    dossier.refresh_from_db()
    return dossier


def a_year_of_dossiers(count: int, *, seed: int = 8140) -> list[Dossier]:
    """Dossiers of the last 300 days: every state, four procedures of three fields, two divisions, some with stopped clocks."""
    chance, today = random.Random(seed), timezone.localdate()
    specialists = [official("specialist", "STNMT.NUOC", "Chuyên viên A"), official("specialist", "STNMT.MT", "Chuyên viên B")]
    procedures = list(Procedure.objects.filter(stt__in=[836, 858, 860, 870]).order_by("stt"))
    dossiers = a_dossier_and_copies(count)
    for place, dossier in enumerate(dossiers):
        Dossier.objects.filter(pk=dossier.pk).update(procedure=procedures[place % 4])
        _live(dossier, place, chance, today, specialists[place % 2])
    return dossiers


def _live(dossier: Dossier, place: int, chance: random.Random, today: date, specialist: Actor) -> None:
    """Sets a dossier on its days; `place` runs through the states."""
    state = [*State][place % len(State)]
    submitted = _moment(today - timedelta(days=chance.randrange(1, 300)), chance)
    accepted = min(submitted + timedelta(hours=chance.randrange(0, 60)), timezone.now())
    due = None if state == State.SUBMITTED else accepted + timedelta(days=chance.randrange(2, 60))
    if state == State.IN_PROGRESS:
        due = timezone.now() + timedelta(days=(-5, 1, 20)[place // len(State) % 3])
    ended = state in ENDED or state == State.READY
    finished = min(accepted + timedelta(days=chance.randrange(1, 70)), timezone.now()) if ended else None
    values: dict[str, Any] = {"submitted_at": submitted, "accepted_at": accepted, "due_at": due, "finished_at": finished, "state": state}
    Dossier.objects.filter(pk=dossier.pk).update(**values)
    Case.objects.filter(pk=dossier.case_id).update(actors={**dossier.case.actors, "division": specialist.unit_id})
    if place % 3:
        held: dict[str, Any] = {"role": "specialist", "assignee": specialist.user, "unit_id": specialist.unit_id}
        Task.objects.create(case=dossier.case, step="appraise", title="Thẩm định", **held)
    for _stop in range(chance.randrange(3) if due else 0):
        begin = accepted + timedelta(days=chance.randrange(0, 20), hours=chance.randrange(20))
        end = begin + timedelta(days=chance.randrange(0, 9))
        Suspension.objects.create(case=dossier.case, reason="thử", started_at=begin, ended_at=end)


def _moment(day: date, chance: random.Random) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, chance.randrange(7, 17), chance.randrange(60)))
