"""A raster and its two files."""

from django.conf import settings
from django.contrib.gis.db.models import PolygonField
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.foundation.files.models import StoredFile
from sonha.foundation.jobs.models import Progress


class Raster(models.Model):
    """A picture or a grid of values with a place on the ground - ảnh, dữ liệu ảnh số."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang xử lý")
        READY = "ready", _("Sẵn sàng")
        FAILED = "failed", _("Không xử lý được")

    name = models.CharField(
        _("tên dùng trong địa chỉ"), max_length=60, unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]*\Z", _("Chỉ dùng chữ thường không dấu, chữ số và dấu gạch nối; bắt đầu bằng chữ."))],
    )  # fmt: skip
    title = models.CharField(_("tên ảnh"), max_length=200)
    description = models.TextField(_("mô tả"), blank=True)
    captured_on = models.DateField(_("ngày chụp, ngày lập"), null=True, blank=True)
    sensor = models.CharField(_("thiết bị, phương pháp"), max_length=200, blank=True)
    source = models.CharField(_("căn cứ, nguồn gốc"), max_length=300)
    is_public = models.BooleanField(_("công khai"), default=False)
    is_demo = models.BooleanField(_("dữ liệu trình diễn"), default=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    refusal = models.CharField(max_length=300, blank=True)

    srid = models.PositiveIntegerField(_("hệ tọa độ (EPSG)"), null=True, blank=True)
    width = models.PositiveIntegerField(default=0)  # pixels
    height = models.PositiveIntegerField(default=0)
    bands = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=20, blank=True)  # of a value: uint8, int16, float32 …
    resolution = models.FloatField(_("độ phân giải"), null=True, blank=True)  # metres of a pixel on the ground
    footprint = PolygonField(_("phạm vi"), srid=4326, null=True, blank=True)
    most_zoom = models.PositiveSmallIntegerField(default=0)  # the zoom level whose pixels are about those of the raster

    data = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    drawing = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    progress = models.ForeignKey(Progress, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-captured_on", "title"]
        constraints = [
            models.CheckConstraint(
                name="raster_ready_is_whole",
                condition=~models.Q(state="ready") | models.Q(data__isnull=False, drawing__isnull=False, footprint__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def size(self) -> int:
        """Bytes of the data file."""
        return self.data.size if self.data else 0

    @property
    def checksum(self) -> str:
        """SHA-256 of the data file."""
        return self.data.sha256 if self.data else ""

    @property
    def layer_name(self) -> str:
        """Its name in WMS."""
        return f"raster.{self.name}"
