"""Files of every kind are read for what they hold, and hostile ones are refused with a sentence that helps."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from openpyxl import Workbook

from sonha.foundation.files.errors import FileRefused
from sonha.foundation.files.kinds import recognise
from sonha.registry.formats import reading, systems
from sonha.registry.formats.reading import vectors
from sonha.registry.formats.tests.files import NAMES, boxes, microstation, shapefile, vector
from sonha.registry.formats.tests.test_encodings import as_tcvn3, as_vni

ZONE = (
    'PROJCS["VN_2000_TM3_107_15",GEOGCS["GCS_{datum}",DATUM["D_{datum}",SPHEROID["WGS_1984",6378137.0,298.257223563]{shift}],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",107.25],PARAMETER["Scale_Factor",0.9999],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
SHIFT = ",TOWGS84[-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278]"


def all_of(path: Path, **more: Any) -> tuple[reading.Layer, dict[str, list[Any]], list[Any]]:
    with reading.opened(path, **more) as source:
        layer = source.layers[0]
        columns: dict[str, list[Any]] = {each.name: [] for each in layer.columns}
        shapes: list[Any] = []
        for batch in source.batches(layer):
            for name, values in batch.columns.items():
                columns[name] += values
            shapes += [] if batch.shapes is None else list(batch.shapes)
        return layer, columns, shapes


@pytest.mark.parametrize("driver", ["GPKG", "GeoJSON", "GML"])
def test_maps(tmp_path: Path, driver: str) -> None:
    crs, shapes = ("EPSG:4326", [shapely.box(106.7, 21.8, 106.71, 21.81)] * 3) if driver == "GeoJSON" else ("EPSG:9215", boxes())
    layer, columns, found = all_of(vector(tmp_path, driver, crs=crs, shapes=shapes))
    assert (layer.count, layer.srid, layer.notes) == (3, int(crs[5:]), ())
    assert columns["ten_chu"] == list(NAMES) and columns["dien_tich"] == [100.0] * 3
    assert all(one.equals(two) for one, two in zip(found, shapes, strict=True))


def test_the_layers_of_a_file(tmp_path: Path) -> None:
    path = vector(tmp_path)
    shapes = [shapely.Point(450_000, 2_420_000)]
    import numpy as np
    import pyogrio

    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        [np.array(["M1"], dtype=object)],
        ["ten"],
        layer="moc",
        geometry_type="Point",
        crs="EPSG:9215",
        append=True,
    )
    with reading.opened(path) as source:
        assert [(each.name, each.count) for each in source.layers] == [("thua", 3), ("moc", 1)]
        assert source.layers[0].columns[4].samples == NAMES


@pytest.mark.parametrize(
    ("prj", "srid", "says"),
    [
        ("", 9215, ""),
        (ZONE.format(datum="VN_2000", shift=SHIFT), 9215, ""),
        (ZONE.format(datum="VN_2000", shift=""), 9215, ""),
        (ZONE.format(datum="WGS_1984", shift=""), 9215, "không kèm hệ VN-2000"),
        (None, 0, "thiếu .prj"),
        ("rubbish", 0, "thiếu .prj"),
        ('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],'
         'UNIT["Degree",0.0174532925199433]]', 4326, "Toạ độ là mét"),
        (ZONE.format(datum="VN_2000", shift="").replace("107.25", "108.111"), 0, "không phải hệ thường dùng"),
    ],
)  # fmt: skip
def test_what_a_prj_says(tmp_path: Path, prj: str | None, srid: int, says: str) -> None:
    layer, _columns, _shapes = all_of(shapefile(tmp_path, prj=prj))
    assert layer.srid == srid
    assert (says in " ".join(layer.notes)) if says else layer.notes == ()


@pytest.mark.parametrize(
    ("encode", "cpg", "encoding"),
    [
        (as_tcvn3, None, "tcvn3"),
        (as_tcvn3, "UTF-8", "tcvn3"),
        (as_vni, None, "vni"),
        (lambda text: text.encode().decode("latin-1"), None, "utf-8"),
        (lambda text: text.encode().decode("latin-1"), "UTF-8", "utf-8"),
    ],
)
def test_texts_of_old_fonts(tmp_path: Path, encode: Callable[[str], str], cpg: str | None, encoding: str) -> None:
    names = [each.replace("Đ", "đ") if encode is as_tcvn3 else each for each in NAMES]
    names = [each.replace("Ướ", "ướ") for each in names] if encode is as_tcvn3 else names
    layer, columns, _shapes = all_of(
        shapefile(tmp_path, encode=encode, cpg=cpg, ten_chu=[encode(each) for each in names], so_thua=["1", "2", "3"])
    )
    assert layer.encoding == encoding
    assert columns["ten_chu"] == names
    assert ("được đổi sang Unicode" in " ".join(layer.notes)) == (encoding != "utf-8")


def test_a_workbook_whose_titles_are_not_in_its_first_row(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    titles = ["Số thửa", "Diện tích", "Ngày cấp", "Số thửa"]
    rows = [["1", 100.5, date(2024, 3, 1), 7], ["2", "1.234,5", None, None]]
    for row in (["Danh sách thửa đất"], ["Xã Hoàng Đồng"], [], titles, *rows):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    layer, columns, _shapes = all_of(tmp_path / "a.xlsx")
    assert [each.name for each in layer.columns] == ["Số thửa", "Diện tích", "Ngày cấp", "Số thửa (2)"]
    assert columns == {
        "Số thửa": ["1", "2"],
        "Diện tích": [100.5, "1.234,5"],
        "Ngày cấp": [date(2024, 3, 1), None],
        "Số thửa (2)": [7, None],
    }
    assert layer.count == 2
    with reading.opened(tmp_path / "a.xlsx") as source:
        assert next(source.batches(source.layers[0])).first == 5, "rows are numbered as the person sees them"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "tcvn3"])
def test_csv_of_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, codec: str) -> None:
    text = delimiter.join(("so thua", "ten chu")) + "\r\n" + delimiter.join(("1", "nguyễn văn hộ")) + "\r\n"
    raw = as_tcvn3(text).encode("latin-1") if codec == "tcvn3" else text.encode(codec)
    (tmp_path / "a.csv").write_bytes(raw)
    if codec == "utf-16":
        with pytest.raises(FileRefused):
            recognise(tmp_path / "a.csv")
        return
    _layer, columns, _shapes = all_of(tmp_path / "a.csv")
    assert columns == {"so thua": ["1"], "ten chu": ["nguyễn văn hộ"]}


def test_lost_parts_of_a_shapefile(tmp_path: Path) -> None:
    for part in (".dbf", ".shx"):
        with pytest.raises(FileRefused, match=f"thiếu phần {part}"), reading.opened(shapefile(tmp_path, lose=(part,))):
            pass


HOSTILE: dict[str, tuple[bytes, str]] = {
    "vrt": (b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>', ""),
    "vrt in gml": (b"<!-- x --><OGRVRTDataSource><FeatureCollection/></OGRVRTDataSource>", ""),
    "entities": (b'<!DOCTYPE a [<!ENTITY x "y">]><gml:FeatureCollection>&x;</gml:FeatureCollection>', ""),
    "html": (b"<html><body>x</body></html>", ""),
    "cut geopackage": (b"SQLite format 3\x00" + b"\x00" * 52 + b"GPKG" + b"\x00" * 200, "GeoPackage bị hỏng"),
    "cut geojson": (b'{"type": "FeatureCollection", "features": [{"type": ', "GeoJSON hợp lệ"),
    "empty geojson": (b'{"type": "FeatureCollection", "features": []}', ""),
    "program": (b"MZ" + b"\x00" * 100, "chương trình"),
    "cut dxf": (b"  0\nSECTION\n  2\nENT", "bị hỏng"),
}


@pytest.mark.parametrize("name", [each for each in HOSTILE if each != "empty geojson"])
def test_hostile_files_get_a_sentence(tmp_path: Path, name: str) -> None:
    content, says = HOSTILE[name]
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=says or "."), reading.opened(path) as source:
        list(source.batches(source.layers[0]))


def test_a_document_type_behind_the_root(tmp_path: Path) -> None:
    path = tmp_path / "x.gml"
    path.write_bytes(b'<gml:FeatureCollection xmlns:gml="g">' + b" " * 10_000 + b"<!DOCTYPE x></gml:FeatureCollection>")
    with pytest.raises(FileRefused, match="DOCTYPE"), reading.opened(path):
        pass


def test_bombs_and_ways_out_of_the_folder(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("shp", "shx", "dbf"):
            archive.writestr(f"a.{part}", b"\x00" * 20_000_000)
    with pytest.raises(FileRefused, match="phình ra"), reading.opened(bomb):
        pass
    sly = tmp_path / "sly.zip"
    with zipfile.ZipFile(sly, "w") as archive:
        for part in ("shp", "shx", "dbf"):
            archive.writestr(f"../../a.{part}", b"x")
    with pytest.raises(FileRefused, match="đường dẫn lạ"), reading.opened(sly):
        pass


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 100)
    with pytest.raises(FileRefused, match="500 MB"), reading.opened(vector(tmp_path)):
        pass


def test_dxf_and_dgn_are_read_when_gdal_can(tmp_path: Path) -> None:
    import pyogrio

    assert {"DXF", "DGN"} <= set(pyogrio.list_drivers())
    pyogrio.raw.write(
        tmp_path / "a.dxf",
        shapely.to_wkb([shapely.LineString([(0, 0), (10, 10)])]),
        [],
        [],
        driver="DXF",
        geometry_type="LineString",
        crs="EPSG:9215",
    )
    layer, columns, shapes = all_of(tmp_path / "a.dxf")
    assert layer.srid == 0 and "Layer" in columns and shapes[0].geom_type == "LineString"
    assert set(vectors.DRIVERS.values()) <= set(pyogrio.list_drivers())


SAID = ("Đất ở nông thôn", "Nguyễn Văn Đức", "Đường liên xã")


@pytest.mark.parametrize(
    ("encode", "encoding"),
    [
        (lambda text: as_tcvn3(text).encode("latin-1"), "tcvn3"),
        (lambda text: as_vni(text).encode("latin-1"), "vni"),
        (str.encode, "utf-8"),
    ],
    ids=("tcvn3", "vni", "utf-8"),
)
def test_a_microstation_design_is_read_with_its_texts(tmp_path: Path, encode: Callable[[str], bytes], encoding: str) -> None:
    """Areas and texts of a cadastral map drawn in VN-2000; a design does not say its system, and keeps the centimetres of its seed."""
    places = {(450_005.5 + 10 * number, 2_420_005.25): encode(text) for number, text in enumerate(SAID)}
    layer, columns, shapes = all_of(microstation(tmp_path, places))
    assert (layer.count, layer.srid, layer.encoding) == (6, 0, encoding)
    assert systems.judge(9215, layer.bounds or (0, 0, 0, 0)) == ""
    assert columns["Level"] == [10] * 3 + [13] * 3
    assert columns["Text"][3:] == list(SAID)
    for read, drawn in zip(shapes[:3], boxes(), strict=True):
        assert read.normalize().equals_exact(drawn.normalize(), 0.011)
    assert [(each.x, each.y) for each in shapes[3:]] == [pytest.approx(place, abs=0.011) for place in places]
    again, told, _shapes = all_of(tmp_path / "ban_do.dgn", encoding=encoding)
    assert (again.encoding, told["Text"]) == (encoding, columns["Text"])


@pytest.mark.parametrize(
    ("srid", "bounds", "says"),
    [
        (9215, (430_000, 2_410_000, 431_000, 2_411_000), ""),
        (9215, (2_410_000, 430_000, 2_411_000, 431_000), "đảo trục"),
        (9215, (106.7, 21.8, 106.8, 21.9), "Toạ độ là độ"),
        (4326, (430_000, 2_410_000, 431_000, 2_411_000), "Toạ độ là mét"),
        (4326, (21.8, 106.7, 21.9, 106.8), "đảo trục"),
        (9215, (0, 0, 10, 10), "độ"),
        (9215, (10_430_000, 2_410_000, 10_431_000, 2_411_000), "ngoài phạm vi"),
        (3857, (11_885_365, 2_496_626, 11_885_400, 2_496_700), ""),
    ],
)  # fmt: skip
def test_places_that_cannot_be_meant(srid: int, bounds: tuple[float, float, float, float], says: str) -> None:
    said = systems.judge(srid, bounds)
    assert (says in said) if says else said == ""
