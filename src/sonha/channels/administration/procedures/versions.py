"""One procedure: its versions, and the acts on them: drafting, publishing, retiring, throwing away, opening and closing for filing."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.channels.administration.procedures.drafts import check_draft, load_page, overtaken, render_page
from sonha.channels.administration.procedures.sections.rows import limit_text
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews, undo
from sonha.foundation.ui.figures import parse_day
from sonha.process.bpmn.diagram import diagram_svg
from sonha.process.flows.services import digest_of
from sonha.services.dossiers.models import Dossier
from sonha.services.procedures import selectors, services
from sonha.services.procedures.changes import changes
from sonha.services.procedures.models import Procedure, ProcedureVersion
from sonha.services.procedures.quality import DEFECTS
from sonha.services.procedures.unit_names import unit_names

KEY = "phien-ban"
REASON_LENGTH = 120


@officials_only(Role.ADMINISTRATOR)
def card(request: HttpRequest, stt: int) -> HttpResponse:
    """The versions of a procedure with their dates, who published them, and how many dossiers run under each."""
    return _card(request, stt)


def _card(request: HttpRequest, stt: int, *, refusal: str = "", reason: str = "", status: int = 200) -> HttpResponse:
    procedure = get_object_or_404(selectors.procedures(request.actor), stt=stt)  # type: ignore[attr-defined]
    current = selectors.current_version(procedure)
    versions = list(procedure.versions.select_related("flow_version").order_by("-number"))
    running = Dossier.objects.filter(version__procedure=procedure, closed_at=None).values_list("version_id", flat=True)
    counts: dict[int, int] = {}
    for version_id in running:
        counts[version_id] = counts.get(version_id, 0) + 1
    context = {
        "procedure": procedure,
        "current": current,
        "draft": next((version for version in versions if version.state == ProcedureVersion.State.DRAFT), None),
        "versions": [
            (version, counts.get(version.pk, 0), limit_text(version.content.get("time_limit")))
            for version in versions
            if version.state != ProcedureVersion.State.DRAFT
        ],
        "older": sum(count for pk, count in counts.items() if current is None or pk != current.pk),
        "defects": [DEFECTS.get(code, code) for code in procedure.defects],
        "diagram": diagram_svg(current.flow_version.definition, units=unit_names(current.content, procedure))
        if current and current.flow_version
        else "",
        "refusal": refusal,
        "reason": reason,
    }
    return render(request, "administration/procedures/card.html", context, status=status)


@require_POST
@officials_only(Role.ADMINISTRATOR)
def begin(request: HttpRequest, stt: int) -> HttpResponse:
    """Begins the draft of a new version, from the version `tu` when it is named, or goes on with the one that exists."""
    procedure = get_object_or_404(selectors.procedures(request.actor), stt=stt)  # type: ignore[attr-defined]
    named, base = request.POST.get("tu", ""), None
    if named:
        numbered = procedure.versions.exclude(state=ProcedureVersion.State.DRAFT)
        base = get_object_or_404(numbered, number=named if named.isdecimal() and len(named) < 9 else -1)
    try:
        services.start_draft(procedure, actor=request.actor, base=base)  # type: ignore[attr-defined]
    except ProcedureVersion.DoesNotExist:
        return _card(request, stt, refusal=_("Thủ tục này chưa có phiên bản nào để làm gốc."), status=422)
    return redirect("administration:procedure_draft", stt, "thong-tin")


@require_POST
@officials_only(Role.ADMINISTRATOR)
def discard(request: HttpRequest, stt: int) -> HttpResponse:
    """Throws the draft away."""
    page = load_page(request, stt, "cong-bo")
    services.discard_draft(page.draft, actor=page.actor)
    messages.success(request, _("Đã bỏ bản soạn; lấy lại được trong lịch sử thay đổi. Phiên bản đang áp dụng không thay đổi."))
    return redirect("administration:procedure_card", stt)


@require_POST
@officials_only(Role.ADMINISTRATOR)
def take_back_edit(request: HttpRequest, stt: int) -> HttpResponse:
    """Takes back the last edit of the draft; pressed again, it is made again."""
    page = load_page(request, stt, "cong-bo")
    newest = undo.changes(page.actor, KEY, row=page.draft.pk, limit=1)[0]
    if newest.kind != "changed":
        messages.error(request, _("Bản soạn chưa có lần sửa nào để hoàn tác."))
    else:
        try:
            undo.take_back(page.actor, KEY, newest.number)
        except undo.Refused as refused:
            messages.error(request, str(refused))
        else:
            done = "; ".join(f"{part}: {sentence}" for part, _before, sentence in undo.differing(undo.lists()[KEY], newest))
            messages.success(request, _("Đã hoàn tác: %(what)s") % {"what": done[:300]})
    return redirect("administration:procedure_draft", stt, "cong-bo")


@require_POST
@officials_only(Role.ADMINISTRATOR)
def publish(request: HttpRequest, stt: int) -> HttpResponse:
    """Publishes the draft from a day on, when nothing is wrong with it and something is new."""
    with transaction.atomic():
        page = load_page(request, stt, "cong-bo", lock=True)
        typed = request.POST.get("valid_from", "")
        day = parse_day(typed)
        page.extra = {"kept": request.POST, "refusal": _why_not(page.declaration, page.procedure, day, request.POST.get("seen", ""))}
        if page.extra["refusal"] or day is None:
            return render_page(page, status=422)
        version = services.publish_draft(page.draft, actor=page.actor, valid_from=date.fromisoformat(day))
    messages.success(request, _("Đã công bố phiên bản %(number)s. Hồ sơ đã nộp vẫn theo phiên bản cũ.") % {"number": version.number})
    return redirect("administration:procedure_card", stt)


def _why_not(declaration: dict[str, object], procedure: Procedure, day: str | None, seen: str) -> str:
    """Why a draft cannot be published now, as a sentence; empty when it can."""
    if day is None:
        return _("Hãy ghi ngày bắt đầu áp dụng theo dạng ngày/tháng/năm.")
    wrong = [finding for finding in check_draft(declaration) if finding.level == "error"]
    if wrong:
        return _("Còn %(count)s lỗi phải sửa trước khi công bố.") % {"count": len(wrong)}
    current = selectors.current_version(procedure)
    if current and not changes(services.as_declaration(current), declaration):
        return _("Bản soạn chưa khác gì phiên bản đang áp dụng.")
    if seen != digest_of(declaration)[:16]:
        return overtaken()
    return ""


@require_POST
@officials_only(Role.ADMINISTRATOR)
def retire(request: HttpRequest, stt: int, number: int) -> HttpResponse:
    """Ends a published version, with the reason."""
    version = get_object_or_404(ProcedureVersion, procedure__stt=stt, number=number, state=ProcedureVersion.State.PUBLISHED)
    reason = request.POST.get("reason", "").strip()
    if previews.going_back(request):
        return _card(request, stt, reason=reason)
    if not reason or len(reason) > REASON_LENGTH:
        return _card(request, stt, refusal=_("Hãy ghi lý do ngừng áp dụng, nhiều nhất 120 ký tự."), reason=reason, status=422)
    actor = request.actor  # type: ignore[attr-defined]
    title, lines = _("Ngừng áp dụng phiên bản %(number)s") % {"number": number}, [_("Lý do: %(reason)s.") % {"reason": reason.rstrip(".")}]
    try:
        shown = previews.first(
            request, KEY, lambda: services.retire_version(version, actor=actor, reason=reason), title=title, lines=lines, save=title
        )
    except ValueError:
        sentence = _("Lý do không được ghi số điện thoại, số căn cước hay thư điện tử của ai.")
        return _card(request, stt, refusal=sentence, reason=reason, status=422)
    if shown:
        return shown
    messages.success(request, _("Phiên bản %(number)s không còn nhận hồ sơ mới.") % {"number": number})
    return redirect("administration:procedure_card", stt)


@require_POST
@officials_only(Role.ADMINISTRATOR)
def switch_filing(request: HttpRequest, stt: int) -> HttpResponse:
    """Opens or closes a procedure for filing, whatever its version."""
    procedure = get_object_or_404(selectors.procedures(request.actor), stt=stt)  # type: ignore[attr-defined]
    actor, is_open = request.actor, not procedure.open_for_filing  # type: ignore[attr-defined]
    title = _("Mở lại để nhận hồ sơ") if is_open else _("Tạm đóng, không nhận hồ sơ mới")
    if not previews.going_back(request):
        work = partial(services.switch_filing, procedure, is_open=is_open, actor=actor)
        if shown := previews.first(request, "thu-tuc", work, title=title, save=title):
            return shown
    return redirect("administration:procedure_card", stt)
