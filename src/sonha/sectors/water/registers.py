"""The databases of water: survey and assessment (S24), supervision (S25) - tài nguyên nước, declared."""

from django.utils.translation import gettext_lazy as _

from sonha.registry.declarations import Database, Layer, Look, Register, Statistic, declare
from sonha.sectors.licences import LICENCE_COMPUTED, LICENCE_PERSONAL, looks_by_state

from . import models
from . import rules as checks

SURVEY = Database(
    "water_survey",
    "dieu-tra-tai-nguyen-nuoc",
    _("CSDL kết quả điều tra, đánh giá tài nguyên nước"),
    system="S24",
    owner="SNNMT.NUOC",
    order=24,
)
SUPERVISION = Database(
    "water_supervision", "giam-sat-tai-nguyen-nuoc", _("CSDL giám sát tài nguyên nước"), system="S25", owner="SNNMT.NUOC", order=25
)
LAW = "Luật Tài nguyên nước số 28/2023/QH15 (từ 01/7/2024), trước đó Luật số 17/2012/QH13"
LICENSING = f"{LAW}; Nghị định số 54/2024/NĐ-CP (kê khai, đăng ký, cấp phép), trước đó Nghị định số 201/2013/NĐ-CP và 02/2023/NĐ-CP"
BANS = (
    "Luật Tài nguyên nước số 28/2023/QH15, Điều 31; Nghị định số 53/2024/NĐ-CP, Điều 35, 36 (vùng cấm, vùng hạn chế 1, 2, hỗn hợp); "
    "đến 30/6/2024 là Nghị định số 167/2018/NĐ-CP (có cả vùng hạn chế 3, 4)"
)
LICENSED = Look(fill="#ffffff", stroke="#1f6f94", width=1.6, symbol="square", size=9)
DRILLS = Look(fill="#b08a3a", stroke="#5a4410", width=1, symbol="star", size=11)
OWNER = frozenset({"owner", "owner_name"})


@declare
class RiverBasins(Register):
    code, slug, database, model, order = "river_basins", "luu-vuc-song", SURVEY, models.RiverBasin, 10
    title = _("Lưu vực sông")
    description = _("Lưu vực sông trên địa bàn tỉnh.")
    source = f"{LAW}; danh mục lưu vực sông do Thủ tướng Chính phủ và Bộ ban hành"
    identity, name = ("code",), "name"
    columns, filters, sorts, units = (
        ("code", "name", "level", "parent_name", "area_km2"),
        ("level",),
        ("code", "area_km2"),
        {"area_km2": "km²"},
    )
    layers = (Layer(Look(fill="#9cc7c9", opacity=0.15, stroke="#2f7d84", width=1.2, dash=(8, 4)), label="name", label_smallest=1_000_000),)
    rules = checks.BASINS
    statistics = (Statistic(_("Theo phạm vi"), by=("level",), sums=("area_km2",)),)
    public, open_fields = True, ("code", "name", "level", "parent_name", "area_km2", "geometry")


@declare
class RiverReaches(Register):
    code, slug, database, model, order = "river_reaches", "doan-song", SURVEY, models.RiverReach, 20
    title = _("Đoạn sông, suối")
    description = _("Mạng lưới sông suối, vẽ xuôi dòng, nối với nhau ở các nút; dòng chảy tối thiểu và mục tiêu chất lượng nước.")
    source = f"{LAW}; dòng chảy tối thiểu: Nghị định số 53/2024/NĐ-CP; mức chất lượng: QCVN 08:2023/BTNMT (Thông tư số 01/2023/TT-BTNMT)"
    identity, name, numbers = ("code",), "name", ("code",)
    columns = ("code", "river", "name", "stream_order", "length_km", "minimum_flow", "quality_target")
    filters, sorts, units = (
        ("river", "stream_order", "quality_target"),
        ("code", "river", "length_km"),
        {"length_km": "km", "minimum_flow": "m³/s"},
    )
    layers = (
        Layer(
            Look(stroke="#2f7d9c", width=2),
            by="stream_order",
            looks={
                "1": Look(stroke="#1f6f94", width=3.2),
                "2": Look(stroke="#2f83a6", width=2),
                "3": Look(stroke="#4f9bb9", width=1.2),
            },
            label="river",
            label_smallest=250_000,
        ),
    )
    rules = checks.REACHES
    statistics = (Statistic(_("Theo sông"), by=("river",), sums=("length_km",)),)
    public = True
    open_fields = (
        "code",
        "river",
        "name",
        "from_node",
        "to_node",
        "stream_order",
        "length_km",
        "minimum_flow",
        "quality_target",
        "geometry",
    )


@declare
class ProtectionCorridors(Register):
    code, slug, database, model, order = "protection_corridors", "hanh-lang-bao-ve-nguon-nuoc", SURVEY, models.ProtectionCorridor, 30
    title = _("Hành lang bảo vệ nguồn nước")
    description = _("Phạm vi, chức năng, chiều rộng hành lang và tình trạng cắm mốc.")
    source = f"{LAW}; Nghị định số 53/2024/NĐ-CP (hành lang bảo vệ nguồn nước), trước đó Nghị định số 43/2015/NĐ-CP"
    identity, name, numbers = ("code",), "name", ("code",)
    columns = ("code", "name", "reach", "function", "width_m", "staked", "decision")
    filters, sorts, units = ("function", "staked"), ("code", "width_m"), {"width_m": "m"}
    layers = (Layer(Look(fill="#2a9d8f", opacity=0.22, stroke="#1d7a6f", width=0.8), smallest=200_000),)
    rules = checks.CORRIDORS
    statistics = (Statistic(_("Theo chức năng và cắm mốc"), by=("function", "staked")),)
    public, open_fields = True, ("code", "name", "function", "width_m", "decision", "staked", "geometry")


@declare
class AbstractionBans(Register):
    code, slug, database, model, order = "abstraction_bans", "vung-cam-han-che-khai-thac-nuoc", SURVEY, models.AbstractionBan, 40
    title = _("Vùng cấm, vùng hạn chế khai thác nước dưới đất")
    description = _("Vùng cấm, vùng hạn chế với lý do, tầng chứa nước và biện pháp áp dụng.")
    source = BANS
    identity, name, numbers = ("code",), "name", ("code",)
    columns = ("code", "name", "kind", "reason", "aquifer", "area_km2", "decision")
    filters, sorts, units = ("kind",), ("code", "area_km2"), {"area_km2": "km²"}
    layers = (
        Layer(
            Look(fill="#c26a10", opacity=0.15, stroke="#c26a10", width=1),
            by="kind",
            looks={
                "forbidden": Look(fill="#b3261e", opacity=0.2, stroke="#b3261e", width=1.4),
                "restricted_1": Look(fill="#d9601a", opacity=0.18, stroke="#b84a0c", width=1.2),
                "restricted_2": Look(fill="#e0a030", opacity=0.18, stroke="#b87a10", width=1.2),
                "mixed": Look(fill="#a05a9c", opacity=0.18, stroke="#7a3a76", width=1.2),
            },
            label="name",
            label_smallest=50_000,
        ),
    )
    rules = checks.BANS
    statistics = (Statistic(_("Theo loại vùng"), by=("kind",), sums=("area_km2",)),)
    public, open_fields = True, ("code", "name", "kind", "reason", "aquifer", "measures", "decision", "area_km2", "geometry")


@declare
class MonitoringStations(Register):
    code, slug, database, model, order = "monitoring_stations", "tram-quan-trac-nuoc", SURVEY, models.MonitoringStation, 50
    title = _("Trạm quan trắc nước")
    description = _("Vị trí, loại, thông số và tần suất của trạm, điểm quan trắc.")
    source = f"{LAW}; Luật Bảo vệ môi trường số 72/2020/QH14; Thông tư số 10/2021/TT-BTNMT (kỹ thuật quan trắc)"
    identity, name, numbers = ("code",), "name", ("code",)
    columns = ("code", "name", "kind", "automatic", "reach", "parameters", "frequency")
    filters, sorts = ("kind", "automatic"), ("code", "name")
    layers = (Layer(Look(fill="#5b3fa6", stroke="#ffffff", width=1.2, symbol="triangle", size=11), label="name", label_smallest=100_000),)
    rules = checks.STATIONS
    statistics = (Statistic(_("Theo loại trạm"), by=("kind", "automatic")),)
    public, open_fields = True, ("code", "name", "kind", "automatic", "parameters", "frequency", "keeper", "geometry")


@declare
class WaterLicences(Register):
    code, slug, database, model, order = "water_licences", "giay-phep-tai-nguyen-nuoc", SUPERVISION, models.WaterLicence, 10
    title = _("Giấy phép tài nguyên nước")
    description = _("Giấy phép thăm dò, khai thác nước dưới đất, khai thác nước mặt, xả nước thải vào nguồn nước.")
    source = LICENSING
    identity, name, numbers, holder = ("number", "issued_on"), "number", ("number", "dossier_code"), "holder"
    columns = ("number", "issued_on", "expires_on", "kind", "works_name", "flow", "state")
    filters, sorts, units = ("kind", "state"), ("number", "issued_on", "expires_on", "flow"), {"flow": "m³/ngày đêm", "years": "năm"}
    personal, computed = LICENCE_PERSONAL, LICENCE_COMPUTED
    layers = (Layer(LICENSED, by="state", looks=looks_by_state(LICENSED), label="number", label_smallest=25_000),)
    rules = checks.LICENCES
    statistics = (Statistic(_("Theo loại và tình trạng"), by=("kind", "state"), sums=("flow",)),)
    public = True
    open_fields = ("number", "issued_on", "expires_on", "kind", "works_name", "source_name", "flow", "state", "geometry")


@declare
class AbstractionWorks(Register):
    code, slug, database, model, order = "abstraction_works", "cong-trinh-khai-thac-nuoc", SUPERVISION, models.AbstractionWorks, 20
    title = _("Công trình khai thác nước")
    description = _("Hồ chứa, trạm bơm, đập dâng, bãi giếng: công suất, mục đích, giấy phép, vùng bảo hộ vệ sinh.")
    source = f"{LICENSING}; vùng bảo hộ vệ sinh: Thông tư số 24/2016/TT-BTNMT"
    identity, name, numbers, holder = ("code",), "name", ("code",), "owner"
    columns = ("code", "name", "kind", "use", "capacity", "households", "licence")
    filters, sorts = ("kind", "use"), ("code", "name", "capacity")
    units = {"capacity": "m³/ngày đêm", "households": "hộ", "protected_m": "m"}
    personal = OWNER
    layers = (
        Layer(
            Look(fill="#1769aa", stroke="#ffffff", width=1.2, symbol="square", size=11),
            by="use",
            looks={
                "domestic": Look(fill="#1769aa", stroke="#ffffff", width=1.2, symbol="square", size=12),
                "irrigation": Look(fill="#3f8f4a", stroke="#ffffff", width=1.2, symbol="square", size=10),
                "industry": Look(fill="#7a6a52", stroke="#ffffff", width=1.2, symbol="square", size=10),
                "power": Look(fill="#d9a514", stroke="#ffffff", width=1.2, symbol="square", size=11),
                "other": Look(fill="#8a8a8a", stroke="#ffffff", width=1.2, symbol="square", size=9),
            },
            label="name",
            label_smallest=50_000,
        ),
    )
    rules = checks.WORKS
    statistics = (Statistic(_("Theo loại và mục đích"), by=("kind", "use"), sums=("capacity", "households")),)
    public, open_fields = True, ("code", "name", "kind", "use", "capacity", "geometry")


@declare
class Wells(Register):
    code, slug, database, model, order = "wells", "gieng", SUPERVISION, models.Well, 30
    title = _("Giếng")
    description = _("Giếng khoan, giếng đào, mạch lộ: chiều sâu, tầng chứa nước, lưu lượng, tình trạng, trám lấp.")
    source = f"{LICENSING}; trám lấp giếng: Thông tư số 72/2017/TT-BTNMT"
    identity, name, numbers, holder = ("code",), "code", ("code",), "owner"
    columns = ("code", "kind", "state", "depth", "flow", "aquifer", "owner_name")
    filters, sorts = ("kind", "state"), ("code", "depth", "flow")
    units = {"depth": "m", "diameter": "mm", "flow": "m³/ngày đêm", "static_level": "m", "dynamic_level": "m"}
    personal = OWNER
    layers = (
        Layer(
            Look(fill="#3aa0c9", stroke="#0f4c66", width=1, symbol="circle", size=7),
            by="state",
            looks={
                "planned": Look(fill="#ffffff", stroke="#0f4c66", width=1, symbol="circle", size=7),
                "in_use": Look(fill="#3aa0c9", stroke="#0f4c66", width=1, symbol="circle", size=7),
                "unused": Look(fill="#e0a030", stroke="#7a5a10", width=1, symbol="circle", size=7),
                "sealed": Look(fill="#9a9a9a", stroke="#5a5a5a", width=1, symbol="cross", size=7),
            },
            label="code",
            label_smallest=10_000,
            smallest=250_000,
        ),
    )
    rules = checks.WELLS
    statistics = (Statistic(_("Theo loại và tình trạng"), by=("kind", "state"), sums=("flow",)),)
    public, open_fields = True, ("code", "kind", "state", "depth", "flow", "aquifer", "geometry")


@declare
class WastewaterDischarges(Register):
    code, slug, database, model, order = "wastewater_discharges", "diem-xa-nuoc-thai", SUPERVISION, models.WastewaterDischarge, 40
    title = _("Điểm xả nước thải")
    description = _("Cửa xả nước thải vào nguồn nước: nguồn tiếp nhận, lưu lượng, quy chuẩn, cột, giấy phép.")
    source = (
        f"{LAW}; Luật Bảo vệ môi trường số 72/2020/QH14 (từ 01/01/2022 nằm trong giấy phép môi trường); "
        "quy chuẩn: QCVN 40:2011/BTNMT, QCVN 14:2008/BTNMT, từ 2025 QCVN 40:2025 và 14:2025/BNNMT theo lộ trình (tỉnh phải đối chiếu)"
    )
    identity, name, numbers, holder = ("code",), "name", ("code", "licence_number"), "owner"
    columns = ("code", "name", "kind", "receiving_water", "flow", "standard", "column", "licence_number")
    filters, sorts, units = ("kind", "column", "automatic"), ("code", "name", "flow"), {"flow": "m³/ngày đêm"}
    personal = OWNER
    layers = (
        Layer(
            Look(fill="#8c2f39", stroke="#ffffff", width=1.2, symbol="diamond", size=11),
            by="kind",
            looks={
                "production": Look(fill="#8c2f39", stroke="#ffffff", width=1.2, symbol="diamond", size=11),
                "service": Look(fill="#c26a10", stroke="#ffffff", width=1.2, symbol="diamond", size=10),
                "domestic": Look(fill="#6b5aa0", stroke="#ffffff", width=1.2, symbol="diamond", size=10),
                "mining": Look(fill="#4a3a2a", stroke="#ffffff", width=1.2, symbol="diamond", size=11),
                "livestock": Look(fill="#7a8a2a", stroke="#ffffff", width=1.2, symbol="diamond", size=10),
                "aquaculture": Look(fill="#2a8a7a", stroke="#ffffff", width=1.2, symbol="diamond", size=10),
                "medical": Look(fill="#b33a7a", stroke="#ffffff", width=1.2, symbol="diamond", size=10),
            },
            label="name",
            label_smallest=50_000,
        ),
    )
    rules = checks.DISCHARGES
    statistics = (
        Statistic(_("Theo loại nước thải"), by=("kind",), sums=("flow",)),
        Statistic(_("Theo nguồn tiếp nhận"), by=("receiving_water",), sums=("flow",)),
    )
    public, open_fields = True, ("code", "name", "kind", "receiving_water", "flow", "standard", "column", "geometry")


@declare
class DrillingLicences(Register):
    code, slug, database, model, order = "drilling_licences", "giay-phep-hanh-nghe-khoan", SUPERVISION, models.DrillingLicence, 50
    title = _("Giấy phép hành nghề khoan nước dưới đất")
    description = _("Tổ chức, cá nhân hành nghề khoan: quy mô, người chịu trách nhiệm kỹ thuật, thiết bị, thời hạn.")
    source = f"{LICENSING}; điều kiện hành nghề: Nghị định số 54/2024/NĐ-CP, trước đó Thông tư số 40/2014/TT-BTNMT"
    identity, name, numbers, holder = ("number", "issued_on"), "number", ("number", "dossier_code"), "holder"
    columns = ("number", "issued_on", "expires_on", "holder_name", "scale", "rigs", "state")
    filters, sorts, units = ("scale", "state"), ("number", "issued_on", "expires_on"), {"years": "năm", "chief_years": "năm", "rigs": "máy"}
    personal, computed = frozenset({"chief_name"}), LICENCE_COMPUTED
    layers = (Layer(DRILLS, by="state", looks=looks_by_state(DRILLS), label="number", label_smallest=50_000),)
    rules = checks.DRILLING
    statistics = (Statistic(_("Theo quy mô và tình trạng"), by=("scale", "state")),)
    public, open_fields = True, ("number", "issued_on", "expires_on", "scale", "state", "geometry")
