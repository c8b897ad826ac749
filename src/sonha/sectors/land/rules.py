"""Quality rules of the cadastral database, numbered TD-01 and on; a number is never given again.

Tolerances are assumptions until the province sets its own: 1 m² for overlaps and gaps, 2 % between the area written and the boundary.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.registry.declarations import Problem, Register, Rule, Severity
from sonha.registry.quality.rules import (
    AreaAgrees,
    InCodeList,
    InRange,
    InsideArea,
    Link,
    Matches,
    NoGap,
    NoOverlap,
    Required,
    Unique,
    ValidGeometry,
    When,
)

MAPS = "Thông tư 26/2024/TT-BTNMT (bản đồ địa chính)"
DATA = "Thông tư 75/2015/TT-BTNMT; Thông tư 09/2024/TT-BTNMT"
USES_TOLERANCE = Decimal("0.5")


def _held_today() -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())


@dataclass(frozen=True, kw_only=True)
class SharesOfOne(Rule):
    """The shares of one kind of right to one parcel or asset add up to one whole, exactly.

    One save may leave them short, as the others follow in the same act: it is refused only when they exceed the whole.
    """

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        others = type(row).objects.filter(_held_today(), kind=row.kind, parcel_id=row.parcel_id, asset_id=row.asset_id).exclude(pk=row.pk)
        together = sum((each.share for each in others), Fraction(row.share_numerator, row.share_denominator or 1))
        if together > 1:
            yield self._problem(row.pk, together)

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        groups: dict[tuple[Any, ...], list[Any]] = {}
        shared = rows.order_by().exclude(share_numerator=1, share_denominator=1)
        things = shared.values_list("kind", "parcel_id", "asset_id").distinct()
        held = Q()
        for kind, parcel, asset in things:
            held |= Q(kind=kind, parcel_id=parcel, asset_id=asset)
        for row in rows.model.objects.filter(_held_today()).filter(held).order_by("pk") if held else ():
            groups.setdefault((row.kind, row.parcel_id, row.asset_id), []).append(row)
        for found in groups.values():
            if (together := sum((each.share for each in found), Fraction())) != 1:
                yield self._problem(found[0].pk, together)

    def _problem(self, pk: int | None, together: Fraction) -> Problem:
        sentence = _("Các phần quyền cộng lại bằng %(sum)s, phải bằng đúng 1.") % {"sum": together}
        return Problem(self.code, self.severity, sentence, pk, "share_numerator")


@dataclass(frozen=True, kw_only=True)
class UsesFillParcel(Rule):
    """The areas of a parcel's purposes add up to the parcel's area."""

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        others = type(row).objects.filter(_held_today(), parcel_id=row.parcel_id).exclude(pk=row.pk).aggregate(sum=Sum("area"))["sum"]
        together = Decimal(str(row.area)) + (others or 0)
        if together > row.parcel.area + USES_TOLERANCE:
            yield self._problem(row.pk, together, row.parcel.area)

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        totals = rows.model.objects.filter(_held_today(), parcel__in=rows.values("parcel_id")).order_by()
        sums = totals.values("parcel_id", "parcel__area").annotate(together=Sum("area"), first=Min("pk"))
        for each in sums.iterator(chunk_size=10_000):
            if abs(each["together"] - each["parcel__area"]) > USES_TOLERANCE:
                yield self._problem(each["first"], each["together"], each["parcel__area"])

    def _problem(self, pk: int | None, together: Decimal, area: Decimal) -> Problem:
        given = {"sum": f"{together:n}", "area": f"{area:n}"}
        sentence = _("Diện tích các mục đích cộng lại là %(sum)s m², diện tích thửa là %(area)s m².") % given
        return Problem(self.code, self.severity, sentence, pk, "area")


PARCELS: tuple[Rule, ...] = (
    Required(("sheet_number", "parcel_number", "land_type"), code="TD-01", source=DATA),
    Unique(("commune_code", "sheet_number", "parcel_number"), code="TD-02", source=MAPS),
    InCodeList("land_type", code="TD-03", source=DATA),
    ValidGeometry(code="TD-04", source=MAPS),
    NoOverlap(1.0, code="TD-05", source=MAPS),
    NoGap(("commune_code", "sheet_number"), code="TD-06", severity=Severity.WARNING, source=MAPS),
    AreaAgrees("area", code="TD-07", source=MAPS),
    AreaAgrees("legal_area", 0.05, 5.0, code="TD-08", severity=Severity.WARNING, source=DATA),
    InsideArea(5.0, code="TD-09", severity=Severity.WARNING, source=MAPS),
    Link(("commune_code", "sheet_number"), "map_sheets", ("commune_code", "number"), code="TD-10", severity=Severity.WARNING, source=MAPS),
)
USES: tuple[Rule, ...] = (
    Required(("parcel", "land_type", "area"), code="TD-20", source=DATA),
    InCodeList("land_type", code="TD-21", source=DATA),
    InRange("area", 0.1, code="TD-22", source=DATA),
    UsesFillParcel(
        code="TD-23", severity=Severity.WARNING, source=DATA, title=gettext_lazy("Diện tích các mục đích cộng lại bằng diện tích thửa")
    ),
)
USERS: tuple[Rule, ...] = (
    Required(("kind", "name"), code="TD-30", source=DATA),
    Matches("id_number", "[0-9A-Z-]{6,20}", "020085001234", code="TD-31", severity=Severity.WARNING, source=DATA),
    Unique(("id_number",), code="TD-32", severity=Severity.WARNING, source=DATA),
)
RIGHTS: tuple[Rule, ...] = (
    Required(("kind", "user"), code="TD-40", source=DATA),
    SharesOfOne(code="TD-41", source=DATA, title=gettext_lazy("Các phần quyền cộng lại bằng đúng 1")),
)
CERTIFICATES: tuple[Rule, ...] = (
    Required(("serial", "issued_on", "issuer"), code="TD-50", source="Thông tư 10/2024/TT-BTNMT"),
    Matches("serial", "[A-ZĐ]{1,2} ?[0-9]{6,8}", "CA 123456", code="TD-51", severity=Severity.WARNING, source="Thông tư 10/2024/TT-BTNMT"),
)
ASSETS: tuple[Rule, ...] = (
    Required(("parcel", "kind", "name"), code="TD-60", source=DATA),
    InRange("floors", 1, 100, code="TD-61", severity=Severity.WARNING, source=DATA),
    InRange("completed_year", 1800, 2100, code="TD-62", severity=Severity.WARNING, source=DATA),
)
RESTRICTIONS: tuple[Rule, ...] = (
    Required(("parcel", "kind", "document"), code="TD-70", source="Nghị định 99/2022/NĐ-CP"),
    When("kind", "mortgage", ("in_favour_of",), code="TD-71", source="Nghị định 99/2022/NĐ-CP"),
)
SHEETS: tuple[Rule, ...] = (
    Unique(("commune_code", "number"), code="TD-80", source=MAPS),
    ValidGeometry(code="TD-81", source=MAPS),
)
