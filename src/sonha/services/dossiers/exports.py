"""Lists of dossiers and boards as spreadsheets: the rows of the page, in its order, under its filter."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Unit
from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.payments.models import Invoice
from sonha.foundation.rendering.exports import Export, Parameters, described, head_lines, register
from sonha.foundation.rendering.spreadsheets import Column, Sheet
from sonha.services.dossiers.boards import FIGURES, GROUPINGS, Board, Figures, board, own_view
from sonha.services.dossiers.filters import NONE, SOON, STOPPED, Filters
from sonha.services.dossiers.models import Channel, Dossier, State
from sonha.services.dossiers.selectors import find, waiting_at
from sonha.services.procedures.models import Field

BATCH = 500

LATENESS_WORDS = {
    "open": gettext_lazy("Đang giải quyết"),
    "on_time": gettext_lazy("Trong hạn"),
    "soon": gettext_lazy("Sắp đến hạn"),
    "late": gettext_lazy("Quá hạn"),
    "stopped": gettext_lazy("Tạm dừng tính hạn"),
    "ended": gettext_lazy("Đã kết thúc"),
    "ended_on_time": gettext_lazy("Kết thúc đúng hạn"),
    "late_finished": gettext_lazy("Kết thúc trễ hạn"),
    "withdrawn": gettext_lazy("Đã rút"),
}
SORT_WORDS = {"": gettext_lazy("Mới nộp trước"), "oldest": gettext_lazy("Nộp lâu nhất trước"), "due": gettext_lazy("Đến hạn trước")}


def chosen(filters: Filters) -> list[tuple[str, str, str]]:
    """The conditions that narrow, each as (parameter, label, value in words)."""
    said = [
        ("q", _("Tìm"), filters.words),
        ("state", _("Trạng thái"), _label(State.choices, filters.state)),
        ("late", _("Thời hạn"), str(LATENESS_WORDS.get(filters.lateness, ""))),
        ("procedure", _("Thủ tục"), filters.procedure),
        ("field", _("Lĩnh vực"), _name(Field, "slug", filters.field)),
        ("agency", _("Cơ quan"), _name(Unit, "code", filters.agency)),
        ("division", _("Đơn vị chủ trì"), _name(Unit, "code", filters.division)),
        ("unit", _("Đang ở đơn vị"), _name(Unit, "code", filters.unit)),
        ("step", _("Bước"), filters.step),
        ("officer", _("Cán bộ thụ lý"), _officer(filters.officer)),
        ("commune", _("Xã, phường"), area_name(filters.commune) if filters.commune else ""),
        ("channel", _("Hình thức nộp"), _label(Channel.choices, filters.channel)),
        ("from", _("Nộp từ ngày"), _day(filters.start)),
        ("to", _("Nộp đến ngày"), _day(filters.end)),
        ("ended_from", _("Có kết quả từ ngày"), _day(filters.ended_from)),
        ("ended_to", _("Có kết quả đến ngày"), _day(filters.ended_to)),
    ]
    return [(parameter, label, words) for parameter, label, words in said if words]


def _label(choices: Sequence[tuple[str, Any]], value: str) -> str:
    return str(dict(choices).get(value, value))


def _name(model: Any, by: str, value: str) -> str:
    if value in ("", NONE):
        return _("không có") if value else ""
    return str(model.objects.filter(**{by: value}).values_list("name", flat=True).first() or value)


def _officer(value: str) -> str:
    if value in ("", NONE):
        return _("chưa phân công") if value else ""
    return str(User.objects.filter(pk=int(value)).values_list("full_name", flat=True).first() or value)


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def standing(dossier: Dossier) -> str:
    """How a dossier stands against its deadline: a key of LATENESS_WORDS, by the same rules as the filter."""
    if dossier.finished_at:
        if dossier.state == State.WITHDRAWN:
            return "withdrawn"
        return "late_finished" if dossier.due_at and dossier.finished_at > dossier.due_at else "ended_on_time"
    if dossier.state in STOPPED:
        return "stopped"
    now = timezone.now()
    if dossier.due_at is None or dossier.due_at >= now + SOON:
        return "on_time"
    return "late" if dossier.due_at < now else "soon"


COLUMNS = [
    Column(gettext_lazy("TT"), "number", 6),
    Column(gettext_lazy("Mã hồ sơ"), width=26),
    Column(gettext_lazy("Thủ tục"), width=60),
    Column(gettext_lazy("Lĩnh vực"), width=24),
    Column(gettext_lazy("Cơ quan giải quyết"), width=32),
    Column(gettext_lazy("Chủ hồ sơ"), width=28),
    Column(gettext_lazy("Người nộp"), width=28),
    Column(gettext_lazy("Hình thức nộp"), width=18),
    Column(gettext_lazy("Trạng thái"), width=24),
    Column(gettext_lazy("Ngày nộp"), "moment", 17),
    Column(gettext_lazy("Ngày tiếp nhận"), "moment", 17),
    Column(gettext_lazy("Hẹn trả"), "moment", 17),
    Column(gettext_lazy("Ngày có kết quả"), "moment", 17),
    Column(gettext_lazy("Thời hạn"), width=20),
    Column(gettext_lazy("Đang ở bước"), width=28),
    Column(gettext_lazy("Đơn vị đang giữ"), width=28),
    Column(gettext_lazy("Người đang giữ"), width=24),
    Column(gettext_lazy("Giữ từ"), "moment", 17),
    Column(gettext_lazy("Phí, lệ phí đã nộp (đồng)"), "money", 16),
]


def list_sheet(actor: Actor, parameters: Parameters) -> Sheet:
    filters = Filters.of(parameters)
    words = described([(label, value) for _parameter, label, value in chosen(filters)])
    lines = [*head_lines(actor, words), _("Thứ tự: %(order)s") % {"order": SORT_WORDS[filters.sort]}]
    return Sheet(_("Danh sách hồ sơ"), lines, COLUMNS, list_rows(find(actor, filters)))


def list_rows(rows: QuerySet[Dossier]) -> Iterator[list[Any]]:
    """Rows of COLUMNS in the order of `rows`; who holds them and what was paid are read for a batch at a time."""
    number = 0
    remaining = rows.select_related("procedure__field", "agency").iterator(chunk_size=BATCH)
    while shown := list(islice(remaining, BATCH)):
        waiting, paid = waiting_at(shown), _paid(shown)
        for dossier in shown:
            number += 1
            yield [number, *_cells(dossier, waiting.get(dossier.pk, []), paid.get(dossier.code))]


def _cells(dossier: Dossier, tasks: Sequence[Any], paid: int | None) -> list[Any]:
    return [
        dossier.code,
        dossier.procedure.name,
        dossier.procedure.field.name if dossier.procedure.field else None,
        dossier.agency.name,
        dossier.owner_name,
        dossier.applicant_name,
        dossier.get_channel_display(),
        dossier.get_state_display(),
        dossier.submitted_at,
        dossier.accepted_at,
        dossier.due_at,
        dossier.finished_at,
        str(LATENESS_WORDS[standing(dossier)]),
        "; ".join(task.title for task in tasks) or None,
        "; ".join(dict.fromkeys(task.unit.name for task in tasks if task.unit)) or None,
        "; ".join(dict.fromkeys(task.assignee.full_name for task in tasks if task.assignee)) or None,
        tasks[0].opened_at if tasks else None,
        paid,
    ]


def _paid(shown: Sequence[Dossier]) -> dict[str, int]:
    paid = Invoice.objects.filter(subject_kind="dossier", subject_ref__in=[each.code for each in shown], state=Invoice.State.PAID)
    return dict(paid.order_by().values_list("subject_ref").annotate(total=Sum("total")))


BOARD_HEADINGS = {
    "received": gettext_lazy("Tiếp nhận trong kỳ"),
    "ended": gettext_lazy("Kết thúc trong kỳ"),
    "ended_on_time": gettext_lazy("Kết thúc đúng hạn"),
    "late_finished": gettext_lazy("Kết thúc trễ hạn"),
    "withdrawn": gettext_lazy("Người nộp rút"),
    "open": gettext_lazy("Đang giải quyết"),
    "on_time": gettext_lazy("Trong hạn"),
    "soon": gettext_lazy("Sắp đến hạn"),
    "late": gettext_lazy("Quá hạn"),
    "stopped": gettext_lazy("Tạm dừng tính hạn"),
}


def period_of(parameters: Parameters) -> tuple[date, date]:
    """The period that an address asks for: its dates, else this year so far."""
    asked, today = Filters.of(parameters), timezone.localdate()
    end = asked.end or max(asked.start or today, today)
    start = asked.start or date(end.year, 1, 1)
    return (start, end) if start <= end else (end, start)


def board_of(actor: Actor, parameters: Parameters) -> Board:
    """The board that an address asks for: filters, `by` (a key of GROUPINGS) and the period."""
    by = parameters.get("by", "")
    start, end = period_of(parameters)
    return board(actor, Filters.of({**parameters, **own_view(actor)}), by if by in GROUPINGS else "field", start, end)


def board_sheet(actor: Actor, parameters: Parameters) -> Sheet:
    made = board_of(actor, parameters)
    words = described([(label, value) for _parameter, label, value in chosen(made.chosen)])
    period = _(
        "Kỳ từ %(start)s đến %(end)s; số đang giải quyết tính đến lúc xuất. Thời gian tính bằng ngày làm việc, không kể lúc tạm dừng."
    )
    columns = [
        Column(str(GROUPINGS[made.by].title), width=50),
        *(Column(str(BOARD_HEADINGS[name]), "number", 13) for name in FIGURES),
        Column(_("Tỷ lệ đúng hạn (%)"), "decimal", 13),
        Column(_("Thời gian giải quyết trung bình"), "decimal", 16),
        Column(_("Thời hạn trung bình"), "decimal", 16),
    ]
    groups = [(row.name, row.figures) for row in made.rows] + [(_("Tổng cộng"), made.total)]
    lines = [period % {"start": _day(made.start), "end": _day(made.end)}, *head_lines(actor, words)]
    return Sheet(_("Tình hình giải quyết hồ sơ"), lines, columns, [[name, *_board_cells(figures)] for name, figures in groups])


def _board_cells(figures: Figures) -> list[Any]:
    took = figures.working
    shares = (figures.share, took.mean_taken, took.mean_allowed)
    return [*(figures.counts[name] for name in FIGURES), *(None if share is None else round(share, 1) for share in shares)]


def _list_length(actor: Actor, parameters: Parameters, cap: int) -> int:
    return find(actor, Filters.of(parameters)).order_by()[: cap + 1].count()


register("dossiers", Export(gettext_lazy("Danh sách hồ sơ"), _list_length, list_sheet))
register("board", Export(gettext_lazy("Tình hình giải quyết hồ sơ"), lambda actor, parameters, cap: 0, board_sheet))
