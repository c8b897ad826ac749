"""Reading accounts with their positions and substitutions. Only administrators and auditors see everybody."""

import re
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sonha.foundation.access.roles import Role
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position, Substitution, Unit
from sonha.foundation.organisations.services import ARRANGING
from sonha.foundation.search.folding import fold


def accounts(actor: Any) -> QuerySet[User]:
    """All accounts, newest first, for administrators and auditors; none for others."""
    if not actor.has_role(Role.ADMINISTRATOR, Role.AUDITOR):
        return User.objects.none()
    return User.objects.exclude(kind=User.Kind.SYSTEM).select_related("party").order_by("-pk")


def matching(rows: QuerySet[User], said: str) -> QuerySet[User]:
    """Accounts whose name or user name contains the words, marks or not; or whose e-mail or personal number is exactly that."""
    said = said.replace("\x00", "").strip()
    if re.fullmatch(r"[0-9]{9}|[0-9]{12}", said):
        return rows.filter(party__personal_id=said)
    if "@" in said:
        return rows.filter(email__iexact=said)
    return rows.filter(search_key__contains=fold(said)) if said else rows


def holding(rows: QuerySet[User], *, unit: Unit | None = None, role: str = "", day: date | None = None) -> QuerySet[User]:
    """Accounts with a position on `day` (default today) in the unit or below it, and in the role; both optional."""
    if unit is None and not role:
        return rows
    held = Position.objects.on(day or timezone.localdate()).filter(user=OuterRef("pk"))
    if unit is not None:
        held = held.filter(unit__path__startswith=unit.path)
    return rows.filter(Exists(held.filter(role=role) if role else held))


def positions(user: User) -> QuerySet[Position]:
    """Every position an account held, holds or will hold; newest first."""
    return Position.objects.filter(user=user).select_related("unit").order_by("-valid_from", "-pk")


def _officials() -> QuerySet[User]:
    return User.objects.filter(kind=User.Kind.OFFICIAL, is_active=True).order_by("full_name", "pk")


def _working_in(paths: set[str]) -> Exists:
    """Holding a position today in one of these subtrees."""
    inside = Q()
    for path in paths:
        inside |= Q(unit__path__startswith=path)
    return (
        Exists(Position.objects.on(timezone.localdate()).filter(inside, user=OuterRef("pk"))) if paths else Exists(Position.objects.none())
    )


def may_be_absent(actor: Any) -> QuerySet[User]:
    """For whom the actor may name a substitute."""
    if actor.is_administrator:
        return _officials()
    paths = {post.unit_path for post in actor.posts if post.role in ARRANGING}
    return _officials().filter(Q(pk=actor.user_id) | Q(_working_in(paths)))


def may_substitute(actor: Any) -> QuerySet[User]:
    """Whom the actor may choose: colleagues of the same agency; for administrators everybody."""
    if actor.is_administrator:
        return _officials()
    codes = {code for post in actor.posts for code in post.unit_path.split("/") if code}
    agencies = Unit.objects.filter(code__in=codes, is_agency=True).order_by("-path")
    deepest = {agency.path for agency in agencies if any(post.unit_path.startswith(agency.path) for post in actor.posts)}
    own = {path for path in deepest if not any(other != path and other.startswith(path) for other in deepest)}
    return _officials().filter(_working_in(own or {post.unit_path for post in actor.posts}))


def substitutions(actor: Any) -> QuerySet[Substitution]:
    """Substitutions that the actor arranged for or takes part in; administrators and auditors see all. Newest first."""
    rows = Substitution.objects.select_related("absent", "substitute").order_by("-valid_from", "-pk")
    if actor.has_role(Role.ADMINISTRATOR, Role.AUDITOR):
        return rows
    mine = Q(absent_id=actor.user_id) | Q(substitute_id=actor.user_id)
    return rows.filter(mine | Q(absent__in=may_be_absent(actor).order_by()))
