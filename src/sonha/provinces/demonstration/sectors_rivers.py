"""The rivers of Lạng Sơn as a sketch: near the true places, in the true direction, with invented bends. Marked as schematic."""

import math
import random
from dataclasses import dataclass
from datetime import date

import shapely

from sonha.provinces.demonstration.country import Country, Sheaf, geos, many, metres
from sonha.sectors.water import models as water

SINCE = date(2024, 7, 1)
STEP = 350  # metres between the invented bends
CHANNEL = 30  # metres from the line to the bank
SKETCH = "Sơ đồ, không phải tim sông đo đạc"


@dataclass(frozen=True, slots=True)
class River:
    """A river from its source down: (node, longitude, latitude, name of the reach that begins there)."""

    code: str
    name: str
    basin: str
    order: int
    nodes: tuple[tuple[str, float, float, str], ...]
    target: str = "B"
    width: int = 10  # of its corridor


RIVERS = (
    River(
        "KC",
        "Sông Kỳ Cùng",
        "LV-KC",
        1,
        (
            ("KC-00", 107.195, 21.560, "Bắc Xa - Đình Lập"),
            ("KC-01", 107.105, 21.562, "Đình Lập - ngã ba Ba Thín"),
            ("KC-02", 106.968, 21.735, "Ngã ba Ba Thín - Lộc Bình"),
            ("KC-03", 106.918, 21.768, "Lộc Bình - Mai Pha"),
            ("KC-04", 106.790, 21.832, "Mai Pha - cầu Kỳ Lừa"),
            ("KC-05", 106.757, 21.857, "Cầu Kỳ Lừa - Bản Ngà"),
            ("KC-06", 106.712, 21.905, "Bản Ngà - Na Sầm"),
            ("KC-07", 106.612, 22.063, "Na Sầm - ngã ba Bắc Giang"),
            ("KC-08", 106.530, 22.168, "Ngã ba Bắc Giang - Thất Khê"),
            ("KC-09", 106.487, 22.252, "Thất Khê - Bình Nghi"),
            ("KC-10", 106.685, 22.262, ""),
        ),
        "A",
        20,
    ),
    River("BT", "Sông Ba Thín", "LV-KC", 2, (("BT-00", 107.050, 21.825, "Biên giới - Khuất Xá"), ("KC-02", 106.968, 21.735, ""))),
    River("ND", "Suối Na Dương", "LV-KC", 3, (("ND-00", 106.985, 21.665, "Na Dương - Lộc Bình"), ("KC-03", 106.918, 21.768, "")), "C"),
    River("LL", "Suối Lao Ly", "LV-KC", 3, (("LL-00", 106.800, 21.890, "Lao Ly - cầu Kỳ Lừa"), ("KC-05", 106.757, 21.857, "")), "C"),
    River("NT", "Suối Ngọc Tuyền", "LV-KC", 3, (("NT-00", 106.722, 21.838, "Tam Thanh - cầu Kỳ Lừa"), ("KC-05", 106.757, 21.857, "")), "C"),
    River(
        "BG",
        "Sông Bắc Giang",
        "LV-KC",
        2,
        (
            ("BG-00", 106.225, 21.985, "Thượng nguồn - Bình Gia"),
            ("BG-01", 106.380, 21.962, "Bình Gia - Văn Mịch"),
            ("BG-02", 106.455, 22.062, "Văn Mịch - ngã ba Kỳ Cùng"),
            ("KC-08", 106.530, 22.168, ""),
        ),
        "A",
    ),
    River(
        "MP",
        "Sông Mô Pìa",
        "LV-KC",
        3,
        (
            ("MP-00", 106.545, 21.842, "Văn Quan - Văn Mịch"),
            ("BG-02", 106.455, 22.062, ""),
        ),
    ),
    River("BK", "Sông Bắc Khê", "LV-KC", 2, (("BK-00", 106.435, 22.385, "Thượng nguồn - Thất Khê"), ("KC-09", 106.487, 22.252, "")), "A"),
    River(
        "TH",
        "Sông Thương",
        "LV-TH",
        1,
        (
            ("TH-00", 106.640, 21.760, "Na Pa Phước - Chi Lăng"),
            ("TH-01", 106.575, 21.668, "Chi Lăng - ải Chi Lăng"),
            ("TH-02", 106.515, 21.588, "Ải Chi Lăng - ngã ba sông Hoá"),
            ("TH-03", 106.440, 21.520, "Ngã ba sông Hoá - Hữu Lũng"),
            ("TH-04", 106.340, 21.498, "Hữu Lũng - ranh giới tỉnh"),
            ("TH-05", 106.272, 21.415, ""),
        ),
        "A",
        20,
    ),
    River("HO", "Sông Hoá", "LV-TH", 2, (("HO-00", 106.660, 21.545, "Hữu Kiên - ngã ba sông Thương"), ("TH-03", 106.440, 21.520, ""))),
    River(
        "TR",
        "Sông Trung",
        "LV-TH",
        2,
        (
            ("TR-00", 106.265, 21.760, "Bắc Sơn - Yên Bình"),
            ("TR-01", 106.285, 21.620, "Yên Bình - Hữu Lũng"),
            ("TH-04", 106.340, 21.498, ""),
        ),
        "A",
    ),
    River("LN", "Sông Lục Nam", "LV-LN", 2, (("LN-00", 107.090, 21.515, "Đình Lập - ranh giới tỉnh"), ("LN-01", 107.010, 21.430, ""))),
)
TOWNS = frozenset({"KC-03", "KC-04", "KC-05", "KC-06", "KC-07", "KC-08", "TH-02", "TH-05"})
"""Reaches on which most people live and work."""
BASINS = {
    "LV-KC": ("Lưu vực sông Kỳ Cùng", "international", "Bằng Giang - Kỳ Cùng"),
    "LV-TH": ("Lưu vực sông Thương", "interprovincial", "Hồng - Thái Bình"),
    "LV-LN": ("Lưu vực sông Lục Nam", "interprovincial", "Hồng - Thái Bình"),
}
CITY = (106.762, 21.855)


def tell(sheaf: Sheaf, country: Country) -> None:
    chance = random.Random("rivers")  # noqa: S311 - fiction, not secrets
    lines = {(river.code, index): _line(chance, river, index) for river in RIVERS for index in range(len(river.nodes) - 1)}
    basins = {code: _basin(sheaf, country, code, lines) for code in BASINS}
    for river in RIVERS:
        reaches = [
            _reach(sheaf, country, river, index, lines[river.code, index], basins[river.basin]) for index in range(len(river.nodes) - 1)
        ]
        country.rivers[river.code] = reaches
        for reach, line in reaches:
            if river.order <= 2:
                _corridor(sheaf, river, reach, line)
    _stations(sheaf, country)
    _bans(sheaf, country)


def _line(chance: random.Random, river: River, index: int) -> shapely.LineString:
    """A winding line between two nodes: a sum of a few waves across the straight way, nothing at both ends."""
    (ax, ay), (bx, by) = (metres(*river.nodes[at][1:3]) for at in (index, index + 1))
    length = math.hypot(bx - ax, by - ay)
    across = (-(by - ay) / length, (bx - ax) / length)
    waves = [(chance.uniform(0.4, 1) * length / (9 * number), number, chance.uniform(0, math.tau)) for number in (2, 3, 5, 8, 13)]
    count = max(int(length / STEP), 6)
    points = []
    for step in range(count + 1):
        share = step / count
        off = math.sin(math.pi * share) * sum(size * math.sin(number * math.pi * share + turn) for size, number, turn in waves) * 0.6
        points.append((round(ax + (bx - ax) * share + across[0] * off, 2), round(ay + (by - ay) * share + across[1] * off, 2)))
    return shapely.LineString(points)


def _basin(sheaf: Sheaf, country: Country, code: str, lines: dict[tuple[str, int], shapely.LineString]) -> water.RiverBasin:
    """What lies nearer to the rivers of this basin than to those of another."""
    owners = [
        (river.basin, point) for river in RIVERS for (key, _i), line in lines.items() if key == river.code for point in line.coords[2:-2:3]
    ]
    regions = shapely.voronoi_polygons(shapely.MultiPoint([point for _basin, point in owners]), extend_to=country.outline, ordered=True)
    own = shapely.union_all([region for (basin, _point), region in zip(owners, regions.geoms, strict=True) if basin == code])
    shape = many(shapely.intersection(own, country.outline))
    name, level, parent = BASINS[code]
    row = sheaf.add(
        water.RiverBasin,
        SINCE,
        code=code,
        name=name,
        level=level,
        parent_name=parent,
        area_km2=round(shape.area / 1e6, 1),
        commune_code="",
        geometry=geos(shape),
    )
    assert isinstance(row, water.RiverBasin)
    return row


def _reach(
    sheaf: Sheaf, country: Country, river: River, index: int, line: shapely.LineString, basin: water.RiverBasin
) -> tuple[water.RiverReach, shapely.LineString]:
    (upper, _x, _y, name), (lower, *_rest) = river.nodes[index], river.nodes[index + 1]
    row = sheaf.add(
        water.RiverReach,
        SINCE,
        place=line,
        code=f"{river.code}-{index + 1:02}",
        river=river.name,
        name=name,
        basin=basin,
        from_node=upper,
        to_node=lower,
        stream_order=river.order,
        length_km=round(line.length / 1000, 2),
        quality_target=river.target,
        minimum_flow=round(country.chance.uniform(0.3, 2.5) * (2 if river.order == 1 else 1), 3),
    )
    row.origin = f"{sheaf.rows[water.RiverReach][-1].origin}; {SKETCH}"
    return row, line


def _corridor(sheaf: Sheaf, river: River, reach: water.RiverReach, line: shapely.LineString) -> None:
    shape = many(line.buffer(CHANNEL + river.width, quad_segs=3).difference(line.buffer(CHANNEL, quad_segs=3)))
    sheaf.add(
        water.ProtectionCorridor,
        date(2025, 1, 1),
        place=shape,
        code=f"HL-{reach.code}",
        name=f"Hành lang {river.name}, đoạn {reach.name}",
        reach=reach,
        function="pollution" if reach.code in {"KC-04", "KC-05", "KC-06"} else "bank",
        width_m=river.width,
        decision="Quyết định danh mục nguồn nước phải lập hành lang (minh hoạ)",
        staked=river.order == 1,
    )


def _stations(sheaf: Sheaf, country: Country) -> None:
    chance = country.chance
    for river in RIVERS:
        for reach, line in country.rivers[river.code]:
            if river.order > 2 and chance.random() < 0.4:
                continue
            automatic = reach.code in {"KC-04", "KC-06", "TH-04"}
            at = line.interpolate(chance.uniform(0.35, 0.9), normalized=True)
            sheaf.add(
                water.MonitoringStation,
                date(2023, 1, 1),
                place=at,
                code=f"NM-{reach.code}",
                name=f"Điểm quan trắc {reach.name}",
                kind="surface",
                automatic=automatic,
                reach=reach,
                parameters="pH, DO, BOD₅, COD, TSS, NH₄⁺-N, Coliform" + (", mực nước, lưu lượng" if automatic else ""),
                frequency="liên tục" if automatic else "04 lần/năm",
                keeper="Trung tâm Tài nguyên và Môi trường",
            )
    for number in range(1, 9):
        at = country.anywhere(near=CITY, spread=9_000)
        sheaf.add(
            water.MonitoringStation,
            date(2023, 1, 1),
            place=at,
            code=f"ND-{number:02}",
            name=f"Giếng quan trắc nước dưới đất số {number}",
            kind="ground",
            automatic=False,
            parameters="mực nước, nhiệt độ, pH, TDS, NH₄⁺-N, As",
            frequency="hằng tháng",
            keeper="Trung tâm Tài nguyên và Môi trường",
        )


BANS = (
    ("forbidden", "Vùng cấm quanh khu vực sụt lún Na Dương", (106.965, 21.690), 900, "Khu vực đã xảy ra sụt, lún đất"),
    ("restricted_1", "Vùng hạn chế 1 quanh khu vực sụt lún Na Dương", (106.965, 21.690), 1_400, "Trong 500 m kể từ đường biên vùng cấm"),
    (
        "restricted_2",
        "Vùng hạn chế 2 bãi giếng thành phố",
        (106.756, 21.846),
        1_000,
        "Mực nước suy giảm liên tục, nguy cơ vượt ngưỡng khai thác",
    ),
    ("restricted_2", "Vùng hạn chế 2 Đồng Đăng", (106.700, 21.945), 500, "Mực nước suy giảm liên tục, nguy cơ vượt ngưỡng khai thác"),
    ("mixed", "Vùng hạn chế hỗn hợp Hữu Lũng", (106.350, 21.512), 1_200, "Hai loại vùng hạn chế trùng nhau"),
)


def _bans(sheaf: Sheaf, country: Country) -> None:
    for number, (kind, name, centre, radius, reason) in enumerate(BANS, start=1):
        shape = shapely.Point(*metres(*centre)).buffer(radius, quad_segs=8)
        if kind == "restricted_1":
            shape = shape.difference(shapely.Point(*metres(*centre)).buffer(900, quad_segs=8))
        sheaf.add(
            water.AbstractionBan,
            date(2025, 6, 1),
            place=many(shape),
            code=f"VHC-{number:02}",
            name=name,
            kind=kind,
            reason=reason,
            aquifer="tầng chứa nước khe nứt - karst C-P",
            area_km2=round(shape.area / 1e6, 2),
            measures="Không cấp phép mới; giảm dần lưu lượng theo lộ trình (minh hoạ)"
            if kind != "forbidden"
            else "Không khai thác; trám lấp giếng",
            decision="Quyết định khoanh định vùng cấm, vùng hạn chế (minh hoạ)",
        )
