"""The merge as a way of files into the register of parcels: on the pages of every import, with their trial, progress and confirmation."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.actor import Actor
from sonha.registry.formats.ways import Fault, Found, Given, Tell, Way, way
from sonha.registry.records.models import Change
from sonha.registry.records.services import Basis
from sonha.sectors.land.cutting import geos_of
from sonha.sectors.land.drawing import in_wgs84
from sonha.sectors.land.merging.layouts import LAYOUTS
from sonha.sectors.land.merging.merge import Line, Merged, may_merge, merge
from sonha.sectors.land.merging.reading import Incoming, checked, read
from sonha.sectors.land.merging.report import write_report
from sonha.sectors.land.models import Parcel
from sonha.sectors.land.registers import Parcels

STEP = 500  # rows between two looks at whether somebody asked to stop
MOST_SHOWN = 200


def check(given: Given) -> int:
    return checked(given.path, LAYOUTS[given.kind], given.name)


def load(given: Sequence[Given], actor: Actor, basis: Basis, dry: bool, tell: Tell, within: Callable[[Found], None]) -> Found:
    """All files side by side, so that what two systems say of the same parcel is compared before anything is written."""
    today = timezone.localdate()
    rows = chain.from_iterable(read(each.path, LAYOUTS[each.kind], today, each.name) for each in given)
    merged = merge(
        _counted(rows, tell), actor, basis, dry=dry, tell=lambda done: tell(done, 0),
        within=lambda merged, change: within(_found(merged, dry=dry, change=change)),
    )  # fmt: skip
    found = _found(merged, dry=dry)
    if not dry and not merged.written:
        within(found)
    return found


def _counted(rows: Iterable[Incoming], tell: Tell) -> Iterator[Incoming]:
    waiting = 0
    for row in rows:
        yield row
        waiting += 1
        if waiting == STEP:
            tell(waiting, 0)
            waiting = 0
    tell(waiting, 0)


def _found(merged: Merged, *, dry: bool, change: Change | None = None) -> Found:
    counts = merged.counts()
    lines = [line for result in ("conflict", "refused") for line in merged.lines if line.result == result]
    return Found(
        new=counts.get("written", 0),
        same=counts.get("same", 0),
        clashes=counts.get("conflict", 0),
        refused=counts.get("refused", 0),
        change=change.pk if change else None,
        faults=[_fault(line) for line in islice(lines, MOST_SHOWN)],
        table=partial(write_report, merged, dry=dry),
    )


def _fault(line: Line) -> Fault:
    row = line.one
    place = in_wgs84(geos_of(row.shape)) if row.shape is not None else None
    record = line.other.pk if isinstance(line.other, Parcel) else None
    return Fault(line.why, row.code or row.named, row.file, row.line, line.result == "conflict", place, record)


CADASTRE = Way(
    code="dia-chinh",
    register=Parcels.code,
    title=_("Dữ liệu xuất từ Elis, VBDLIS"),
    about=_(
        "Gửi cùng lúc các tệp của hai hệ thống để đối chiếu với nhau và với cơ sở dữ liệu. Thửa khớp thì ghi được; "
        "thửa mâu thuẫn hoặc sai được giữ lại trong bảng đối chiếu, không thửa nào bị bỏ."
    ),
    kinds=tuple((layout.code, layout.title) for layout in LAYOUTS.values()),
    permitted=may_merge,
    check=check,
    load=load,
    passes=2,  # read, then compared
)
way(CADASTRE)
