"""What a list of dossiers is narrowed by. The same object filters pages, boards, exports and the API, so that their numbers agree."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Self, TypeVar

from django.db.models import BooleanField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from sonha.foundation.access.roles import Role
from sonha.foundation.organisations.models import Unit
from sonha.foundation.search.expressions import Words
from sonha.foundation.search.folding import fold
from sonha.process.cases.models import Task
from sonha.services.dossiers.models import ENDED, Dossier, State
from sonha.services.procedures.models import Procedure

SOON = timedelta(days=3)
STOPPED = (State.SUPPLEMENT, State.PAYMENT)
Row = TypeVar("Row", Dossier, Task)
NONE = "-"
"""The value of a filter that asks for dossiers without one (no field, nobody assigned)."""
SORTS = ("", "oldest", "due")


@dataclass(frozen=True)
class Filters:
    """Conditions on dossiers; an empty one does not narrow."""

    words: str = ""
    state: str = ""
    procedure: str = ""  # its number in the catalogue, or words of its name
    field: str = ""
    agency: str = ""
    unit: str = ""  # where it waits now
    lateness: str = ""  # a key of LATENESS
    start: date | None = None  # handed in from … to …
    end: date | None = None
    channel: str = ""
    division: str = ""  # the unit in charge, from acceptance to result
    step: str = ""  # title of the step where it waits
    officer: str = ""  # id of who is in charge of it
    commune: str = ""
    ended_from: date | None = None  # result between … and …
    ended_to: date | None = None
    sort: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Self:
        """From the parameters of an address; a value that makes no sense (a wrong date) is no filter."""
        given = {name: parameters.get(PARAMETERS[name], "").strip() for name in PARAMETERS}
        values: dict[str, Any] = {name: _day(text) if name in DATES else text for name, text in given.items()}
        values["officer"] = values["officer"] if values["officer"].isdecimal() or values["officer"] == NONE else ""
        values["sort"] = values["sort"] if values["sort"] in SORTS else ""
        values["lateness"] = values["lateness"] if values["lateness"] in LATENESS else ""
        return cls(**values)

    def parameters(self) -> dict[str, str]:
        """The parameters of an address that asks for this selection."""
        values = {PARAMETERS[each.name]: getattr(self, each.name) for each in fields(self)}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items() if value}


PARAMETERS = {
    "words": "q", "state": "state", "procedure": "procedure", "field": "field", "agency": "agency", "unit": "unit", "lateness": "late",
    "start": "from", "end": "to", "channel": "channel", "division": "division", "step": "step", "officer": "officer", "commune": "commune",
    "ended_from": "ended_from", "ended_to": "ended_to", "sort": "sort",
}  # fmt: skip
DATES = frozenset({"start", "end", "ended_from", "ended_to"})


def _running() -> Q:
    return Q(finished_at=None) & ~Q(state__in=[*ENDED, *STOPPED])  # a stopped clock is never late


def _ended() -> Q:
    return Q(finished_at__isnull=False) & ~Q(state=State.WITHDRAWN)


LATENESS = {
    "open": lambda now: Q(finished_at=None) & ~Q(state__in=ENDED),
    "on_time": lambda now: _running() & (Q(due_at__gte=now + SOON) | Q(due_at=None)),
    "soon": lambda now: _running() & Q(due_at__gte=now, due_at__lt=now + SOON),
    "late": lambda now: _running() & Q(due_at__lt=now),
    "stopped": lambda now: Q(finished_at=None, state__in=STOPPED),
    "ended": lambda now: Q(finished_at__isnull=False),
    "ended_on_time": lambda now: _ended() & (Q(due_at=None) | Q(finished_at__lte=F("due_at"))),
    "late_finished": lambda now: _ended() & Q(finished_at__gt=F("due_at")),
    "withdrawn": lambda now: Q(finished_at__isnull=False, state=State.WITHDRAWN),
}
"""Conditions on due dates. `open` is the sum of `on_time`, `soon`, `late` and `stopped`; `ended` that of the last three."""


def lateness(kind: str, now: datetime | None = None) -> Q:
    """One of LATENESS; an unknown kind does not narrow."""
    condition = LATENESS.get(kind)
    return condition(now or timezone.now()) if condition else Q()


def submitted_between(start: date | None, end: date | None) -> Q:
    """Handed in from the beginning of `start` to the end of `end`, local dates."""
    return _between("submitted_at", start, end)


def ended_between(start: date | None, end: date | None) -> Q:
    return _between("finished_at", start, end)


def narrowed(rows: QuerySet[Dossier], filters: Filters) -> QuerySet[Dossier]:
    """The rows that match, in the order asked for; the caller has chosen `rows` for the actor."""
    found = rows.filter(_words(filters.words), _exact(filters), _procedure(filters.procedure))
    found = found.filter(submitted_between(filters.start, filters.end), ended_between(filters.ended_from, filters.ended_to))
    if filters.lateness:
        found = found.filter(lateness(filters.lateness))
    if filters.unit or filters.step:
        found = found.filter(_waiting(filters))
    if filters.division:
        found = found.annotate(charged=division_id())
        found = found.filter(charged=None) if filters.division == NONE else found.filter(charged=_unit_id(filters.division))
    if filters.officer:
        found = found.annotate(in_charge=officer_id())
        found = (
            found.filter(in_charge=None)
            if filters.officer == NONE
            else found.filter(_held_by(int(filters.officer)), in_charge=int(filters.officer))
        )
    if filters.commune:
        found = found.filter(_in_commune(filters.commune))
    return found.order_by(*ORDER[filters.sort])


ORDER: dict[str, tuple[Any, ...]] = {
    "": ("-pk",),
    "oldest": ("pk",),
    "due": (F("due_at").asc(nulls_last=True), "pk"),
}
"""Orders that a place in the list can be kept in: numbers of dossiers grow with the time they were handed in."""


def place_of(row: Dossier | Task, sort: str) -> str:
    """Where a dossier or task stands in that order, for the address of what comes after it."""
    if sort != "due":
        return str(row.pk)
    return f"{row.due_at.isoformat() if row.due_at else ''}_{row.pk}"


def beyond(rows: QuerySet[Row], sort: str, place: str) -> QuerySet[Row]:
    """The rows after a place; all of them when the place cannot be read. Costs the same on page 1,000 as on page 1."""
    due_text, _line, number = place.rpartition("_")
    if not number.isdecimal() or len(number) > 18:
        return rows
    pk = int(number)
    if sort != "due":
        return rows.filter(pk__gt=pk) if sort == "oldest" else rows.filter(pk__lt=pk)
    try:
        due_at = parse_datetime(due_text)
    except ValueError:
        return rows
    if due_at is None or timezone.is_naive(due_at):
        return rows if due_text else rows.filter(due_at=None, pk__gt=pk)
    return rows.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk) | Q(due_at=None))


def division_id() -> Cast:
    """The unit in charge, as its id."""
    return Cast(KeyTextTransform("division", "case__actors"), IntegerField())


def officer_id() -> Subquery:
    """Who is in charge: whoever holds, or else did, the latest step of a specialist."""
    steps = Task.objects.filter(case_id=OuterRef("case_id"), role=Role.SPECIALIST, kind="task").exclude(state=Task.State.CANCELLED)
    known = steps.annotate(who=Coalesce("assignee_id", "closed_by_id")).filter(who__isnull=False)
    return Subquery(known.order_by("-pk").values("who")[:1])


def _held_by(user_id: int) -> Q:
    """Cases in which somebody held or did a specialist's step: what `officer_id` is then looked up for, instead of for every row."""
    steps = Task.objects.filter(Q(assignee_id=user_id) | Q(closed_by_id=user_id), role=Role.SPECIALIST, kind="task")
    return Q(case_id__in=steps.values("case_id"))


def _words(text: str) -> Q:
    """Words of the text columns, or the beginning of a code (codes are capitals): both by an index, whatever the number of rows."""
    words = text.strip()
    return Q(search=Words(words)) | Q(code__startswith=words.upper()) if words else Q()


def _exact(filters: Filters) -> Q:
    exact = {"state": filters.state, "agency__code": filters.agency, "channel": filters.channel}
    narrow = Q(**{name: value for name, value in exact.items() if value})
    if filters.field == NONE:
        return narrow & Q(procedure__field=None)
    return narrow & Q(procedure__field__slug=filters.field) if filters.field else narrow


def _procedure(text: str) -> Q:
    if not text:
        return Q()
    if text.isdecimal():
        return Q(procedure__stt=int(text)) if len(text) < 9 else Q(pk__in=[])
    return Q(procedure__in=Procedure.objects.filter(Q(search=Words(text)) | Q(name_folded__contains=fold(text))).values("pk"))


def _waiting(filters: Filters) -> Q:
    tasks = Task.objects.filter(state=Task.State.OPEN, kind="task")
    if filters.unit:
        tasks = tasks.filter(unit__code=filters.unit)
    if filters.step:
        tasks = tasks.filter(title=filters.step)
    own, asked = tasks.filter(case_id=OuterRef("case_id")), tasks.filter(case__parent_task__case_id=OuterRef("case_id"))
    return Q(Exists(own)) | Q(Exists(asked))


def _unit_id(code: str) -> int:
    return Unit.objects.filter(code=code).values_list("pk", flat=True).first() or 0


def _in_commune(code: str) -> Q:
    """Where the matter lies (an answer `location_commune`, `…commune`), else where the owner lives."""
    path = '$.keyvalue() ? (@.key like_regex "commune$" && @.value == $code)'
    named = Func(F("answers"), Value(path), Func(Value("code"), Cast(Value(code), output_field=TextField()), function="jsonb_build_object"),
                 template="jsonb_path_exists(%(expressions)s)", output_field=BooleanField())  # fmt: skip
    return Q(named) | Q(owner__commune_code=code)


def _between(name: str, start: date | None, end: date | None) -> Q:
    narrow = Q()
    if start:
        narrow &= Q(**{f"{name}__gte": midnight(start)})
    if end:
        narrow &= Q(**{f"{name}__lt": midnight(end + timedelta(days=1))})
    return narrow


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _day(text: str) -> date | None:
    """A date that a calendar can also go one day beyond."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and date(1945, 1, 1) <= found <= date(2200, 1, 1) else None
