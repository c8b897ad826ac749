"""The register of dossiers - sổ theo dõi hồ sơ (form 06, Thông tư 01/2018/TT-VPCP; 07 since Thông tư 03/2025/TT-VPCP)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.access.actor import Actor
from sonha.foundation.organisations.models import Unit
from sonha.foundation.rendering import papers as layouts
from sonha.foundation.rendering.exports import Export, Parameters, described, head_lines
from sonha.foundation.rendering.exports import register as register_export
from sonha.foundation.rendering.forms import form_on
from sonha.foundation.rendering.spreadsheets import Column, Sheet
from sonha.process.cases.models import Task
from sonha.services.dossiers import choices
from sonha.services.dossiers.filters import Filters
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.papers import letterhead
from sonha.services.dossiers.selectors import find

RETURN_WAYS = {"online": gettext_lazy("Trực tuyến"), "desk": gettext_lazy("Tại quầy"), "post": gettext_lazy("Bưu chính")}
"""Short words for the narrow column of the form."""
BATCH = 500
ON_PAPER = 1_000
"""Dossiers that one PDF holds; a longer period is printed in parts or exported."""
SHOWN = 200


@dataclass(frozen=True)
class Register:
    """The register of one agency for a period; `rows` are in the order in which dossiers came in."""

    agency: Unit
    start: date
    end: date
    count: int
    rows: list[layouts.RegisterRow]

    @property
    def too_long(self) -> bool:
        return self.count > ON_PAPER


def kept(actor: Actor, agency: Unit, start: date, end: date) -> Register:
    """What the page shows: the count and the first rows."""
    dossiers = dossiers_of(actor, agency, start, end)
    return Register(agency, start, end, dossiers.count(), list(islice(rows(dossiers), SHOWN)))


def dossiers_of(actor: Actor, agency: Unit, start: date, end: date) -> QuerySet[Dossier]:
    return find(actor, Filters(agency=agency.code, start=start, end=end, sort="oldest"))


def rows(dossiers: QuerySet[Dossier]) -> Iterator[layouts.RegisterRow]:
    """Rows of the form; when a dossier went to the handling unit is read for a batch at a time."""
    remaining = dossiers.select_related("procedure", "agency", "owner", "result").iterator(chunk_size=BATCH)
    while shown := list(islice(remaining, BATCH)):
        forwarded = _forwarded(shown)
        for dossier in shown:
            yield layouts.RegisterRow(
                code=dossier.code,
                procedure=dossier.procedure.name,
                sets=1,
                owner=dossier.owner_name,
                contact="\n".join(filter(None, [dossier.owner.address, dossier.contact_phone])),
                agency=dossier.agency.short_name or dossier.agency.name,
                received_at=dossier.accepted_at or dossier.submitted_at,
                due_at=dossier.due_at,
                forwarded_at=forwarded.get(dossier.case_id),
                result_at=dossier.finished_at,
                returned_at=getattr(getattr(dossier, "result", None), "handed_over_at", None),
                return_method=str(RETURN_WAYS[dossier.return_channel]),
                note="" if dossier.accepted_at else str(dossier.get_state_display()),
            )


def _forwarded(shown: list[Dossier]) -> dict[int, Any]:
    """When the first step after reception was opened, by case: the step that is neither the applicant's nor the desk's."""
    steps = Task.objects.filter(case_id__in=[each.case_id for each in shown], kind="task").exclude(role__in=["applicant", "receptionist"])
    return dict(steps.order_by().values_list("case_id").annotate(first=Min("opened_at")))


@translation.override("vi")
def pdf(actor: Actor, register: Register) -> bytes:
    """The register on paper, whole; ValueError when it is longer than one PDF holds."""
    if register.too_long:
        raise ValueError(f"{register.count} dossiers are more than one PDF holds")
    every = list(rows(dossiers_of(actor, register.agency, register.start, register.end)))
    paper = layouts.DossierRegister(letterhead=letterhead(register.agency), rows=every, period_from=register.start, period_to=register.end)
    return layouts.render(paper)


def mark(day: date) -> str:
    """`Mẫu số 07 – Thông tư số 03/2025/TT-VPCP`: the form as the law stood on a day."""
    return form_on("register", day).mark


COLUMNS = [
    Column(gettext_lazy("TT"), "number", 6),
    Column(gettext_lazy("Mã hồ sơ"), width=26),
    Column(gettext_lazy("Tên thủ tục hành chính"), width=60),
    Column(gettext_lazy("Số bộ"), "number", 8),
    Column(gettext_lazy("Tên cá nhân, tổ chức"), width=28),
    Column(gettext_lazy("Địa chỉ, số điện thoại"), width=36),
    Column(gettext_lazy("Cơ quan chủ trì giải quyết"), width=28),
    Column(gettext_lazy("Nhận hồ sơ"), "moment", 17),
    Column(gettext_lazy("Hẹn trả kết quả"), "moment", 17),
    Column(gettext_lazy("Chuyển đến cơ quan giải quyết"), "moment", 17),
    Column(gettext_lazy("Nhận kết quả"), "moment", 17),
    Column(gettext_lazy("Trả kết quả"), "moment", 17),
    Column(gettext_lazy("Phương thức nhận kết quả"), width=24),
    Column(gettext_lazy("Ghi chú"), width=20),
]


def _selected(actor: Actor, parameters: Parameters) -> tuple[Unit | None, date, date]:
    asked, today = Filters.of(parameters), timezone.localdate()
    agency = choices.agencies(actor).filter(code=asked.agency).first() if asked.agency else choices.own_agencies(actor).first()
    return agency, asked.start or today.replace(day=1), asked.end or today


def _length(actor: Actor, parameters: Parameters, cap: int) -> int:
    agency, start, end = _selected(actor, parameters)
    return dossiers_of(actor, agency, start, end).order_by()[: cap + 1].count() if agency else 0


def _sheet(actor: Actor, parameters: Parameters) -> Sheet:
    agency, start, end = _selected(actor, parameters)
    period = f"{start:%d/%m/%Y} – {end:%d/%m/%Y}"
    words = described([(_("Cơ quan"), agency.name if agency else ""), (_("Thời gian"), period)])
    every = rows(dossiers_of(actor, agency, start, end)) if agency else iter(())
    return Sheet(_("Sổ theo dõi hồ sơ"), [mark(end), *head_lines(actor, words)], COLUMNS, _cells(every))


def _cells(every: Iterator[layouts.RegisterRow]) -> Iterator[list[Any]]:
    for number, row in enumerate(every, start=1):
        yield [
            number, row.code, row.procedure, row.sets, row.owner, row.contact, row.agency, row.received_at, row.due_at,
            row.forwarded_at, row.result_at, row.returned_at, row.return_method, row.note,
        ]  # fmt: skip


register_export("register", Export(gettext_lazy("Sổ theo dõi hồ sơ"), _length, _sheet))
