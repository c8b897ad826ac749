"""What is said of a raster when it is sent and when it is corrected."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sonha.geo.layers.systems import UTM, ZONES

from .models import Raster

ZONE_NAMES = {
    9215: "VN-2000 / TM-3 107°15′", 9214: "VN-2000 / TM-3 107°00′", 9213: "VN-2000 / TM-3 106°30′", 9210: "VN-2000 / TM-3 105°45′",
    5899: "VN-2000 / TM-3 107°45′", 3405: "VN-2000 / UTM 48N", 3406: "VN-2000 / UTM 49N", 32648: "WGS 84 / UTM 48N",
    32649: "WGS 84 / UTM 49N", 4326: "WGS 84", 4756: "VN-2000", 3857: "Web Mercator",
}  # fmt: skip
SYSTEMS = [*ZONE_NAMES, *(srid for srid in (*ZONES, *UTM) if srid not in ZONE_NAMES)]


class RasterForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Raster
        fields = ["title", "description", "captured_on", "sensor", "source", "is_public"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "captured_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "sensor": _("Ví dụ: Sentinel-2, máy bay không người lái, đo vẽ địa hình."),
            "source": _("Văn bản giao, hợp đồng, đề án hoặc nơi cung cấp."),
            "is_public": _("Ai cũng xem và tải được. Nếu không, chỉ cán bộ xem được."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs["class"] = "form-control"


class UploadForm(RasterForm):
    file = forms.FileField(label=_("Tệp GeoTIFF"), help_text=_("Tệp .tif đã nắn về hệ tọa độ, nhiều nhất 2 GB."))
    srid = forms.TypedChoiceField(
        label=_("Hệ tọa độ"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Như ghi trong tệp")), *((srid, f"EPSG:{srid} {ZONE_NAMES.get(srid, 'VN-2000 / TM-3')}") for srid in SYSTEMS)],
        help_text=_("Chỉ chọn khi tệp không ghi rõ mã EPSG."),
    )  # fmt: skip

    class Meta(RasterForm.Meta):
        fields = ["name", *RasterForm.Meta.fields]
        help_texts = {
            **RasterForm.Meta.help_texts,
            "name": _("Chữ thường không dấu, ví dụ: anh-bay-thanh-pho-2026. Không đổi được về sau."),
        }

    field_order = ["file", "srid", "name"]
