"""What the audit log says of rasters."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("raster.added", _("{actor} đưa lên ảnh {raster}"), raster=str, size=int)
register("raster.changed", _("{actor} sửa thông tin ảnh {raster}"), raster=str, public=bool)
register("raster.removed", _("{actor} gỡ bỏ ảnh {raster}, lý do: {reason}"), raster=str, reason=str)
