"""The words a flow definition may use, with their Vietnamese names. Shared by validation, the diagram, BPMN and the editor.

The values are Vietnamese source strings; whoever shows them to a person passes them through gettext.
"""

from django.utils.translation import gettext_noop as _

KINDS = {
    "task": _("Công việc"),
    "choice": _("Rẽ nhánh"),
    "split": _("Tách nhánh song song"),
    "join": _("Gộp nhánh song song"),
    "consultation": _("Lấy ý kiến"),
    "subprocess": _("Quy trình con"),
    "service": _("Việc tự động"),
    "end": _("Kết thúc"),
}

WAITING = frozenset({"task", "consultation", "subprocess"})
"""Kinds at which a case rests until somebody acts. All other kinds pass at once."""

HANDLED = WAITING
"""Kinds that carry a role and a unit, hence a lane in a diagram."""

ROLES = {
    "applicant": _("Người nộp hồ sơ"),
    "receptionist": _("Cán bộ một cửa"),
    "specialist": _("Chuyên viên"),
    "head": _("Trưởng phòng"),
    "leader": _("Lãnh đạo"),
    "clerk": _("Văn thư"),
}

UNITS = {
    "desk": _("Bộ phận một cửa"),
    "division": _("Phòng chuyên môn"),
    "agency": _("Cơ quan"),
    "authority": _("Cơ quan có thẩm quyền"),
    "consulted": _("Đơn vị được hỏi ý kiến"),
}
"""Actor names every procedure has; a declaration adds its own under `consulted` or `actors`."""

OUTCOMES = {
    "granted": _("Đã cấp kết quả"),
    "refused": _("Từ chối"),
    "withdrawn": _("Đã rút hồ sơ"),
    "done": _("Hoàn thành"),
}

LIMIT_UNITS = {"working_days": _("ngày làm việc"), "working_hours": _("giờ làm việc"), "calendar_days": _("ngày")}

LATE_ANSWERS = frozenset({"continue", "agree"})
"""What a consultation may say of an answer that does not come in time: the case goes on without it, or it counts as agreement. Without
either the case waits."""

REQUIREMENTS = {
    "draft": _("có dự thảo kết quả"),
    "signed": _("kết quả đã được ký"),
    "paid": _("đã nộp đủ phí, lệ phí"),
    "numbered": _("kết quả đã có số"),
}

EFFECTS = frozenset(
    {"accept", "refuse", "request_supplement", "submit_supplement", "approve", "sign", "number", "issue", "hand_over", "withdraw"}
)

SERVICES = frozenset({"issue_result", "refuse_result", "request_payment", "notify"})
"""Automatic acts known when the caller of `validate` names none."""

COMMENTS = frozenset({"required", "optional"})

COMPARISONS = frozenset({"eq", "ne", "gt", "gte", "lt", "lte", "in", "not_in", "contains", "filled"})
