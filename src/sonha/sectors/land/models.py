"""The entities of the cadastral database (Thông tư 75/2015/TT-BTNMT; Thông tư 09/2024/TT-BTNMT), in the shape of ISO 19152 (see ladm.py).

A parcel that is split or merged ends on the day and never comes back: its number is not given again. `ParcelDescent` tells which
parcels came out of which. Rights, uses and assets point to the parcel as it is; when it ends they end with it.
"""

from fractions import Fraction

from django.contrib.gis.db.models import PointField, PolygonField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sonha.foundation.identity.models import Party
from sonha.registry.records.models import Record
from sonha.registry.records.versions import kept
from sonha.sectors.land import codes

VN2000 = 9215


def parcel_code(commune_code: str, sheet: str, number: int | str) -> str:
    """`06112.5.123`: commune, map sheet, parcel - mã thửa đất. Sheet and number without leading zeros."""
    return f"{commune_code}.{sheet.lstrip('0') or '0'}.{number}"


@kept()
class MapSheet(Record):
    """A cadastral map sheet - tờ bản đồ địa chính (Thông tư 26/2024/TT-BTNMT)."""

    number = models.CharField(_("số hiệu tờ"), max_length=10)
    scale = models.PositiveIntegerField(_("tỷ lệ 1:"), default=1000)
    measured_on = models.DateField(_("ngày nghiệm thu đo đạc"), null=True, blank=True)
    measured_by = models.CharField(_("đơn vị đo đạc"), max_length=200, blank=True)
    geometry = PolygonField(_("phạm vi"), srid=VN2000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commune_code", "number"], name="map_sheet_once")]

    def __str__(self) -> str:
        return str(_("Tờ %(number)s") % {"number": self.number})


@kept(search=["name", "spouse_name"])
class LandUser(Record):
    """Whoever uses, manages or owns - người sử dụng đất, người quản lý đất, chủ sở hữu tài sản. Couples and households are one user."""

    kind = models.CharField(_("loại đối tượng"), max_length=12, choices=codes.UserKind)
    name = models.CharField(_("tên"), max_length=250)
    id_number = models.CharField(_("số giấy tờ pháp nhân, nhân thân"), max_length=20, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    sex = models.CharField(_("giới tính"), max_length=6, blank=True, choices=[("male", _("Nam")), ("female", _("Nữ"))])
    spouse_name = models.CharField(_("tên vợ hoặc chồng"), max_length=250, blank=True)
    spouse_id_number = models.CharField(_("số giấy tờ của vợ hoặc chồng"), max_length=20, blank=True)
    representative = models.CharField(_("người đại diện"), max_length=250, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    party = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("tài khoản, chủ hồ sơ")
    )

    class Meta:
        db_table = "land_user"
        indexes = [models.Index(fields=["id_number"], condition=~Q(id_number=""), name="land_user_id_number")]

    def __str__(self) -> str:
        return f"{self.name}, {self.spouse_name}" if self.spouse_name else self.name


@kept()
class Parcel(Record):
    """A parcel - thửa đất. `area` is measured from the boundary, `legal_area` what papers say; both in m²."""

    code = models.CharField(_("mã thửa"), max_length=30, unique=True, blank=True)
    sheet_number = models.CharField(_("tờ bản đồ số"), max_length=10)
    parcel_number = models.PositiveIntegerField(_("thửa đất số"))
    old_sheet_number = models.CharField(_("tờ bản đồ cũ"), max_length=10, blank=True)
    old_parcel_number = models.CharField(_("số thửa cũ"), max_length=20, blank=True)
    old_commune_code = models.CharField(_("mã xã trước 01/7/2025"), max_length=5, blank=True)
    land_type = models.CharField(_("loại đất"), max_length=3)
    area = models.DecimalField(_("diện tích"), max_digits=12, decimal_places=1)
    legal_area = models.DecimalField(_("diện tích pháp lý"), max_digits=12, decimal_places=1, null=True, blank=True)
    address = models.CharField(_("địa chỉ thửa đất"), max_length=300, blank=True)
    user = models.ForeignKey(
        LandUser, null=True, blank=True, on_delete=models.PROTECT, related_name="parcels", verbose_name=_("người sử dụng (đứng đầu)")
    )
    status = models.CharField(_("tình trạng"), max_length=10, choices=codes.ParcelStatus, default=codes.ParcelStatus.NORMAL)
    identification_code = models.CharField(_("mã định danh thửa đất"), max_length=12, blank=True)
    survey_document = models.CharField(_("tài liệu đo đạc"), max_length=200, blank=True)
    is_occupied = models.BooleanField(_("là đối tượng chiếm đất"), default=False)
    geometry = PolygonField(_("ranh thửa"), srid=VN2000)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(area__gt=0), name="parcel_area_positive")]
        indexes = [
            models.Index(fields=["parcel_number", "id"], name="parcel_number"),
            models.Index(fields=["identification_code"], name="parcel_identification", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return str(_("Thửa %(parcel)s, tờ %(sheet)s") % {"parcel": self.parcel_number, "sheet": self.sheet_number})

    def clean(self) -> None:
        self.code = parcel_code(self.commune_code, self.sheet_number, self.parcel_number)


@kept()
class LandUse(Record):
    """One purpose on a parcel, with its area, term and origin - mục đích sử dụng. A parcel may have several."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="uses", verbose_name=_("thửa đất"))
    land_type = models.CharField(_("loại đất"), max_length=3)
    area = models.DecimalField(_("diện tích"), max_digits=12, decimal_places=1)
    form = models.CharField(_("hình thức sử dụng"), max_length=6, choices=codes.UseForm, default=codes.UseForm.OWN)
    until = models.DateField(_("thời hạn sử dụng đến"), null=True, blank=True, help_text=_("Để trống khi sử dụng lâu dài."))
    land_origin = models.CharField(_("nguồn gốc sử dụng"), max_length=10, choices=codes.Origin, blank=True)

    class Meta:
        db_table = "land_use"

    def __str__(self) -> str:
        return f"{self.land_type} {self.area} m²"


@kept()
class LandAsset(Record):
    """What stands on a parcel and is owned apart from it - tài sản gắn liền với đất. Areas in m²."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="assets", verbose_name=_("thửa đất"))
    kind = models.CharField(_("loại tài sản"), max_length=10, choices=codes.AssetKind)
    name = models.CharField(_("tên tài sản"), max_length=150)
    built_area = models.DecimalField(_("diện tích xây dựng"), max_digits=10, decimal_places=1, null=True, blank=True)
    floor_area = models.DecimalField(_("diện tích sàn"), max_digits=10, decimal_places=1, null=True, blank=True)
    floors = models.PositiveSmallIntegerField(_("số tầng"), null=True, blank=True)
    grade = models.CharField(_("cấp, hạng"), max_length=20, blank=True)
    structure = models.CharField(_("kết cấu"), max_length=150, blank=True)
    completed_year = models.PositiveSmallIntegerField(_("năm hoàn thành"), null=True, blank=True)
    until = models.DateField(_("thời hạn sở hữu đến"), null=True, blank=True)
    geometry = PointField(_("vị trí"), srid=VN2000, null=True, blank=True)

    class Meta:
        db_table = "land_asset"

    def __str__(self) -> str:
        return self.name


@kept()
class LandCertificate(Record):
    """A certificate - Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất."""

    serial = models.CharField(_("số phát hành"), max_length=15, unique=True)
    book_number = models.CharField(_("số vào sổ"), max_length=20, blank=True)
    issued_on = models.DateField(_("ngày cấp"))
    issuer = models.CharField(_("cơ quan cấp"), max_length=200)
    signer = models.CharField(_("người ký"), max_length=120, blank=True)
    barcode = models.CharField(_("mã vạch, mã QR"), max_length=40, blank=True)
    state = models.CharField(_("tình trạng"), max_length=10, choices=codes.CertificateState, default=codes.CertificateState.IN_USE)
    user = models.ForeignKey(
        LandUser, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("cấp cho")
    )
    parcel = models.ForeignKey(
        Parcel, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("thửa đất (thửa đầu)")
    )
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by", verbose_name=_("thay cho Giấy chứng nhận")
    )

    class Meta:
        db_table = "land_certificate"

    def __str__(self) -> str:
        return self.serial


@kept()
class LandRight(Record):
    """A right of one user to a parcel or an asset, with its exact share - quyền."""

    kind = models.CharField(_("quyền"), max_length=10, choices=codes.RightKind)
    user = models.ForeignKey(LandUser, on_delete=models.PROTECT, related_name="rights", verbose_name=_("người có quyền"))
    parcel = models.ForeignKey(Parcel, null=True, blank=True, on_delete=models.PROTECT, related_name="rights", verbose_name=_("thửa đất"))
    asset = models.ForeignKey(
        LandAsset, null=True, blank=True, on_delete=models.PROTECT, related_name="rights", db_index=False,
        verbose_name=_("tài sản gắn liền với đất"),
    )  # fmt: skip
    share_numerator = models.PositiveIntegerField(_("phần quyền: tử số"), default=1)
    share_denominator = models.PositiveIntegerField(_("phần quyền: mẫu số"), default=1)
    certificate = models.ForeignKey(
        LandCertificate, null=True, blank=True, on_delete=models.PROTECT, related_name="rights", db_index=False,
        verbose_name=_("Giấy chứng nhận"),
    )  # fmt: skip

    class Meta:
        db_table = "land_right"
        indexes = [  # most rights have neither: what is not there need not be found
            models.Index(fields=["asset"], condition=~Q(asset=None), name="right_asset"),
            models.Index(fields=["certificate"], condition=~Q(certificate=None), name="right_certificate"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(share_numerator__gt=0, share_denominator__gte=F("share_numerator")), name="right_share_real"
            ),
            models.CheckConstraint(condition=Q(parcel=None) ^ Q(asset=None), name="right_to_one_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.share}"

    @property
    def share(self) -> Fraction:
        return Fraction(self.share_numerator, self.share_denominator)


@kept()
class LandRestriction(Record):
    """What limits the rights to a parcel - thế chấp, ngăn chặn, kê biên, hạn chế. A mortgage counts from the minute it is registered."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="restrictions", verbose_name=_("thửa đất"))
    kind = models.CharField(_("loại"), max_length=10, choices=codes.RestrictionKind)
    in_favour_of = models.CharField(_("bên nhận bảo đảm, cơ quan yêu cầu"), max_length=250, blank=True)
    document = models.CharField(_("hợp đồng, văn bản số"), max_length=120)
    registered_at = models.DateTimeField(_("thời điểm đăng ký"))
    priority = models.PositiveSmallIntegerField(_("thứ tự ưu tiên"), default=1)
    content = models.TextField(_("nội dung"), blank=True)
    until = models.DateField(_("đến ngày"), null=True, blank=True)

    class Meta:
        db_table = "land_restriction"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.document}"


@kept()
class LandRegistration(Record):
    """One entry of the book of changes - đăng ký biến động. `before`, `after`: parcels in words; `descents`: as rows."""

    number = models.CharField(_("số vào sổ đăng ký"), max_length=30, unique=True)
    kind = models.CharField(_("loại biến động"), max_length=12, choices=codes.RegistrationKind)
    registered_on = models.DateField(_("ngày đăng ký"))
    dossier_code = models.CharField(_("mã hồ sơ"), max_length=50, blank=True)
    document = models.CharField(_("văn bản làm căn cứ"), max_length=120, blank=True)
    before = models.CharField(_("thửa trước biến động"), max_length=500, blank=True)
    after = models.CharField(_("thửa sau biến động"), max_length=500, blank=True)
    content = models.TextField(_("nội dung biến động"), blank=True)
    parties = models.CharField(_("các bên"), max_length=500, blank=True)
    is_pending = models.BooleanField(
        _("chờ chỉnh lý bản đồ"), default=False, help_text=_("Thửa đất chưa có trong cơ sở dữ liệu khi đăng ký biến động.")
    )

    class Meta:
        db_table = "land_registration"

    def __str__(self) -> str:
        return self.number


class ParcelDescent(models.Model):
    """`after` came out of `before` by a registered change - quan hệ thửa trước, thửa sau. Rows are never changed."""

    registration = models.ForeignKey(LandRegistration, on_delete=models.PROTECT, related_name="descents")
    before = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="became")
    after = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="came_from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="descent_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="descent_of_another"),
        ]
