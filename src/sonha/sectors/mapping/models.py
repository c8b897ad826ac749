"""Records of surveying activity. Heights in metres in the national height system; VN-2000, 107°15' (EPSG:9215)."""

from django.contrib.gis.db.models import MultiPolygonField, PointField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sonha.registry.records.models import Record
from sonha.registry.records.versions import kept
from sonha.sectors.licences import Licence


@kept(search=["code", "name"])
class SurveyingOrganisation(Record):
    """An organisation that surveys - tổ chức hoạt động đo đạc và bản đồ."""

    class Form(models.TextChoices):
        ENTERPRISE = "enterprise", _("Doanh nghiệp")
        PUBLIC_UNIT = "public_unit", _("Đơn vị sự nghiệp công lập")
        OTHER = "other", _("Tổ chức khác")

    code = models.CharField(_("mã số thuế hoặc mã đơn vị"), max_length=30, unique=True)
    name = models.CharField(_("tên tổ chức"), max_length=250)
    form = models.CharField(_("loại hình"), max_length=12, choices=Form)
    party = models.ForeignKey(
        "identity.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("chủ thể")
    )
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    chief_name = models.CharField(_("người phụ trách kỹ thuật"), max_length=150, blank=True)
    staff = models.PositiveSmallIntegerField(_("số nhân lực đo đạc và bản đồ"), null=True, blank=True)
    equipment = models.TextField(_("thiết bị, công nghệ"), blank=True)
    geometry = PointField(_("trụ sở"), srid=9215, null=True, blank=True)

    class Meta:
        db_table = "survey_org"

    def __str__(self) -> str:
        return self.name


@kept(search=["number", "holder_name"])
class SurveyingLicence(Licence):
    """A licence for surveying activity - giấy phép hoạt động đo đạc và bản đồ."""

    organisation = models.ForeignKey(
        SurveyingOrganisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("tổ chức")
    )
    activities = models.TextField(_("danh mục hoạt động được cấp phép"))

    class Meta:
        db_table = "survey_licence"


@kept(search=["number", "person_name"])
class PracticeCertificate(Record):
    """A certificate to practise surveying - chứng chỉ hành nghề đo đạc và bản đồ."""

    class Class(models.TextChoices):
        I = "I", _("Hạng I")  # noqa: E741 - the law's own numbers
        II = "II", _("Hạng II")

    class State(models.TextChoices):
        IN_FORCE = "in_force", _("Còn hiệu lực")
        EXPIRED = "expired", _("Hết hạn")
        REVOKED = "revoked", _("Bị thu hồi")

    number = models.CharField(_("số chứng chỉ"), max_length=40, unique=True)
    person = models.ForeignKey(
        "identity.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("người được cấp")
    )
    person_name = models.CharField(_("họ và tên"), max_length=150)
    certificate_class = models.CharField(_("hạng"), max_length=2, choices=Class)
    content = models.CharField(_("nội dung hành nghề"), max_length=300)
    issued_on = models.DateField(_("ngày cấp"))
    expires_on = models.DateField(_("có giá trị đến hết ngày"))
    state = models.CharField(_("tình trạng"), max_length=8, choices=State, default=State.IN_FORCE)
    organisation = models.ForeignKey(
        SurveyingOrganisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("nơi làm việc")
    )

    class Meta:
        db_table = "survey_certificate"


@kept(search=["number", "name"])
class SurveyMark(Record):
    """A survey mark - mốc đo đạc. Rows of the national networks with their coordinates are secret; the province's own are not."""

    class Kind(models.TextChoices):
        COORDINATE = "coordinate", _("Mốc toạ độ")
        HEIGHT = "height", _("Mốc độ cao")
        GRAVITY = "gravity", _("Mốc trọng lực")
        GNSS = "gnss", _("Trạm định vị vệ tinh")
        CADASTRAL = "cadastral", _("Điểm địa chính")

    class Order(models.TextChoices):
        NATIONAL_0 = "0", _("Cấp 0")
        NATIONAL_I = "I", _("Hạng I")
        NATIONAL_II = "II", _("Hạng II")
        NATIONAL_III = "III", _("Hạng III")
        NATIONAL_IV = "IV", _("Hạng IV")
        BASE = "base", _("Địa chính cơ sở")
        LOCAL = "local", _("Cơ sở chuyên ngành của tỉnh")

    class State(models.TextChoices):
        GOOD = "good", _("Còn tốt")
        DAMAGED = "damaged", _("Hư hỏng")
        LOST = "lost", _("Đã mất")
        MOVED = "moved", _("Đã di dời")

    number = models.CharField(_("số hiệu mốc"), max_length=30, unique=True)
    name = models.CharField(_("tên, địa điểm"), max_length=200, blank=True)
    kind = models.CharField(_("loại mốc"), max_length=10, choices=Kind)
    grade = models.CharField(_("cấp, hạng"), max_length=5, choices=Order)
    sheet = models.CharField(_("mảnh bản đồ 1:50.000"), max_length=30, blank=True)
    state = models.CharField(_("tình trạng"), max_length=8, choices=State)
    height = models.DecimalField(_("độ cao"), max_digits=8, decimal_places=3, null=True, blank=True)
    built_on = models.DateField(_("ngày chôn mốc"), null=True, blank=True)
    checked_on = models.DateField(_("ngày kiểm tra gần nhất"), null=True, blank=True)
    keeper = models.CharField(_("đơn vị bảo vệ mốc"), max_length=200, blank=True)
    geometry = PointField(_("vị trí"), srid=9215)

    class Meta:
        db_table = "survey_mark"


@kept(search=["code", "requester_name"])
class DataRequest(Record):
    """Data that was supplied, to whom and what for - cung cấp thông tin, dữ liệu đo đạc và bản đồ."""

    class Purpose(models.TextChoices):
        PLANNING = "planning", _("Quy hoạch")
        CONSTRUCTION = "construction", _("Xây dựng công trình")
        CADASTRE = "cadastre", _("Đo đạc địa chính")
        RESEARCH = "research", _("Nghiên cứu, đào tạo")
        DEFENCE = "defence", _("Quốc phòng, an ninh")
        DISASTER = "disaster", _("Phòng, chống thiên tai")

    code = models.CharField(_("mã hồ sơ"), max_length=50, unique=True)
    supplied_on = models.DateField(_("ngày cung cấp"))
    requester = models.ForeignKey(
        "identity.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("bên nhận")
    )
    requester_name = models.CharField(_("tên bên nhận"), max_length=300)
    purpose = models.CharField(_("mục đích"), max_length=12, choices=Purpose)
    purpose_note = models.TextField(_("mục đích cụ thể"), blank=True)
    kinds = models.CharField(_("loại dữ liệu"), max_length=200)
    inventory = models.TextField(_("danh mục dữ liệu đã giao"), blank=True)
    points = models.PositiveIntegerField(_("số điểm"), default=0)
    sheets = models.PositiveIntegerField(_("số mảnh, tờ"), default=0)
    secrecy = models.CharField(_("độ mật"), max_length=12, blank=True)
    area = MultiPolygonField(_("khu vực yêu cầu"), srid=9215, null=True, blank=True)

    class Meta:
        db_table = "survey_request"
