"""What people write about a register beside its declaration."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


class Description(models.Model):
    """Contact, lineage, frequency and restrictions of a register's data - siêu dữ liệu (ISO 19115). Empty: the province's usual words."""

    class Frequency(models.TextChoices):
        """Codes of MD_MaintenanceFrequencyCode."""

        CONTINUAL = "continual", _("Liên tục")
        DAILY = "daily", _("Hằng ngày")
        MONTHLY = "monthly", _("Hằng tháng")
        QUARTERLY = "quarterly", _("Hằng quý")
        ANNUALLY = "annually", _("Hằng năm")
        AS_NEEDED = "asNeeded", _("Khi có biến động")

    register = models.CharField(max_length=60, unique=True)
    abstract = models.TextField(_("tóm tắt"), blank=True)
    keywords = models.CharField(_("từ khoá, cách nhau bằng dấu phẩy"), max_length=300, blank=True)
    contact_unit = models.CharField(_("đơn vị đầu mối"), max_length=200, blank=True)
    contact_email = models.EmailField(_("thư điện tử"), blank=True)
    contact_phone = models.CharField(_("điện thoại"), max_length=30, blank=True)
    lineage = models.TextField(_("nguồn gốc, cách lập dữ liệu"), blank=True)
    frequency = models.CharField(_("tần suất cập nhật"), max_length=12, choices=Frequency, default=Frequency.AS_NEEDED)
    restrictions = models.TextField(_("hạn chế khi sử dụng"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.register


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["updated_at"])(Description)
