"""The registers of the cadastral database.

Names in the exchange structure are those met in systems built on Thông tư 75/2015/TT-BTNMT; the province checks them against the
annexes of Thông tư 09/2024/TT-BTNMT before the first official exchange.
"""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.roles import Role
from sonha.registry.declarations import Database, Layer, Look, Register, Statistic, declare
from sonha.sectors.land import models, rules

LAND = Database("land", "dia-chinh", _("Cơ sở dữ liệu địa chính"), system="S03", owner="STNMT.VPDK", order=10)
LAW = "Luật Đất đai 31/2024/QH15"
CONTENT = "Thông tư 75/2015/TT-BTNMT; Thông tư 09/2024/TT-BTNMT (nội dung, cấu trúc cơ sở dữ liệu quốc gia về đất đai)"
BOOKS = "Thông tư 10/2024/TT-BTNMT (hồ sơ địa chính, Giấy chứng nhận)"
ENDED = frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.AUDITOR, Role.RECEPTIONIST})


class Cadastral(Register):
    database = LAND
    personal_readers = ENDED


@declare
class Parcels(Cadastral):
    code, slug, model, order = "parcels", "thua-dat", models.Parcel, 10
    title = _("Thửa đất")
    description = _("Thửa đất theo bản đồ địa chính: vị trí, diện tích, loại đất, người sử dụng và tình trạng.")
    source = f"{CONTENT}; Thông tư 26/2024/TT-BTNMT (bản đồ địa chính)"
    identity, name = ("code",), "code"
    columns = ("sheet_number", "parcel_number", "land_type", "area", "user", "status", "address")
    numbers = ("code", "parcel_number", "identification_code")
    filters = ("land_type", "status", "sheet_number")
    sorts = ("code", "parcel_number")
    groups = (
        (_("Thửa đất"), ("code", "sheet_number", "parcel_number", "land_type", "area", "legal_area", "address", "status")),
        (_("Người sử dụng"), ("user",)),
        (_("Số cũ và mã định danh"), ("old_commune_code", "old_sheet_number", "old_parcel_number", "identification_code")),
        (_("Đo đạc"), ("survey_document", "is_occupied", "geometry")),
    )
    computed = frozenset({"code", "user", "identification_code"})
    code_lists = {"land_type": "loai-dat"}
    units = {"area": "m²", "legal_area": "m²"}
    exchange_names = {
        "code": "maThuaDat",
        "commune_code": "maXa",
        "sheet_number": "soHieuToBanDo",
        "parcel_number": "soThuTuThua",
        "old_sheet_number": "soHieuToBanDoCu",
        "old_parcel_number": "soThuTuThuaCu",
        "old_commune_code": "maXaCu",
        "land_type": "kyHieuMucDichSuDung",
        "area": "dienTich",
        "legal_area": "dienTichPhapLy",
        "address": "diaChi",
        "status": "tinhTrang",
        "identification_code": "maDinhDanhThuaDat",
        "survey_document": "taiLieuDoDac",
        "is_occupied": "laDoiTuongChiemDat",
        "geometry": "duLieuKhongGian",
    }
    layers = (
        Layer(
            Look(fill="#f0f0f0", opacity=0.75, stroke="#5b4636", width=0.6),
            by="land_type",
            catalogue="loai-dat",
            label="parcel_number",
            label_smallest=3_000,
            smallest=50_000,
        ),
    )
    rules = rules.PARCELS
    statistics = (
        Statistic(_("Theo loại đất"), by=("land_type",), sums=("area",)),
        Statistic(_("Theo xã và loại đất"), by=("commune_code", "land_type"), sums=("area",)),
        Statistic(_("Theo tình trạng"), by=("status",), sums=("area",)),
    )
    public = True  # assumption: number, area, type and boundary of a parcel are open to all; Luật Đất đai 31/2024/QH15, Điều 24
    open_fields = ("code", "sheet_number", "parcel_number", "land_type", "area", "identification_code", "geometry")
    personal = frozenset({"user", "address"})
    holder = "user__party"


@declare
class LandUses(Cadastral):
    code, slug, model, order = "land_uses", "muc-dich-su-dung-dat", models.LandUse, 20
    title = _("Mục đích sử dụng đất")
    description = _("Các mục đích sử dụng của từng thửa với diện tích, thời hạn và nguồn gốc.")
    source = CONTENT
    identity, name = ("parcel", "land_type"), "land_type"
    columns = ("parcel", "land_type", "area", "form", "until", "land_origin")
    filters = ("land_type", "form", "land_origin")
    sorts = ("area", "until")
    code_lists = {"land_type": "loai-dat"}
    units = {"area": "m²"}
    exchange_names = {
        "parcel": "maThuaDat",
        "land_type": "loaiMucDichSuDung",
        "area": "dienTich",
        "form": "hinhThucSuDung",
        "until": "thoiHanSuDung",
        "land_origin": "nguonGocSuDungDat",
    }
    rules = rules.USES
    statistics = (Statistic(_("Theo mục đích và nguồn gốc"), by=("land_type", "land_origin"), sums=("area",)),)


@declare
class LandUsers(Cadastral):
    code, slug, model, order = "land_users", "nguoi-su-dung-dat", models.LandUser, 30
    title = _("Người sử dụng đất")
    description = _("Người sử dụng, người quản lý đất và chủ sở hữu tài sản gắn liền với đất.")
    source = f"{CONTENT}; {LAW}, Điều 4"
    identity, name = ("id_number",), "name"
    columns = ("name", "kind", "id_number", "birth_year", "address")
    numbers = ("id_number",)
    filters = ("kind",)
    sorts = ("name",)
    groups = (
        (_("Người sử dụng đất"), ("kind", "name", "id_number", "birth_year", "sex", "representative", "address")),
        (_("Vợ hoặc chồng"), ("spouse_name", "spouse_id_number")),
        (_("Liên kết"), ("party",)),
    )
    computed = frozenset({"party"})
    exchange_names = {
        "kind": "loaiDoiTuong",
        "name": "tenChu",
        "id_number": "soGiayTo",
        "birth_year": "namSinh",
        "sex": "gioiTinh",
        "spouse_name": "tenVoChong",
        "spouse_id_number": "soGiayToVoChong",
        "representative": "nguoiDaiDien",
        "address": "diaChi",
    }
    rules = rules.USERS
    statistics = (Statistic(_("Theo loại đối tượng"), by=("kind",)),)
    personal = frozenset(
        {"name", "id_number", "birth_year", "sex", "spouse_name", "spouse_id_number", "representative", "address", "party"}
    )
    holder = "party"


@declare
class LandRights(Cadastral):
    code, slug, model, order = "land_rights", "quyen-doi-voi-dat", models.LandRight, 40
    title = _("Quyền sử dụng, quản lý, sở hữu")
    description = _("Ai có quyền gì đối với thửa đất hoặc tài sản nào, với phần quyền chính xác.")
    source = f"{CONTENT}; {LAW}, Điều 131"
    identity = ("kind", "user", "parcel", "asset")
    name = "kind"
    columns = ("kind", "user", "parcel", "asset", "share_numerator", "share_denominator", "certificate")
    filters = ("kind",)
    exchange_names = {
        "kind": "loaiQuyen",
        "user": "maChu",
        "parcel": "maThuaDat",
        "asset": "maTaiSan",
        "share_numerator": "tuSoTyLe",
        "share_denominator": "mauSoTyLe",
        "certificate": "soPhatHanh",
    }
    rules = rules.RIGHTS
    statistics = (Statistic(_("Theo loại quyền"), by=("kind",)),)
    personal = frozenset({"user"})
    holder = "user__party"


@declare
class LandCertificates(Cadastral):
    code, slug, model, order = "land_certificates", "giay-chung-nhan-dat", models.LandCertificate, 50
    title = _("Giấy chứng nhận đất")
    description = _("Giấy chứng nhận đã cấp, tình trạng và Giấy chứng nhận mà nó thay thế.")
    source = f"{LAW}, Điều 134; {BOOKS}"
    identity, name = ("serial",), "serial"
    columns = ("serial", "book_number", "issued_on", "state", "user", "parcel")
    numbers = ("serial", "book_number")
    filters = ("state", "issued_on")
    sorts = ("serial", "issued_on")
    computed = frozenset({"replaces"})
    exchange_names = {
        "serial": "soPhatHanh",
        "book_number": "soVaoSo",
        "issued_on": "ngayCap",
        "issuer": "coQuanCap",
        "signer": "nguoiKy",
        "barcode": "maVach",
        "state": "tinhTrang",
        "user": "maChu",
        "parcel": "maThuaDat",
        "replaces": "soPhatHanhCu",
    }
    rules = rules.CERTIFICATES
    statistics = (Statistic(_("Theo tình trạng"), by=("state",)),)
    personal = frozenset({"user"})
    holder = "user__party"


@declare
class LandAssets(Cadastral):
    code, slug, model, order = "land_assets", "tai-san-gan-lien-voi-dat", models.LandAsset, 60
    title = _("Tài sản gắn liền với đất")
    description = _("Nhà ở, căn hộ, công trình, rừng trồng, cây lâu năm; quyền sở hữu tách khỏi quyền sử dụng đất.")
    source = CONTENT
    identity, name = ("parcel", "name"), "name"
    columns = ("name", "kind", "parcel", "built_area", "floor_area", "floors", "completed_year")
    filters = ("kind", "floors")
    sorts = ("floor_area", "completed_year")
    units = {"built_area": "m²", "floor_area": "m²"}
    exchange_names = {
        "parcel": "maThuaDat",
        "kind": "loaiTaiSan",
        "name": "tenTaiSan",
        "built_area": "dienTichXayDung",
        "floor_area": "dienTichSan",
        "floors": "soTang",
        "grade": "capHang",
        "structure": "ketCau",
        "completed_year": "namHoanThanh",
        "until": "thoiHanSoHuu",
        "geometry": "duLieuKhongGian",
    }
    layers = (Layer(Look(fill="#b5523b", stroke="#7a2e1d", symbol="square", size=6), by="", smallest=5_000),)
    rules = rules.ASSETS
    statistics = (Statistic(_("Theo loại tài sản"), by=("kind",), sums=("floor_area",)),)


@declare
class LandRestrictions(Cadastral):
    code, slug, model, order = "land_restrictions", "han-che-va-the-chap", models.LandRestriction, 70
    title = _("Thế chấp, ngăn chặn, hạn chế")
    description = _("Biện pháp bảo đảm, ngăn chặn, kê biên và hạn chế đối với thửa đất. Thế chấp có hiệu lực từ phút đăng ký.")
    source = f"{CONTENT}; Nghị định 99/2022/NĐ-CP (đăng ký biện pháp bảo đảm)"
    identity, name = ("parcel", "kind", "document"), "document"
    columns = ("kind", "parcel", "in_favour_of", "document", "registered_at", "priority", "until")
    numbers = ("document",)
    filters = ("kind",)
    sorts = ("registered_at",)
    exchange_names = {
        "parcel": "maThuaDat",
        "kind": "loaiHanChe",
        "in_favour_of": "benNhanBaoDam",
        "document": "soHopDong",
        "registered_at": "thoiDiemDangKy",
        "priority": "thuTuUuTien",
        "content": "noiDung",
        "until": "denNgay",
    }
    rules = rules.RESTRICTIONS
    statistics = (Statistic(_("Theo loại"), by=("kind",)),)
    personal = frozenset({"in_favour_of", "content"})
    holder = "parcel__user__party"


@declare
class LandRegistrations(Cadastral):
    code, slug, model, order = "land_registrations", "bien-dong-dat-dai", models.LandRegistration, 80
    title = _("Đăng ký biến động")
    description = _("Sổ biến động: tách, hợp thửa, chuyển quyền, thế chấp, đính chính, cấp đổi, với thửa trước và thửa sau.")
    source = f"{LAW}, Điều 133; {BOOKS}"
    identity, name = ("number",), "number"
    columns = ("number", "kind", "registered_on", "before", "after", "document")
    numbers = ("number", "dossier_code")
    filters = ("kind", "registered_on", "is_pending")
    sorts = ("number", "registered_on")
    computed = frozenset({"number", "dossier_code", "before", "after"})
    exchange_names = {
        "number": "soVaoSoBienDong",
        "kind": "loaiBienDong",
        "registered_on": "ngayDangKy",
        "dossier_code": "maHoSo",
        "document": "soVanBan",
        "before": "thuaTruocBienDong",
        "after": "thuaSauBienDong",
        "content": "noiDungBienDong",
        "parties": "cacBen",
    }
    statistics = (Statistic(_("Theo loại biến động"), by=("kind",)),)
    personal = frozenset({"parties", "content"})


@declare
class MapSheets(Cadastral):
    code, slug, model, order = "map_sheets", "to-ban-do", models.MapSheet, 90
    title = _("Tờ bản đồ địa chính")
    description = _("Tờ bản đồ địa chính của từng xã với phạm vi, tỷ lệ và ngày nghiệm thu.")
    source = "Thông tư 25/2014/TT-BTNMT; Thông tư 26/2024/TT-BTNMT (bản đồ địa chính)"
    identity, name = ("number",), "number"
    columns = ("number", "scale", "measured_on", "measured_by")
    numbers = ("number",)
    filters = ("scale",)
    sorts = ("number", "measured_on")
    exchange_names = {"number": "soHieuToBanDo", "scale": "tyLe", "measured_on": "ngayNghiemThu", "measured_by": "donViDoDac"}
    layers = (Layer(Look(stroke="#2f6f5e", width=1.4, dash=(4, 3)), label="number", label_smallest=25_000, smallest=250_000),)
    rules = rules.SHEETS
    public = True
    open_fields = ("number", "scale", "measured_on", "measured_by", "geometry")
