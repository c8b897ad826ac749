"""Boundaries - địa giới hành chính. One record is one unit in one shape; a new shape of the same unit is a new version of it."""

from django.contrib.gis.db.models import MultiPolygonField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sonha.foundation.organisations.models import AdminUnit
from sonha.registry.records.models import Record
from sonha.registry.records.versions import kept

VN2000 = 9215
"""Cadastral system of Lạng Sơn: VN-2000, central meridian 107°15', zone of three degrees."""


class Boundary(Record):
    code = models.CharField(_("mã đơn vị"), max_length=5, db_index=True)
    name = models.CharField(_("tên"), max_length=120)
    kind = models.CharField(_("cấp"), max_length=10, choices=AdminUnit.Kind)
    area = models.DecimalField(_("diện tích tự nhiên"), max_digits=12, decimal_places=2, null=True, blank=True)
    geometry = MultiPolygonField(_("ranh giới"), srid=VN2000)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


@kept(search=["code", "name"])
class Commune(Boundary):
    """A commune, ward or township - xã, phường, thị trấn - from `valid_from` to `valid_to`."""

    district_code = models.CharField(_("mã huyện cũ"), max_length=5, blank=True)
    became = models.CharField(_("nay thuộc"), max_length=200, blank=True)


@kept(search=["code", "name"])
class District(Boundary):
    """The province, and the districts that there were until 2025-06-30 - tỉnh, huyện, thành phố."""
