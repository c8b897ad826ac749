"""Records of minerals. Areas in hectares, rock in m³ in place, levels in metres above sea, money in đồng; VN-2000, 107°15' (EPSG:9215)."""

from django.contrib.gis.db.models import MultiPolygonField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sonha.registry.records.models import Record
from sonha.registry.records.versions import kept
from sonha.sectors.licences import Licence


class MineralGroup(models.TextChoices):
    """Groups of the Law on geology and minerals 54/2024/QH15, article 6 - nhóm khoáng sản."""

    I = "I", _("Nhóm I")  # noqa: E741 - the law's own numbers
    II = "II", _("Nhóm II")
    III = "III", _("Nhóm III")
    IV = "IV", _("Nhóm IV")


@kept(search=["code", "name"])
class MineralArea(Record):
    """A delineated area of a mineral - khu vực khoáng sản."""

    class Planning(models.TextChoices):
        EXPLORATION = "exploration", _("Quy hoạch thăm dò")
        EXTRACTION = "extraction", _("Quy hoạch khai thác")
        RESERVE = "reserve", _("Dự trữ khoáng sản")
        SCATTERED = "scattered", _("Khoáng sản phân tán, nhỏ lẻ")

    class Access(models.TextChoices):
        AUCTION = "auction", _("Đấu giá quyền khai thác")
        NO_AUCTION = "no_auction", _("Không đấu giá quyền khai thác")

    code = models.CharField(_("số hiệu khu vực"), max_length=30, unique=True)
    name = models.CharField(_("tên khu vực"), max_length=200)
    mineral = models.CharField(_("khoáng sản"), max_length=40)
    group = models.CharField(_("nhóm khoáng sản"), max_length=3, choices=MineralGroup, blank=True)
    planning = models.CharField(_("loại quy hoạch"), max_length=12, choices=Planning)
    access = models.CharField(_("hình thức lựa chọn"), max_length=10, choices=Access, blank=True)
    decision = models.CharField(_("văn bản khoanh định, quy hoạch"), max_length=200)
    area_ha = models.DecimalField(_("diện tích"), max_digits=10, decimal_places=2)
    resource_m3 = models.DecimalField(_("tài nguyên dự báo"), max_digits=16, decimal_places=0, null=True, blank=True)
    corners = models.JSONField(_("toạ độ các điểm khép góc"), default=list, blank=True)  # [{"name": "1", "x": north, "y": east}, …]
    geometry = MultiPolygonField(_("ranh giới"), srid=9215)

    class Meta:
        db_table = "mineral_area"

    def __str__(self) -> str:
        return self.name


@kept(search=["number", "holder_name", "works_name"])
class ExplorationLicence(Licence):
    """A licence to explore - giấy phép thăm dò khoáng sản."""

    works_name = models.CharField(_("tên khu vực thăm dò"), max_length=200)
    area = models.ForeignKey(
        MineralArea, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("khu vực khoáng sản")
    )
    mineral = models.CharField(_("khoáng sản"), max_length=40)
    group = models.CharField(_("nhóm khoáng sản"), max_length=3, choices=MineralGroup, blank=True)
    area_ha = models.DecimalField(_("diện tích thăm dò"), max_digits=10, decimal_places=2)
    depth = models.DecimalField(_("chiều sâu thăm dò"), max_digits=6, decimal_places=1, null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("thời hạn thăm dò"), null=True, blank=True)
    project = models.CharField(_("đề án thăm dò"), max_length=300, blank=True)
    contractor = models.CharField(_("đơn vị thi công"), max_length=300, blank=True)
    corners = models.JSONField(_("toạ độ các điểm khép góc"), default=list, blank=True)
    geometry = MultiPolygonField(_("ranh giới"), srid=9215)

    class Meta:
        db_table = "mineral_explore"


@kept(search=["number", "holder_name", "works_name"])
class ExtractionLicence(Licence):
    """A licence to extract - giấy phép khai thác khoáng sản."""

    class Method(models.TextChoices):
        OPEN = "open", _("Lộ thiên")
        UNDERGROUND = "underground", _("Hầm lò")
        RIVER = "river", _("Hút, nạo vét lòng sông, suối")

    works_name = models.CharField(_("tên mỏ"), max_length=200)
    area = models.ForeignKey(
        MineralArea, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("khu vực khoáng sản")
    )
    mineral = models.CharField(_("khoáng sản"), max_length=40)
    group = models.CharField(_("nhóm khoáng sản"), max_length=3, choices=MineralGroup, blank=True)
    area_ha = models.DecimalField(_("diện tích khai thác"), max_digits=10, decimal_places=2)
    level_from = models.DecimalField(_("khai thác từ cốt"), max_digits=6, decimal_places=1, null=True, blank=True)
    level_to = models.DecimalField(_("đến cốt"), max_digits=6, decimal_places=1, null=True, blank=True)
    reserve_decision = models.CharField(_("quyết định phê duyệt trữ lượng"), max_length=150, blank=True)
    reserve_m3 = models.DecimalField(_("trữ lượng địa chất"), max_digits=16, decimal_places=0, null=True, blank=True)
    extractable_m3 = models.DecimalField(_("trữ lượng được phép khai thác"), max_digits=16, decimal_places=0, null=True, blank=True)
    capacity = models.DecimalField(_("công suất khai thác"), max_digits=14, decimal_places=0)
    years = models.PositiveSmallIntegerField(_("thời hạn khai thác"), null=True, blank=True)
    method = models.CharField(_("phương pháp khai thác"), max_length=12, choices=Method, blank=True)
    director = models.CharField(_("giám đốc điều hành mỏ"), max_length=150, blank=True)
    deposit = models.DecimalField(_("ký quỹ cải tạo, phục hồi môi trường"), max_digits=16, decimal_places=0, null=True, blank=True)
    corners = models.JSONField(_("toạ độ các điểm khép góc"), default=list, blank=True)
    geometry = MultiPolygonField(_("ranh giới"), srid=9215)

    class Meta:
        db_table = "mineral_extraction"


@kept(search=["decision", "works_name"])
class Reserve(Record):
    """An approved reserve by class, and what is left of it - trữ lượng khoáng sản."""

    class Class(models.TextChoices):
        R111 = "111", _("111 - chắc chắn, có hiệu quả kinh tế")
        R121 = "121", _("121 - chắc chắn, theo nghiên cứu tiền khả thi")
        R122 = "122", _("122 - tin cậy, theo nghiên cứu tiền khả thi")
        R211 = "211", _("211 - tài nguyên chắc chắn, nghiên cứu khả thi")
        R221 = "221", _("221 - tài nguyên chắc chắn, nghiên cứu tiền khả thi")
        R222 = "222", _("222 - tài nguyên tin cậy, nghiên cứu tiền khả thi")
        R331 = "331", _("331 - tài nguyên chắc chắn, nghiên cứu khái quát")
        R332 = "332", _("332 - tài nguyên tin cậy, nghiên cứu khái quát")
        R333 = "333", _("333 - tài nguyên dự tính")
        R334A = "334a", _("334a - tài nguyên suy đoán")
        R334B = "334b", _("334b - tài nguyên phỏng đoán")

    code = models.CharField(_("số hiệu khối trữ lượng"), max_length=40, unique=True)
    works_name = models.CharField(_("tên mỏ, khu vực"), max_length=200)
    licence = models.ForeignKey(
        ExtractionLicence, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("giấy phép khai thác")
    )
    mineral = models.CharField(_("khoáng sản"), max_length=40)
    reserve_class = models.CharField(_("cấp trữ lượng, tài nguyên"), max_length=4, choices=Class)
    decision = models.CharField(_("quyết định phê duyệt trữ lượng"), max_length=150)
    approved_on = models.DateField(_("ngày phê duyệt"))
    approved_m3 = models.DecimalField(_("trữ lượng phê duyệt"), max_digits=16, decimal_places=0)
    mined_m3 = models.DecimalField(_("đã khai thác"), max_digits=16, decimal_places=0, default=0)
    lost_m3 = models.DecimalField(_("tổn thất"), max_digits=16, decimal_places=0, default=0)
    remaining_m3 = models.DecimalField(_("còn lại"), max_digits=16, decimal_places=0)

    class Meta:
        db_table = "mineral_reserve"


@kept(search=["decision"])
class RightFee(Record):
    """The fee for the right to extract, with what it was computed from - tiền cấp quyền khai thác khoáng sản."""

    decision = models.CharField(_("quyết định phê duyệt"), max_length=120)
    decided_on = models.DateField(_("ngày phê duyệt"))
    licence = models.ForeignKey(ExtractionLicence, on_delete=models.PROTECT, related_name="+", verbose_name=_("giấy phép khai thác"))
    reserve_m3 = models.DecimalField(_("Q - trữ lượng tính tiền"), max_digits=16, decimal_places=0)
    price = models.DecimalField(_("G - giá tính tiền"), max_digits=14, decimal_places=0)
    k1 = models.DecimalField(_("K1 - hệ số theo phương pháp khai thác"), max_digits=4, decimal_places=2)
    k2 = models.DecimalField(_("K2 - hệ số theo điều kiện kinh tế - xã hội"), max_digits=4, decimal_places=2)
    rate = models.DecimalField(_("R - mức thu"), max_digits=5, decimal_places=2)
    amount = models.DecimalField(_("T - tiền cấp quyền"), max_digits=16, decimal_places=0)
    instalments = models.PositiveSmallIntegerField(_("số lần nộp"), default=1)
    paid = models.DecimalField(_("đã nộp"), max_digits=16, decimal_places=0, default=0)

    class Meta:
        db_table = "mineral_fee"


@kept(search=["decision", "works_name"])
class MineClosure(Record):
    """A closed mine, or one being closed - đóng cửa mỏ."""

    class State(models.TextChoices):
        APPROVED = "approved", _("Đã phê duyệt đề án")
        UNDER_WAY = "under_way", _("Đang thực hiện")
        CLOSED = "closed", _("Đã đóng cửa mỏ")

    decision = models.CharField(_("quyết định"), max_length=120)
    decided_on = models.DateField(_("ngày quyết định"))
    works_name = models.CharField(_("tên mỏ"), max_length=200)
    licence = models.ForeignKey(
        ExtractionLicence, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("giấy phép khai thác")
    )
    state = models.CharField(_("tình trạng"), max_length=10, choices=State)
    area_ha = models.DecimalField(_("diện tích đóng cửa"), max_digits=10, decimal_places=2)
    restored_ha = models.DecimalField(_("diện tích đã cải tạo, phục hồi"), max_digits=10, decimal_places=2, default=0)
    closed_on = models.DateField(_("ngày đóng cửa mỏ"), null=True, blank=True)
    geometry = MultiPolygonField(_("ranh giới"), srid=9215, null=True, blank=True)

    class Meta:
        db_table = "mineral_closure"


@kept(search=["code", "name", "decision"])
class ForbiddenArea(Record):
    """Where mining is forbidden, or forbidden for a time - khu vực cấm, tạm thời cấm hoạt động khoáng sản."""

    class Kind(models.TextChoices):
        FORBIDDEN = "forbidden", _("Cấm hoạt động khoáng sản")
        TEMPORARY = "temporary", _("Tạm thời cấm hoạt động khoáng sản")

    class Reason(models.TextChoices):
        HERITAGE = "heritage", _("Di tích lịch sử - văn hoá, danh lam thắng cảnh")
        FOREST = "forest", _("Rừng đặc dụng, rừng phòng hộ, khu bảo tồn địa chất")
        DEFENCE = "defence", _("Quốc phòng, an ninh")
        RELIGION = "religion", _("Đất của cơ sở tôn giáo")
        CORRIDOR = "corridor", _("Hành lang an toàn giao thông, thuỷ lợi, đê điều, điện, xăng dầu, thông tin")
        WATER = "water", _("Nguồn nước và hành lang bảo vệ nguồn nước")
        DISASTER = "disaster", _("Phòng, tránh thiên tai")

    code = models.CharField(_("số hiệu"), max_length=30, unique=True)
    name = models.CharField(_("tên khu vực"), max_length=250)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    reason = models.CharField(_("lý do"), max_length=10, choices=Reason)
    decision = models.CharField(_("văn bản phê duyệt"), max_length=200)
    until = models.DateField(_("tạm cấm đến hết ngày"), null=True, blank=True)
    area_ha = models.DecimalField(_("diện tích"), max_digits=12, decimal_places=2)
    geometry = MultiPolygonField(_("ranh giới"), srid=9215)

    class Meta:
        db_table = "mineral_forbidden"


@kept()
class ProductionReport(Record):
    """What a mine produced in a year, by its own periodic report - báo cáo kết quả hoạt động khoáng sản."""

    licence = models.ForeignKey(ExtractionLicence, on_delete=models.PROTECT, related_name="+", verbose_name=_("giấy phép khai thác"))
    year = models.PositiveSmallIntegerField(_("năm"))
    mined_m3 = models.DecimalField(_("sản lượng khai thác"), max_digits=14, decimal_places=0)
    lost_m3 = models.DecimalField(_("tổn thất"), max_digits=14, decimal_places=0, default=0)
    sold_m3 = models.DecimalField(_("sản lượng tiêu thụ"), max_digits=14, decimal_places=0, default=0)
    revenue = models.DecimalField(_("doanh thu"), max_digits=16, decimal_places=0, null=True, blank=True)
    resource_tax = models.DecimalField(_("thuế tài nguyên đã nộp"), max_digits=16, decimal_places=0, null=True, blank=True)
    workers = models.PositiveIntegerField(_("số lao động"), null=True, blank=True)
    reported_on = models.DateField(_("ngày nộp báo cáo"))

    class Meta:
        db_table = "mineral_production"
