"""The lists whose changes may be taken back here."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sonha.channels.administration.changes import standing, telling, touching
from sonha.foundation.audit.undo import Kept, keep
from sonha.foundation.calendar.models import Holiday
from sonha.foundation.calendar.services import tell_changed
from sonha.foundation.catalogues.models import Catalogue, CatalogueItem
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position, Substitution, Unit
from sonha.geo.metadata.models import Description
from sonha.process.cases.models import ReminderRule
from sonha.registry.grants.models import RegisterGrant
from sonha.services.handling.models import Sentence
from sonha.services.procedures.models import Procedure, ProcedureVersion

SENTENCE = {
    "use": _("Dùng khi"), "text": _("Câu mẫu"), "field": _("Chỉ cho lĩnh vực"), "procedure": _("Chỉ cho thủ tục"), "order": _("Thứ tự"),
}  # fmt: skip
RULE = {"stage": _("Thời điểm"), "days": _("Số ngày làm việc"), "recipient": _("Nhắc")}
DAY = {
    "date": _("Ngày"), "kind": _("Loại"), "name": _("Tên"), "source": _("Căn cứ"), "assumption": _("Giả định, tỉnh cần xác nhận"),
}  # fmt: skip
ITEM = {
    "catalogue": _("Danh mục"), "code": _("Mã"), "name": _("Tên"), "name_en": _("Tên tiếng Anh"), "parent": _("Thuộc mục"),
    "order": _("Thứ tự"), "valid_from": _("Có hiệu lực từ ngày"), "valid_to": _("Đến hết ngày"), "source": _("Văn bản căn cứ"),
    "assumption": _("Giả định, tỉnh cần xác nhận"), "attributes": _("Thuộc tính khác"),
}  # fmt: skip
CATALOGUE = {
    "code": _("Mã"), "name": _("Tên"), "owner": _("Cơ quan chủ trì"), "source": _("Văn bản căn cứ"), "note": _("Ghi chú"),
}  # fmt: skip
UNIT = {
    "code": _("Mã"), "name": _("Tên"), "name_en": _("Tên tiếng Anh"), "short_name": _("Tên viết tắt"), "parent": _("Thuộc đơn vị"),
    "address": _("Địa chỉ"), "phone": _("Điện thoại"), "email": _("Thư điện tử"), "code_qd20": _("Mã theo Quyết định 20/2020/QĐ-TTg"),
    "code_102": _("Mã theo QCVN 102"), "valid_from": _("Hoạt động từ ngày"), "valid_to": _("Hoạt động đến hết ngày"),
    "source": _("Văn bản căn cứ"),
}  # fmt: skip
ACCOUNT = {
    "username": _("Tên đăng nhập"), "full_name": _("Họ và tên"), "email": _("Thư điện tử"), "phone": _("Điện thoại"),
    "is_active": _("Đang hoạt động"),
}  # fmt: skip
POSITION = {
    "user": _("Người giữ"), "unit": _("Đơn vị"), "role": _("Vai trò trên hệ thống"), "title": _("Chức danh"),
    "valid_from": _("Từ ngày"), "valid_to": _("Đến hết ngày"),
}  # fmt: skip
LEAVE = {
    "absent": _("Người vắng mặt"), "substitute": _("Người thay"), "valid_from": _("Từ ngày"), "valid_to": _("Đến hết ngày"),
    "reason": _("Lý do"), "ended_at": _("Chấm dứt ngày"),
}  # fmt: skip
PROCEDURE = {"open_for_filing": _("Nhận hồ sơ")}
VERSION = {
    "procedure": _("Thủ tục"), "number": _("Phiên bản"), "state": _("Trạng thái"),
    "valid_from": _("Từ ngày"), "valid_to": _("Đến hết ngày"),
}  # fmt: skip
METADATA = {
    "register": _("Sổ"), "abstract": _("Tóm tắt"), "keywords": _("Từ khoá"), "contact_unit": _("Đơn vị đầu mối"),
    "contact_email": _("Thư điện tử"), "contact_phone": _("Điện thoại"), "lineage": _("Nguồn gốc, cách lập dữ liệu"),
    "frequency": _("Tần suất cập nhật"), "restrictions": _("Hạn chế khi sử dụng"),
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
    """Every list that an administrator edits."""
    known = Q(kind="official") | ~Q(pgh_label="insert")  # what citizens did when they signed up is no administrator's change
    keep("tai-khoan", Kept(User, _("Tài khoản"), ACCOUNT, only=known, touches=touching.account, guard=standing.account))
    keep("vi-tri", Kept(Position, _("Vị trí, vai trò"), POSITION, touches=touching.position, guard=standing.position))
    keep("lam-thay", Kept(Substitution, _("Nghỉ phép, người thay"), LEAVE, touches=touching.leave, guard=standing.leave))
    keep("don-vi", Kept(Unit, _("Cơ quan, đơn vị"), UNIT, touches=touching.unit, guard=standing.unit))
    keep("cau-mau", Kept(Sentence, _("Câu mẫu"), SENTENCE, only=Q(owner=None), touches=touching.sentence))
    keep("nhac-viec", Kept(ReminderRule, _("Lịch nhắc việc"), RULE, touches=touching.reminder))
    keep("lich-lam-viec", Kept(Holiday, _("Lịch làm việc"), DAY, after=_days_changed, touches=touching.day))
    keep("muc-danh-muc", Kept(CatalogueItem, _("Mục của danh mục dùng chung"), ITEM, touches=touching.item, guard=standing.item))
    keep("danh-muc", Kept(Catalogue, _("Danh mục dùng chung"), CATALOGUE))
    keep("thu-tuc", Kept(Procedure, _("Mở, đóng thủ tục"), PROCEDURE, touches=touching.procedure, guard=standing.procedure))
    keep("phien-ban", Kept(
        ProcedureVersion, _("Bản soạn, phiên bản thủ tục"), VERSION,
        touches=touching.version, guard=standing.version, told=telling.of_version,
    ))  # fmt: skip
    keep("sieu-du-lieu", Kept(Description, _("Siêu dữ liệu của các sổ"), METADATA))
    keep("quyen-so", Kept(RegisterGrant, _("Quyền trên các sổ"), GRANT, touches=touching.grant))
