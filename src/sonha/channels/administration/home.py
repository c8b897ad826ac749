"""The home page of administration: what may be looked after, and by whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role

ENTRIES = (
    (
        "administration:accounts",
        _("Người dùng"),
        _("Tài khoản, vị trí công tác, người làm thay, cơ quan và đơn vị."),
        (Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    (
        "administration:procedure_list",
        _("Thủ tục và quy trình"),
        _("Soạn, thử, công bố, ngừng áp dụng; BPMN."),
        (Role.ADMINISTRATOR,),
    ),
    ("administration:quality", _("Chất lượng danh mục thủ tục"), _("Lỗi của từng dòng danh mục, đếm theo loại."), (Role.ADMINISTRATOR,)),
    (
        "administration:catalogues",
        _("Danh mục dùng chung"),
        _("Bảng mã có ngày hiệu lực và văn bản căn cứ; nhập, xuất."),
        (Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    (
        "administration:grants",
        _("Quyền trên các sổ"),
        _("Ai được xem, tải về, cập nhật cơ sở dữ liệu nào."),
        (Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    (
        "administration:reminders",
        _("Lịch nhắc việc"),
        _("Khi nào nhắc ai về việc sắp đến hạn, quá hạn."),
        (Role.ADMINISTRATOR,),
    ),
    (
        "administration:sentences",
        _("Câu mẫu"),
        _("Lý do bổ sung, từ chối, trả lại mà cán bộ chọn thay vì gõ."),
        (Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    (
        "administration:changes",
        _("Lịch sử thay đổi"),
        _("Ai sửa mục nào của các danh sách, trước và sau; lấy lại một thay đổi."),
        (Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    ("audit:log", _("Nhật ký"), _("Ai đã làm gì, khi nào; kiểm tra chuỗi băm."), (Role.ADMINISTRATOR, Role.AUDITOR)),
    ("calendar:year", _("Lịch làm việc"), _("Ngày nghỉ lễ, ngày làm bù; thời hạn được tính lại khi lịch đổi."), (Role.ADMINISTRATOR,)),
    ("payments:reconciliations", _("Đối soát thanh toán"), _("So khớp từng ngày với cổng thanh toán."), (Role.ADMINISTRATOR, Role.AUDITOR)),
)
"""Address name, title, what it is for, roles that may open it."""


@officials_only(Role.ADMINISTRATOR, Role.AUDITOR)
def home(request: HttpRequest) -> HttpResponse:
    """A tile for each subject the actor may look after."""
    actor = request.actor  # type: ignore[attr-defined]
    entries = [(name, title, about) for name, title, about, roles in ENTRIES if actor.has_role(*roles)]
    return render(request, "administration/home.html", {"entries": entries})
