"""Records of water. Flows in m³ a day, depths and widths in metres, lengths in km along the river; VN-2000, 107°15' (EPSG:9215)."""

from django.contrib.gis.db.models import LineStringField, MultiPolygonField, PointField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sonha.registry.records.models import Record
from sonha.registry.records.versions import kept
from sonha.sectors.licences import Licence


@kept(search=["code", "name"])
class RiverBasin(Record):
    """A river basin - lưu vực sông."""

    class Level(models.TextChoices):
        INTERPROVINCIAL = "interprovincial", _("Liên tỉnh")
        PROVINCIAL = "provincial", _("Nội tỉnh")
        INTERNATIONAL = "international", _("Liên quốc gia")

    code = models.CharField(_("mã lưu vực"), max_length=30, unique=True)
    name = models.CharField(_("tên lưu vực"), max_length=150)
    level = models.CharField(_("phạm vi"), max_length=15, choices=Level)
    parent_name = models.CharField(_("thuộc lưu vực lớn"), max_length=150, blank=True)
    area_km2 = models.DecimalField(_("diện tích lưu vực"), max_digits=10, decimal_places=1)
    geometry = MultiPolygonField(_("ranh giới"), srid=9215)

    class Meta:
        db_table = "water_basin"

    def __str__(self) -> str:
        return self.name


@kept(search=["code", "river", "name"])
class RiverReach(Record):
    """A reach of a river, drawn downstream: it runs from `from_node` to `to_node` - đoạn sông."""

    class Purpose(models.TextChoices):
        A = "A", _("Mức A - cấp nước sinh hoạt sau xử lý thông thường")
        B = "B", _("Mức B - cần biện pháp xử lý phù hợp")
        C = "C", _("Mức C - không gây mùi khó chịu")
        D = "D", _("Mức D - ô nhiễm nặng")

    code = models.CharField(_("mã đoạn sông"), max_length=30, unique=True)
    river = models.CharField(_("sông, suối"), max_length=120)
    name = models.CharField(_("đoạn"), max_length=200)
    basin = models.ForeignKey(RiverBasin, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("lưu vực"))
    from_node = models.CharField(_("nút đầu (thượng lưu)"), max_length=30)
    to_node = models.CharField(_("nút cuối (hạ lưu)"), max_length=30)
    stream_order = models.PositiveSmallIntegerField(_("cấp sông"))
    length_km = models.DecimalField(_("chiều dài"), max_digits=7, decimal_places=2)
    minimum_flow = models.DecimalField(_("dòng chảy tối thiểu"), max_digits=9, decimal_places=3, null=True, blank=True)
    quality_target = models.CharField(_("mục tiêu chất lượng nước"), max_length=1, choices=Purpose, blank=True)
    geometry = LineStringField(_("tim đoạn sông, vẽ xuôi dòng"), srid=9215)

    class Meta:
        db_table = "water_reach"

    def __str__(self) -> str:
        return f"{self.river}: {self.name}"


@kept(search=["number", "holder_name", "works_name"])
class WaterLicence(Licence):
    """A licence of water resources - giấy phép tài nguyên nước."""

    class Kind(models.TextChoices):
        GROUNDWATER_EXPLORATION = "gw_exploration", _("Thăm dò nước dưới đất")
        GROUNDWATER = "groundwater", _("Khai thác nước dưới đất")
        SURFACE = "surface", _("Khai thác nước mặt")
        DISCHARGE = "discharge", _("Xả nước thải vào nguồn nước")

    kind = models.CharField(_("loại giấy phép"), max_length=15, choices=Kind)
    works_name = models.CharField(_("tên công trình"), max_length=200)
    source_name = models.CharField(_("nguồn nước, tầng chứa nước"), max_length=200, blank=True)
    flow = models.DecimalField(_("lưu lượng cho phép"), max_digits=12, decimal_places=2)
    purposes = models.CharField(_("mục đích sử dụng"), max_length=200, blank=True)
    years = models.PositiveSmallIntegerField(_("thời hạn"), null=True, blank=True)
    geometry = PointField(_("vị trí"), srid=9215)

    class Meta:
        db_table = "water_licence"


@kept(search=["code", "name", "owner_name"])
class AbstractionWorks(Record):
    """Works that take water - công trình khai thác, sử dụng nước."""

    class Kind(models.TextChoices):
        RESERVOIR = "reservoir", _("Hồ chứa")
        PUMPING = "pumping", _("Trạm bơm")
        SLUICE = "sluice", _("Cống, đập dâng")
        SPRING = "spring", _("Mạch lộ, hang động")
        WELL_FIELD = "well_field", _("Giếng, bãi giếng")

    class Use(models.TextChoices):
        DOMESTIC = "domestic", _("Cấp nước sinh hoạt")
        IRRIGATION = "irrigation", _("Tưới, nuôi trồng thuỷ sản")
        INDUSTRY = "industry", _("Sản xuất, kinh doanh, dịch vụ")
        POWER = "power", _("Thuỷ điện")
        OTHER = "other", _("Mục đích khác")

    code = models.CharField(_("số hiệu"), max_length=40, unique=True)
    name = models.CharField(_("tên công trình"), max_length=200)
    kind = models.CharField(_("loại công trình"), max_length=12, choices=Kind)
    use = models.CharField(_("mục đích chính"), max_length=12, choices=Use)
    reach = models.ForeignKey(RiverReach, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("đoạn sông"))
    licence = models.ForeignKey(
        WaterLicence, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("giấy phép")
    )
    owner = models.ForeignKey(
        "identity.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("chủ công trình")
    )
    owner_name = models.CharField(_("tên chủ công trình"), max_length=300)
    capacity = models.DecimalField(_("lưu lượng khai thác lớn nhất"), max_digits=12, decimal_places=2)
    households = models.PositiveIntegerField(_("số hộ được cấp nước"), null=True, blank=True)
    protected_m = models.PositiveIntegerField(_("bán kính vùng bảo hộ vệ sinh"), null=True, blank=True)
    since = models.DateField(_("khai thác từ ngày"), null=True, blank=True)
    geometry = PointField(_("vị trí"), srid=9215)

    class Meta:
        db_table = "water_works"

    def __str__(self) -> str:
        return self.name


@kept(search=["code", "owner_name"])
class Well(Record):
    """A well - giếng khoan, giếng đào."""

    class Kind(models.TextChoices):
        DRILLED = "drilled_well", _("Giếng khoan")
        DUG = "dug_well", _("Giếng đào")
        GALLERY = "gallery", _("Hành lang thu nước")
        SPRING = "spring", _("Mạch lộ")
        CAVE = "cave", _("Hang động khai thác nước")
        EXPLORATION = "exploration", _("Giếng thăm dò")

    class State(models.TextChoices):
        PLANNED = "planned", _("Dự kiến")
        IN_USE = "in_use", _("Đang khai thác")
        UNUSED = "unused", _("Không sử dụng, chưa trám lấp")
        SEALED = "sealed", _("Đã trám lấp")

    code = models.CharField(_("số hiệu giếng"), max_length=40, unique=True)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    state = models.CharField(_("tình trạng"), max_length=8, choices=State)
    licence = models.ForeignKey(
        WaterLicence, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("giấy phép")
    )
    owner = models.ForeignKey(
        "identity.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("chủ giếng")
    )
    owner_name = models.CharField(_("tên chủ giếng"), max_length=300)
    aquifer = models.CharField(_("tầng chứa nước"), max_length=120, blank=True)
    depth = models.DecimalField(_("chiều sâu"), max_digits=6, decimal_places=1)
    diameter = models.PositiveIntegerField(_("đường kính"), null=True, blank=True)
    flow = models.DecimalField(_("lưu lượng khai thác"), max_digits=10, decimal_places=2)
    static_level = models.DecimalField(_("chiều sâu mực nước tĩnh"), max_digits=6, decimal_places=2, null=True, blank=True)
    dynamic_level = models.DecimalField(_("chiều sâu mực nước động lớn nhất"), max_digits=6, decimal_places=2, null=True, blank=True)
    sealed_on = models.DateField(_("ngày trám lấp"), null=True, blank=True)
    geometry = PointField(_("vị trí"), srid=9215)

    class Meta:
        db_table = "water_well"


@kept(search=["code", "name", "owner_name"])
class WastewaterDischarge(Record):
    """An outlet of wastewater into a river - điểm xả nước thải."""

    class Kind(models.TextChoices):
        PRODUCTION = "production", _("Sản xuất công nghiệp")
        SERVICE = "service", _("Kinh doanh, dịch vụ")
        DOMESTIC = "domestic", _("Sinh hoạt, khu đô thị")
        MINING = "mining", _("Khai thác, chế biến khoáng sản")
        LIVESTOCK = "livestock", _("Chăn nuôi")
        AQUACULTURE = "aquaculture", _("Nuôi trồng thuỷ sản")
        MEDICAL = "medical", _("Y tế")

    class Column(models.TextChoices):
        A = "A", _("Cột A")
        B = "B", _("Cột B")
        C = "C", _("Cột C")

    class Regime(models.TextChoices):
        CONTINUOUS = "continuous", _("Liên tục")
        INTERMITTENT = "intermittent", _("Gián đoạn")

    code = models.CharField(_("số hiệu điểm xả"), max_length=40, unique=True)
    name = models.CharField(_("cơ sở xả nước thải"), max_length=200)
    facility_code = models.CharField(_("mã cơ sở"), max_length=40, blank=True)
    kind = models.CharField(_("loại nước thải"), max_length=12, choices=Kind)
    reach = models.ForeignKey(
        RiverReach, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("đoạn sông tiếp nhận")
    )
    receiving_water = models.CharField(_("nguồn tiếp nhận"), max_length=200, blank=True)
    licence_number = models.CharField(_("giấy phép"), max_length=80, blank=True)
    licence_until = models.DateField(_("giấy phép đến hết ngày"), null=True, blank=True)
    owner = models.ForeignKey(
        "identity.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("chủ cơ sở")
    )
    owner_name = models.CharField(_("tên chủ cơ sở"), max_length=300)
    flow = models.DecimalField(_("lưu lượng xả lớn nhất"), max_digits=10, decimal_places=2)
    standard = models.CharField(_("quy chuẩn áp dụng"), max_length=200)
    column = models.CharField(_("cột"), max_length=1, choices=Column, blank=True)
    regime = models.CharField(_("chế độ xả"), max_length=12, choices=Regime, default=Regime.CONTINUOUS)
    automatic = models.BooleanField(_("có quan trắc tự động"), default=False)
    geometry = PointField(_("vị trí cửa xả"), srid=9215)

    class Meta:
        db_table = "water_discharge"


@kept(search=["code", "name"])
class ProtectionCorridor(Record):
    """A protection corridor of a water source - hành lang bảo vệ nguồn nước."""

    class Function(models.TextChoices):
        BANK = "bank", _("Bảo vệ sự ổn định của bờ và phòng, chống lấn chiếm")
        POLLUTION = "pollution", _("Phòng, chống hoạt động gây ô nhiễm, suy thoái nguồn nước")
        ECOSYSTEM = "ecosystem", _("Bảo vệ, bảo tồn hệ sinh thái thuỷ sinh")
        CULTURE = "culture", _("Bảo tồn, phát triển văn hoá, lịch sử, du lịch")

    code = models.CharField(_("số hiệu"), max_length=40, unique=True)
    name = models.CharField(_("tên hành lang"), max_length=200)
    reach = models.ForeignKey(RiverReach, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("đoạn sông"))
    function = models.CharField(_("chức năng"), max_length=10, choices=Function)
    width_m = models.PositiveIntegerField(_("chiều rộng từ mép bờ"))
    decision = models.CharField(_("quyết định phê duyệt danh mục"), max_length=200)
    staked = models.BooleanField(_("đã cắm mốc"), default=False)
    geometry = MultiPolygonField(_("phạm vi"), srid=9215)

    class Meta:
        db_table = "water_corridor"


@kept(search=["code", "name", "decision"])
class AbstractionBan(Record):
    """Where taking groundwater is forbidden or restricted - vùng cấm, vùng hạn chế khai thác nước dưới đất."""

    class Kind(models.TextChoices):
        FORBIDDEN = "forbidden", _("Vùng cấm")
        RESTRICTED_1 = "restricted_1", _("Vùng hạn chế 1")
        RESTRICTED_2 = "restricted_2", _("Vùng hạn chế 2")
        RESTRICTED_3 = "restricted_3", _("Vùng hạn chế 3 (trước 01/7/2024)")
        RESTRICTED_4 = "restricted_4", _("Vùng hạn chế 4 (trước 01/7/2024)")
        MIXED = "mixed", _("Vùng hạn chế hỗn hợp")

    code = models.CharField(_("số hiệu"), max_length=40, unique=True)
    name = models.CharField(_("tên vùng"), max_length=200)
    kind = models.CharField(_("loại vùng"), max_length=12, choices=Kind)
    reason = models.CharField(_("lý do khoanh định"), max_length=300)
    aquifer = models.CharField(_("tầng chứa nước, chiều sâu áp dụng"), max_length=200, blank=True)
    measures = models.TextField(_("biện pháp cấm, hạn chế"), blank=True)
    decision = models.CharField(_("quyết định khoanh định"), max_length=200)
    area_km2 = models.DecimalField(_("diện tích"), max_digits=8, decimal_places=2)
    geometry = MultiPolygonField(_("phạm vi"), srid=9215)

    class Meta:
        db_table = "water_ban"


@kept(search=["number", "holder_name"])
class DrillingLicence(Licence):
    """A licence to practise groundwater drilling - giấy phép hành nghề khoan nước dưới đất."""

    class Scale(models.TextChoices):
        SMALL = "small", _("Quy mô nhỏ")
        MEDIUM = "medium", _("Quy mô vừa")
        LARGE = "large", _("Quy mô lớn")

    scale = models.CharField(_("quy mô hành nghề"), max_length=6, choices=Scale)
    chief_name = models.CharField(_("người chịu trách nhiệm kỹ thuật"), max_length=150, blank=True)
    chief_years = models.PositiveSmallIntegerField(_("số năm kinh nghiệm"), null=True, blank=True)
    rigs = models.PositiveSmallIntegerField(_("số máy khoan"), null=True, blank=True)
    workers = models.PositiveSmallIntegerField(_("số công nhân"), null=True, blank=True)
    years = models.PositiveSmallIntegerField(_("thời hạn"), null=True, blank=True)
    geometry = PointField(_("trụ sở, nơi tập kết thiết bị"), srid=9215, null=True, blank=True)

    class Meta:
        db_table = "water_drilling"


@kept(search=["code", "name"])
class MonitoringStation(Record):
    """A station that observes water; what it measures comes with observations - trạm, điểm quan trắc tài nguyên nước."""

    class Kind(models.TextChoices):
        SURFACE = "surface", _("Nước mặt")
        GROUND = "ground", _("Nước dưới đất")
        WASTEWATER = "wastewater", _("Nước thải")
        HYDROLOGY = "hydrology", _("Thuỷ văn")

    code = models.CharField(_("mã trạm"), max_length=40, unique=True)
    name = models.CharField(_("tên trạm"), max_length=200)
    kind = models.CharField(_("loại trạm"), max_length=10, choices=Kind)
    automatic = models.BooleanField(_("tự động, liên tục"), default=False)
    reach = models.ForeignKey(RiverReach, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("đoạn sông"))
    parameters = models.CharField(_("thông số quan trắc"), max_length=300, blank=True)
    frequency = models.CharField(_("tần suất"), max_length=100, blank=True)
    keeper = models.CharField(_("đơn vị vận hành"), max_length=200, blank=True)
    geometry = PointField(_("vị trí"), srid=9215)

    class Meta:
        db_table = "water_station"
