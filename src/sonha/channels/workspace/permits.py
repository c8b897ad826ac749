"""The permits register in the workspace: searching it, and recording what happens to a permit."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sonha.channels.workspace.locator import locator
from sonha.foundation.access.guards import officials_only
from sonha.foundation.files.errors import FileRefused
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import store
from sonha.foundation.identity.models import Party
from sonha.foundation.organisations.selectors import area_name, communes
from sonha.foundation.search.counting import capped_count
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.services.dossiers.selectors import dossiers as visible_dossiers
from sonha.services.permits import exports, selectors, services
from sonha.services.permits.models import Permit, PermitEvent, PermitState

PER_PAGE = 50
SCAN = 20 * 1024 * 1024
ACT = PermitEvent.Kind
TONES = {
    PermitState.IN_FORCE: "good",
    PermitState.SUSPENDED: "soon",
    PermitState.EXPIRED: "late",
    PermitState.REVOKED: "late",
    PermitState.RETURNED: "",
}


@officials_only()
def register(request: HttpRequest) -> HttpResponse:
    """Permits that my agency keeps or issued, searched and filtered."""
    actor = request.actor  # type: ignore[attr-defined]
    filters = selectors.PermitFilters.of(request.GET.dict())
    rows = selectors.permits_matching(actor, filters)
    found = list(selectors.beyond(rows, filters.sort, request.GET.get("after", ""))[: PER_PAGE + 1])
    shown, today = found[:PER_PAGE], timezone.localdate()
    count, more = capped_count(rows)
    context = {
        "rows": [{"permit": each, "tone": TONES[PermitState(each.state)], "left": _left(each, today)} for each in shown],
        "next": selectors.place_of(shown[-1], filters.sort) if len(found) > PER_PAGE else None,
        "paged": bool(request.GET.get("after")),
        "count": count,
        "more": more,
        "filters": filters,
        "parameters": filters.parameters(),
        "chosen": exports.chosen(filters),
        "exports": ("xlsx", "csv", "ods"),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "workspace/permits_list.html", context)
    return render(request, "workspace/permits.html", {**context, "first": _first(filters), "further": _further(actor, filters)})


def _left(permit: Permit, today: date) -> int | None:
    """Days until the last day, while the permit is in force."""
    return (permit.valid_to - today).days if permit.valid_to and permit.state == PermitState.IN_FORCE else None


def _first(filters: selectors.PermitFilters) -> list[tuple[str, str, Any, str]]:
    expiring = [(str(days), _("%(days)d ngày tới") % {"days": days}) for days in selectors.EXPIRING]
    return [
        ("state", _("Tình trạng"), PermitState.choices, filters.state),
        ("expiring", _("Sắp hết hạn"), expiring, filters.expiring),
        ("sort", _("Thứ tự"), [("valid_to", _("Hết hạn trước")), ("number", _("Theo số"))], filters.sort),
    ]


def _further(actor: Any, filters: selectors.PermitFilters) -> list[tuple[str, str, Any, str]]:
    return [
        ("type", _("Loại giấy phép"), selectors.permit_types(actor), filters.permit_type),
        ("kind", _("Hình thức"), selectors.KINDS, filters.kind),
        ("agency", _("Cơ quan cấp hoặc quản lý"), [(unit.code, unit.name) for unit in selectors.permit_agencies(actor)], filters.agency),
        ("commune", _("Xã, phường"), [(area.code, area.name) for area in communes()], filters.commune),
    ]


@dataclass(frozen=True)
class Typed:
    """An act that was refused: what was typed, and what is wrong with it."""

    kind: str = ""
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@officials_only()
def permit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.permits(request.actor), pk=pk)  # type: ignore[attr-defined]
    return _page(request, found, Typed())


def _page(request: HttpRequest, found: Permit, typed: Typed, *, status: int = 200) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate()
    context = {
        "permit": found,
        "tone": TONES[PermitState(found.state)],
        "left": _left(found, today),
        "kind": dict(selectors.KINDS).get(found.kind, found.kind),
        "commune": area_name(found.commune_code) if found.commune_code else "",
        "locator": locator(found.geometry),
        "events": [(event, _changes(event)) for event in selectors.history(actor, found)],
        "acts": [_act_form(kind, typed) for kind in services.possible_acts(actor, found)],
        "dossier": found.dossier if found.dossier and visible_dossiers(actor).filter(pk=found.dossier.pk).exists() else None,
        "today": today,
    }
    return render(request, "workspace/permit.html", context, status=status)


WARNINGS = {
    ACT.REVOKE: gettext_lazy("Thu hồi rồi thì giấy phép không khôi phục được; muốn hoạt động lại phải cấp mới."),
    ACT.HAND_BACK: gettext_lazy("Trả lại rồi thì giấy phép không khôi phục được."),
}


def _act_form(kind: str, typed: Typed) -> dict[str, Any]:
    mine = typed.kind == kind
    return {
        "kind": kind,
        "title": ACT(kind).label,
        "values": typed.values if mine else {},
        "errors": typed.errors if mine else {},
        "opened": mine,
        "warning": WARNINGS.get(ACT(kind), ""),
        "reasoned": kind in services.REASONED,
    }


def _changes(event: PermitEvent) -> list[tuple[str, str, str]]:
    """What an act changed, in words: (what, before, after)."""
    labels = {"valid_to": _("Hiệu lực đến"), "holder_name": _("Chủ giấy phép"), "state": _("Tình trạng")}
    rows = []
    for name, label in labels.items():
        before, after = event.changes.get(name) or (None, None)
        if before != after:
            rows.append((label, _value(name, before), _value(name, after)))
    before, after = event.changes.get("details") or ({}, {})
    rows += [(_("Nội dung"), "", str(after[key])) for key in after if after[key] != before.get(key)]
    return rows


def _value(name: str, value: Any) -> str:
    if value is None:
        return _("không thời hạn") if name == "valid_to" else ""
    if name == "valid_to":
        return date.fromisoformat(value).strftime("%d/%m/%Y")
    return str(PermitState(value).label) if name == "state" else str(value)


@officials_only("head", "leader", "clerk")
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend, revoke, extend, …: always with a dated document. What was refused is said at its field; everything typed is still there."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(selectors.permits(actor), pk=pk)
    kind = request.POST.get("kind", "")
    values = {name: request.POST.get(name, "").strip() for name in FIELDS}
    if kind not in services.MOVES or kind == ACT.EXPIRE:
        messages.error(request, _("Hãy chọn việc cần ghi nhận."))
        return redirect("permit", pk=pk)
    try:
        services.act_on_permit(
            found.pk,
            kind,
            actor=actor,
            basis=values["basis"],
            reason=values["reason"],
            decided_on=_day(values, "decided_on"),
            on_date=_day(values, "on_date"),
            changes=_asked(kind, values),
            document=_scan(request),
        )
    except NotAllowed as refused:
        messages.error(request, refused.sentence)
        return redirect("permit", pk=pk)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
        return _page(request, get_object_or_404(selectors.permits(actor), pk=pk), Typed(kind, values, refused.errors), status=422)
    messages.success(request, _("Đã ghi vào sổ giấy phép."))
    return redirect("permit", pk=pk)


FIELDS = ("basis", "decided_on", "on_date", "reason", "valid_to", "content", "holder")


def _day(values: dict[str, str], name: str) -> date | None:
    """A typed date; an empty one is none. ActionRefused when it is no date."""
    if not values[name]:
        return None
    try:
        found = parse_date(values[name])
    except ValueError:
        found = None
    if found is None:
        raise ActionRefused(_("Ngày không hợp lệ."), {name: _("Ngày không hợp lệ; hãy chọn lại.")})
    return found


def _asked(kind: str, values: dict[str, str]) -> dict[str, Any]:
    """What the act is to change. A new holder is named by the number on a paper, never chosen from a list of people."""
    if kind == ACT.EXTEND:
        return {"valid_to": _day(values, "valid_to")}
    if kind == ACT.AMEND:
        return {"details": {"note": values["content"]}} if values["content"] else {}
    if kind == ACT.TRANSFER:
        number = values["holder"].replace(" ", "")
        party = Party.objects.filter(personal_id=number).first() or Party.objects.filter(tax_code=number).first() if number else None
        if party is None:
            sentence = _("Không tìm thấy tổ chức, cá nhân có số này trong hệ thống.")
            raise ActionRefused(sentence, {"holder": sentence})
        return {"holder": party.pk}
    return {}


def _scan(request: HttpRequest) -> StoredFile | None:
    """The copy of the document that was sent along, if any."""
    sent = request.FILES.get("document")
    if sent is None:
        return None
    try:
        return store(sent, actor_user=request.user, accept="pdf,jpeg,png", max_bytes=SCAN, purpose="permit")
    except FileRefused as refused:
        raise ActionRefused(str(refused), {"document": str(refused)}) from None
