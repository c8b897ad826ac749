"""What an official may choose from when narrowing a list: units, people and steps of the own surroundings, however long the list is."""

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import AdminUnit, Position, Unit
from sonha.foundation.organisations.selectors import communes
from sonha.process.cases.access import seen_by
from sonha.process.cases.models import Task

MOST = 300
KEPT = 300  # seconds that the names of steps are remembered
SAMPLE = 2_000  # open tasks looked at for the names of steps


def own_agencies(actor: Actor) -> QuerySet[Unit]:
    """The nearest agency at or above each of the actor's posts."""
    codes = {code for post in actor.posts for code in post.unit_path.split("/") if code}
    agencies = dict(Unit.objects.filter(code__in=codes, is_agency=True).values_list("code", "pk"))
    nearest = []
    for post in actor.posts:
        above = [agencies[code] for code in post.unit_path.split("/") if code in agencies]
        nearest += above[-1:]
    return Unit.objects.filter(pk__in=nearest)


def agencies(actor: Actor) -> QuerySet[Unit]:
    """Agencies whose dossiers the actor may meet: the own one and, for who oversees, those below it."""
    below = Q(pk__in=own_agencies(actor))
    for post in actor.posts:
        if post.role in {Role.LEADER, Role.AUDITOR}:
            below |= Q(path__startswith=post.unit_path, is_agency=True)
    return Unit.objects.filter(below, _today()).order_by("level", "name")


def units(actor: Actor) -> QuerySet[Unit]:
    """Units where dossiers of the own agencies can wait: their desks and divisions, and the agencies themselves."""
    within = Q(pk__in=[])
    for agency in own_agencies(actor):
        within |= Q(pk=agency.pk) | Q(path__startswith=agency.path, is_agency=False)
    return Unit.objects.filter(within, _today()).order_by("path")[:MOST]


def officers(actor: Actor) -> QuerySet[User]:
    """Specialists of the units the actor heads or leads; nobody for others."""
    within = Q(pk__in=[])
    for post in actor.posts:
        if post.role in {Role.HEAD, Role.LEADER, Role.AUDITOR}:
            within |= Q(unit__path__startswith=post.unit_path)
    held = Position.objects.on(timezone.localdate()).filter(within, role=Role.SPECIALIST)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("full_name")[:MOST]


def steps(actor: Actor) -> list[str]:
    """Titles of steps where dossiers of the actor wait, as of some minutes ago at most."""
    found: list[str] = cache.get_or_set(f"dossiers.steps.{actor.user_id}.{hash(actor.posts)}", lambda: _steps(actor), KEPT) or []
    return found


def _steps(actor: Actor) -> list[str]:
    waiting = Task.objects.filter(seen_by(actor, "case_id"), state=Task.State.OPEN, kind="task").order_by()
    return sorted(set(waiting.values_list("title", flat=True)[:SAMPLE]))


def areas() -> QuerySet[AdminUnit]:
    return communes()


def _today() -> Q:
    day = timezone.localdate()
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))
