"""My papers: one's dossiers and drafts, what to do next, papers of both sides."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sonha.channels.portal.filing_papers import MAX_PAPER_BYTES, PAPER_TYPES
from sonha.channels.portal.steps import case_unit_names, drawing, main_steps, stand_of
from sonha.foundation.audit.selectors import events_for
from sonha.foundation.audit.services import record
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import FileRefused, respond, store
from sonha.foundation.rendering.qr import qr_svg
from sonha.process.cases import clock, engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.process.forms.display import display
from sonha.process.forms.posting import parse_post
from sonha.process.forms.rendering import render_form
from sonha.process.forms.sources import Asker
from sonha.process.forms.system import SystemLookups
from sonha.process.forms.validation import validate
from sonha.services.dossiers import drafts, feedback, money, selectors, supplements
from sonha.services.dossiers.models import Dossier, OfficialPaper, Paper, State
from sonha.services.dossiers.public_figures import usual_days_kept
from sonha.services.dossiers.reception import tracking_url
from sonha.services.permits.selectors import permits

MOST_LISTED = 200
WAITING = frozenset({State.SUPPLEMENT, State.PAYMENT})
CORRECTION = "sua"  # prefix of the form when declared answers are corrected


@never_cache
@login_required
def dossiers(request: HttpRequest) -> HttpResponse:
    """One page of everything: what waits for me, drafts, running and finished dossiers, my permits."""
    actor = request.actor.in_person()  # type: ignore[attr-defined]
    mine = list(selectors.my_dossiers(actor)[:MOST_LISTED])
    return render(
        request,
        "portal/my_dossiers.html",
        {
            "waiting": [each for each in mine if each.state in WAITING],
            "running": [each for each in mine if not each.is_ended and each.state not in WAITING],
            "finished": [each for each in mine if each.is_ended],
            "drafts": selectors.my_drafts(actor),
            "permits": permits(actor).filter(holder_id__in=actor.party_ids)[:50],
            "now": timezone.now(),
        },
    )


@never_cache
@login_required
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    """One of my dossiers: where it stands, what I must do, what the authority sent."""
    actor = request.actor.in_person()  # type: ignore[attr-defined]
    return render(request, "portal/my_dossier.html", page_of(_mine(actor, code), actor))


def _mine(actor: Any, code: str) -> Dossier:
    rows = selectors.my_dossiers(actor).select_related("case__flow_version", "version__form_version", "version__flow_version")
    found: Dossier = get_object_or_404(rows, code=code)
    return found


def page_of(found: Dossier, actor: Any, typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the applicant's page of a dossier shows; `typed` is what a refused answer to a supplement request held."""
    tasks = list(found.case.tasks.filter(role="applicant", state=Task.State.OPEN))
    units, stand = case_unit_names(found.case), stand_of(found.case)
    flow = found.case.flow_version.definition
    owing = [invoice for invoice in money.invoices(found) if invoice.state == "open"]
    return {
        "dossier": found,
        "tasks": [{"task": task, "actions": engine.available_actions(task)} for task in tasks],
        "supplement": supplement_asked(found, actor, typed or {}) if tasks and found.state == State.SUPPLEMENT else None,
        "invoices": money.invoices(found),
        "usual_days": usual_days_kept(found.procedure),
        "refund_words": money.refund_words(found),
        "owing": owing,
        "refund": money.refund_words(found),
        "shown": display(filing_form(found), found.answers),
        "papers": selectors.papers_for(actor, found),
        "official": selectors.official_papers_for(actor, found),
        "result": getattr(found, "result", None) if found.state in {"ready", "granted", "refused"} else None,
        "permit": getattr(found, "permit", None),
        "stopped": clock.is_stopped(found.case),
        "steps": main_steps(flow, units, stand),
        "diagram": drawing(flow, units, stand, ident="where"),
        "events": events_for(actor, engine.subject_ref(found.case)),
        "may_rate": found.is_ended and not hasattr(found, "rating"),
        "scores": list(reversed(feedback.SCORES)),
        "qr": qr_svg(tracking_url(found)),
        "max_mb": MAX_PAPER_BYTES // 1024 // 1024,
        "now": timezone.now(),
    }


def filing_form(found: Dossier) -> dict[str, Any]:
    assert found.version.form_version
    schema: dict[str, Any] = found.version.form_version.schema
    return schema


def supplement_asked(found: Dossier, actor: Any, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked for, item by item, each with the paper it is about; and the form again when what was declared is to be corrected."""
    request = found.supplement_requests.filter(answered_at=None).order_by("-pk").first()
    items = list(request.items) if request else []
    papers = {paper.code: paper for paper in found.version.papers.all()}
    rows = [
        {
            "name": item["subject"] if item.get("subject") in papers else f"item-{number}",
            "title": item.get("title") or item.get("reason", ""),
            "reason": item.get("reason", "") if item.get("reason") != item.get("title") else "",
            "is_paper": item.get("subject") in papers,
        }
        for number, item in enumerate(items)
    ]
    corrects = any(not row["is_paper"] for row in rows) or not rows
    form = ""
    if corrects:
        form = render_form(
            filing_form(found),
            {**found.answers, **typed.get("answers", {})},
            errors=typed.get("errors", {}),
            context=drafts.context_of(found),
            lookups=SystemLookups(uploaded_by=actor.user_id, asker=lambda: Asker(actor, found.owner_id)),
            prefix=CORRECTION,
        )
    return {"request": request, "items": rows, "form": form, "open": bool(typed.get("errors")), "comment": typed.get("comment", "")}


@login_required
@require_POST
def act(request: HttpRequest, code: str, task_id: int) -> HttpResponse:
    """Acts on a task that waits for the applicant: hands in a supplement, or withdraws. What was typed survives a refusal."""
    actor = request.actor.in_person()  # type: ignore[attr-defined]
    found = _mine(actor, code)
    task = get_object_or_404(Task, pk=task_id, case_id=found.case_id, role="applicant")
    action, comment = request.POST.get("action", ""), request.POST.get("comment", "")
    answers = _corrected(request, found) if "correct" in request.POST else {}
    try:
        supplements.answer(found, task, action, actor, comment=comment, files=_handed_in(request, actor), answers=answers)
    except (FileRefused, ActionRefused) as refused:
        sentence = refused.sentence if isinstance(refused, ActionRefused) else str(refused)
        messages.error(request, sentence)
        errors = refused.errors if isinstance(refused, ActionRefused) else {}
        typed = {"answers": answers, "errors": errors, "comment": comment}
        return render(request, "portal/my_dossier.html", page_of(_mine(actor, code), actor, typed), status=422)
    messages.success(request, _("Đã gửi. Cơ quan sẽ tiếp tục giải quyết hồ sơ."))
    return redirect("my_dossier", code=code)


def _corrected(request: HttpRequest, found: Dossier) -> dict[str, Any]:
    """What was typed into the form again; nothing when it says what the dossier says already."""
    typed = parse_post(filing_form(found), request.POST, prefix=CORRECTION)
    meant = validate(filing_form(found), {**found.answers, **typed}, partial=True, context=drafts.context_of(found)).clean
    return {} if meant == found.answers else typed


def _handed_in(request: HttpRequest, actor: Any) -> dict[str, list[StoredFile]]:
    """Files by what they are for: sent before by the page's script (`sent:<name>` holds the id), or posted with the form."""
    given: dict[str, list[StoredFile]] = {}
    for name in request.POST:
        if name.startswith("sent:"):
            idents = [ident for ident in request.POST.getlist(name) if len(ident) == 36]
            given[name.removeprefix("sent:")] = list(StoredFile.objects.filter(pk__in=idents, uploaded_by_id=actor.user_id))
    for name, uploads in request.FILES.lists():
        if name.startswith("file:"):
            stored = [
                store(sent, actor_user=actor.user, accept=PAPER_TYPES, max_bytes=MAX_PAPER_BYTES, purpose="dossier") for sent in uploads
            ]
            given.setdefault(name.removeprefix("file:"), []).extend(stored)
    return given


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
