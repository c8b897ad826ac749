"""The database of minerals and mineral activity - CSDL khoáng sản và quản lý hoạt động khoáng sản (S20), declared."""

from django.utils.translation import gettext_lazy as _

from sonha.registry.declarations import Database, Layer, Look, Register, Statistic, declare
from sonha.sectors.licences import LICENCE_COMPUTED, LICENCE_PERSONAL, looks_by_state

from . import models
from . import rules as checks

MINERALS = Database(
    "minerals", "khoang-san", _("CSDL khoáng sản và quản lý hoạt động khoáng sản"), system="S20", owner="SNNMT.KS", order=20
)
LAW = (
    "Luật Địa chất và khoáng sản số 54/2024/QH15 (từ 01/7/2025), trước đó Luật Khoáng sản số 60/2010/QH12; "
    "Thông tư số 45/2016/TT-BTNMT (mẫu giấy phép, bản đồ, báo cáo)"
)
KINDS = {"mineral": "khoang-san"}
EXPLORED = Look(fill="#d9b44a", opacity=0.25, stroke="#9a7414", width=1.4, dash=(5, 3))
EXTRACTED = Look(fill="#b0521e", opacity=0.35, stroke="#7d3510", width=1.6)


@declare
class MineralAreas(Register):
    code, slug, database, model, order = "mineral_areas", "khu-vuc-khoang-san", MINERALS, models.MineralArea, 10
    title = _("Khu vực khoáng sản")
    description = _("Khu vực được khoanh định, quy hoạch thăm dò, khai thác, dự trữ; đấu giá và không đấu giá quyền khai thác.")
    source = f"{LAW}; Quyết định phê duyệt quy hoạch tỉnh"
    identity, name, numbers = ("code",), "name", ("code",)
    columns = ("code", "name", "mineral", "planning", "access", "area_ha", "decision")
    filters, sorts = ("mineral", "group", "planning", "access"), ("code", "name", "area_ha")
    code_lists, units = KINDS, {"area_ha": "ha", "resource_m3": "m³"}
    layers = (
        Layer(
            Look(fill="#c9a36a", opacity=0.25, stroke="#8a5a1a", width=1.2),
            by="planning",
            looks={
                "exploration": Look(fill="#e3c58f", opacity=0.3, stroke="#8a5a1a", width=1.2),
                "extraction": Look(fill="#c07f2f", opacity=0.35, stroke="#7a4a10", width=1.4),
                "reserve": Look(fill="#9a8f7a", opacity=0.3, stroke="#5c5444", width=1.2, dash=(6, 3)),
                "scattered": Look(fill="#e8d9bb", opacity=0.3, stroke="#8a5a1a", width=1, dash=(2, 2)),
            },
            label="code",
            label_smallest=100_000,
        ),
    )
    rules = checks.AREAS
    statistics = (Statistic(_("Theo khoáng sản và loại quy hoạch"), by=("mineral", "planning"), sums=("area_ha", "resource_m3")),)
    public, open_fields = True, ("code", "name", "mineral", "group", "planning", "access", "decision", "area_ha", "geometry")


@declare
class ExplorationLicences(Register):
    code, slug, database, model, order = "exploration_licences", "giay-phep-tham-do-khoang-san", MINERALS, models.ExplorationLicence, 20
    title = _("Giấy phép thăm dò khoáng sản")
    description = _("Giấy phép thăm dò do Uỷ ban nhân dân tỉnh cấp: chủ giấy phép, khu vực, diện tích, thời hạn.")
    source = LAW
    identity, name, numbers, holder = ("number", "issued_on"), "number", ("number", "dossier_code"), "holder"
    columns = ("number", "issued_on", "expires_on", "works_name", "mineral", "area_ha", "state")
    filters, sorts = ("mineral", "group", "state"), ("number", "issued_on", "expires_on", "area_ha")
    code_lists, units = KINDS, {"area_ha": "ha", "depth": "m", "months": "tháng"}
    personal, computed = LICENCE_PERSONAL, LICENCE_COMPUTED
    layers = (Layer(EXPLORED, by="state", looks=looks_by_state(EXPLORED), label="works_name", label_smallest=50_000),)
    rules = checks.EXPLORATION
    statistics = (Statistic(_("Theo khoáng sản và tình trạng"), by=("mineral", "state"), sums=("area_ha",)),)
    public = True
    open_fields = ("number", "issued_on", "expires_on", "works_name", "mineral", "group", "area_ha", "state", "geometry")


@declare
class ExtractionLicences(Register):
    code, slug, database, model, order = "extraction_licences", "giay-phep-khai-thac-khoang-san", MINERALS, models.ExtractionLicence, 30
    title = _("Giấy phép khai thác khoáng sản")
    description = _("Giấy phép khai thác: chủ giấy phép, ranh giới, mức sâu, trữ lượng, công suất, thời hạn, ký quỹ.")
    source = LAW
    identity, name, numbers, holder = ("number", "issued_on"), "number", ("number", "dossier_code"), "holder"
    columns = ("number", "issued_on", "expires_on", "works_name", "mineral", "area_ha", "capacity", "state")
    filters, sorts = ("mineral", "group", "method", "state"), ("number", "issued_on", "expires_on", "area_ha", "capacity")
    code_lists = KINDS
    units = {
        "area_ha": "ha",
        "level_from": "m",
        "level_to": "m",
        "reserve_m3": "m³",
        "extractable_m3": "m³",
        "capacity": "m³/năm",
        "years": "năm",
        "deposit": "đồng",
    }
    personal, computed = LICENCE_PERSONAL | {"director"}, LICENCE_COMPUTED
    layers = (Layer(EXTRACTED, by="state", looks=looks_by_state(EXTRACTED), label="works_name", label_smallest=50_000),)
    rules = checks.EXTRACTION
    statistics = (
        Statistic(_("Theo khoáng sản và tình trạng"), by=("mineral", "state"), sums=("area_ha", "extractable_m3", "capacity")),
        Statistic(_("Theo phương pháp khai thác"), by=("method",), sums=("capacity",)),
    )
    public = True
    open_fields = ("number", "issued_on", "expires_on", "works_name", "mineral", "group", "area_ha", "capacity", "state", "geometry")


@declare
class Reserves(Register):
    code, slug, database, model, order = "mineral_reserves", "tru-luong-khoang-san", MINERALS, models.Reserve, 40
    title = _("Trữ lượng khoáng sản")
    description = _("Trữ lượng, tài nguyên theo cấp: phê duyệt, đã khai thác, tổn thất, còn lại.")
    source = f"{LAW}; Thông tư số 60/2017/TT-BTNMT (phân cấp trữ lượng và tài nguyên khoáng sản rắn)"
    identity, name, numbers = ("code",), "code", ("code", "decision")
    columns = ("code", "works_name", "mineral", "reserve_class", "approved_m3", "mined_m3", "remaining_m3")
    filters, sorts = ("mineral", "reserve_class"), ("code", "approved_on", "remaining_m3")
    code_lists = KINDS
    units = {"approved_m3": "m³", "mined_m3": "m³", "lost_m3": "m³", "remaining_m3": "m³"}
    rules = checks.RESERVES
    statistics = (
        Statistic(
            _("Kiểm kê trữ lượng theo cấp"), by=("mineral", "reserve_class"), sums=("approved_m3", "mined_m3", "lost_m3", "remaining_m3")
        ),
    )


@declare
class RightFees(Register):
    code, slug, database, model, order = "mineral_right_fees", "tien-cap-quyen-khai-thac-khoang-san", MINERALS, models.RightFee, 50
    title = _("Tiền cấp quyền khai thác khoáng sản")
    description = _("Quyết định phê duyệt tiền cấp quyền với các yếu tố tính: T = Q × G × K1 × K2 × R.")
    source = (
        "Nghị định số 67/2019/NĐ-CP (công thức và hệ số), trước đó Nghị định số 203/2013/NĐ-CP; "
        "từ 01/7/2025 tỉnh phải đối chiếu với Nghị định số 193/2025/NĐ-CP"
    )
    identity, name, numbers = ("decision", "decided_on"), "decision", ("decision",)
    columns = ("decision", "decided_on", "licence", "reserve_m3", "price", "rate", "amount", "paid")
    sorts = ("decided_on", "amount")
    units = {"reserve_m3": "m³", "price": "đồng/m³", "rate": "%", "amount": "đồng", "paid": "đồng", "instalments": "lần"}
    rules = checks.FEES
    statistics = (Statistic(_("Theo năm phê duyệt"), by=("decided_on",), sums=("amount", "paid")),)


@declare
class MineClosures(Register):
    code, slug, database, model, order = "mine_closures", "dong-cua-mo", MINERALS, models.MineClosure, 60
    title = _("Đóng cửa mỏ")
    description = _("Mỏ có đề án đóng cửa được phê duyệt, đang thực hiện và đã đóng cửa.")
    source = LAW
    identity, name, numbers = ("decision", "decided_on"), "works_name", ("decision",)
    columns = ("decision", "decided_on", "works_name", "state", "area_ha", "restored_ha", "closed_on")
    filters, sorts, units = ("state",), ("decided_on", "area_ha"), {"area_ha": "ha", "restored_ha": "ha"}
    layers = (Layer(Look(fill="#7f8f6a", opacity=0.35, stroke="#4f5f3a", width=1.2, dash=(3, 3)), label="works_name"),)
    rules = checks.CLOSURES
    statistics = (Statistic(_("Theo tình trạng"), by=("state",), sums=("area_ha", "restored_ha")),)
    public, open_fields = True, ("decision", "decided_on", "works_name", "state", "area_ha", "closed_on", "geometry")


@declare
class ForbiddenAreas(Register):
    code, slug, database, model, order = "mineral_forbidden_areas", "khu-vuc-cam-khoang-san", MINERALS, models.ForbiddenArea, 70
    title = _("Khu vực cấm, tạm thời cấm hoạt động khoáng sản")
    description = _("Nơi không được thăm dò, khai thác khoáng sản, với lý do và văn bản phê duyệt.")
    source = "Luật Khoáng sản số 60/2010/QH12, Điều 28; Luật Địa chất và khoáng sản số 54/2024/QH15; quyết định của Uỷ ban nhân dân tỉnh"
    identity, name, numbers = ("code",), "name", ("code",)
    columns = ("code", "name", "kind", "reason", "area_ha", "until", "decision")
    filters, sorts, units = ("kind", "reason"), ("code", "name", "area_ha"), {"area_ha": "ha"}
    layers = (
        Layer(
            Look(fill="#b3261e", opacity=0.15, stroke="#b3261e", width=1.2),
            by="kind",
            looks={
                "forbidden": Look(fill="#b3261e", opacity=0.18, stroke="#b3261e", width=1.4),
                "temporary": Look(fill="#d98a2b", opacity=0.18, stroke="#c26a10", width=1.4, dash=(5, 3)),
            },
            label="name",
            label_smallest=50_000,
        ),
    )
    rules = checks.FORBIDDEN
    statistics = (Statistic(_("Theo loại và lý do"), by=("kind", "reason"), sums=("area_ha",)),)
    public, open_fields = True, ("code", "name", "kind", "reason", "decision", "until", "area_ha", "geometry")


@declare
class ProductionReports(Register):
    code, slug, database, model, order = "mineral_production_reports", "bao-cao-khai-thac-khoang-san", MINERALS, models.ProductionReport, 80
    title = _("Báo cáo kết quả khai thác khoáng sản")
    description = _("Sản lượng, tổn thất, doanh thu, thuế tài nguyên từng năm theo báo cáo định kỳ của chủ giấy phép.")
    source = f"{LAW}; Nghị định số 158/2016/NĐ-CP, Điều 7 (báo cáo kết quả hoạt động khoáng sản)"
    identity, name = ("licence", "year"), "licence"
    columns = ("licence", "year", "mined_m3", "lost_m3", "sold_m3", "revenue", "reported_on")
    filters, sorts = ("year",), ("year", "mined_m3")
    units = {"mined_m3": "m³", "lost_m3": "m³", "sold_m3": "m³", "revenue": "đồng", "resource_tax": "đồng", "workers": "người"}
    rules = checks.REPORTS
    statistics = (Statistic(_("Theo năm"), by=("year",), sums=("mined_m3", "sold_m3", "revenue", "resource_tax")),)
