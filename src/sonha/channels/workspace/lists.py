"""The list of dossiers: filters that survive paging, pages by place rather than number, exports and the register of the same selection."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.channels.workspace import saved
from sonha.channels.workspace.deadlines import Deadlines
from sonha.foundation.access.guards import officials_only
from sonha.foundation.search.counting import capped_count
from sonha.services.dossiers import choices, exports, register, selectors
from sonha.services.dossiers.filters import NONE, Filters, beyond, place_of
from sonha.services.dossiers.models import Channel, Dossier, State
from sonha.services.procedures import selectors as catalogue

PER_PAGE = 50
TONES = {
    State.GRANTED: "good",
    State.READY: "good",
    State.REFUSED: "late",
    State.SUPPLEMENT: "soon",
    State.PAYMENT: "soon",
    State.SUBMITTED: "water",
    State.IN_PROGRESS: "water",
}


@officials_only()
def dossiers(request: HttpRequest) -> HttpResponse:
    """Dossiers my posts let me see, filtered; by keyset, so that page 1,000 costs as much as page 1."""
    actor = request.actor  # type: ignore[attr-defined]
    if default := saved.opening(request, "dossiers"):
        return default
    filters = Filters.of(request.GET.dict())
    rows = selectors.find(actor, filters)
    found = list(beyond(rows, filters.sort, request.GET.get("after", ""))[: PER_PAGE + 1])
    count, more = capped_count(rows)
    shown = found[:PER_PAGE]
    context = {
        "rows": _rows(shown),
        "next": place_of(shown[-1], filters.sort) if len(found) > PER_PAGE else None,
        "paged": bool(request.GET.get("after")),
        "count": count,
        "more": more,
        "chosen": exports.chosen(filters),
        "filters": filters,
        "parameters": filters.parameters(),
        "exports": ("xlsx", "csv", "ods"),
        **saved.chips(request, "dossiers"),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "workspace/dossiers_list.html", context)
    return render(request, "workspace/dossiers.html", {**context, **_form(actor, filters)})


def _rows(shown: list[Dossier]) -> list[dict[str, Any]]:
    waiting, deadlines = selectors.waiting_at(shown), Deadlines()
    return [
        {
            "dossier": dossier,
            "tasks": waiting.get(dossier.pk, []),
            "tone": TONES.get(State(dossier.state), ""),
            "standing": exports.standing(dossier),
            "deadline": deadlines.of(dossier.due_at),
        }
        for dossier in shown
    ]


def _form(actor: Any, filters: Filters) -> dict[str, Any]:
    """The selects of the form: (parameter, label, [(value, words)], chosen)."""
    people = [(str(pk), name) for pk, name in choices.officers(actor).values_list("pk", "full_name")]
    units = list(choices.units(actor).values_list("code", "name"))
    agencies = list(choices.agencies(actor).values_list("code", "name")[: choices.MOST])
    late = [(key, str(words)) for key, words in exports.LATENESS_WORDS.items()]
    first = [
        ("state", _("Trạng thái"), State.choices, filters.state),
        ("late", _("Thời hạn"), late, filters.lateness),
        ("sort", _("Thứ tự"), [(key, str(words)) for key, words in exports.SORT_WORDS.items() if key], filters.sort),
    ]
    further: list[tuple[str, str, list[Any], str]] = [
        ("field", _("Lĩnh vực"), list(catalogue.fields(actor).values_list("slug", "name")), filters.field),
        ("agency", _("Cơ quan"), agencies, filters.agency),
        ("division", _("Đơn vị chủ trì"), units, filters.division),
        ("unit", _("Đang ở đơn vị"), units, filters.unit),
        ("step", _("Bước"), [(title, title) for title in choices.steps(actor)], filters.step),
        ("officer", _("Cán bộ thụ lý"), [*people, (NONE, _("Chưa phân công"))] if people else [], filters.officer),
        ("commune", _("Xã, phường"), list(choices.areas().values_list("code", "name")), filters.commune),
        ("channel", _("Hình thức nộp"), list(Channel.choices), filters.channel),
    ]
    said = {parameter: words for parameter, _label, words in exports.chosen(filters)}
    narrow = [_with_chosen(each, said) for each in further if each[2] or each[3]]
    return {"first": first, "further": narrow}


def _with_chosen(select: tuple[str, str, list[Any], str], said: dict[str, str]) -> tuple[str, str, list[Any], str]:
    """The select with its chosen value among its options, even when a link from elsewhere chose it."""
    parameter, label, options, value = select
    known = {key for key, _words in options}
    return (parameter, label, options if not value or value in known else [(value, said.get(parameter, value)), *options], value)


@officials_only()
def register_page(request: HttpRequest) -> HttpResponse:
    """Form 06: the register of one agency for a period, on screen and as PDF."""
    actor = request.actor  # type: ignore[attr-defined]
    agencies = choices.agencies(actor)
    asked = Filters.of(request.GET.dict())
    today = timezone.localdate()
    start, end = asked.start or date(today.year, today.month, 1), asked.end or today
    agency = get_object_or_404(agencies, code=asked.agency) if asked.agency else choices.own_agencies(actor).first()
    kept = register.kept(actor, agency, start, end) if agency else None
    if kept and request.GET.get("dang") == "pdf" and not kept.too_long:
        response = HttpResponse(register.pdf(actor, kept), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="so-theo-doi-{kept.agency.code}-{start}-{end}.pdf"'
        return response
    context = {
        "kept": kept,
        "agencies": agencies,
        "start": start,
        "end": end,
        "mark": register.mark(end),
        "parameters": {"agency": kept.agency.code if kept else "", "from": start.isoformat(), "to": end.isoformat()},
        "exports": ("xlsx", "csv", "ods"),
        "asked_pdf": request.GET.get("dang") == "pdf",
    }
    return render(request, "workspace/register.html", context, status=422 if context["asked_pdf"] else 200)
