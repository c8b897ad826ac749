"""Exports of both kinds for trials: a village street in each system, with one of every trouble that merging meets.

Elis: a zipped shapefile with texts in TCVN3 and commune codes before 2025-07-01. VBDLIS: GeoJSON in VN-2000 (Unicode).
"""

import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio import raw

from sonha.registry.formats.encodings.tables import TCVN3
from sonha.sectors.land.merging.layouts import ELIS, VBDLIS, Layout

TO_TCVN3 = {ord(letter): code for code, letter in TCVN3.items()}
EAST, NORTH, SIZE = 470_000, 2_430_000, 20
OWNERS = ("Nông Thị Lan", "Lý Văn Sơn", "Hoàng Thị Huệ", "Đặng Đức Thắng", "Vi Văn Bắc")


def plots(commune: str, count: int, *, row: int, sheet: str = "7") -> list[dict[str, Any]]:
    """Squares of 400 m² side by side."""
    found = []
    for at in range(count):
        x, y = EAST + at * SIZE, NORTH + row * SIZE
        owner = OWNERS[at % len(OWNERS)]
        found.append(
            {"commune": commune, "sheet": sheet, "number": at + 1, "area": 400.0, "legal_area": 400.0, "land_type": "ONT", "user": owner,
             "id_number": f"0200850{row:02d}{at:03d}", "address": "Thôn Nà Pàn", "serial": "", "measured_on": "2019-05-20",
             "shape": shapely.box(x, y, x + SIZE, y + SIZE)}
        )  # fmt: skip
    return found


def write_samples(folder: Path, *, elis: str = "06385", vbdlis: str = "06187", divided: str = "06622") -> tuple[Path, Path]:
    """Writes `elis.zip` and `vbdlis.geojson` for two communes that are their own successors; returns both paths.

    Planted: a parcel in both that agrees, one with another area, one of another user; a missing number, an unknown land type and commune,
    an overlap, a parcel of a divided commune outside of its parts.
    """
    first = plots(elis, 8, row=0)
    first[5]["land_type"] = "XXX"
    first[6]["number"] = None
    first[7]["commune"] = "99999"
    second = plots(vbdlis, 6, row=5)
    shared = [dict(first[0]), {**first[1], "area": 455.0}, {**first[2], "user": "Trần Văn Lạ"}]
    over = {**second[5], "number": 60, "shape": shapely.box(EAST + 5 * SIZE + 10, NORTH + 5 * SIZE, EAST + 7 * SIZE, NORTH + 6 * SIZE)}
    lost = {**second[0], "commune": divided, "number": 70, "shape": shapely.box(1_000, 1_000, 1_020, 1_020)}
    return _shapefile(folder / "elis.zip", first, ELIS), _geojson(folder / "vbdlis.geojson", [*second, *shared, over, lost], VBDLIS)


def _columns(rows: list[dict[str, Any]], layout: Layout) -> tuple[list[str], list[Any]]:
    names, data = [], []
    for ours, theirs in layout.columns.items():
        values = [row.get(ours) for row in rows]
        names.append(theirs)
        if ours in ("area", "legal_area"):
            data.append(np.array(values, dtype=np.float64))
        else:
            texts = ["" if value is None else str(value) for value in values]
            data.append(np.array([text.translate(TO_TCVN3) if layout.encoding == "tcvn3" else text for text in texts], dtype=object))
    return names, data


def _save(path: Path, rows: list[dict[str, Any]], layout: Layout, driver: str, **more: Any) -> None:
    names, data = _columns(rows, layout)
    shapes = shapely.to_wkb(np.array([row["shape"] for row in rows], dtype=object))
    raw.write(path, shapes, data, names, geometry_type="Polygon", crs="EPSG:9215", driver=driver, **more)


def _shapefile(path: Path, rows: list[dict[str, Any]], layout: Layout) -> Path:
    with tempfile.TemporaryDirectory() as folder:
        _save(Path(folder) / "THUADAT.shp", rows, layout, "ESRI Shapefile", encoding="ISO-8859-1")
        with zipfile.ZipFile(path, "w") as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
    return path


def _geojson(path: Path, rows: list[dict[str, Any]], layout: Layout) -> Path:
    _save(path, rows, layout, "GeoJSON")
    return path
