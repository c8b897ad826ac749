"""The registers of administrative areas."""

from django.utils.translation import gettext_lazy as _

from sonha.registry.declarations import Database, Layer, Look, Register, Statistic, declare
from sonha.sectors.areas.models import Commune, District

AREAS = Database("areas", "dia-gioi", _("Địa giới hành chính"), system="S01", order=5)
SOURCE = "Luật Tổ chức chính quyền địa phương 72/2025/QH15; Nghị quyết 1672/NQ-UBTVQH15 ngày 16/6/2025; Quyết định 19/2025/QĐ-TTg (mã số)"


class Boundaries(Register):
    database = AREAS
    source = SOURCE
    identity = ("code",)
    name = "name"
    numbers = ("code",)
    units = {"area": "ha"}
    exchange_names = {"code": "maDVHC", "name": "tenDVHC", "area": "dienTichTuNhien"}
    public = True


@declare
class Communes(Boundaries):
    code, slug, model, order = "communes", "xa-phuong", Commune, 10
    title = _("Xã, phường, thị trấn")
    description = _("Ranh giới xã, phường từ 01/7/2025 và các xã, thị trấn cũ; bấm vào một đơn vị cũ để biết nay thuộc đơn vị nào.")
    columns = ("code", "name", "kind", "area", "district_code", "became")
    sorts = ("code", "name", "area")
    filters = ("kind", "district_code")
    layers = (
        Layer(Look(fill="#f4efe6", opacity=0.15, stroke="#8a6d3b", width=1.2, dash=(6, 2, 1, 2)), label="name", label_smallest=400_000),
    )
    statistics = (Statistic(_("Theo cấp"), by=("kind",), sums=("area",)),)
    open_fields = ("code", "name", "kind", "area", "district_code", "became", "geometry")


@declare
class Districts(Boundaries):
    code, slug, model, order = "districts", "tinh-huyen", District, 20
    title = _("Tỉnh và các huyện cũ")
    description = _("Ranh giới tỉnh; ranh giới 11 huyện, thành phố có đến hết ngày 30/6/2025.")
    columns = ("code", "name", "kind", "area")
    filters = ("kind",)
    sorts = ("code", "name", "area")
    layers = (Layer(Look(stroke="#6b4f2a", width=2.0, dash=(10, 3, 2, 3)), label="name", label_smallest=2_000_000),)
    open_fields = ("code", "name", "kind", "area", "geometry")
