"""The database of pollution sources - CSDL nguồn thải (S12), declared."""

from django.utils.translation import gettext_lazy as _

from sonha.registry.declarations import Database, Layer, Look, Register, Statistic, declare
from sonha.sectors.licences import LICENCE_COMPUTED, LICENCE_PERSONAL, looks_by_state

from . import models
from . import rules as checks

SOURCES = Database("pollution_sources", "nguon-thai", _("CSDL nguồn thải"), system="S12", owner="SNNMT.MT", order=12)
LAW = (
    "Luật Bảo vệ môi trường số 72/2020/QH14; Nghị định số 08/2022/NĐ-CP, được sửa đổi bởi Nghị định số 05/2025/NĐ-CP; "
    "Thông tư số 02/2022/TT-BTNMT"
)
BOOKS = (
    "Thông tư số 36/2015/TT-BTNMT (Sổ đăng ký chủ nguồn thải, đến 09/01/2022); sau đó khai báo trong giấy phép môi trường, "
    "đăng ký môi trường; danh mục mã: Thông tư số 02/2022/TT-BTNMT, Phụ lục III, mẫu số 01"
)
OWNER = frozenset({"owner", "owner_name"})
BY_SECTOR = {
    "mining": "#6b4a2a",
    "industry": "#8c2f39",
    "construction": "#a0703a",
    "agriculture": "#5f8a2a",
    "medical": "#b33a7a",
    "service": "#c26a10",
    "zone": "#5b3fa6",
    "waste": "#4a4a4a",
    "other": "#8a8a8a",
}

PERMITTED = Look(fill="#2f8f5b", stroke="#ffffff", width=1.2, symbol="star", size=12)
BOOKED = Look(fill="#d9a514", stroke="#3a3a3a", width=1.4, symbol="triangle", size=12)
APPROVED = Look(fill="#3f8f4a", stroke="#ffffff", width=1.2, symbol="circle", size=10)


@declare
class Facilities(Register):
    code, slug, database, model, order = "facilities", "co-so-phat-sinh-chat-thai", SOURCES, models.Facility, 10
    title = _("Cơ sở phát sinh chất thải")
    description = _("Cơ sở sản xuất, kinh doanh, dịch vụ: ngành, tình trạng, nhóm dự án, chủ cơ sở, vị trí.")
    source = LAW
    identity, name, numbers, holder = ("code",), "name", ("code",), "owner"
    columns = ("code", "name", "sector", "state", "group", "owner_name", "address")
    filters, sorts, units = ("sector", "state", "group", "is_serious"), ("code", "name", "land_area"), {"land_area": "ha"}
    personal = OWNER
    layers = (
        Layer(
            Look(fill="#8a8a8a", stroke="#ffffff", width=1.2, symbol="square", size=10),
            by="sector",
            looks={key: Look(fill=color, stroke="#ffffff", width=1.2, symbol="square", size=10) for key, color in BY_SECTOR.items()},
            label="name",
            label_smallest=50_000,
        ),
    )
    rules = checks.FACILITIES
    statistics = (
        Statistic(_("Theo ngành và tình trạng"), by=("sector", "state")),
        Statistic(_("Theo nhóm dự án"), by=("group",)),
    )
    public, open_fields = True, ("code", "name", "sector", "state", "group", "activity", "is_serious", "geometry")


@declare
class WasteStreams(Register):
    code, slug, database, model, order = "waste_streams", "dong-chat-thai", SOURCES, models.WasteStream, 20
    title = _("Dòng chất thải")
    description = _("Nước thải, chất thải rắn, chất thải nguy hại, khí thải phát sinh ở từng cơ sở và cách xử lý.")
    source = LAW
    identity, name, numbers = ("code",), "name", ("code",)
    columns = ("code", "facility", "kind", "name", "amount", "unit", "treatment")
    filters, sorts = ("kind",), ("code", "amount")
    rules = checks.STREAMS
    statistics = (Statistic(_("Theo loại và đơn vị"), by=("kind", "unit"), sums=("amount",)),)


@declare
class EnvironmentalPermits(Register):
    code, slug, database, model, order = "environmental_permits", "giay-phep-moi-truong", SOURCES, models.EnvironmentalPermit, 30
    title = _("Giấy phép môi trường")
    description = _("Giấy phép môi trường do Uỷ ban nhân dân tỉnh cấp: nước thải, khí thải, chất thải nguy hại, thời hạn.")
    source = LAW
    identity, name, numbers, holder = ("number", "issued_on"), "number", ("number", "dossier_code"), "holder"
    columns = ("number", "issued_on", "expires_on", "works_name", "group", "flow", "state")
    filters, sorts = ("group", "state", "has_emission"), ("number", "issued_on", "expires_on", "flow")
    units = {"flow": "m³/ngày đêm", "hazardous_kg": "kg/năm", "solid_kg": "kg/năm"}
    personal, computed = LICENCE_PERSONAL, LICENCE_COMPUTED
    layers = (Layer(PERMITTED, by="state", looks=looks_by_state(PERMITTED), label="works_name", label_smallest=50_000),)
    rules = checks.PERMITS
    statistics = (Statistic(_("Theo nhóm dự án và tình trạng"), by=("group", "state"), sums=("flow", "hazardous_kg")),)
    public = True
    open_fields = ("number", "issued_on", "expires_on", "works_name", "group", "flow", "receiving_water", "standard", "state", "geometry")


@declare
class HazardousWasteGenerators(Register):
    code, slug, database, model = "hazardous_waste_generators", "chu-nguon-thai-nguy-hai", SOURCES, models.HazardousWasteGenerator
    order = 40
    title = _("Sổ đăng ký chủ nguồn thải chất thải nguy hại")
    description = _("Chủ nguồn thải, mã số quản lý, tổng khối lượng, nơi lưu giữ, đơn vị vận chuyển, xử lý.")
    source = BOOKS
    identity, name, numbers, holder = ("number", "issued_on"), "number", ("number", "dossier_code"), "holder"
    columns = ("number", "issued_on", "works_name", "activity", "total_kg", "self_treatment", "state")
    filters, sorts, units = ("self_treatment", "state"), ("number", "issued_on", "total_kg"), {"total_kg": "kg/năm", "storage_m2": "m²"}
    personal, computed = LICENCE_PERSONAL, LICENCE_COMPUTED
    layers = (Layer(BOOKED, by="state", looks=looks_by_state(BOOKED), label="works_name", label_smallest=50_000),)
    rules = checks.BOOKS
    statistics = (Statistic(_("Theo tình trạng"), by=("state", "self_treatment"), sums=("total_kg",)),)


@declare
class HazardousWastes(Register):
    code, slug, database, model, order = "hazardous_wastes", "chat-thai-nguy-hai", SOURCES, models.HazardousWaste, 50
    title = _("Chất thải nguy hại đã đăng ký")
    description = _("Từng loại chất thải nguy hại trong Sổ đăng ký: mã, trạng thái, khối lượng một năm, cách quản lý.")
    source = BOOKS
    identity, name, numbers = ("book", "code"), "name", ("code",)
    columns = ("book", "code", "name", "state", "quantity", "treatment")
    filters, sorts, units = ("group", "state", "treatment"), ("code", "quantity"), {"quantity": "kg/năm"}
    code_lists = {"group": "nhom-chat-thai-nguy-hai"}
    rules = checks.WASTES
    statistics = (Statistic(_("Theo nhóm nguồn thải"), by=("group", "treatment"), sums=("quantity",)),)


@declare
class EiaDecisions(Register):
    code, slug, database, model, order = "eia_decisions", "quyet-dinh-dtm", SOURCES, models.EiaDecision, 60
    title = _("Quyết định phê duyệt đánh giá tác động môi trường")
    description = _("Dự án đã được phê duyệt kết quả thẩm định báo cáo đánh giá tác động môi trường.")
    source = LAW
    identity, name, numbers, holder = ("number", "issued_on"), "number", ("number", "dossier_code"), "holder"
    columns = ("number", "issued_on", "works_name", "sector", "group", "land_ha", "wastewater")
    filters, sorts = ("sector", "group", "state"), ("number", "issued_on", "land_ha")
    units = {"land_ha": "ha", "forest_ha": "ha", "rice_ha": "ha", "wastewater": "m³/ngày đêm", "hazardous_kg": "kg/năm"}
    personal, computed = LICENCE_PERSONAL, LICENCE_COMPUTED
    layers = (
        Layer(APPROVED, by="state", looks=looks_by_state(APPROVED), label="works_name", label_smallest=50_000),
        Layer(
            Look(fill="#3f8f4a", opacity=0.15, stroke="#2a6a34", width=1, dash=(4, 3)),
            name="eia_areas",
            title=_("Ranh giới dự án đã phê duyệt ĐTM"),
            geometry="area",
        ),
    )
    rules = checks.DECISIONS
    statistics = (Statistic(_("Theo lĩnh vực và nhóm"), by=("sector", "group"), sums=("land_ha", "wastewater")),)
    public = True
    open_fields = ("number", "issued_on", "works_name", "sector", "group", "capacity", "land_ha", "state", "geometry", "area")


@declare
class EmissionStacks(Register):
    code, slug, database, model, order = "emission_stacks", "nguon-khi-thai", SOURCES, models.EmissionStack, 70
    title = _("Nguồn khí thải")
    description = _("Ống khói: chiều cao, đường kính, lưu lượng, quy chuẩn, quan trắc tự động.")
    source = f"{LAW}; QCVN 19:2009/BTNMT, QCVN 20:2009/BTNMT, từ 2025 QCVN 19:2024/BTNMT theo lộ trình (tỉnh phải đối chiếu)"
    identity, name, numbers = ("code",), "name", ("code",)
    columns = ("code", "facility", "name", "height_m", "diameter_m", "flow", "standard")
    filters, sorts, units = ("automatic",), ("code", "height_m", "flow"), {"height_m": "m", "diameter_m": "m", "flow": "Nm³/giờ"}
    layers = (Layer(Look(fill="#5a5a5a", stroke="#ffffff", width=1, symbol="triangle", size=10), label="code", label_smallest=25_000),)
    rules = checks.STACKS
    statistics = (Statistic(_("Theo quan trắc tự động"), by=("automatic",), sums=("flow",)),)
    public, open_fields = True, ("code", "name", "height_m", "flow", "standard", "automatic", "geometry")
