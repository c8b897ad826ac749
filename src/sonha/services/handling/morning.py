"""The list of each morning: what is overdue, what is due within three days, what has stood longest. Read live, told once a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import HANDLING
from sonha.foundation.calendar.selectors import working_calendar
from sonha.foundation.calendar.workdays import LOCAL
from sonha.foundation.identity.models import User
from sonha.foundation.notifications.services import notify
from sonha.foundation.organisations.models import Position, Substitution
from sonha.foundation.search.counting import capped_count
from sonha.process.cases import engine
from sonha.process.cases.models import Suspension, Task
from sonha.services.dossiers import selectors
from sonha.services.dossiers.filters import SOON
from sonha.services.dossiers.models import Dossier

SHOWN = 50  # rows of each part of the page
TOLD = 5  # rows of each part of the message
STANDING = timedelta(days=7)  # open at least so long, and neither late nor about to be

Part = tuple[list[Task], int]


@dataclass(frozen=True, slots=True)
class Morning:
    """Each part as (its first rows, how many there are in all, counted no further than counting.CAP)."""

    late: Part
    soon: Part
    standing: Part

    @property
    def empty(self) -> bool:
        return not (self.late[1] or self.soon[1] or self.standing[1])


def morning(actor: Actor, now: datetime | None = None, *, rows: int = SHOWN) -> Morning:
    """For who heads a unit: everything open in it; for everybody else what they hold themselves, or nobody yet in their unit's queue."""
    now = now or timezone.now()
    tasks = _running(_answered_for(actor))
    late = tasks.filter(due_at__lt=now).order_by("due_at", "pk")
    soon = tasks.filter(due_at__gte=now, due_at__lt=now + SOON).order_by("due_at", "pk")
    calm = Q(due_at=None) | Q(due_at__gte=now + SOON)
    standing = tasks.filter(calm, opened_at__lt=now - STANDING).order_by("opened_at", "pk")
    return Morning(_part(late, rows), _part(soon, rows), _part(standing, rows))


def _answered_for(actor: Actor) -> QuerySet[Task]:
    if not actor.has_role("head", "leader", "auditor"):
        return selectors.work_list(actor)
    # What one heads and what one holds: by key, since the two lists are read differently.
    heads, holds = (rows.order_by().values("pk") for rows in (selectors.unit_work(actor), selectors.work_list(actor)))
    return selectors.work_list(Actor.system("morning")).filter(Q(pk__in=heads) | Q(pk__in=holds))


def _running(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Nobody is late while the clock of the case stands."""
    return tasks.exclude(Exists(Suspension.objects.filter(case=OuterRef("case"), ended_at=None)))


def _part(tasks: QuerySet[Task], rows: int) -> Part:
    shown = list(tasks[:rows])
    return shown, len(shown) if len(shown) < rows else capped_count(tasks)[0]


def dossier_of(task: Task) -> Dossier:
    found: Dossier = engine.outermost(task.case).dossier
    return found


def recipients(now: datetime) -> QuerySet[User]:
    """Officials who hold a handling post today and whose leave nobody stands in for: on leave one is not woken."""
    day = now.astimezone(LOCAL).date()
    held = Position.objects.on(day).filter(role__in=HANDLING).values("user_id")
    away = Substitution.objects.on(day).values("absent_id")
    return User.objects.filter(pk__in=held, is_active=True).exclude(pk__in=away).order_by("pk")


def tell(now: datetime | None = None) -> int:
    """Sends the list to everybody who has something on it, at the set hour of a working day; a second run sends nothing twice.

    Returns how many were told. By which channel, or not at all, is each person's choice among their notifications.
    """
    now = now or timezone.now()
    local = now.astimezone(LOCAL)
    if local.hour != settings.MORNING_HOUR or not working_calendar().is_workday(local.date()):
        return 0
    return sum(_tell(user, now) for user in recipients(now).iterator(chunk_size=500))


def _tell(user: User, now: datetime) -> bool:
    made = morning(Actor.of(user, day=now.astimezone(LOCAL).date()).in_office(), now, rows=TOLD)
    if made.empty:
        return False
    with translation.override(user.language):
        facts = {
            "day": now.astimezone(LOCAL).strftime("%d/%m/%Y"),
            "late": made.late[1],
            "soon": made.soon[1],
            "lines": "\n".join(_lines(made, now)),
        }
    key = f"morning:{now.astimezone(LOCAL).date()}"
    return notify(user, "task.morning", facts, link=reverse("morning"), key=key) is not None


def _lines(made: Morning, now: datetime) -> Sequence[str]:
    """A code, a step and a day for each; no names: a mail box is not a safe place."""
    lines: list[str] = []
    for title, (tasks, count), word in (
        (_("Quá hạn"), made.late, _("hạn %(day)s")),
        (_("Đến hạn trong ba ngày"), made.soon, _("hạn %(day)s")),
        (_("Đứng lâu nhất"), made.standing, _("từ %(day)s")),
    ):
        if not count:
            continue
        lines.append(f"{title}: {count}")
        for task in tasks[:TOLD]:
            moment = task.opened_at if made.standing[0] is tasks else task.due_at
            day = timezone.localtime(moment).strftime("%d/%m/%Y") if moment else "–"
            lines.append(f"- {dossier_of(task).code}, {task.title}, {word % {'day': day}}")
        if count > TOLD:
            rest = count - TOLD
            lines.append(ngettext("- và %(rest)d việc nữa", "- và %(rest)d việc nữa", rest) % {"rest": rest})
    return lines
