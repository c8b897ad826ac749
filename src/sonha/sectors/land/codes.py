"""Closed lists of the cadastral database, as the circulars name them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UserKind(models.TextChoices):
    """Kinds of land users - loại đối tượng sử dụng đất (Luật Đất đai 31/2024/QH15, Điều 4)."""

    PERSON = "person", _("Cá nhân")
    HOUSEHOLD = "household", _("Hộ gia đình (đến 31/7/2024)")
    COUPLE = "couple", _("Vợ chồng")
    ORGANISATION = "organisation", _("Tổ chức trong nước")
    STATE_BODY = "state_body", _("Cơ quan nhà nước, đơn vị sự nghiệp")
    FOREIGN = "foreign", _("Tổ chức có vốn đầu tư nước ngoài")
    OVERSEAS = "overseas", _("Người gốc Việt Nam định cư ở nước ngoài")
    COMMUNITY = "community", _("Cộng đồng dân cư")
    RELIGIOUS = "religious", _("Tổ chức tôn giáo")
    GROUP = "group", _("Nhóm người")


class ParcelStatus(models.TextChoices):
    """What hinders acts on a parcel; a mortgage is a record of its own."""

    NORMAL = "normal", _("Bình thường")
    DISPUTED = "disputed", _("Đang tranh chấp")
    BLOCKED = "blocked", _("Bị ngăn chặn giao dịch")


class Origin(models.TextChoices):
    """Origin of the use - nguồn gốc sử dụng đất (ký hiệu theo quy định về hồ sơ địa chính; đối chiếu Thông tư 10/2024/TT-BTNMT)."""

    GIVEN_FREE = "DG-KTT", _("Nhà nước giao đất không thu tiền sử dụng đất")
    GIVEN_PAID = "DG-CTT", _("Nhà nước giao đất có thu tiền sử dụng đất")
    GIVEN_MANAGE = "DG-QL", _("Nhà nước giao đất để quản lý")
    LEASED_ONCE = "DT-TML", _("Nhà nước cho thuê đất trả tiền một lần")
    LEASED_YEARLY = "DT-THN", _("Nhà nước cho thuê đất trả tiền hằng năm")
    KNOWN_FREE = "CNQ-KTT", _("Công nhận quyền sử dụng đất như giao đất không thu tiền sử dụng đất")
    KNOWN_PAID = "CNQ-CTT", _("Công nhận quyền sử dụng đất như giao đất có thu tiền sử dụng đất")
    ZONE_ONCE = "DT-KCN-TML", _("Thuê đất trả tiền một lần của chủ đầu tư khu, cụm công nghiệp")
    ZONE_YEARLY = "DT-KCN-THN", _("Thuê đất trả tiền hằng năm của chủ đầu tư khu, cụm công nghiệp")


class UseForm(models.TextChoices):
    OWN = "own", _("Sử dụng riêng")
    COMMON = "common", _("Sử dụng chung")


class RightKind(models.TextChoices):
    """Land belongs to the whole people (Luật Đất đai 31/2024/QH15, Điều 12): a right to land is to use or manage it, never to own it."""

    USE = "use", _("Quyền sử dụng đất")
    MANAGE = "manage", _("Quyền quản lý đất")
    OWN_ASSET = "own_asset", _("Quyền sở hữu tài sản gắn liền với đất")


class AssetKind(models.TextChoices):
    HOUSE = "house", _("Nhà ở riêng lẻ")
    FLAT = "flat", _("Căn hộ chung cư")
    BLOCK = "block", _("Nhà chung cư, nhà hỗn hợp")
    WORKS = "works", _("Công trình xây dựng khác")
    FOREST = "forest", _("Rừng sản xuất là rừng trồng")
    PERENNIAL = "perennial", _("Cây lâu năm")


class RestrictionKind(models.TextChoices):
    MORTGAGE = "mortgage", _("Thế chấp")
    BLOCK = "block", _("Ngăn chặn giao dịch")
    SEIZURE = "seizure", _("Kê biên")
    LIMIT = "limit", _("Hạn chế sử dụng (hành lang, quy hoạch)")
    PASSAGE = "passage", _("Quyền đối với thửa đất liền kề")
    DEBT = "debt", _("Còn nợ nghĩa vụ tài chính")


class CertificateState(models.TextChoices):
    IN_USE = "in_use", _("Đang có giá trị")
    REPLACED = "replaced", _("Đã thay bằng Giấy chứng nhận khác")
    REVOKED = "revoked", _("Đã thu hồi, huỷ")


class RegistrationKind(models.TextChoices):
    """Kinds of registered changes - loại biến động."""

    INITIAL = "initial", _("Đăng ký lần đầu")
    SPLIT = "split", _("Tách thửa")
    MERGE = "merge", _("Hợp thửa")
    SALE = "sale", _("Chuyển nhượng")
    GIFT = "gift", _("Tặng cho")
    INHERITANCE = "inheritance", _("Thừa kế")
    LEASE = "lease", _("Cho thuê, cho thuê lại")
    CONTRIBUTION = "contribution", _("Góp vốn")
    COUPLE = "couple", _("Chuyển thành của chung vợ và chồng")
    MORTGAGE = "mortgage", _("Đăng ký thế chấp")
    RELEASE = "release", _("Xoá đăng ký thế chấp")
    CORRECTION = "correction", _("Đính chính")
    RENEWAL = "renewal", _("Cấp đổi Giấy chứng nhận")
    PURPOSE = "purpose", _("Chuyển mục đích sử dụng đất")
    EXTENSION = "extension", _("Gia hạn sử dụng đất")
