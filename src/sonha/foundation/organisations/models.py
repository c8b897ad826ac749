"""Units of the state and administrative areas. Every row is dated; successions say what became of what.

A unit keeps its own code for ever (`STNMT.NUOC`); the notations of Decision 20/2020/QĐ-TTg (`H37.14`) and of QCVN 102 (`000.00.14.H37`)
stand beside it.
"""

from datetime import date
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.gis.db.models import PointField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.roles import Role


class DatedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows with `valid_from` and `valid_to` (both inclusive, null is open)."""

    def on(self, day: date) -> Self:
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))


class AdminUnit(models.Model):
    """An administrative unit - đơn vị hành chính: province, district (until 2025-06-30), commune, ward, township."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("Tỉnh")
        DISTRICT = "district", _("Huyện, thành phố")
        COMMUNE = "commune", _("Xã")
        WARD = "ward", _("Phường")
        TOWNSHIP = "township", _("Thị trấn")

    COMMUNE_LEVEL = (Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP)

    code = models.CharField(_("mã đơn vị hành chính"), max_length=8)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    centre = PointField(srid=4326, null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    assumption = models.BooleanField(default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], nulls_distinct=False, name="admin_unit_code_dated")]
        indexes = [models.Index(fields=["kind", "parent"], name="admin_unit_kind_parent")]

    def __str__(self) -> str:
        return self.name


class AdminUnitSuccession(models.Model):
    """Which unit an administrative unit went into, wholly or in part - chuyển tiếp đơn vị hành chính."""

    old = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="successions")
    new = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="predecessions")
    partial = models.BooleanField(default=False)
    on_date = models.DateField()
    source = models.CharField(max_length=300, blank=True)
    assumption = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="admin_unit_succession_unique")]


class Unit(models.Model):
    """An organisational unit - cơ quan, đơn vị, phòng, bộ phận một cửa."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", _("Uỷ ban nhân dân")
        DEPARTMENT = "department", _("Sở, ban, ngành")
        VERTICAL = "vertical", _("Cơ quan ngành dọc")
        SUBDEPARTMENT = "subdepartment", _("Chi cục")
        DIVISION = "division", _("Phòng chuyên môn")
        PUBLIC_UNIT = "public_unit", _("Đơn vị sự nghiệp")
        DESK = "desk", _("Bộ phận một cửa")
        OTHER = "other", _("Tổ chức khác")

    class Level(models.TextChoices):
        PROVINCE = "province", _("Cấp tỉnh")
        DISTRICT = "district", _("Cấp huyện")
        COMMUNE = "commune", _("Cấp xã")

    code = models.CharField(max_length=40, unique=True)
    code_qd20 = models.CharField(_("mã theo QĐ 20/2020/QĐ-TTg"), max_length=35, blank=True)
    code_102 = models.CharField(_("mã theo QCVN 102"), max_length=35, blank=True)
    name = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250, blank=True)
    short_name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=16, choices=Kind)
    level = models.CharField(max_length=10, choices=Level, default=Level.PROVINCE)
    is_agency = models.BooleanField(_("cơ quan có con dấu riêng"), default=False)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, editable=False, db_index=True)
    area = models.ForeignKey(AdminUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="units")
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    assumption = models.BooleanField(default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["parent", "kind"], name="unit_parent_kind"),
            GinIndex(name="unit_name_trigram", fields=["name"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keeps `path` (codes of the ancestors and itself, `/UBND/STNMT/STNMT.NUOC/`) so that a subtree is one prefix."""
        self.path = f"{self.parent.path if self.parent else '/'}{self.code}/"
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def ancestor_codes(self) -> list[str]:
        """Codes from the root down to this unit."""
        return [code for code in self.path.split("/") if code]


class UnitSuccession(models.Model):
    """Which unit took over from which - sáp nhập, đổi tên, chia tách."""

    old = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    new = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessions")
    on_date = models.DateField()
    source = models.CharField(max_length=300, blank=True)
    assumption = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="unit_succession_unique")]


class Position(models.Model):
    """An official's dated position in a unit - chức vụ, vị trí việc làm. The role says what the position may do."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="positions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="positions")
    role = models.CharField(max_length=16, choices=Role)
    title = models.CharField(_("chức danh"), max_length=150, blank=True)
    valid_from = models.DateField(default=date.today)
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role", "valid_from"], name="position_unique"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="position_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.get_role_display()}, {self.unit}"


class SubstitutionQuerySet(DatedQuerySet):
    """Substitutions; those called off no longer count."""

    def on(self, day: date) -> Self:
        return super().on(day).filter(ended_at=None)


class Substitution(models.Model):
    """Who stands in for an absent official, and when - người được phân công thay thế khi vắng mặt."""

    absent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="substitutions")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(_("chấm dứt lúc"), null=True, blank=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="substitution_dates"),
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="substitution_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.absent} – {self.substitute}"


for tracked in (AdminUnit, Unit, Position, Substitution):
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(tracked)
