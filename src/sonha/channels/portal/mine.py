"""My papers: one's dossiers and drafts, what to do next, papers of both sides."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.channels.portal.filing_papers import MAX_PAPER_BYTES, PAPER_TYPES
from sonha.channels.portal.pages import diagram_of
from sonha.foundation.audit.selectors import events_for
from sonha.foundation.audit.services import record
from sonha.foundation.files.services import FileRefused, respond, store
from sonha.process.cases import clock, engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.process.forms.display import display
from sonha.services.dossiers import feedback, filing, money, selectors, supplements
from sonha.services.dossiers.models import Dossier, OfficialPaper, Paper
from sonha.services.permits.selectors import permits


@login_required
def dossiers(request: HttpRequest) -> HttpResponse:
    """One page of everything: what waits for me, drafts, running and finished dossiers, my permits."""
    actor = request.actor.in_person()  # type: ignore[attr-defined]
    mine = list(selectors.my_dossiers(actor)[:200])
    return render(
        request,
        "portal/my_dossiers.html",
        {
            "waiting": [each for each in mine if each.state in {"supplement", "payment"}],
            "running": [each for each in mine if not each.is_ended and each.state not in {"supplement", "payment"}],
            "finished": [each for each in mine if each.is_ended],
            "drafts": selectors.my_drafts(actor),
            "permits": permits(actor).filter(holder_id__in=actor.party_ids)[:50],
            "now": timezone.now(),
        },
    )


@login_required
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    """One of my dossiers: where it stands, what I must do, what the authority sent."""
    actor = request.actor.in_person()  # type: ignore[attr-defined]
    found = get_object_or_404(
        selectors.my_dossiers(actor).select_related("case", "version__form_version", "version__flow_version"), code=code
    )
    return render(request, "portal/my_dossier.html", page_of(found, actor))


def page_of(found: Dossier, actor: Any) -> dict[str, Any]:
    """What the applicant's page of a dossier shows."""
    tasks = list(found.case.tasks.filter(role="applicant", state=Task.State.OPEN))
    return {
        "dossier": found,
        "tasks": [{"task": task, "actions": engine.available_actions(task)} for task in tasks],
        "supplement": found.supplement_requests.filter(answered_at=None).order_by("-pk").first(),
        "invoices": money.invoices(found),
        "shown": display(found.version.form_version.schema, found.answers, context={}),  # type: ignore[union-attr]
        "papers": selectors.papers_for(actor, found),
        "official": selectors.official_papers_for(actor, found),
        "result": getattr(found, "result", None) if found.state in {"ready", "granted", "refused"} else None,
        "permit": getattr(found, "permit", None),
        "stopped": clock.is_stopped(found.case),
        "diagram": diagram_of(found.code),
        "events": events_for(actor, engine.subject_ref(found.case)),
        "may_rate": found.is_ended and not hasattr(found, "rating"),
        "requirements": [paper for paper, _required in filing.required_papers(found.version, {**found.answers, "dossier": {}})],
        "now": timezone.now(),
    }


@login_required
@require_POST
def act(request: HttpRequest, code: str, task_id: int) -> HttpResponse:
    """Acts on a task that waits for the applicant: hands in a supplement, or withdraws."""
    actor = request.actor.in_person()  # type: ignore[attr-defined]
    found = get_object_or_404(selectors.my_dossiers(actor).select_related("case"), code=code)
    get_object_or_404(Task, pk=task_id, case_id=found.case_id, role="applicant")
    try:
        for requirement, uploads in request.FILES.lists():
            for sent in uploads:
                file = store(sent, actor_user=actor.user, accept=PAPER_TYPES, max_bytes=MAX_PAPER_BYTES, purpose="dossier")
                supplements.add_paper(found, requirement, file, actor)
        engine.act(task_id, request.POST.get("action", ""), actor=actor, comment=request.POST.get("comment", ""))
    except FileRefused as reason:
        messages.error(request, str(reason))
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Đã gửi. Cơ quan sẽ tiếp tục giải quyết hồ sơ."))
    return redirect("my_dossier", code=code)


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraws a dossier that is still being handled."""
    actor = request.actor.in_person()  # type: ignore[attr-defined]
    found = get_object_or_404(selectors.my_dossiers(actor), code=code)
    try:
        engine.withdraw(found.case_id, actor=actor, reason=request.POST.get("reason", ""))
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Đã rút hồ sơ."))
    return redirect("my_dossier", code=code)


@login_required
@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """How satisfied the applicant was, once."""
    actor = request.actor.in_person()  # type: ignore[attr-defined]
    found = get_object_or_404(selectors.my_dossiers(actor), code=code)
    try:
        feedback.rate(found, actor, score=request.POST.get("score", ""), comment=request.POST.get("comment", ""))
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Cảm ơn ông/bà đã đánh giá."))
    return redirect("my_dossier", code=code)


@login_required
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A handed-in paper, for whoever may see its dossier."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(Paper.objects.select_related("file", "dossier__case"), pk=pk, dossier__in=selectors.dossiers(actor))
    if found.file is None:
        raise Http404
    if selectors.reads_inside(actor, found.dossier):
        record("dossier.viewed_paper", subject=engine.subject_ref(found.dossier.case), actor=actor, payload={"paper": found.pk})
    return respond(found.file, as_attachment="tai-ve" in request.GET)


@login_required
def official_paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A paper of the authority: officials read all, the applicant what was made public."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(OfficialPaper.objects.select_related("file", "dossier"), pk=pk, dossier__in=selectors.dossiers(actor))
    if not (found.public or selectors.reads_inside(actor, found.dossier)):
        raise Http404
    return respond(found.file, as_attachment="tai-ve" in request.GET)
