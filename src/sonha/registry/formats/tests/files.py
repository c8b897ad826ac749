"""Real files for tests, made by the libraries that people's programs use."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

NAMES = ("Nguyễn Văn Đức", "Hoàng Thị Bưởi", "Lương Ngọc Ước")
ENDINGS = {"GPKG": "gpkg", "GeoJSON": "geojson", "GML": "gml", "ESRI Shapefile": "shp"}


def boxes(count: int = 3, *, x: float = 450_000, y: float = 2_420_000, step: float = 10) -> Any:
    return [shapely.box(x + step * number, y, x + step * number + step, y + step) for number in range(count)]


def vector(
    folder: Path, driver: str = "GPKG", *, shapes: Any = None, crs: str | None = "EPSG:9215", name: str = "thua", **columns: Any
) -> Path:
    """A file with columns `so_thua`, `to_bd`, `loai_dat`, `dien_tich`, `ten_chu`, or those given."""
    shapes = boxes() if shapes is None else shapes
    count = len(shapes)
    said = columns or {
        "so_thua": [str(number + 1) for number in range(count)],
        "to_bd": [5] * count,
        "loai_dat": ["ONT"] * count,
        "dien_tich": [100.0] * count,
        "ten_chu": [NAMES[number % len(NAMES)] for number in range(count)],
    }
    path = folder / f"{name}.{ENDINGS[driver]}"
    data = [np.array(values, dtype=object if isinstance(values[0], str) else None) for values in said.values()]
    kinds = {each.geom_type for each in shapes if each is not None}
    kind = kinds.pop() if len(kinds) == 1 else "Unknown" if kinds else "Polygon"
    pyogrio.raw.write(path, shapely.to_wkb(np.array(shapes)), data, list(said), driver=driver, crs=crs, geometry_type=kind, layer=name)
    return path


def shapefile(
    folder: Path, *, encode: Any = None, cpg: str | None = "UTF-8", prj: str | None = "", lose: tuple[str, ...] = (), **more: Any
) -> Path:
    """A zipped shapefile. `encode`: texts are bytes as Latin-1 shows them; `prj` "" keeps what GDAL writes, None leaves it out."""
    home = folder / "shp"
    home.mkdir(exist_ok=True)
    path = vector(home, "ESRI Shapefile", **more) if encode is None else _latin(home, **more)
    if cpg is None:
        path.with_suffix(".cpg").unlink(missing_ok=True)
    else:
        path.with_suffix(".cpg").write_text(cpg)
    if prj is None:
        path.with_suffix(".prj").unlink(missing_ok=True)
    elif prj:
        path.with_suffix(".prj").write_text(prj)
    packed = folder / "thua.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in home.iterdir():
            if part.suffix not in lose:
                archive.write(part, f"Bản đồ/{part.name}")
    return packed


def _latin(folder: Path, **columns: Any) -> Path:
    path = folder / "thua.shp"
    data = [np.array(values, dtype=object) for values in columns.values()]
    pyogrio.raw.write(
        path, shapely.to_wkb(boxes(len(data[0]))), data, list(columns), crs="EPSG:9215", geometry_type="Polygon", encoding="ISO-8859-1"
    )
    return path


def microstation(folder: Path, texts: dict[tuple[float, float], bytes], shapes: Any = None) -> Path:
    """A MicroStation V7 design with areas on level 10 and texts, as bytes of any font's encoding, on level 13; written by GDAL."""
    program = shutil.which("ogr2ogr")
    assert program, "apt-get install gdal-bin"
    stand_ins = {chr(ord("A") + number) * len(text): text for number, text in enumerate(texts.values())}
    areas = [({"Level": 10}, json.loads(shapely.to_geojson(each))) for each in (boxes() if shapes is None else shapes)]
    labels = [({"Level": 13, "Text": name}, {"type": "Point", "coordinates": place}) for name, place in zip(stand_ins, texts, strict=True)]
    features = [{"type": "Feature", "properties": said, "geometry": geometry} for said, geometry in (*areas, *labels)]
    given, path = folder / "given.geojson", folder / "ban_do.dgn"
    given.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    subprocess.run([program, "-f", "DGN", str(path), str(given), "-a_srs", "EPSG:9215"], check=True, capture_output=True)
    content = path.read_bytes()
    for stand_in, text in stand_ins.items():
        assert content.count(stand_in.encode()) == 1
        content = content.replace(stand_in.encode(), text)
    path.write_bytes(content)
    return path
