"""What stands upon a change, so that it is not taken back: each raises ValueError with one sentence that says what to do instead."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from sonha.channels.administration.changes.touching import holding
from sonha.foundation.audit.models import Event
from sonha.foundation.audit.undo import Change
from sonha.foundation.identity.services import check_taking_back
from sonha.foundation.organisations import taking_back, units
from sonha.foundation.organisations.models import Position, Unit
from sonha.process.cases.models import Task
from sonha.services.procedures.models import ProcedureVersion

DRAFT = ProcedureVersion.State.DRAFT


def account(actor: Any, change: Change) -> None:
    check_taking_back(actor, change.row, change.before, change.now)


def position(actor: Any, change: Change) -> None:
    """A post in which somebody acted is ended, not taken back: what was decided in it stays explained."""
    taking_back.check_position(change.row, change.before, change.now)
    if change.before is None and change.now and _acted(change):
        raise ValueError(_("Người này đã làm việc ở vị trí này. Hãy kết thúc vị trí thay vì lấy lại."))


def _acted(change: Change) -> bool:
    said = change.now or {}
    who, place = said["user_id"], Q(role=said["role"], unit_id=said["unit_id"])
    done = Q(closed_by_id=who, closed_at__gte=change.at) | Q(assignee_id=who, state=Task.State.OPEN)
    if Task.objects.filter(place, done).exists():
        return True
    if Position.objects.filter(user_id=who).exclude(pk=change.row).exists():
        return False  # what else was done may have been done in another post
    return Event.objects.filter(actor_user_id=who, unit_id=said["unit_id"], at__gte=change.at).exists()


def leave(actor: Any, change: Change) -> None:
    taking_back.check_substitution(change.row, change.before, change.now)


def unit(actor: Any, change: Change) -> None:
    """A unit does not end before what is in it."""
    found = Unit.objects.filter(pk=change.row).first()
    if found is not None and change.before is not None:
        units.check(found, change.before)


def item(actor: Any, change: Change) -> None:
    """A code that records hold keeps its meaning."""
    if change.before is None and change.now and holding(change.now["catalogue_id"], change.now["code"]):
        raise ValueError(_("Các sổ đã dùng mã này. Hãy kết thúc hiệu lực của mục thay vì lấy lại."))


def procedure(actor: Any, change: Change) -> None:
    """Only opening and closing is taken back here; what a version brought comes back by a new version."""
    before, now = change.before or {}, change.now or {}
    if {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)} != {"open_for_filing"}:
        raise ValueError(_("Chỉ việc mở, đóng nhận hồ sơ được lấy lại ở đây. Hãy soạn lại từ một phiên bản trước."))


def version(actor: Any, change: Change) -> None:
    """A draft goes back step by step, an ended version applies again; what was published stays."""
    before, now = change.before, change.now
    if before is None and now and now["state"] != DRAFT:
        raise ValueError(_("Phiên bản đã công bố không lấy lại được. Hãy ngừng áp dụng, hoặc soạn lại từ một phiên bản trước."))
    if now is None and before and ProcedureVersion.objects.filter(procedure_id=before["procedure_id"], number=before["number"]).exists():
        raise ValueError(_("Bản soạn này đã được công bố, hoặc đã có bản soạn khác mang số ấy."))
