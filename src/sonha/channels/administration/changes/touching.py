"""Whom a change of a list concerns: what a preview says beside before and after. Sentences, each with its number."""

from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.roles import Role
from sonha.foundation.audit.undo import Change
from sonha.foundation.calendar.workdays import LOCAL
from sonha.foundation.catalogues.models import CatalogueItem
from sonha.foundation.organisations.models import Position, Unit
from sonha.process.cases.models import ReminderRule, Task
from sonha.process.cases.reminders import waiting
from sonha.registry.declarations import register, registers
from sonha.registry.grants.models import RegisterGrant
from sonha.registry.grants.services import reach
from sonha.services.dossiers.models import Dossier, Draft
from sonha.services.procedures.models import Procedure, ProcedureVersion
from sonha.services.procedures.selectors import current_version


def _values(change: Change) -> Any:
    return change.now or change.before or {}


def account(change: Change) -> list[str]:
    """Who works with the account, when it is opened or shut."""
    before, now = change.before, change.now
    if not before or not now or before["is_active"] == now["is_active"]:
        return []
    held = Position.objects.on(timezone.localdate()).filter(user_id=change.row).count()
    lines = [_("Người này đang giữ %(count)d vị trí.") % {"count": held}]
    if not now["is_active"]:
        if tasks := Task.objects.filter(assignee_id=change.row, state=Task.State.OPEN).count():
            lines.append(_("%(count)d việc đang mở giao đích danh cho người này; xin giao lại cho người khác.") % {"count": tasks})
        lines.append(_("Mọi phiên đăng nhập và mã truy cập của tài khoản dừng ngay."))
    return lines


def position(change: Change) -> list[str]:
    """What work comes with the post, or stays without anybody."""
    said = _values(change)
    queue = Task.objects.filter(state=Task.State.OPEN, role=said["role"], unit_id=said["unit_id"])
    others = Position.objects.on(timezone.localdate()).filter(role=said["role"], unit_id=said["unit_id"], user__is_active=True)
    count = others.exclude(user_id=said["user_id"]).values("user").distinct().count()
    role, lines = Role(said["role"]).label, list[str]()
    if change.kind == "added":
        lines = [_("Hôm nay có %(count)d việc đang chờ vai trò này ở đơn vị này.") % {"count": queue.count()}]
    elif own := queue.filter(assignee_id=said["user_id"]).count():
        lines = [_("%(count)d việc đang mở giao đích danh cho người này ở vị trí này.") % {"count": own}]
    if count:
        lines.append(_("%(count)d người khác đang giữ vai trò %(role)s tại đơn vị.") % {"count": count, "role": role})
    elif change.kind != "added":
        lines.append(_("Không còn ai khác giữ vai trò %(role)s tại đơn vị: việc mới sẽ không có người nhận.") % {"role": role})
    return lines


def leave(change: Change) -> list[str]:
    said = _values(change)
    tasks = Task.objects.filter(assignee_id=said["absent_id"], state=Task.State.OPEN).count()
    return [_("%(count)d việc đang mở giao đích danh cho người vắng mặt.") % {"count": tasks}]


def unit(change: Change) -> list[str]:
    """Who works there, and what lies below."""
    found = Unit.objects.filter(pk=change.row).first()
    if found is None or change.before is None:
        return []
    held = Position.objects.on(timezone.localdate()).filter(unit__path__startswith=found.path).values("user").distinct().count()
    below = Unit.objects.on(timezone.localdate()).filter(path__startswith=found.path).exclude(pk=found.pk).count()
    procedures = Procedure.objects.filter(agency_id=found.pk).count()
    lines = [_("Hôm nay %(people)d người làm việc tại đây và ở %(units)d đơn vị trực thuộc.") % {"people": held, "units": below}]
    if procedures:
        lines.append(_("%(count)d thủ tục do đơn vị này giải quyết.") % {"count": procedures})
    return lines


def sentence(change: Change) -> list[str]:
    """For how many procedures it is offered."""
    said = _values(change)
    if said["procedure_id"]:
        return [_("Hiện trên hồ sơ của một thủ tục: %(name)s.") % {"name": Procedure.objects.get(pk=said["procedure_id"]).name}]
    found = Procedure.objects.filter(field_id=said["field_id"]) if said["field_id"] else Procedure.objects.all()
    return [_("Hiện trên hồ sơ của %(count)d thủ tục.") % {"count": found.count()}]


def reminder(change: Change) -> list[str]:
    """How many tasks the rule speaks of now."""
    if change.now is None:
        return []
    count = waiting(ReminderRule(pk=change.row, **change.now), timezone.now()).count()
    return [_("%(rule)s: lần nhắc tới gửi cho %(count)d việc đang mở.") % {"rule": ReminderRule(**change.now), "count": count}]


def day(change: Change) -> list[str]:
    """How many due dates are computed anew. A date before or after the change counts."""
    first = min(values["date"] for values in (change.before, change.now) if values)
    count = Task.objects.filter(state=Task.State.OPEN, due_at__gte=datetime.combine(first, time.min, LOCAL)).count()
    if not count:
        return [_("Chưa có việc nào đến hạn từ ngày này trở đi.")]
    return [_("Hạn của %(count)d việc đang mở, đến hạn từ ngày này trở đi, được tính lại.") % {"count": count}]


def item(change: Change) -> list[str]:
    """Which registers hold the code, and what stands below the item."""
    said = _values(change)
    lines = [
        _("%(count)d bản ghi của «%(register)s» đang dùng mã này.") % {"count": count, "register": title}
        for title, count in holding(said["catalogue_id"], said["code"])
    ]
    below = CatalogueItem.objects.filter(parent_id=change.row).count()
    if below:
        lines.append(_("%(count)d mục đứng dưới mục này.") % {"count": below})
    if change.before and not lines:
        lines.append(_("Chưa có bản ghi nào của các sổ dùng mã này; tờ khai mới chọn theo bảng đã sửa."))
    return lines


def holding(catalogue: int, code: str) -> list[tuple[str, int]]:
    """(title, number of records) of the registers whose fields hold this code of the catalogue."""
    found = []
    key = CatalogueItem.objects.filter(catalogue_id=catalogue).values_list("catalogue__code", flat=True).first()
    for declared in registers():
        for field, listed in declared.code_lists.items():
            if listed == key and (count := declared.model._default_manager.filter(**{field: code}).count()):
                found.append((str(declared.title), count))
    return found


def procedure(change: Change) -> list[str]:
    """Who is about to file, and whose dossiers go on."""
    running = Dossier.objects.filter(version__procedure_id=change.row, closed_at=None).count()
    drafts = Draft.objects.filter(version__procedure_id=change.row, dossier=None).count()
    return [
        _("%(count)d hồ sơ đang giải quyết vẫn được giải quyết tiếp.") % {"count": running},
        _("%(count)d người dân, doanh nghiệp đang soạn hồ sơ của thủ tục này.") % {"count": drafts},
    ]


def version(change: Change) -> list[str]:
    """What applies after a version is ended or applies again."""
    said = _values(change)
    if said["state"] == ProcedureVersion.State.DRAFT:
        return [_("Bản soạn chưa ảnh hưởng đến ai cho đến khi được công bố.")]
    running = Dossier.objects.filter(version_id=change.row, closed_at=None).count()
    lines = [_("%(count)d hồ sơ đang giải quyết vẫn theo phiên bản này cho đến khi xong.") % {"count": running}]
    current = current_version(Procedure.objects.get(pk=said["procedure_id"]))
    if current is None:
        lines.append(_("Không còn phiên bản nào áp dụng: thủ tục không nhận hồ sơ mới."))
    else:
        lines.append(_("Hồ sơ mới theo phiên bản %(number)d.") % {"number": current.number})
    return lines


def grant(change: Change) -> list[str]:
    """What the grant means, as sentences."""
    if change.now is None or (change.now["valid_to"] and change.now["valid_to"] < timezone.localdate()):
        return [_("Quyền này hết ngay khi lưu.")]
    return in_words(RegisterGrant(pk=change.row, **change.now))


def in_words(grant: RegisterGrant) -> list[str]:
    """What a grant means, as sentences."""
    declared = register(grant.register)
    count = reach(grant)
    who = str(grant.get_audience_display())
    if grant.unit:
        who = _("%(who)s của %(unit)s") % {"who": who, "unit": grant.unit.name}
    if grant.user:
        who = str(grant.user)
    lines = [_("%(who)s được: %(what)s «%(register)s».") % {"who": who, "what": grant.get_level_display(), "register": declared.title}]
    if count is not None:
        lines.append(_("Hôm nay có %(count)d cán bộ được quyền này.") % {"count": count})
    lines.append(_("Trên toàn tỉnh.") if grant.everywhere else _("Chỉ trong địa bàn của đơn vị người đó."))
    if grant.personal:
        lines.append(_("Thấy cả dữ liệu cá nhân."))
    if grant.secret:
        lines.append(_("Thấy cả thông tin mật."))
    if grant.fields:
        titles = [str(declared.field(name).title) for name in grant.fields]
        lines.append(_("Chỉ thấy: %(fields)s.") % {"fields": ", ".join(titles)})
    return lines
