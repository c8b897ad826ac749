"""Quality rules of pollution sources. Numbers are kept for ever; a rule that ends gets `until`."""

from django.utils.translation import gettext_lazy as _

from sonha.registry.declarations import Rule, Severity
from sonha.registry.quality.rules import InCodeList, InRange, Matches, Ordered, Required, Unique, ValidGeometry, When

LAW = "Luật Bảo vệ môi trường số 72/2020/QH14"
WARNING = Severity.WARNING
WASTE_CODE = "^[0-9]{2} [0-9]{2} [0-9]{2}$"

FACILITIES: tuple[Rule, ...] = (
    Required(("code", "name", "owner_name"), code="MT-01"),
    ValidGeometry(code="MT-02"),
    Required(("group",), code="MT-03", severity=WARNING, source=f"{LAW}, Điều 28 (nhóm dự án)"),
)
STREAMS: tuple[Rule, ...] = (
    Required(("code", "name", "unit"), code="MT-11"),
    InRange("amount", 0, None, code="MT-12"),
    When("kind", ("wastewater", "air"), ("standard",), code="MT-13", severity=WARNING),
)
PERMITS: tuple[Rule, ...] = (
    Required(("number", "holder_name", "works_name"), code="MT-21"),
    ValidGeometry(code="MT-22"),
    Ordered("issued_on", "expires_on", code="MT-23"),
    Unique(("number", "issued_on"), code="MT-24"),
    InRange("flow", 0, None, code="MT-25"),
)
BOOKS: tuple[Rule, ...] = (
    Required(("number", "holder_name", "works_name"), code="MT-31"),
    ValidGeometry(code="MT-32"),
    InRange("total_kg", 0, None, code="MT-33"),
    Unique(("number", "issued_on"), code="MT-34"),
)
WASTES: tuple[Rule, ...] = (
    Required(("code", "name"), code="MT-41"),
    Matches(
        "code", WASTE_CODE, example="17 02 03", code="MT-42", source="Thông tư số 02/2022/TT-BTNMT, Phụ lục III, mẫu số 01",
        title=_("Mã chất thải nguy hại gồm ba cặp chữ số"),
    ),
    InCodeList("group", code="MT-43", severity=WARNING),
    InRange("quantity", 0, None, code="MT-44"),
)  # fmt: skip
DECISIONS: tuple[Rule, ...] = (
    Required(("number", "holder_name", "works_name"), code="MT-51"),
    ValidGeometry(code="MT-52"),
    Unique(("number", "issued_on"), code="MT-53"),
)
STACKS: tuple[Rule, ...] = (
    Required(("code", "name", "standard"), code="MT-61"),
    ValidGeometry(code="MT-62"),
    InRange("height_m", 1, 300, code="MT-63"),
    InRange("diameter_m", 0.05, 20, code="MT-64"),
    InRange("kp", 0.5, 1.2, code="MT-65", severity=WARNING, source="QCVN 19:2009/BTNMT (hệ số Kp 0,8-1,0)"),
    InRange("kv", 0.5, 1.5, code="MT-66", severity=WARNING, source="QCVN 19:2009/BTNMT (hệ số Kv 0,6-1,4)"),
)
