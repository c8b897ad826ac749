"""Quality rules of surveying activity. Numbers are kept for ever; a rule that ends gets `until`."""

from sonha.registry.declarations import Rule, Severity
from sonha.registry.quality.rules import InRange, Ordered, Required, Unique, ValidGeometry

WARNING = Severity.WARNING

ORGANISATIONS: tuple[Rule, ...] = (Required(("code", "name"), code="DD-01"), ValidGeometry(code="DD-02"))
LICENCES: tuple[Rule, ...] = (
    Required(("number", "holder_name", "activities"), code="DD-11"),
    Ordered("issued_on", "expires_on", code="DD-12"),
    Unique(("number", "issued_on"), code="DD-13"),
)
CERTIFICATES: tuple[Rule, ...] = (
    Required(("number", "person_name", "content"), code="DD-21"),
    Ordered("issued_on", "expires_on", code="DD-22"),
)
MARKS: tuple[Rule, ...] = (
    Required(("number",), code="DD-31"),
    ValidGeometry(code="DD-32"),
    Ordered("built_on", "checked_on", code="DD-33"),
    InRange("height", -50, 2000, code="DD-34", severity=WARNING),
    Required(("checked_on",), code="DD-35", severity=WARNING),
)
REQUESTS: tuple[Rule, ...] = (Required(("code", "requester_name", "kinds"), code="DD-41"), ValidGeometry(code="DD-42"))
