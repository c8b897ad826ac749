"""What the audit log says of cases and tasks."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("case.started", _("Bắt đầu quy trình"), flow=int, case=int)
register("case.ended", _("Kết thúc quy trình: {outcome}"), case=int, outcome=str)
register("case.withdrawn", _("{actor} rút hồ sơ"), for_applicant=True)
register("case.reminders_changed", _("{actor} đổi lịch nhắc việc: {rules} quy tắc"), rules=int)
register("case.reopened", _("{actor} mở lại hồ sơ tại bước {step}"), step=str)
register("case.moved", _("{actor} chuyển hồ sơ sang phiên bản quy trình {version}"), version=int)
register("task.opened", _("Chuyển đến bước {step}"), task=int, step=str, unit=int | None)
register("task.done", _("{actor} hoàn thành «{title}»: {action}"), task=int, step=str, title=str, action=str, for_applicant=True)
register(
    "task.done_instead",
    _("{actor} thay {colleague} hoàn thành «{title}»: {action}"),
    task=int, step=str, title=str, action=str, colleague=str, for_applicant=True,
)  # fmt: skip
register("task.cancelled", _("Dừng công việc ở bước {step} vì hồ sơ đã đi hướng khác hoặc đã kết thúc"), task=int, step=str)
register("task.passed_over", _("Quá hạn trả lời ở bước {step}, hồ sơ đi tiếp theo quy trình"), task=int, step=str)
register("task.claimed", _("{actor} nhận công việc"), task=int, to=int | None)
register("task.assigned", _("{actor} phân công công việc"), task=int, to=int | None)
register("task.released", _("{actor} trả công việc về hàng chờ của đơn vị"), task=int)
register("task.reminded", _("Nhắc việc đến hạn hoặc sắp đến hạn"), task=int)
register("task.escalated", _("Báo cấp trên việc quá hạn"), task=int)
