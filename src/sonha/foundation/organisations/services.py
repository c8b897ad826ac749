"""Writes of positions and substitutions. A position is ended, never deleted: what was decided in it stays explained."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.roles import Role
from sonha.foundation.audit.services import record
from sonha.foundation.identity.errors import NotAllowed, Refused
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position, Substitution, Unit

LAST_ADMINISTRATOR = 0x51AD
"""The advisory lock behind which it is asked whether somebody else administers."""

ARRANGING = (Role.HEAD, Role.LEADER)
"""Roles that may say who stands in for an official of their unit."""


@transaction.atomic
def assign_position(
    actor: Any, user: User, unit: Unit, role: str, *, title: str, valid_from: date, valid_to: date | None = None
) -> Position:
    """Gives an official a role in a unit for a time (both days inclusive). Refused in words when it does not fit; administrators only."""
    if not actor.is_administrator:
        raise NotAllowed
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not user.is_official:
        raise Refused(_("Chỉ giao vị trí cho tài khoản cán bộ."))
    check_period(Position(user=user, unit=unit, role=role, valid_from=valid_from, valid_to=valid_to))
    position = Position.objects.create(user=user, unit=unit, role=role, title=title.strip(), valid_from=valid_from, valid_to=valid_to)
    payload = {"account": user.pk, "unit": unit.code, "role": str(Role(role).label), "valid_from": valid_from, "valid_to": valid_to}
    record("position.assigned", subject=user, actor=actor, payload=payload)
    return position


def check_period(position: Position) -> None:
    """Refused when the days of a position are out of order, the unit is not there on all of them, or the role is held already."""
    unit, first, last = position.unit, position.valid_from, position.valid_to
    if last is not None and last < first:
        raise Refused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."), "valid_to")
    if (unit.valid_from and first < unit.valid_from) or (unit.valid_to and (last is None or last > unit.valid_to)):
        raise Refused(_("%(unit)s không tồn tại trong cả thời gian này.") % {"unit": unit}, "unit")
    same = Position.objects.filter(user=position.user, unit=unit, role=position.role).exclude(pk=position.pk)
    other = overlapping(same, first, last).first()
    if other is not None:
        raise Refused(_held(other), "valid_from")


def _held(other: Position) -> str:
    words = {"unit": other.unit, "role": Role(other.role).label, "since": f"{other.valid_from:%d/%m/%Y}"}
    if other.valid_to is None:
        return _("Người này đã giữ vai trò %(role)s tại %(unit)s từ %(since)s.") % words
    return _("Người này đã giữ vai trò %(role)s tại %(unit)s từ %(since)s đến %(until)s.") % (
        words | {"until": f"{other.valid_to:%d/%m/%Y}"}
    )


def overlapping(rows: QuerySet[Any], first: date, last: date | None) -> QuerySet[Any]:
    """Rows (`valid_from`, `valid_to`) that share at least one day with the period; an open end is None."""
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=first))
    return rows if last is None else rows.filter(valid_from__lte=last)


@transaction.atomic
def end_position(actor: Any, position: Position, last_day: date) -> Position:
    """Ends a position after `last_day`. Refused in words; administrators only."""
    if not actor.is_administrator:
        raise NotAllowed
    held = Position.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=position.pk)
    if held.valid_to is not None and held.valid_to <= last_day:
        raise Refused(_("Vị trí này đã kết thúc ngày %(day)s.") % {"day": f"{held.valid_to:%d/%m/%Y}"}, "valid_to")
    if last_day < held.valid_from:
        raise Refused(_("Ngày kết thúc không được trước ngày bắt đầu %(day)s.") % {"day": f"{held.valid_from:%d/%m/%Y}"}, "valid_to")
    if held.role == Role.ADMINISTRATOR:
        refuse_last_administrator(held.user)
    held.valid_to = last_day
    held.save(update_fields=["valid_to"])
    payload = {"account": held.user_id, "unit": held.unit.code, "role": str(Role(held.role).label), "valid_to": last_day}
    record("position.ended", subject=held.user, actor=actor, payload=payload)
    return held


@transaction.atomic
def change_title(actor: Any, position: Position, title: str) -> Position:
    """Corrects the job title of a position, as it is printed below signatures from now on; signed papers stay. Administrators only."""
    if not actor.is_administrator:
        raise NotAllowed
    held = Position.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=position.pk)
    held.title = " ".join(title.split())
    held.save(update_fields=["title"])
    record("position.titled", subject=held.user, actor=actor, payload={"account": held.user_id, "unit": held.unit.code})
    return held


def refuse_last_administrator(user: User) -> None:
    """Refused when nobody but `user` administers. Of two who end each other's post at once, the second is asked after the first is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LAST_ADMINISTRATOR])
    if not other_administrators(user).exists():
        raise Refused(_("Phải còn ít nhất một quản trị hệ thống. Xin giao vai trò này cho người khác trước."), "valid_to")


def other_administrators(user: User) -> QuerySet[Position]:
    """Positions of administration that others hold today with no end in sight."""
    today = timezone.localdate()
    held = Position.objects.on(today).filter(role=Role.ADMINISTRATOR, valid_to=None, user__is_active=True)
    return held.exclude(user=user)


def may_arrange_for(actor: Any, absent: User) -> bool:
    """One's own absence, that of officials of a unit one heads (or below it), and for administrators everybody's."""
    if actor.user is None or not absent.is_official:
        return False
    if actor.user == absent or actor.is_administrator:
        return True
    paths = [post.unit_path for post in actor.posts if post.role in ARRANGING]
    places = Position.objects.on(timezone.localdate()).filter(user=absent).values_list("unit__path", flat=True)
    return any(place.startswith(path) for place in places for path in paths)


@transaction.atomic
def arrange_substitution(actor: Any, absent: User, substitute: User, *, valid_from: date, valid_to: date, reason: str = "") -> Substitution:
    """Lets `substitute` act in the positions of `absent` (administration excepted) for a time. Refused in words."""
    if not may_arrange_for(actor, absent):
        raise NotAllowed
    list(User.objects.select_for_update(of=("self",)).filter(pk__in=[absent.pk, substitute.pk]).order_by("pk"))
    if absent == substitute:
        raise Refused(_("Người thay phải là người khác."), "substitute")
    if not substitute.is_official or not substitute.is_active:
        raise Refused(_("Người thay phải là cán bộ đang làm việc."), "substitute")
    if valid_to < valid_from:
        raise Refused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."), "valid_to")
    if valid_to < timezone.localdate():
        raise Refused(_("Thời gian này đã qua."), "valid_to")
    check_substitute(Substitution(absent=absent, substitute=substitute, valid_from=valid_from, valid_to=valid_to))
    row = Substitution.objects.create(absent=absent, substitute=substitute, valid_from=valid_from, valid_to=valid_to, reason=reason.strip())
    payload = {"absent": absent.pk, "substitute": substitute.pk, "valid_from": valid_from, "valid_to": valid_to}
    record("substitution.arranged", subject=absent, actor=actor, payload=payload)
    return row


def check_substitute(row: Substitution) -> None:
    """Refused when the absent one has a substitute on some of these days, or the substitute is away too."""
    running = Substitution.objects.filter(ended_at=None).exclude(pk=row.pk)
    other = overlapping(running.filter(absent=row.absent), row.valid_from, row.valid_to).select_related("substitute").first()
    if other is not None:
        words = {"name": other.substitute, "first": f"{other.valid_from:%d/%m/%Y}", "last": f"{other.valid_to:%d/%m/%Y}"}
        raise Refused(_("%(name)s đã được phân công thay từ %(first)s đến hết %(last)s; xin chấm dứt trước khi đổi.") % words, "valid_from")
    if overlapping(running.filter(absent=row.substitute), row.valid_from, row.valid_to).exists():
        raise Refused(_("Người thay cũng vắng mặt trong thời gian này."), "substitute")


@transaction.atomic
def end_substitution(actor: Any, row: Substitution) -> Substitution:
    """Calls a substitution off at once. Refused when it is over already."""
    held = Substitution.objects.select_for_update(of=("self",)).select_related("absent").get(pk=row.pk)
    if not may_arrange_for(actor, held.absent):
        raise NotAllowed
    if held.ended_at is not None or held.valid_to < timezone.localdate():
        raise Refused(_("Việc làm thay này đã kết thúc."))
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    record("substitution.ended", subject=held.absent, actor=actor, payload={"absent": held.absent_id, "substitute": held.substitute_id})
    return held
