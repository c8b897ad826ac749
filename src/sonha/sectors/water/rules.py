"""Quality rules of water. Numbers are kept for ever; a rule that ends gets `until`."""

from datetime import date

from sonha.registry.declarations import Rule, Severity
from sonha.registry.quality.rules import InRange, Link, Ordered, Required, Unique, ValidGeometry, When

LAW = "Luật Tài nguyên nước số 28/2023/QH15"
WARNING = Severity.WARNING

BASINS: tuple[Rule, ...] = (Required(("code", "name"), code="TN-01"), ValidGeometry(code="TN-02"))
REACHES: tuple[Rule, ...] = (
    Required(("code", "river", "from_node", "to_node"), code="TN-11"),
    ValidGeometry(code="TN-12"),
    InRange("stream_order", 1, 9, code="TN-13"),
    InRange("length_km", 0.01, 500, code="TN-14"),
    Unique(("from_node", "to_node"), code="TN-15"),
)
CORRIDORS: tuple[Rule, ...] = (
    Required(("code", "name", "decision"), code="TN-21"),
    ValidGeometry(code="TN-22"),
    InRange("width_m", 1, 500, code="TN-23"),
    InRange(
        "width_m", 5, None, code="TN-24", severity=WARNING,
        source="Nghị định số 53/2024/NĐ-CP (chiều rộng tối thiểu của hành lang; giả định 5 m, tỉnh phải đối chiếu)",
    ),
)  # fmt: skip
BANS: tuple[Rule, ...] = (
    Required(("code", "name", "reason", "decision"), code="TN-31"),
    ValidGeometry(code="TN-32"),
    When("kind", ("restricted_1", "restricted_2", "mixed"), ("measures",), code="TN-33", severity=WARNING, source=f"{LAW}, Điều 31"),
    When("kind", "restricted_2", ("aquifer",), code="TN-34", severity=WARNING, source="Nghị định số 53/2024/NĐ-CP, Điều 36 khoản 2"),
)
STATIONS: tuple[Rule, ...] = (Required(("code", "name"), code="TN-41"), ValidGeometry(code="TN-42"))
LICENCES: tuple[Rule, ...] = (
    Required(("number", "holder_name", "works_name"), code="TN-51"),
    ValidGeometry(code="TN-52"),
    Ordered("issued_on", "expires_on", code="TN-53"),
    InRange("flow", 0, None, code="TN-54"),
    InRange("years", 1, 10, code="TN-55", severity=WARNING, source="Nghị định số 54/2024/NĐ-CP (thời hạn giấy phép không quá 10 năm)"),
    Unique(("number", "issued_on"), code="TN-56"),
)
WORKS: tuple[Rule, ...] = (
    Required(("code", "name", "owner_name"), code="TN-61"),
    ValidGeometry(code="TN-62"),
    InRange("capacity", 0, None, code="TN-63"),
    When("use", "domestic", ("protected_m",), code="TN-64", severity=WARNING, source="Thông tư số 24/2016/TT-BTNMT (vùng bảo hộ vệ sinh)"),
)
WELLS: tuple[Rule, ...] = (
    Required(("code", "owner_name"), code="TN-71"),
    ValidGeometry(code="TN-72"),
    InRange("depth", 0.5, 1000, code="TN-73"),
    Ordered("static_level", "depth", code="TN-74", severity=WARNING),
    Ordered("static_level", "dynamic_level", code="TN-75", severity=WARNING),
    When("state", "sealed", ("sealed_on",), code="TN-76", severity=WARNING, source="Thông tư số 72/2017/TT-BTNMT (trám lấp giếng)"),
)
DISCHARGES: tuple[Rule, ...] = (
    Required(("code", "name", "owner_name", "standard"), code="TN-81"),
    ValidGeometry(code="TN-82"),
    InRange("flow", 0, None, code="TN-83"),
    Link("facility_code", "facilities", "code", code="TN-84", severity=WARNING),
    Required(("licence_number",), code="TN-85", severity=WARNING),
    When("column", ("A", "B", "C"), ("standard",), code="TN-86", since=date(2014, 2, 1)),
)
DRILLING: tuple[Rule, ...] = (
    Required(("number", "holder_name"), code="TN-91"),
    Ordered("issued_on", "expires_on", code="TN-92"),
    InRange("years", 1, 5, code="TN-93", severity=WARNING, source="Nghị định số 54/2024/NĐ-CP (thời hạn hành nghề khoan không quá 05 năm)"),
    Unique(("number", "issued_on"), code="TN-94"),
)
