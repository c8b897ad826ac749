"""What the audit log says of cases and tasks."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("case.started", _("Bắt đầu quy trình"), flow=int, case=int)
register("case.ended", _("Kết thúc quy trình: {outcome}"), case=int, outcome=str)
register("case.withdrawn", _("{actor} rút hồ sơ"), for_applicant=True)
register("case.reopened", _("{actor} mở lại hồ sơ tại bước {step}"), step=str)
register("case.moved", _("{actor} chuyển hồ sơ sang phiên bản quy trình {version}"), version=int)
register("task.opened", _("Chuyển đến bước {step}"), task=int, step=str, unit=int | None)
register("task.done", _("{actor} hoàn thành «{title}»: {action}"), task=int, step=str, title=str, action=str, for_applicant=True)
register("task.claimed", _("{actor} nhận công việc"), task=int, to=int | None)
register("task.assigned", _("{actor} phân công công việc"), task=int, to=int | None)
register("task.reminded", _("Nhắc việc sắp đến hạn"), task=int)
register("task.escalated", _("Báo lãnh đạo việc quá hạn"), task=int)
