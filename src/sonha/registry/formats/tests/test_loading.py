"""A file becomes records: once, wholly or not at all, each refused row with its reason."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.db import connection
from django.utils import timezone
from openpyxl import Workbook

from sonha.foundation.files.errors import FileRefused
from sonha.registry.declarations import Register
from sonha.registry.formats import reading
from sonha.registry.formats.loading import Mapping, Outcome, Stopped, guess, load
from sonha.registry.formats.loading.values import number, writes_foreign
from sonha.registry.formats.tests.files import NAMES, boxes, shapefile, vector
from sonha.registry.quality.rules import MinArea, NoOverlap, Required
from sonha.registry.records.models import Change
from sonha.registry.records.selectors import records
from sonha.registry.records.services import Basis
from sonha.testing.example.models import ExampleWell
from sonha.testing.example.registers import ExampleWells
from sonha.testing.plots import SYSTEM, TestPlot, plot, square

pytestmark = pytest.mark.django_db
HANDED_OVER = Basis("import", number="BB 12/2025")


def imported(path: Path, register: type[Register], *, mapping: dict[str, Any] | None = None, **more: Any) -> Outcome:
    with reading.opened(path) as source:
        layer = source.layers[0]
        found = guess(register, layer)
        found.columns |= {"commune_code": "ma_xa"} if "ma_xa" in {each.name for each in layer.columns} else {}
        for name, value in (mapping or {}).items():
            setattr(found, name, value)
        return load(register, source, layer, found, **{"actor": SYSTEM, "basis": HANDED_OVER, **more})


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.new, outcome.changed, outcome.same, outcome.refused


def parcels(folder: Path, count: int = 3, driver: str = "GPKG", **changes: Any) -> Path:
    columns: dict[str, Any] = {
        "SoThuTuThua": [str(number + 1) for number in range(count)],
        "SoHieuToBanDo": [5] * count,
        "ma_xa": ["06000"] * count,
        "Loại đất": ["ONT"] * count,
        "Dien tich": [100.0] * count,
        "TenChu": [NAMES[number % 3] for number in range(count)],
    }
    shapes = changes.pop("shapes", boxes(count))
    folder.mkdir(exist_ok=True)
    return vector(folder, driver, shapes=shapes, **{**columns, **changes})


def test_columns_are_found_by_the_names_that_people_and_circulars_give_them(plots: type[Register], tmp_path: Path) -> None:
    with reading.opened(parcels(tmp_path)) as source:
        found = guess(plots, source.layers[0])
    assert found.columns == {
        "number": "SoThuTuThua", "sheet": "SoHieuToBanDo", "kind": "Loại đất", "area": "Dien tich", "owner": "TenChu",
        "commune_code": "ma_xa",
    }  # fmt: skip
    assert found.srid == 9215


def test_a_trial_writes_nothing_the_import_all_and_again_nothing(plots: type[Register], tmp_path: Path) -> None:
    path = parcels(tmp_path / "a")
    assert counts(imported(path, plots, dry=True)) == (3, 0, 0, 0)
    assert not TestPlot.objects.exists() and not Change.objects.filter(register="test_plots").exists()
    outcome = imported(path, plots, day=date(2025, 3, 1), origin="elis.gpkg")
    assert counts(outcome) == (3, 0, 0, 0)
    rows = list(TestPlot.objects.order_by("number"))
    assert [each.owner for each in rows] == list(NAMES)
    assert (rows[0].area, rows[0].sheet, rows[0].valid_from, rows[0].origin) == (Decimal("100.0"), 5, date(2025, 3, 1), "elis.gpkg")
    assert rows[0].geometry.area == pytest.approx(100) and rows[0].geometry.srid == 9215
    change = Change.objects.get(pk=outcome.change)
    assert (change.kind, change.basis, change.number) == ("import", "import", "BB 12/2025")
    assert counts(imported(path, plots)) == (0, 0, 3, 0)
    assert Change.objects.filter(register="test_plots").count() == 1


def test_what_differs_is_amended_and_what_was_stays_readable(plots: type[Register], tmp_path: Path) -> None:
    imported(parcels(tmp_path / "a"), plots, day=date(2025, 1, 1))
    changed = parcels(tmp_path / "b", 4, TenChu=["Nông Thị Lan", *NAMES])
    assert counts(imported(changed, plots, day=date(2025, 6, 1))) == (1, 3, 0, 0)
    assert {each.number: each.owner for each in records(SYSTEM, plots)}["1"] == "Nông Thị Lan"
    assert {each.number: each.owner for each in records(SYSTEM, plots, day=date(2025, 5, 31))}["1"] == NAMES[0]


def test_the_same_land_in_another_system_changes_nothing(plots: type[Register], tmp_path: Path) -> None:
    imported(parcels(tmp_path / "a"), plots)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsText(ST_Transform(geometry, 4326), 15) FROM example_testplot ORDER BY number")
        degrees = [shapely.from_wkt(text) for (text,) in cursor.fetchall()]
    path = vector(
        tmp_path, "GeoJSON", shapes=degrees, crs="EPSG:4326", SoThuTuThua=["1", "2", "3"], SoHieuToBanDo=[5] * 3, ma_xa=["06000"] * 3
    )
    assert counts(imported(path, plots)) == (0, 0, 3, 0)


def test_a_shapefile_of_an_old_font(plots: type[Register], tmp_path: Path) -> None:
    from sonha.registry.formats.tests.test_encodings import as_tcvn3

    owners = [as_tcvn3(each.lower()) for each in NAMES]
    path = shapefile(tmp_path, encode=as_tcvn3, cpg=None, so_thua=["1", "2", "3"], to_ban_do=["5"] * 3, ma_xa=["06000"] * 3, ten_chu=owners)
    assert counts(imported(path, plots)) == (3, 0, 0, 0)
    assert list(TestPlot.objects.order_by("number").values_list("owner", flat=True)) == [each.lower() for each in NAMES]


def test_each_refused_row_has_its_reason(plots: type[Register], tmp_path: Path) -> None:
    bow = shapely.Polygon([(450_000, 2_420_000), (450_010, 2_420_010), (450_010, 2_420_000), (450_000, 2_420_010)])
    hole = shapely.from_wkt("POLYGON EMPTY")
    away = shapely.box(0, 0, 10, 10)
    nan = shapely.from_wkt("POLYGON ((450000 2420000, 450010 2420000, NaN 2420010, 450000 2420000))")
    shapes = [boxes()[0], bow, hole, away, nan, boxes()[1], boxes()[2], boxes(9)[8], shapely.MultiPolygon([boxes()[0], boxes(9)[7]])]
    numbers = ["1", "2", "3", "4", "5", "1", "", "x" * 30, "9"]
    areas = ["100,5", "1", "1", "1", "1", "1", "1", "1", "một trăm"]
    path = parcels(tmp_path, 9, shapes=shapes, SoThuTuThua=numbers, **{"Dien tich": areas})
    outcome = imported(path, plots)
    assert counts(outcome) == (1, 0, 0, 8) and outcome.total == 9
    why = {each.row: " ".join(each.reasons) for each in outcome.refusals}
    for row, says in {
        2: "đường ranh tự cắt", 3: "Hình rỗng", 4: "Toạ độ là độ", 5: "không phải là số", 6: "Trùng", 7: "Thiếu", 8: "dài quá 20 ký tự",
        9: "«một trăm» không phải là số",
    }.items():  # fmt: skip
        assert says in why[row], (row, why[row])
    assert outcome.refusals[-1].values["Dien tich"] == "một trăm"
    assert TestPlot.objects.get().area == Decimal("100.5")


def test_rules_refuse_rows_and_the_rest_goes_in(plots: type[Register], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plot("77", square(0))
    monkeypatch.setattr(
        plots, "rules", (NoOverlap(1, code="TD-07"), Required(("owner",), code="TD-01"), MinArea(500, code="TD-02", severity="warning"))
    )
    path = parcels(tmp_path, 4, TenChu=["A", "B", "C", ""])
    trial = imported(path, plots, dry=True)
    assert counts(trial) == (2, 0, 0, 2) and trial.warnings == {"TD-02": 2}
    assert counts(imported(path, plots)) == (2, 0, 0, 2)
    assert "TD-07: Chồng 100 m² lên 06000" in trial.refusals[0].reasons[0] and trial.refusals[1].reasons == ("TD-01: Thiếu «chủ sử dụng».",)
    assert sorted(TestPlot.objects.values_list("number", flat=True)) == ["2", "3", "77"]


def test_swapped_axes_are_told_and_put_right(plots: type[Register], tmp_path: Path) -> None:
    path = parcels(tmp_path, shapes=[shapely.transform(each, lambda pairs: pairs[:, ::-1]) for each in boxes()])
    outcome = imported(path, plots, dry=True)
    assert outcome.refused == 3 and "đảo trục" in outcome.refusals[0].reasons[0]
    assert counts(imported(path, plots, mapping={"swapped": True})) == (3, 0, 0, 0)
    assert TestPlot.objects.first().geometry.extent[0] == pytest.approx(450_000)


def test_nothing_is_half_written(plots: type[Register], tmp_path: Path) -> None:
    def stop(done: int, failed: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        imported(parcels(tmp_path / "a"), plots, tell=stop)

    def fail(outcome: Outcome) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        imported(parcels(tmp_path / "b"), plots, within=fail)
    assert not TestPlot.objects.exists() and not Change.objects.filter(register="test_plots").exists()


def test_a_spreadsheet_of_wells(tmp_path: Path) -> None:
    book = Workbook()
    titles = ["Số hiệu", "Mục đích", "Chiều sâu", "Ngày khoan", "Chủ giếng", "X", "Y"]
    rows = [
        ["G-1", "Sinh hoạt", "40,5", "05/03/2024", "Nông Thị Lan", 450_000.5, 2_420_000],
        ["G-2", "tuoi", 60, date(2024, 3, 1), "Hà", "450.100,25", "2.420.100"],
        ["G-3", "bể bơi", "sâu", "31/02/2024", "Hà", "x", None],
    ]
    for row in (["Danh sách giếng"], [], titles, *rows):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    outcome = imported(tmp_path / "a.xlsx", ExampleWells)
    assert counts(outcome) == (2, 0, 0, 1)
    (refusal,) = outcome.refusals
    said = " ".join(refusal.reasons)
    assert refusal.row == 6
    for part in ("mục đích: «bể bơi»", "chiều sâu: «sâu»", "«31/02/2024» không phải là ngày", "Toạ độ «x»"):
        assert part in said
    first, second = ExampleWell.objects.order_by("code")
    assert (first.use, first.depth, first.drilled_on, first.geometry.coords) == (
        "home",
        Decimal("40.5"),
        date(2024, 3, 5),
        (450_000.5, 2_420_000),
    )
    assert (second.use, second.geometry.coords) == ("farm", (450_100.25, 2_420_100))
    assert counts(imported(tmp_path / "a.xlsx", ExampleWells)) == (0, 0, 2, 1)


def test_an_ended_record_is_not_begun_again_under_its_old_number(tmp_path: Path) -> None:
    from sonha.registry.records.services import changing
    from sonha.registry.records.tests.test_two_times import well

    row = well("G-1")
    with changing("example_wells", SYSTEM, HANDED_OVER, kind="end") as change:
        change.end(row)
    (tmp_path / "a.csv").write_text("code,use,depth,owner_name,x,y\nG-1,home,10,Lan,450000,2420000\nG-2,home,10,Lan,450000,2420000\n")
    outcome = imported(tmp_path / "a.csv", ExampleWells)
    assert counts(outcome) == (1, 0, 0, 1) and "đã chấm dứt" in outcome.refusals[0].reasons[0]


def test_a_mapping_that_cannot_be_used(plots: type[Register], tmp_path: Path) -> None:
    path = parcels(tmp_path)
    for mapping, says in (
        ({"columns": {"owner": "TenChu"}}, "nhận ra bản ghi đã có"),
        ({"columns": {"number": "Không có", "sheet": "SoHieuToBanDo", "commune_code": "ma_xa"}}, "không có cột «Không có»"),
        ({"columns": {"change": "TenChu"}}, "Không nhập được vào trường change"),
    ):
        with pytest.raises(FileRefused, match=says), reading.opened(path) as source:
            load(plots, source, source.layers[0], Mapping.of({"srid": 9215, **mapping}), actor=SYSTEM, basis=HANDED_OVER)
    lost = shapefile(tmp_path, prj=None, so_thua=["1"], to_bd=["1"], shapes=boxes(1))
    with pytest.raises(FileRefused, match="chọn hệ toạ độ"):
        imported(lost, plots, mapping={"columns": {"number": "so_thua", "sheet": "to_bd", "commune_code": "to_bd"}})


@pytest.mark.parametrize(
    ("text", "foreign", "value"),
    [
        ("1.234,5", False, "1234.5"), ("1,234.5", False, "1234.5"),
        ("1.234", False, "1234"), ("1.234", True, "1.234"), ("12,5", True, "12.5"),
        ("1.234.567", False, "1234567"), ("-3,25", False, "-3.25"),
        ("0.125", False, "0.125"), ("12.5", False, "12.5"), (" 7 ", False, "7"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, foreign: bool, value: str) -> None:
    assert number(None, whole=False, foreign=foreign)(text) == value


def test_how_a_column_writes_its_numbers() -> None:
    assert writes_foreign(["1.234", "0.5", "12.25"]) and not writes_foreign(["1.234", "2.500"]) and not writes_foreign(["1.234", "12,5"])
    assert timezone.localdate()
