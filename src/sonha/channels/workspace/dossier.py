"""The officials' page of a dossier: what to do, what was said, what was handed in, who did what."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.channels.portal.steps import dossier_drawing
from sonha.foundation.access.actor import Actor
from sonha.foundation.access.guards import officials_only
from sonha.foundation.audit.selectors import events_for
from sonha.foundation.identity.models import User
from sonha.process.cases import access, clock, engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.process.cases.walk import context_of
from sonha.process.flows.graph import Edge, graph_of
from sonha.process.forms.display import display
from sonha.process.forms.posting import parse_post
from sonha.process.forms.prefill import prefill
from sonha.process.forms.rendering import render_form
from sonha.process.forms.sources import Asker
from sonha.process.forms.system import SystemLookups
from sonha.services.dossiers import drafting, drafts, money, notes, reception, registers, selectors
from sonha.services.dossiers.models import Dossier
from sonha.services.handling import sentences
from sonha.services.handling.models import Sentence

REFUSED = 409


@officials_only()
def page(request: HttpRequest, code: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    return render(request, "workspace/dossier.html", page_of(found, actor))


def page_of(
    found: Dossier, actor: Any, *, failed: int | None = None, errors: dict[str, str] | None = None, typed: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Everything the page shows; `failed` is the task whose act was refused, with its errors and what was typed."""
    cases = [found.case_id, *found.case.tasks.filter(child_cases__isnull=False).values_list("child_cases", flat=True)]
    tasks = list(
        Task.objects.filter(case_id__in=cases)
        .select_related("unit", "assignee", "closed_by", "on_behalf_of", "case__flow_version")
        .order_by("opened_at")
    )
    open_mine = [task for task in tasks if task.state == Task.State.OPEN and access.may_act(actor, task)]
    ready = list(sentences.offered(actor, found.procedure)) if open_mine else []
    mine = [
        _actionable(found, task, actor, errors or {}, typed or {}, ready)
        if task.pk == failed
        else _actionable(found, task, actor, {}, {}, ready)
        for task in open_mine
    ]
    papers = list(selectors.papers_for(actor, found))
    return {
        "dossier": found,
        "tasks": tasks,
        "mine": mine,
        "open_elsewhere": [
            task for task in tasks if task.state == Task.State.OPEN and task.kind == "task" and not access.may_act(actor, task)
        ],
        "assignable": [task for task in tasks if task.state == Task.State.OPEN and access.may_assign(actor, task)],
        "opinions": [task for task in tasks if task.state == Task.State.DONE and (task.comment or (task.kind == "task" and task.data))],
        "shown": display(found.version.form_version.schema, found.answers, context={}),  # type: ignore[union-attr]
        "findings": registers.findings(actor, found),
        "papers": papers,
        "has_files": any(paper.file_id for paper in papers),
        "missing": _missing(found),
        "official": selectors.official_papers_for(actor, found),
        "supplements": found.supplement_requests.order_by("-pk"),
        "notes": found.notes.select_related("author").order_by("-pk"),
        "invoices": money.invoices(found),
        "fees": money.lines_of(found),
        "refund_words": money.refund_words(found),
        "result": getattr(found, "result", None),
        "permit": getattr(found, "permit", None),
        "stopped": clock.is_stopped(found.case),
        "diagram": dossier_drawing(found),
        "events": events_for(actor, engine.subject_ref(found.case)),
        "late": bool(found.due_at and not found.finished_at and found.due_at < timezone.now()),
        "reopen_steps": _reopen_steps(found, actor),
        "now": timezone.now(),
    }


def _actionable(
    found: Dossier, task: Task, actor: Actor, errors: dict[str, str], typed: dict[str, Any], ready: Sequence[Sentence]
) -> dict[str, Any]:
    """One task as its form shows it: what may be done, what is asked, and after a refusal what was typed."""
    node = graph_of(task.case.flow_version_id).nodes[task.step]
    actions = engine.available_actions(task)
    reasons = typed.get("reasons", {})
    return {
        "task": task,
        "actions": actions,
        "form": _form(found, task, node.form, actor, errors, typed) if node.form else "",
        "needs_draft": any(name in {"draft", "signed"} for name in node.requires) or _drafts_here(task),
        "has_draft": drafting.latest_draft(found) is not None,
        "asks_supplements": any(edge.effect == "request_supplement" for edge in actions),
        "hands_over": any(edge.effect == "hand_over" for edge in actions),
        "items": [{"subject": code, "title": title, "reason": reasons.get(code, "")} for code, title in _supplement_subjects(found)],
        "reasons": any(reasons.values()),
        "errors": errors,
        "comment": typed.get("comment", ""),
        "sentences": [each for each in ready if each.use in _uses(actions)],
    }


def _uses(actions: Sequence[Edge]) -> set[str]:
    """Which ready sentences serve the actions that are offered."""
    uses: set[str] = set()
    for edge in actions:
        if edge.effect == "request_supplement":
            uses.add(Sentence.Use.SUPPLEMENT)
        if edge.effect == "refuse" or edge.action == "propose_refusal":
            uses.add(Sentence.Use.REFUSAL)
        if edge.returns:
            uses.add(Sentence.Use.SEND_BACK)
    return uses


def _form(found: Dossier, task: Task, form: Mapping[str, Any], actor: Actor, errors: dict[str, str], typed: dict[str, Any]) -> SafeString:
    """The form of a step, begun with what the applicant declared where the step proposes the same."""
    answers = typed["data"] if "data" in typed else task.data or prefill(form, {"answers": found.answers})
    lookups = SystemLookups(asker=lambda: Asker(actor, found.owner_id))
    return render_form(form, answers, errors=errors, context=context_of(task.case), lookups=lookups, prefix=f"t{task.pk}")


def _supplement_subjects(found: Dossier) -> list[tuple[str, str]]:
    """What may be found wanting: each paper of the procedure, and what was declared in the form."""
    papers = [(paper.code, paper.title) for paper in found.version.papers.all()]
    return [*papers, ("", _("Nội dung tờ khai cần sửa"))]


def _drafts_here(task: Task) -> bool:
    """A step drafts the result when the next task step cannot be left without a draft."""
    graph = graph_of(task.case.flow_version_id)
    return task.role == "specialist" and any(
        "draft" in graph.nodes[edge.target].requires
        for edge in graph.edges.get(task.step, ())
        if not edge.returns and edge.target in graph.nodes
    )


def _missing(found: Dossier) -> list[str]:
    given = set(found.papers.filter(replaced_at=None).values_list("requirement", flat=True))
    wanted = drafts.required_papers(found.version, engine.context_of(found.case))
    return [paper.title for paper, required in wanted if required and paper.form != "electronic" and paper.code not in given]


def _reopen_steps(found: Dossier, actor: Any) -> list[tuple[str, str]]:
    if not found.is_ended or not actor.has_role("leader", "head"):
        return []
    graph = graph_of(found.case.flow_version_id)
    return [
        (node.key, node.title)
        for node in graph.nodes.values()
        if node.kind == "task" and node.role != "applicant" and not graph.scopes.get(node.key)
    ]


@officials_only()
@require_POST
def act(request: HttpRequest, code: str, task_id: int) -> HttpResponse:
    """Completes a task. What was refused is said on the page, with everything that was typed still there."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    task = task_of(found, task_id)
    node = graph_of(task.case.flow_version_id).nodes[task.step]
    data = parse_post(node.form, request.POST, prefix=f"t{task.pk}") if node.form else {}
    comment = request.POST.get("comment", "")
    items = _supplement_items(request)
    try:
        with transaction.atomic():
            if items:
                reception.prepare_supplement(found, items, comment, actor)
            engine.act(
                task.pk,
                request.POST.get("action", ""),
                actor=actor,
                comment=comment or "; ".join(item["reason"] for item in items),
                data=data,
            )
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
        found = selectors.dossier(actor, code)
        reasons = {item["subject"]: item["reason"] for item in items}
        typed = {"data": data, "comment": comment, "reasons": reasons}
        context = page_of(found, actor, failed=task_id, errors=refused.errors, typed=typed)
        return render(request, "workspace/dossier.html", context, status=422 if refused.errors else REFUSED)
    messages.success(request, _("Đã thực hiện «%(step)s».") % {"step": task.title})
    if selectors.dossiers(actor).filter(pk=found.pk).exists():
        return redirect("dossier", code=code)
    return redirect("work")


def _supplement_items(request: HttpRequest) -> list[dict[str, str]]:
    """The checklist of what is missing: subject, title and reason of each ticked line."""
    subjects, titles, reasons = (request.POST.getlist(f"item_{name}") for name in ("subject", "title", "reason"))
    rows = zip(subjects, titles, reasons, strict=False)
    return [{"subject": subject, "title": title, "reason": reason.strip()} for subject, title, reason in rows if reason.strip()]


def task_of(found: Dossier, task_id: int) -> Task:
    """A task of this dossier or of one of its consultations, else 404."""
    task = get_object_or_404(Task.objects.select_related("case__flow_version", "unit"), pk=task_id)
    get_object_or_404(Dossier, pk=found.pk, case_id=engine.outermost(task.case).pk)
    return task


@officials_only()
@require_POST
def claim(request: HttpRequest, code: str, task_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    try:
        engine.claim(task_of(found, task_id).pk, actor=actor)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("dossier", code=code)


@officials_only()
@require_POST
def assign(request: HttpRequest, code: str, task_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    user = User.objects.filter(pk=request.POST["user"]).first() if request.POST.get("user", "").isdigit() else None
    try:
        engine.assign(task_of(found, task_id).pk, user, actor=actor)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Đã phân công."))
    return redirect("dossier", code=code)


@officials_only()
@require_POST
def note(request: HttpRequest, code: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        notes.add_note(selectors.dossier(actor, code), actor, request.POST.get("text", ""))
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("dossier", code=code)


@officials_only("receptionist", "head", "leader")
@require_POST
def apologise(request: HttpRequest, code: str) -> HttpResponse:
    """Form 04 for a late dossier."""
    actor = request.actor  # type: ignore[attr-defined]
    day = parse_date(request.POST.get("new_due_on", "") or "x") if len(request.POST.get("new_due_on", "")) == 10 else None
    if day is None:
        messages.error(request, _("Hãy chọn ngày hẹn lại."))
        return redirect("dossier", code=code)
    moment = timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=17)))
    try:
        reception.apologise(selectors.dossier(actor, code), actor, reason=request.POST.get("reason", ""), new_due_at=moment)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Đã lập phiếu xin lỗi và báo cho người nộp."))
    return redirect("dossier", code=code)


@officials_only("leader", "head")
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    try:
        engine.reopen(found.case_id, request.POST.get("step", ""), actor=actor, reason=request.POST.get("reason", ""))
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Đã mở lại hồ sơ."))
    return redirect("dossier", code=code)


@officials_only()
def control_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Form 05 as it stands now."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    response = HttpResponse(reception.control_sheet(found, actor), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.code}-phieu-kiem-soat.pdf"'
    return response
