"""What the two systems call the same things.

Column names are those seen in exports of each product; a district may have renamed them, so a layout can be given as a file instead
(assumption: the province confirms them with its first real exports).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Layout:
    """`columns`: our name -> its column. `land_types`: its codes that differ from ours. `codes_of`: the day of its commune codes."""

    code: str
    title: str
    districts: tuple[str, ...]
    columns: Mapping[str, str]
    encoding: str = ""
    codes_of: date = date(2025, 6, 30)
    separator: str = "; "
    land_types: Mapping[str, str] = field(default_factory=dict)


ELIS = Layout(
    code="elis",
    title="Elis",
    districts=("186", "187", "180", "182", "189", "184", "185"),
    encoding="tcvn3",
    columns={
        "commune": "MAXA", "sheet": "SHBANDO", "number": "SHTHUA", "old_sheet": "SHBANDOCU", "old_number": "SHTHUACU", "area": "DTICH",
        "legal_area": "DTPHAPLY", "land_type": "MDSD2003", "address": "DIACHI", "user": "TENCHU", "id_number": "SOCMT",
        "serial": "SOPHATHANH", "measured_on": "NGAYDO",
    },
    land_types={"LUA": "LUC", "BHK": "HNK", "NHK": "HNK", "ONT*": "ONT"},
)  # fmt: skip

VBDLIS = Layout(
    code="vbdlis",
    title="VBDLIS (VILG)",
    districts=("183", "188", "178", "181"),
    columns={
        "commune": "maXa", "sheet": "soHieuToBanDo", "number": "soThuTuThua", "old_sheet": "soHieuToBanDoCu",
        "old_number": "soThuTuThuaCu", "area": "dienTich", "legal_area": "dienTichPhapLy", "land_type": "kyHieuMucDichSuDung",
        "address": "diaChi", "user": "tenChu", "id_number": "soGiayTo", "serial": "soPhatHanh", "measured_on": "thoiDiemKhoiTao",
    },
    land_types={"BHK": "HNK", "NHK": "HNK"},
)  # fmt: skip

LAYOUTS = {layout.code: layout for layout in (ELIS, VBDLIS)}
NEEDED = ("commune", "sheet", "number", "area", "land_type")
