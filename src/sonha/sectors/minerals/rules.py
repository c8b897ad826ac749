"""Quality rules of minerals. Numbers are kept for ever; a rule that ends gets `until`."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from sonha.registry.declarations import Rule, Severity
from sonha.registry.quality.rules import InCodeList, InRange, NoOverlap, Ordered, Required, Unique, ValidGeometry, When
from sonha.sectors.rules import Equals, HectaresAgree

OLD_LAW = "Luật Khoáng sản số 60/2010/QH12"
LAW = "Luật Địa chất và khoáng sản số 54/2024/QH15"
WARNING = Severity.WARNING

AREAS: tuple[Rule, ...] = (
    Required(("code", "name", "mineral", "decision"), code="KS-01"),
    ValidGeometry(code="KS-02"),
    HectaresAgree(code="KS-03", severity=WARNING),
    InCodeList("mineral", code="KS-04"),
    NoOverlap(tolerance_m2=100, code="KS-05", severity=WARNING),
    NoOverlap(
        tolerance_m2=100,
        against="mineral_forbidden_areas",
        code="KS-06",
        severity=WARNING,
        source=f"{OLD_LAW}, Điều 28 (khu vực cấm, tạm cấm)",
    ),
)
EXPLORATION: tuple[Rule, ...] = (
    Required(("number", "holder_name", "works_name", "mineral"), code="KS-11"),
    ValidGeometry(code="KS-12"),
    HectaresAgree(code="KS-13", severity=WARNING),
    InCodeList("mineral", code="KS-14", severity=WARNING),
    Ordered("issued_on", "expires_on", code="KS-15"),
    InRange("months", 1, 48, code="KS-16", source=f"{OLD_LAW}, Điều 41 (thời hạn thăm dò không quá 48 tháng)"),
    Unique(("number", "issued_on"), code="KS-17"),
    NoOverlap(
        tolerance_m2=100,
        against="mineral_forbidden_areas",
        code="KS-18",
        severity=WARNING,
        source=f"{OLD_LAW}, Điều 28 (khu vực cấm, tạm cấm)",
    ),
    InRange("depth", 0, 1000, code="KS-19", severity=WARNING),
)
EXTRACTION: tuple[Rule, ...] = (
    Required(("number", "holder_name", "works_name", "mineral"), code="KS-21"),
    ValidGeometry(code="KS-22"),
    HectaresAgree(code="KS-23", severity=WARNING),
    InCodeList("mineral", code="KS-24", severity=WARNING),
    Ordered("issued_on", "expires_on", code="KS-25"),
    InRange("years", 1, 30, code="KS-26", source=f"{OLD_LAW}, Điều 54 (thời hạn khai thác không quá 30 năm)"),
    Ordered("extractable_m3", "reserve_m3", code="KS-27", severity=WARNING),
    Ordered("level_to", "level_from", code="KS-28", severity=WARNING),
    InRange("capacity", 1, None, code="KS-29"),
    Unique(("number", "issued_on"), code="KS-30"),
    NoOverlap(
        tolerance_m2=100,
        against="mineral_forbidden_areas",
        code="KS-31",
        severity=WARNING,
        source=f"{OLD_LAW}, Điều 28 (khu vực cấm, tạm cấm)",
    ),
)
RESERVES: tuple[Rule, ...] = (
    Required(("code", "works_name", "decision"), code="KS-41"),
    InCodeList("mineral", code="KS-42"),
    Equals(
        field="remaining_m3",
        of=("approved_m3", "mined_m3", "lost_m3"),
        formula=lambda approved, mined, lost: approved - mined - lost,
        code="KS-43",
        title=_("Còn lại = phê duyệt − đã khai thác − tổn thất"),
    ),
    InRange("remaining_m3", 0, None, code="KS-44"),
)
FEES: tuple[Rule, ...] = (
    Equals(
        field="amount",
        of=("reserve_m3", "price", "k1", "k2", "rate"),
        formula=lambda q, g, k1, k2, r: q * g * k1 * k2 * r / 100,
        tolerance=Decimal(1000),  # đồng: decisions are rounded
        code="KS-51",
        title=_("T = Q × G × K1 × K2 × R"),
        source="Nghị định số 67/2019/NĐ-CP (công thức tính tiền cấp quyền khai thác khoáng sản)",
        since=date(2014, 1, 20),
    ),
    InRange("rate", 1, 5, code="KS-52", severity=WARNING, source="Nghị định số 67/2019/NĐ-CP, Phụ lục I (mức thu từ 1% đến 5%)"),
    InRange("k1", 0, 1, code="KS-53", severity=WARNING),
    InRange("k2", 0, 1, code="KS-54", severity=WARNING),
    Ordered("paid", "amount", code="KS-55", severity=WARNING),
)
CLOSURES: tuple[Rule, ...] = (
    Required(("decision", "works_name"), code="KS-61"),
    ValidGeometry(code="KS-62"),
    Ordered("decided_on", "closed_on", code="KS-63"),
    Ordered("restored_ha", "area_ha", code="KS-64"),
    When("state", "closed", ("closed_on",), code="KS-65"),
)
FORBIDDEN: tuple[Rule, ...] = (
    Required(("code", "name", "decision"), code="KS-71"),
    ValidGeometry(code="KS-72"),
    HectaresAgree(code="KS-73", severity=WARNING),
    When("kind", "temporary", ("until",), code="KS-74", severity=WARNING, source=f"{OLD_LAW}, Điều 28 khoản 2 (tạm thời cấm)"),
)
REPORTS: tuple[Rule, ...] = (
    InRange("year", 1990, 2100, code="KS-81"),
    Unique(("licence", "year"), code="KS-82"),
    InRange("mined_m3", 0, None, code="KS-83"),
)
