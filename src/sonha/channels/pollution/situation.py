"""What the registers hold around a place on a river, each as far as the reader may read it, in the order in which the water passes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON, Transform
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.catalogues.models import CatalogueItem
from sonha.geo.tracing import Trace
from sonha.registry.declarations import Register, register
from sonha.registry.pages.cells import Cell, Cells
from sonha.sectors.places import metres_from

from .places import Place
from .reader import REACHES, Reader

UP, DOWN, BANK = 10, 15, 50
"""Kilometres up and down, metres of bank on each side."""
FARTHEST = 60
MOST_ROWS, MOST_PARCELS = 100, 150


@dataclass(frozen=True)
class Part:
    """A table of the page: records of a register within `width` metres of the river, upstream, downstream, or both ways."""

    key: str
    code: str
    ways: tuple[str, ...]
    title: str | Promise
    empty: str | Promise
    columns: tuple[str, ...]
    colour: str
    width: float = 400


PARTS = (
    Part(
        "discharges",
        "wastewater_discharges",
        ("up",),
        gettext_lazy("Điểm xả nước thải ở thượng lưu"),
        gettext_lazy("Không có điểm xả nào trong cơ sở dữ liệu trên đoạn này."),
        ("name", "kind", "flow", "standard", "column", "licence_number", "licence_until"),
        "#a3273a",
    ),
    Part(
        "facilities",
        "facilities",
        ("up",),
        gettext_lazy("Cơ sở phát sinh chất thải ở thượng lưu"),
        gettext_lazy("Không có cơ sở nào trong cơ sở dữ liệu trên đoạn này."),
        ("name", "sector", "group", "owner_name", "is_serious"),
        "#7a4a10",
        1_000,
    ),
    Part(
        "stations",
        "monitoring_stations",
        ("up", "down"),
        gettext_lazy("Trạm, điểm quan trắc"),
        gettext_lazy("Không có trạm quan trắc nào trên đoạn này."),
        ("name", "kind", "automatic", "parameters", "frequency"),
        "#5b3fa6",
    ),
    Part(
        "works",
        "abstraction_works",
        ("down",),
        gettext_lazy("Công trình khai thác nước ở hạ lưu"),
        gettext_lazy("Không có công trình khai thác nước nào ở hạ lưu."),
        ("name", "kind", "use", "capacity", "households", "owner_name"),
        "#1769aa",
    ),
    Part(
        "corridors",
        "protection_corridors",
        ("down",),
        gettext_lazy("Hành lang bảo vệ nguồn nước ở hạ lưu"),
        gettext_lazy("Chưa có hành lang bảo vệ nguồn nước ở hạ lưu."),
        ("name", "function", "width_m", "staked", "decision"),
        "#1d7a6f",
        60,
    ),
    Part(
        "forbidden",
        "mineral_forbidden_areas",
        ("up", "down"),
        gettext_lazy("Khu vực cấm hoạt động khoáng sản gần sông"),
        gettext_lazy("Không có khu vực cấm hoạt động khoáng sản gần đoạn sông."),
        ("name", "kind", "reason", "area_ha", "decision"),
        "#b3261e",
        1_000,
    ),
    Part(
        "extraction",
        "extraction_licences",
        ("up", "down"),
        gettext_lazy("Khai thác khoáng sản gần sông"),
        gettext_lazy("Không có giấy phép khai thác khoáng sản gần đoạn sông."),
        ("works_name", "mineral", "number", "expires_on", "state", "holder_name"),
        "#8a5a1a",
        500,
    ),
)


@dataclass
class Line:
    """A record in a table. `metres` by the river, `way` up or down; `marks` say what an inspector should look at first."""

    row: Any
    metres: float
    way: str
    cells: list[Cell] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    number: int = 0
    geometry: str = ""


@dataclass
class Table:
    part: Part
    register: type[Register]
    readable: bool
    titles: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    more: int = 0

    @property
    def marked(self) -> int:
        return sum(bool(line.marks) for line in self.lines)


@dataclass
class Banks:
    """Parcels along the banks: by land type, and the nearest of them."""

    readable: bool
    count: int = 0
    area: float = 0  # m²
    kinds: list[tuple[str, int, float]] = field(default_factory=list)  # name, parcels, m²
    table: Table | None = None


@dataclass
class Situation:
    place: Place
    day: date | None
    up: Trace | None
    down: Trace | None
    reach: Any = None
    tables: list[Table] = field(default_factory=list)
    banks: Banks = field(default_factory=lambda: Banks(readable=False))

    @property
    def off_river(self) -> float:
        return self.up.start.metres if self.up else 0.0

    def table(self, key: str) -> Table:
        return next(table for table in self.tables if table.part.key == key)


def situation(reader: Reader, place: Place, *, up_km: float = UP, down_km: float = DOWN, bank: float = BANK) -> Situation | None:
    """None when no river lies within 2 km of the place. Distances in km along the river; `bank` in metres on each side."""
    up = reader.followed(place.point, "upstream", up_km * 1000)
    down = reader.followed(place.point, "downstream", down_km * 1000)
    if up is None or down is None:
        return None
    reach = reader.rows(REACHES).filter(pk=up.start.reach).first()
    found = Situation(place, reader.day, up, down, reach)
    for part in PARTS:
        found.tables.append(_table(reader, part, {"up": up, "down": down}))
    _numbered(found.tables)
    _licences(reader, found.table("discharges"))
    _drinkers(found.table("works"))
    found.banks = _banks(reader, place, up.corridor(bank).union(down.corridor(bank)))
    return found


def _table(reader: Reader, part: Part, ways: dict[str, Trace]) -> Table:
    of = register(part.code)
    table = Table(part, of, reader.reads(part.code))
    if not table.readable:
        return table
    where = of.geometry()
    seen: dict[int, Line] = {}
    for way in part.ways:
        trace = ways[way]
        near = reader.rows(part.code).filter(**{f"{where}__intersects": trace.corridor(part.width)})
        for row in near.annotate(place_shown=AsGeoJSON(Transform(where, 4326), precision=6))[:2000]:
            line = Line(row, trace.metres_to(getattr(row, where)), way, geometry=row.place_shown)
            if row.pk not in seen or line.metres < seen[row.pk].metres:
                seen[row.pk] = line
    lines = sorted(seen.values(), key=lambda line: line.metres)
    table.lines, table.more = lines[:MOST_ROWS], max(len(lines) - MOST_ROWS, 0)
    _fill(table, reader, part.columns)
    return table


def _fill(table: Table, reader: Reader, columns: Iterable[str]) -> None:
    asked = reader.asked(table.part.code)
    shown = [name for name in columns if name in asked.rights.fields()]
    table.titles = [str(table.register.field(name).title) for name in shown]
    cells = Cells(asked, [line.row for line in table.lines], shown, reader.day)
    for line in table.lines:
        line.cells = cells.row(line.row, shown)


def _numbered(tables: list[Table]) -> None:
    """One count through all tables: the numbers on the map and on paper."""
    number = 0
    for table in tables:
        for line in table.lines:
            number += 1
            line.number = number


def _licences(reader: Reader, table: Table) -> None:
    """Marks outlets without a licence, with one that has ended or is not in force, and those that discharge more than it grants."""
    numbers = {line.row.licence_number for line in table.lines if line.row.licence_number}
    granted: dict[str, Any] = {}
    for code in ("water_licences", "environmental_permits"):
        if numbers and reader.reads(code, "flow"):
            granted |= {row.number: row for row in reader.rows(code).filter(number__in=numbers)}
    on = reader.day or timezone.localdate()
    held = reader.held[table.part.code]
    for line in table.lines:
        row, licence = line.row, granted.get(line.row.licence_number)
        if "licence_number" not in held.fields_of(row):
            continue
        if not row.licence_number:
            line.marks.append(_("Chưa có giấy phép"))
        elif row.licence_until and row.licence_until < on:
            line.marks.append(_("Giấy phép hết hạn"))
        elif licence is not None and licence.state != "in_force":
            line.marks.append(str(licence.get_state_display()))
        if licence is not None and licence.flow is not None and row.flow > licence.flow:
            line.marks.append(_("Xả vượt lưu lượng cho phép"))


def _drinkers(table: Table) -> None:
    for line in table.lines:
        if line.row.use == "domestic":
            line.marks.append(_("Cấp nước sinh hoạt"))


def _banks(reader: Reader, place: Place, band: Any) -> Banks:
    """Parcels that touch the band along the stretch; the nearest to the place are named."""
    if not reader.reads("parcels"):
        return Banks(readable=False)
    inside = reader.rows("parcels").filter(geometry__intersects=band)
    by_kind = list(inside.order_by().values("land_type").annotate(parcels=Count("pk"), total=Sum("area")).order_by("-total"))
    names = dict(CatalogueItem.objects.filter(catalogue__code="loai-dat").order_by("valid_from").values_list("code", "name"))
    banks = Banks(True, sum(each["parcels"] for each in by_kind), float(sum(each["total"] or 0 for each in by_kind)))
    for each in by_kind:
        title = f"{names.get(each['land_type'], '')} ({each['land_type']})".strip()
        banks.kinds.append((title, each["parcels"], float(each["total"] or 0)))
    banks.table = Table(Part("parcels", "parcels", (), _("Thửa đất ven bờ"), "", (), "#4a6a3a"), register("parcels"), readable=True)
    near = inside.annotate(away=metres_from(place.point), place_shown=AsGeoJSON(Transform("geometry", 4326), precision=6)).order_by(
        "away", "pk"
    )
    banks.table.lines = [Line(row, row.away, "", geometry=row.place_shown) for row in near[:MOST_PARCELS]]
    banks.table.more = banks.count - len(banks.table.lines)
    _fill(banks.table, reader, ("sheet_number", "parcel_number", "land_type", "area", "user", "address"))
    return banks
