"""When a change of a position or a substitution may be taken back: what was done in it, or given since, stands upon it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.roles import Role
from sonha.foundation.identity.errors import Refused
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position, Substitution, Unit
from sonha.foundation.organisations.services import check_period, check_substitute, refuse_last_administrator

Values = Mapping[str, Any]


def check_position(row: int, before: Values | None, now: Values | None) -> None:
    """Refused when the position as it was `before` does not fit any more, or nobody would be left to administer. None: no such row."""
    held = now or before or {}
    if held["role"] == Role.ADMINISTRATOR and _ends_sooner(before, now):
        refuse_last_administrator(User.objects.get(pk=held["user_id"]))
    if before is None:
        return
    user = User.objects.get(pk=before["user_id"])
    if not user.is_active and (before["valid_to"] is None or before["valid_to"] >= timezone.localdate()):
        raise Refused(_("Tài khoản %(name)s đã ngừng. Hãy cho tài khoản hoạt động lại trước.") % {"name": user})
    unit = Unit.objects.get(pk=before["unit_id"])
    check_period(Position(pk=row, user=user, unit=unit, role=before["role"], valid_from=before["valid_from"], valid_to=before["valid_to"]))


def _ends_sooner(before: Values | None, now: Values | None) -> bool:
    """Whether taking back shortens the post: its row goes, or its last day comes earlier."""
    if now is None:
        return False
    return before is None or (before["valid_to"] or date.max) < (now["valid_to"] or date.max)


def check_substitution(row: int, before: Values | None, now: Values | None) -> None:
    """Refused when the leave has begun or is over, or somebody else was arranged since. None: no such row."""
    today = timezone.localdate()
    if before is None:
        if now and now["valid_from"] <= today:
            raise Refused(_("Việc làm thay này đã bắt đầu. Hãy chấm dứt nó thay vì lấy lại."))
        return
    if before["ended_at"] is None:
        if before["valid_to"] < today:
            raise Refused(_("Thời gian làm thay này đã qua."))
        people = {user.pk: user for user in User.objects.filter(pk__in=[before["absent_id"], before["substitute_id"]])}
        absent, substitute = people[before["absent_id"]], people[before["substitute_id"]]
        dates = {"valid_from": before["valid_from"], "valid_to": before["valid_to"]}
        check_substitute(Substitution(pk=row, absent=absent, substitute=substitute, **dates))
