"""Row grants on cases, and what an actor may do with a task.

Selectors everywhere start from `visible_cases(actor)`. Nothing else decides who sees a case.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import HANDLING
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position, Unit
from sonha.process.cases.models import Case, CaseAccess, Task


def grants_of(actor: Actor) -> Q | None:
    """The condition on CaseAccess rows that let `actor` in; None means no limit (the system itself)."""
    if actor.is_system:
        return None
    own = Q(pk__in=[])
    if actor.user_id and actor.personal:
        own = Q(user_id=actor.user_id)
        if actor.party_ids:
            own |= Q(party_id__in=actor.party_ids)
    if handled := actor.unit_ids(HANDLING):
        own |= Q(unit_id__in=handled, level=CaseAccess.Level.HANDLE)
    if overseen := actor.overseen_unit_ids:
        own |= Q(unit_id__in=overseen)
    return own & Q(ended_at=None)


def seen_by(actor: Actor, case_field: str) -> Q:
    """A condition for any model with a foreign key `case_field` to Case: rows of cases the actor may read."""
    grants = grants_of(actor)
    if grants is None:
        return Q()
    return Q(Exists(CaseAccess.objects.filter(grants, case_id=OuterRef(case_field))))


def visible_cases(actor: Actor) -> QuerySet[Case]:
    return Case.objects.filter(seen_by(actor, "pk"))


def grant(
    case: Case, *, unit: Unit | None = None, user: User | None = None, party_id: int | None = None, level: str = "", cause: str
) -> None:
    """Lets a unit (and, to oversee, the units above it up to its agency), a user or a party into a case. Granting twice is once."""
    rows: list[CaseAccess] = []
    if unit:
        rows.append(CaseAccess(case=case, unit=unit, level=level or CaseAccess.Level.HANDLE, cause=cause))
        above = Unit.objects.filter(code__in=unit.ancestor_codes[:-1])
        rows += [CaseAccess(case=case, unit=each, level=CaseAccess.Level.OVERSEE, cause=cause) for each in _up_to_agency(unit, above)]
    if user:
        rows.append(CaseAccess(case=case, user=user, level=level or CaseAccess.Level.OWN, cause=cause))
    if party_id:
        rows.append(CaseAccess(case=case, party_id=party_id, level=level or CaseAccess.Level.OWN, cause=cause))
    CaseAccess.objects.bulk_create(rows, ignore_conflicts=True)


def _up_to_agency(unit: Unit, above: Iterable[Unit]) -> list[Unit]:
    """Ancestors of `unit` from its parent up to and including its agency: the heads and leaders who answer for it."""
    if unit.is_agency:
        return []
    chain: list[Unit] = []
    for each in sorted(above, key=lambda found: -len(found.path)):
        chain.append(each)
        if each.is_agency:
            break
    return chain


def revoke(case: Case, *, cause: str) -> None:
    """Ends every grant that was given for `cause`."""
    CaseAccess.objects.filter(case=case, cause=cause, ended_at=None).update(ended_at=timezone.now())


def may_act(actor: Actor, task: Task) -> bool:
    """Whether `actor` may complete `task` now: the right role in the task's unit, and nobody else has claimed it."""
    if actor.is_system:
        return True
    if task.kind != "task":
        return False  # consultations and sub-processes are answered by their own case
    if task.is_applicant:
        own = Q(level=CaseAccess.Level.OWN, ended_at=None)
        who = Q(user_id=actor.user_id) | Q(party_id__in=actor.party_ids)
        return actor.user_id is not None and actor.personal and CaseAccess.objects.filter(own & who, case_id=task.case_id).exists()
    if task.unit_id is None or not actor.acts_as(task.role, task.unit_id):
        return False
    return task.assignee_id is None or task.assignee_id in _capacities(actor, task)


def _capacities(actor: Actor, task: Task) -> set[int]:
    """Users in whose place the actor may act on the task: itself and absent colleagues it stands in for."""
    standing_in = {post.for_user_id for post in actor.posts if post.for_user_id and post.role == task.role and post.unit_id == task.unit_id}
    return standing_in | ({actor.user_id} if actor.user_id else set())


def acting_for(actor: Actor, task: Task) -> int | None:
    """The absent colleague in whose place the actor acts on the task, if it holds the role only so."""
    held = [post for post in actor.posts if post.role == task.role and post.unit_id == task.unit_id]
    own = any(post.for_user_id is None for post in held)
    if not held:
        return None  # the answer of another agency, or an automatic act
    if own and task.assignee_id in (None, actor.user_id):
        return None
    return task.assignee_id or next((post.for_user_id for post in held if post.for_user_id), None)


def may_assign(actor: Actor, task: Task) -> bool:
    """Heads and leaders of the unit or of a unit above it hand out its tasks."""
    if task.unit is None or actor.is_system:
        return actor.is_system
    return any(post.role in {"head", "leader"} and task.unit.path.startswith(post.unit_path) for post in actor.posts)


def may_withdraw(actor: Actor, case: Case) -> bool:
    """The applicant's side, the desk in its name, or, of an internal process, whoever leads a unit that handles it."""
    if actor.is_system:
        return True
    owners = CaseAccess.objects.filter(case=case, level=CaseAccess.Level.OWN, ended_at=None)
    who = Q(party_id__in=actor.party_ids) | (Q(user_id=actor.user_id) if actor.user_id and actor.personal else Q(pk__in=[]))
    if owners.filter(who).exists():
        return True
    roles = ("receptionist",) if owners.exists() else ("head", "leader")
    return actor.has_role(*roles) and visible_cases(actor).filter(pk=case.pk).exists()


def candidates(task: Task) -> QuerySet[User]:
    """Officials who hold the task's role in its unit today."""
    held = Position.objects.on(timezone.localdate()).filter(unit=task.unit, role=task.role)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("full_name")


def open_tasks_for(actor: Actor) -> QuerySet[Task]:
    """Tasks the actor may act on now: its roles in its units, unclaimed or claimed by itself or by whom it stands in for."""
    tasks = Task.objects.filter(state=Task.State.OPEN, kind="task")
    if actor.is_system:
        return tasks
    who = Q(pk__in=[])
    for post in actor.posts:
        if post.role in HANDLING:
            claimed = [each for each in (actor.user_id, post.for_user_id) if each]
            who |= Q(unit_id=post.unit_id, role=post.role) & (Q(assignee=None) | Q(assignee_id__in=claimed))
    return tasks.filter(who)


def unit_tasks_for(actor: Actor) -> QuerySet[Task]:
    """Open tasks of the units the actor heads or oversees, whoever holds them."""
    if actor.is_system:
        return Task.objects.filter(state=Task.State.OPEN, kind="task")
    paths = Q(pk__in=[])
    for post in actor.posts:
        if post.role in {"head", "leader", "auditor"}:
            paths |= Q(unit__path__startswith=post.unit_path)
    return Task.objects.filter(paths, state=Task.State.OPEN, kind="task").filter(seen_by(actor, "case_id"))
