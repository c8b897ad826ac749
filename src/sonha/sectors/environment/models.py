"""Records of pollution sources. Waste in kg a year, water in m³ a day, air in Nm³ an hour; VN-2000, 107°15' (EPSG:9215)."""

from django.contrib.gis.db.models import MultiPolygonField, PointField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sonha.registry.records.models import Record
from sonha.registry.records.versions import kept
from sonha.sectors.licences import Licence


class ProjectGroup(models.TextChoices):
    """Groups of projects by their risk to the environment: Law 72/2020/QH14, article 28 - nhóm dự án."""

    I = "I", _("Nhóm I - nguy cơ tác động xấu mức độ cao")  # noqa: E741 - the law's own numbers
    II = "II", _("Nhóm II - có nguy cơ tác động xấu")
    III = "III", _("Nhóm III - ít có nguy cơ tác động xấu")
    IV = "IV", _("Nhóm IV - không có nguy cơ tác động xấu")


@kept(search=["code", "name", "owner_name"])
class Facility(Record):
    """A facility that produces waste - cơ sở sản xuất, kinh doanh, dịch vụ."""

    class Sector(models.TextChoices):
        MINING = "mining", _("Khai thác, chế biến khoáng sản")
        INDUSTRY = "industry", _("Công nghiệp, chế biến")
        CONSTRUCTION = "construction", _("Xây dựng, vật liệu xây dựng")
        AGRICULTURE = "agriculture", _("Nông nghiệp, chăn nuôi")
        MEDICAL = "medical", _("Y tế")
        SERVICE = "service", _("Thương mại, dịch vụ")
        ZONE = "zone", _("Khu, cụm công nghiệp, làng nghề")
        WASTE = "waste", _("Thu gom, xử lý chất thải")
        OTHER = "other", _("Ngành khác")

    class State(models.TextChoices):
        PLANNED = "planned", _("Dự án, chưa vận hành")
        OPERATING = "operating", _("Đang hoạt động")
        STOPPED = "stopped", _("Tạm ngừng")
        CLOSED = "closed", _("Đã đóng cửa")

    code = models.CharField(_("mã cơ sở"), max_length=40, unique=True)
    name = models.CharField(_("tên cơ sở"), max_length=200)
    owner = models.ForeignKey(
        "identity.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("chủ cơ sở")
    )
    owner_name = models.CharField(_("tên chủ cơ sở"), max_length=300)
    sector = models.CharField(_("ngành"), max_length=12, choices=Sector)
    activity = models.CharField(_("hoạt động, sản phẩm chính"), max_length=300, blank=True)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.OPERATING)
    group = models.CharField(_("nhóm dự án"), max_length=3, choices=ProjectGroup, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    since = models.DateField(_("hoạt động từ ngày"), null=True, blank=True)
    land_area = models.DecimalField(_("diện tích đất"), max_digits=10, decimal_places=2, null=True, blank=True)
    is_serious = models.BooleanField(_("gây ô nhiễm nghiêm trọng, phải xử lý"), default=False)
    geometry = PointField(_("vị trí"), srid=9215)

    class Meta:
        db_table = "env_facility"

    def __str__(self) -> str:
        return self.name


@kept(search=["code", "name"])
class WasteStream(Record):
    """A kind of waste that a facility produces - dòng chất thải."""

    class Kind(models.TextChoices):
        WASTEWATER = "wastewater", _("Nước thải")
        SOLID = "solid", _("Chất thải rắn công nghiệp thông thường")
        DOMESTIC = "domestic", _("Chất thải rắn sinh hoạt")
        HAZARDOUS = "hazardous", _("Chất thải nguy hại")
        AIR = "air", _("Bụi, khí thải")
        NOISE = "noise", _("Tiếng ồn, độ rung")

    code = models.CharField(_("mã dòng thải"), max_length=60, unique=True)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", verbose_name=_("cơ sở"))
    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    name = models.CharField(_("tên"), max_length=200)
    amount = models.DecimalField(_("lượng phát sinh"), max_digits=14, decimal_places=2)
    unit = models.CharField(_("đơn vị"), max_length=20)
    treatment = models.CharField(_("công trình, cách xử lý"), max_length=300, blank=True)
    standard = models.CharField(_("quy chuẩn áp dụng"), max_length=200, blank=True)

    class Meta:
        db_table = "env_stream"


@kept(search=["number", "holder_name", "works_name"])
class EnvironmentalPermit(Licence):
    """An environmental permit - giấy phép môi trường."""

    works_name = models.CharField(_("tên dự án, cơ sở"), max_length=200)
    facility = models.ForeignKey(Facility, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("cơ sở"))
    group = models.CharField(_("nhóm dự án"), max_length=3, choices=ProjectGroup, blank=True)
    flow = models.DecimalField(_("lưu lượng xả nước thải"), max_digits=10, decimal_places=2, null=True, blank=True)
    receiving_water = models.CharField(_("nguồn tiếp nhận nước thải"), max_length=200, blank=True)
    standard = models.CharField(_("quy chuẩn nước thải"), max_length=200, blank=True)
    has_emission = models.BooleanField(_("có khí thải phải cấp phép"), default=False)
    hazardous_kg = models.DecimalField(_("chất thải nguy hại"), max_digits=14, decimal_places=2, null=True, blank=True)
    solid_kg = models.DecimalField(_("chất thải rắn thông thường"), max_digits=16, decimal_places=2, null=True, blank=True)
    eia_number = models.CharField(_("quyết định phê duyệt đánh giá tác động môi trường"), max_length=200, blank=True)
    geometry = PointField(_("vị trí"), srid=9215)

    class Meta:
        db_table = "env_permit"


@kept(search=["number", "holder_name", "works_name"])
class HazardousWasteGenerator(Licence):
    """A generator of hazardous waste and its registration book - chủ nguồn thải, Sổ đăng ký chủ nguồn thải chất thải nguy hại."""

    works_name = models.CharField(_("tên cơ sở"), max_length=200)
    facility = models.ForeignKey(Facility, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("cơ sở"))
    activity = models.CharField(_("ngành nghề, sản phẩm chính"), max_length=200, blank=True)
    total_kg = models.DecimalField(_("tổng khối lượng"), max_digits=14, decimal_places=2)
    storage_m2 = models.DecimalField(_("diện tích khu lưu giữ"), max_digits=10, decimal_places=1, null=True, blank=True)
    self_treatment = models.BooleanField(_("tự xử lý tại cơ sở"), default=False)
    transporter = models.CharField(_("đơn vị thu gom, vận chuyển, xử lý"), max_length=250, blank=True)
    geometry = PointField(_("vị trí"), srid=9215)

    class Meta:
        db_table = "env_generator"


@kept(search=["code", "name"])
class HazardousWaste(Record):
    """One line of a registration book - chất thải nguy hại đã đăng ký."""

    class State(models.TextChoices):
        SOLID = "solid", _("Rắn")
        LIQUID = "liquid", _("Lỏng")
        SLUDGE = "sludge", _("Bùn")

    class Treatment(models.TextChoices):
        TRANSFER = "transfer", _("Chuyển giao cho đơn vị có giấy phép")
        SELF = "self", _("Tự tái sử dụng, xử lý tại cơ sở")
        STORE = "store", _("Lưu giữ chờ chuyển giao")

    book = models.ForeignKey(HazardousWasteGenerator, on_delete=models.PROTECT, related_name="+", verbose_name=_("sổ đăng ký"))
    code = models.CharField(_("mã chất thải nguy hại"), max_length=8)
    group = models.CharField(_("nhóm nguồn thải"), max_length=2)
    name = models.CharField(_("tên chất thải"), max_length=200)
    state = models.CharField(_("trạng thái"), max_length=6, choices=State, blank=True)
    quantity = models.DecimalField(_("khối lượng"), max_digits=14, decimal_places=2)
    treatment = models.CharField(_("cách quản lý"), max_length=8, choices=Treatment, blank=True)

    class Meta:
        db_table = "env_waste"


@kept(search=["number", "holder_name", "works_name"])
class EiaDecision(Licence):
    """A decision that approves an environmental impact assessment - quyết định phê duyệt kết quả thẩm định báo cáo ĐTM."""

    works_name = models.CharField(_("tên dự án"), max_length=200)
    sector = models.CharField(_("lĩnh vực"), max_length=12, choices=Facility.Sector)
    group = models.CharField(_("nhóm dự án"), max_length=3, choices=ProjectGroup, blank=True)
    capacity = models.CharField(_("quy mô, công suất"), max_length=300, blank=True)
    land_ha = models.DecimalField(_("diện tích sử dụng đất"), max_digits=10, decimal_places=2, null=True, blank=True)
    forest_ha = models.DecimalField(_("trong đó đất rừng"), max_digits=10, decimal_places=2, null=True, blank=True)
    rice_ha = models.DecimalField(_("trong đó đất trồng lúa"), max_digits=10, decimal_places=2, null=True, blank=True)
    wastewater = models.DecimalField(_("nước thải"), max_digits=10, decimal_places=2, null=True, blank=True)
    hazardous_kg = models.DecimalField(_("chất thải nguy hại"), max_digits=14, decimal_places=2, null=True, blank=True)
    consultant = models.CharField(_("đơn vị tư vấn"), max_length=300, blank=True)
    measures = models.JSONField(_("công trình bảo vệ môi trường"), default=list, blank=True)
    geometry = PointField(_("vị trí"), srid=9215)
    area = MultiPolygonField(_("ranh giới dự án"), srid=9215, null=True, blank=True)

    class Meta:
        db_table = "env_eia"


@kept(search=["code", "name"])
class EmissionStack(Record):
    """A stack - nguồn khí thải, ống khói."""

    code = models.CharField(_("số hiệu ống khói"), max_length=40, unique=True)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", verbose_name=_("cơ sở"))
    name = models.CharField(_("nguồn phát sinh"), max_length=200)
    height_m = models.DecimalField(_("chiều cao"), max_digits=6, decimal_places=1)
    diameter_m = models.DecimalField(_("đường kính"), max_digits=5, decimal_places=2)
    flow = models.DecimalField(_("lưu lượng khí thải lớn nhất"), max_digits=12, decimal_places=0)
    standard = models.CharField(_("quy chuẩn áp dụng"), max_length=200)
    kp = models.DecimalField(_("hệ số lưu lượng Kp"), max_digits=3, decimal_places=2, null=True, blank=True)
    kv = models.DecimalField(_("hệ số vùng Kv"), max_digits=3, decimal_places=2, null=True, blank=True)
    automatic = models.BooleanField(_("có quan trắc tự động"), default=False)
    geometry = PointField(_("vị trí"), srid=9215)

    class Meta:
        db_table = "env_stack"
