"""What the applicant and the officials are told, and when. The texts are declared here; sending is foundation.notifications'."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sonha.foundation.notifications import notify, register
from sonha.process.cases.models import Task
from sonha.services.dossiers.models import Dossier

register("dossier.submitted", _("Đã nhận hồ sơ {code}"), _("Hồ sơ «{procedure}» đã được gửi đến {agency}. Bộ phận một cửa sẽ kiểm tra và trả lời."))
register("dossier.accepted", _("Hồ sơ {code} đã được tiếp nhận"), _("Ngày hẹn trả kết quả: {due}. Giấy tiếp nhận có trong trang hồ sơ."))
register("dossier.supplement", _("Hồ sơ {code} cần bổ sung"), _("Cơ quan đề nghị bổ sung hồ sơ. Thời hạn giải quyết tạm dừng cho đến khi nhận được bổ sung."))
register("dossier.payment", _("Hồ sơ {code} cần nộp phí"), _("Có thông báo nộp phí cho hồ sơ. Thời hạn giải quyết tạm dừng cho đến khi nộp xong."))
register("dossier.issued", _("Hồ sơ {code} đã có kết quả"), _("Kết quả giải quyết đã được ban hành. Mở trang hồ sơ để xem và nhận."))
register("dossier.ended", _("Hồ sơ {code} đã kết thúc"), _("Trạng thái: {state}. Xin ông/bà dành một phút đánh giá việc phục vụ."))
register("dossier.apology", _("Hồ sơ {code} bị chậm: xin lỗi và hẹn lại"), _("Cơ quan xin lỗi vì chậm trễ và hẹn lại ngày trả kết quả. Phiếu xin lỗi có trong trang hồ sơ."))
register("task.assigned", _("Công việc mới: {title}"), _("Hồ sơ {code}, {procedure}. Hạn bước: {due}."), default_channels=("in_app",))
register("task.reminder", _("Sắp đến hạn: {title}"), _("Hồ sơ {code}. Hạn bước: {due}."), default_channels=("in_app",))
register("task.late", _("Quá hạn: {title}"), _("Hồ sơ {code} đã quá hạn bước từ {due}, đang ở {unit}."), default_channels=("in_app", "email"))


def tell_applicant(dossier: Dossier, what: str) -> None:
    """Tells the applicant's account, if there is one (dossiers entered at the desk may have none)."""
    user = dossier.applicant or getattr(dossier.owner, "account", None)
    if user is not None:
        notify(user, f"dossier.{what}", _facts(dossier), link=reverse("my_dossier", args=[dossier.code]))


def tell_officials(dossier: Dossier, task: Task) -> None:
    """Tells the one official a task is meant for; a task in a unit's pool shows in its queue instead."""
    if task.assignee is not None:
        tell_about_task(task.assignee, "task.assigned", dossier, task)


def tell_about_task(user, kind: str, dossier: Dossier, task: Task) -> None:  # type: ignore[no-untyped-def]
    due = _day(task.due_at)
    notify(
        user,
        kind,
        {**_facts(dossier), "title": task.title, "due": due, "unit": task.unit.name if task.unit else ""},
        link=reverse("dossier", args=[dossier.code]),
    )


def _facts(dossier: Dossier) -> dict[str, str]:
    return {
        "code": dossier.code,
        "procedure": dossier.procedure.name,
        "agency": dossier.agency.name,
        "due": _day(dossier.due_at),
        "state": str(dossier.get_state_display()),
    }


def _day(moment) -> str:  # type: ignore[no-untyped-def]
    from django.utils import timezone

    return timezone.localtime(moment).strftime("%d/%m/%Y") if moment else "—"
