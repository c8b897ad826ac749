"""What the applicant and the officials are told, and when. The texts are declared here; sending is foundation.notifications'."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Representation, User
from sonha.foundation.notifications.kinds import kind as declared
from sonha.foundation.notifications.kinds import register
from sonha.foundation.notifications.services import notify
from sonha.process.cases.access import visible_cases
from sonha.process.cases.models import Task
from sonha.services.dossiers.models import Dossier

_APPLICANT = {
    "dossier.submitted": (
        _("Hồ sơ đã nộp"),
        _("Đã nhận hồ sơ {code}"),
        _("Hồ sơ «{procedure}» đã được gửi đến {agency}. Bộ phận một cửa sẽ kiểm tra và trả lời."),
    ),
    "dossier.accepted": (
        _("Hồ sơ được tiếp nhận"),
        _("Hồ sơ {code} đã được tiếp nhận"),
        _("{agency} đã tiếp nhận hồ sơ «{procedure}». Ngày hẹn trả kết quả: {due}."),
    ),
    "dossier.supplement": (
        _("Cần bổ sung hồ sơ"),
        _("Hồ sơ {code} cần bổ sung"),
        _("{agency} đề nghị bổ sung hồ sơ «{procedure}». Thời hạn giải quyết tạm dừng cho đến khi nhận được bổ sung."),
    ),
    "dossier.reminder": (
        _("Sắp hết hạn phần việc của người nộp"),
        _("Hồ sơ {code} đang chờ ông/bà"),
        _("Hồ sơ «{procedure}» tại {agency} đang chờ ông/bà thực hiện. Hạn cuối: hết ngày {due}."),
    ),
    "dossier.payment": (
        _("Cần nộp phí"),
        _("Hồ sơ {code} cần nộp phí"),
        _("Có thông báo nộp phí cho hồ sơ «{procedure}» tại {agency}. Thời hạn giải quyết tạm dừng cho đến khi nộp xong."),
    ),
    "dossier.issued": (
        _("Đã có kết quả"),
        _("Hồ sơ {code} đã có kết quả"),
        _("{agency} đã ban hành kết quả hồ sơ «{procedure}». Mở trang hồ sơ để xem và nhận."),
    ),
    "dossier.ended": (
        _("Hồ sơ kết thúc"),
        _("Hồ sơ {code} đã kết thúc"),
        _("Hồ sơ «{procedure}»: {state}. Xin ông/bà dành một phút đánh giá việc phục vụ của {agency}."),
    ),
    "dossier.apology": (
        _("Xin lỗi và hẹn lại"),
        _("Hồ sơ {code} bị chậm: xin lỗi và hẹn lại"),
        _("{agency} xin lỗi vì hồ sơ «{procedure}» bị chậm và hẹn lại ngày trả kết quả. Phiếu xin lỗi có trong trang hồ sơ."),
    ),
}
_OFFICIALS = {
    "task.assigned": (_("Công việc mới"), _("Công việc mới: {title}"), _("Hồ sơ {code}, {procedure}. Hạn của bước: {due}."), ("app",)),
    "task.reminder": (_("Sắp đến hạn"), _("Sắp đến hạn: {title}"), _("Hồ sơ {code}. Hạn của bước: {due}."), ("app",)),
    "task.late": (_("Quá hạn"), _("Quá hạn: {title}"), _("Hồ sơ {code} quá hạn từ {due}, đang ở {unit}."), ("app", "email")),
}
for _name, (_label, _title, _body) in _APPLICANT.items():
    register(_name, label=_label, title=_title, body=_body)
for _name, (_label, _title, _body, _channels) in _OFFICIALS.items():
    register(_name, label=_label, title=_title, body=_body, default_channels=_channels, for_officials=True)


def tell_applicant(dossier: Dossier, what: str, *, due: datetime | None = None) -> None:
    """Tells the accounts of the applicant's side; a dossier entered at the desk may have none. `due`: of the applicant's own step."""
    facts = _facts(dossier) | ({"due": _day(due - timedelta(microseconds=1))} if due else {})
    for user in _applicants(dossier):
        _notify(user, f"dossier.{what}", facts, reverse("my_dossier", args=[dossier.code]))


def _applicants(dossier: Dossier) -> list[User]:
    """Who filed, while that account may still read the dossier; else the owner's account, else who represents the owner today."""
    if dossier.applicant and visible_cases(Actor.of(dossier.applicant).in_person()).filter(pk=dossier.case_id).exists():
        return [dossier.applicant]
    if account := getattr(dossier.owner, "account", None):
        return [account]
    today = Representation.objects.on(timezone.localdate()).filter(party=dossier.owner)
    return list(User.objects.filter(is_active=True, pk__in=today.values("user_id")))


def tell_officials(dossier: Dossier, task: Task) -> None:
    """Tells the one official a task is meant for; a task in a unit's pool shows in its queue instead."""
    if task.assignee is not None:
        tell_about_task(task.assignee, "task.assigned", dossier, task)


def tell_about_task(user: User, kind: str, dossier: Dossier, task: Task) -> None:
    facts = {**_facts(dossier), "title": task.title, "due": _day(task.due_at), "unit": task.unit.name if task.unit else ""}
    _notify(user, kind, facts, reverse("dossier", args=[dossier.code]))


def _notify(user: User, kind: str, facts: dict[str, str], link: str) -> None:
    wanted = declared(kind).placeholders
    notify(user, kind, {name: value for name, value in facts.items() if name in wanted}, link=link)


def _facts(dossier: Dossier) -> dict[str, str]:
    return {
        "code": dossier.code,
        "procedure": dossier.procedure.name,
        "agency": dossier.agency.name,
        "due": _day(dossier.due_at),
        "state": str(dossier.get_state_display()),
    }


def _day(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%d/%m/%Y") if moment else "—"
