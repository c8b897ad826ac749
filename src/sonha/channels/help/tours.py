"""The tour of the first visit: three to five steps for each role, each at an element of the page where the role's day begins."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role


@dataclass(frozen=True)
class Step:
    """What to point at (a CSS selector), a heading and a sentence or two."""

    at: str
    title: str | Promise
    text: str | Promise


@dataclass(frozen=True)
class Tour:
    """The steps of one role, and the view whose page they walk through."""

    name: str
    view: str
    steps: tuple[Step, ...]


HELP = Step("a[data-help]", _("Trợ giúp"), _("Ở mọi trang, bấm đây để đọc phần hướng dẫn nói về chính trang đó."))
WORK = Step("#found", _("Việc đang chờ"), _("Hồ sơ đến bước của ông/bà hiện ở đây, việc gấp nhất trước. Bấm mã hồ sơ để mở."))
FILTERS = Step(
    "form[role=search]", _("Tìm và lọc"), _("Gõ mã, tên hay nội dung, không cần dấu. Danh sách đổi ngay khi chọn điều kiện lọc.")
)
DOSSIERS = Step('#menu a[href$="/ho-so/"]', _("Mọi hồ sơ"), _("Tìm hồ sơ cũ, hồ sơ đang ở bước khác và xuất danh sách ra tệp."))
BOARD = Step(
    '#menu a[href$="/tinh-hinh/"]', _("Tình hình"), _("Bao nhiêu hồ sơ đúng hạn, sắp hạn, quá hạn; bấm vào con số để xem từng hồ sơ.")
)

TOURS: dict[str, Tour] = {
    "citizen": Tour("citizen", "home", (
        Step("form.searchbox", _("Tìm thủ tục"), _("Gõ điều ông/bà muốn làm theo lời của mình, ví dụ: tôi muốn khoan giếng.")),
        Step("#menu", _("Theo dõi hồ sơ"), _("Có mã hồ sơ thì xem được hồ sơ đang ở đâu ở mục Tra cứu, không cần đăng nhập.")),
        Step("[data-toggle-size]", _("Chữ to"), _("Bấm đây để chữ to hơn trên mọi trang; bấm lần nữa để trở lại.")),
        HELP,
    )),
    Role.RECEPTIONIST: Tour("receptionist", "work", (
        WORK,
        Step(
            ".page-head .btn-primary", _("Nhập hồ sơ tại quầy"),
            _("Người dân mang giấy đến: chọn thủ tục rồi nhập thay, hệ thống in giấy hẹn."),
        ),
        FILTERS, DOSSIERS, HELP,
    )),
    Role.SPECIALIST: Tour("specialist", "work", (WORK, FILTERS, DOSSIERS, HELP)),
    Role.HEAD: Tour("head", "work", (
        WORK,
        Step('main a[href$="/don-vi/"]', _("Việc của đơn vị"), _("Xem ai đang giữ hồ sơ nào và giao lại việc cho người khác.")),
        BOARD, HELP,
    )),
    Role.LEADER: Tour("leader", "work", (WORK, BOARD, DOSSIERS, HELP)),
    Role.CLERK: Tour("clerk", "work", (WORK, FILTERS, HELP)),
    Role.ADMINISTRATOR: Tour("administrator", "administration:home", (
        Step(
            'main a[href$="/quan-tri/thu-tuc/"]', _("Thủ tục và quy trình"),
            _("Sửa tờ khai, giấy tờ, các bước; xem trước rồi mới công bố phiên bản mới."),
        ),
        Step(
            'main a[href$="/quan-tri/nguoi-dung/"]', _("Tài khoản"),
            _("Thêm cán bộ, giao và thôi giữ vị trí; mỗi thay đổi đều có ngày và được ghi lại."),
        ),
        Step('main a[href$="/quan-tri/danh-muc/"]', _("Danh mục dùng chung"), _("Các danh sách mà mọi tờ khai cùng dùng.")),
        HELP,
    )),
    Role.AUDITOR: Tour("auditor", "administration:home", (
        Step(
            'main a[href$="/nhat-ky/"]', _("Nhật ký"),
            _("Ai làm gì, với hồ sơ nào, lúc nào. Tìm được theo người, theo việc, theo hồ sơ."),
        ),
        Step('main a[href$="/doi-soat/"]', _("Đối soát thanh toán"), _("Số đã thu so với báo cáo của cổng thanh toán, từng ngày.")),
        HELP,
    )),
}  # fmt: skip
"""Tours by role; `citizen` is everybody without a post."""


def tour_of(actor: Actor, view: str = "") -> Tour | None:
    """The tour of the actor's first role that has one; with `view`, only if that page is where it begins."""
    names = [role for role in TOURS if actor.has_role(role)] if actor.is_official else ["citizen"]
    return next((TOURS[name] for name in names if view in ("", TOURS[name].view)), None)
