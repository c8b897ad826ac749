"""What a quality rule is. The kinds of rules (required, range, overlap …) live in `registry.quality`; registers list them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .register import Register


class Severity(TextChoices):
    """How grave a breach is: an error refuses the save; a warning is shown and kept as a finding - mức độ."""

    ERROR = "error", _("Lỗi")
    WARNING = "warning", _("Cảnh báo")
    NOTE = "note", _("Lưu ý")


@dataclass(frozen=True, slots=True)
class Problem:
    """One breach. `place` is where, in the coordinates of the record; `other` the id of the other record of an overlap or repetition."""

    rule: str
    severity: str
    sentence: str
    record_id: int | None = None
    field: str = ""
    other: int | None = None
    place: Any = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A numbered, dated rule. `code` is unique within the register and never given again.

    `check(register, row)` tries one unsaved or saved row in Python or with small queries; `scan(register, rows)` tries a whole queryset,
    in SQL where it can, and yields Problems with `record_id`.
    """

    code: str
    severity: str = Severity.ERROR
    since: date | None = None
    until: date | None = None
    source: str = ""
    title: str | Promise = ""

    def check(self, register: "type[Register]", row: Any) -> Iterable[Problem]:
        return ()

    def scan(self, register: "type[Register]", rows: Any) -> Iterable[Problem]:
        for row in rows.iterator(chunk_size=2000):
            yield from self.check(register, row)

    def applies(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
