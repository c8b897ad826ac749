from django.contrib.gis.db.models import PointField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sonha.registry.records.models import Record
from sonha.registry.records.versions import kept


@kept(search=["code", "owner_name"])
class ExampleWell(Record):
    code = models.CharField(_("số hiệu"), max_length=30, unique=True)
    use = models.CharField(_("mục đích"), max_length=10, choices=[("home", _("Sinh hoạt")), ("farm", _("Tưới"))])
    depth = models.DecimalField(_("chiều sâu"), max_digits=6, decimal_places=1)
    drilled_on = models.DateField(_("ngày khoan"), null=True, blank=True)
    owner_name = models.CharField(_("chủ giếng"), max_length=120)
    geometry = PointField(_("vị trí"), srid=9215)
