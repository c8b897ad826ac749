"""A register of plots (polygons that lie side by side), for tests of rules and of files: made when a test asks for it, gone after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.gis.db.models import GeometryField, PolygonField
from django.contrib.gis.geos import Polygon
from django.db import connection, models

from sonha.foundation.access.actor import Actor
from sonha.registry.declarations import Database, Layer, Register, declare
from sonha.registry.declarations.known import forget
from sonha.registry.records.models import Record
from sonha.registry.records.services import Basis, changing
from sonha.registry.records.versions import KEPT, create_views, kept

SYSTEM = Actor.system("test")


@kept(search=["owner"])
class TestPlot(Record):
    __test__ = False
    number = models.CharField("số thửa", max_length=20)
    sheet = models.IntegerField("tờ bản đồ")
    kind = models.CharField("loại đất", max_length=10, blank=True, default="")
    area = models.DecimalField("diện tích", max_digits=12, decimal_places=1, null=True, blank=True)
    began = models.DateField("ngày bắt đầu", null=True, blank=True)
    ended = models.DateField("ngày kết thúc", null=True, blank=True)
    owner = models.CharField("chủ sử dụng", max_length=120, blank=True, default="")
    share = models.DecimalField("tỉ lệ", max_digits=5, decimal_places=4, null=True, blank=True)
    geometry = PolygonField("ranh giới", srid=9215, null=True, blank=True)

    class Meta:
        app_label = "example"
        managed = False


class TestArea(models.Model):
    __test__ = False
    code = models.CharField(max_length=5)
    geometry = GeometryField(srid=9215)

    class Meta:
        app_label = "example"
        managed = False


class TestPlots(Register):
    __test__ = False
    code, slug, database, model = "test_plots", "thua-thu", Database("test", "thu", "Thử", order=1000), TestPlot
    title, source = "Thửa (thử)", "tests"
    identity, numbers = ("commune_code", "sheet", "number"), ("number",)
    columns = ("number", "sheet", "kind", "area", "owner")
    exchange_names = {"number": "SoThuTuThua", "sheet": "SoHieuToBanDo", "owner": "TenChu"}
    layers = (Layer(),)
    personal = frozenset({"owner"})


@contextmanager
def plots() -> Iterator[type[Register]]:
    """Within a test's transaction: tables, trigger, view, declaration."""
    made = [TestPlot, TestPlot.History, TestArea]  # type: ignore[attr-defined]
    with connection.schema_editor() as editor:
        for model in made:
            editor.create_model(model)
    for trigger in TestPlot._meta.triggers:  # type: ignore[attr-defined]
        trigger.install(TestPlot)
    KEPT[TestPlot._meta.label] = TestPlot
    create_views()
    KEPT.pop(TestPlot._meta.label)
    declare(TestPlots)
    try:
        yield TestPlots
    finally:
        forget(TestPlots.code)


def square(x: float, y: float = 0, *, size: float = 10, srid: int = 9215) -> Polygon:
    """A square in metres from the corner (450000 + x, 2420000 + y)."""
    shape = Polygon.from_bbox((450_000 + x, 2_420_000 + y, 450_000 + x + size, 2_420_000 + y + size))
    shape.srid = srid
    return shape


def plot(number: str, geometry: Any, **values: Any) -> Any:
    with changing("test_plots", SYSTEM, Basis("document", number="BB 01"), kind="add") as change:
        return change.add(TestPlot, number=number, geometry=geometry, **{"sheet": 1, "commune_code": "06000", **values})


for each in (TestPlot, TestPlot.History, TestPlot.Version, TestArea):  # type: ignore[attr-defined]
    apps.all_models[each._meta.app_label].pop(each._meta.model_name, None)  # type: ignore[arg-type]  # no migration, no page knows them
KEPT.pop(TestPlot._meta.label)
