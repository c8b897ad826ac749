"""The lists whose changes may be taken back here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.undo import Kept, keep
from sonha.foundation.calendar.models import Holiday
from sonha.foundation.calendar.services import tell_changed
from sonha.foundation.catalogues.models import Catalogue, CatalogueItem
from sonha.foundation.organisations.models import Unit
from sonha.process.cases.models import ReminderRule
from sonha.registry.grants.models import RegisterGrant
from sonha.services.handling.models import Sentence

SENTENCE = {
    "use": _("Dùng khi"), "text": _("Câu mẫu"), "field": _("Chỉ cho lĩnh vực"), "procedure": _("Chỉ cho thủ tục"), "order": _("Thứ tự"),
}  # fmt: skip
RULE = {"stage": _("Thời điểm"), "days": _("Số ngày làm việc"), "recipient": _("Nhắc")}
DAY = {"date": _("Ngày"), "kind": _("Loại"), "name": _("Tên"), "source": _("Căn cứ")}
ITEM = {
    "catalogue": _("Danh mục"), "code": _("Mã"), "name": _("Tên"), "name_en": _("Tên tiếng Anh"), "parent": _("Thuộc mục"),
    "valid_from": _("Có hiệu lực từ ngày"), "valid_to": _("Đến hết ngày"), "source": _("Văn bản căn cứ"),
}  # fmt: skip
CATALOGUE = {
    "code": _("Mã"), "name": _("Tên"), "owner": _("Cơ quan chủ trì"), "source": _("Văn bản căn cứ"), "note": _("Ghi chú"),
}  # fmt: skip
UNIT = {
    "code": _("Mã"), "name": _("Tên"), "name_en": _("Tên tiếng Anh"), "short_name": _("Tên viết tắt"), "parent": _("Thuộc đơn vị"),
    "address": _("Địa chỉ"), "phone": _("Điện thoại"), "email": _("Thư điện tử"), "code_qd20": _("Mã theo Quyết định 20/2020/QĐ-TTg"),
    "code_102": _("Mã theo QCVN 102"), "valid_to": _("Hoạt động đến hết ngày"), "source": _("Văn bản căn cứ"),
}  # fmt: skip

GRANT = {
    "register": _("Sổ"), "audience": _("Cho ai"), "unit": _("Chỉ trong đơn vị"), "user": _("Chỉ cho tài khoản"), "level": _("Được làm gì"),
    "personal": _("Xem dữ liệu cá nhân"), "secret": _("Xem thông tin mật"), "everywhere": _("Trên toàn tỉnh"),
    "fields": _("Chỉ các trường"), "valid_from": _("Từ ngày"), "valid_to": _("Đến hết ngày"), "source": _("Căn cứ"),
}  # fmt: skip


def _days_changed(actor: Any, before: Any, now: Any) -> None:
    """Clocks that run are computed anew, as after any change of the calendar."""
    tell_changed(sorted({values["date"] for values in (before, now) if values}))


def declare() -> None:
    keep("cau-mau", Kept(Sentence, _("Câu mẫu"), SENTENCE, only={"owner": None}))
    keep("nhac-viec", Kept(ReminderRule, _("Lịch nhắc việc"), RULE))
    keep("lich-lam-viec", Kept(Holiday, _("Lịch làm việc"), DAY, after=_days_changed))
    keep("muc-danh-muc", Kept(CatalogueItem, _("Mục của danh mục dùng chung"), ITEM))
    keep("danh-muc", Kept(Catalogue, _("Danh mục dùng chung"), CATALOGUE))
    keep("don-vi", Kept(Unit, _("Cơ quan, đơn vị"), UNIT))
    keep("quyen-so", Kept(RegisterGrant, _("Quyền trên các sổ"), GRANT))
