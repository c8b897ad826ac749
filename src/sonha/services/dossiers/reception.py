"""The desk's papers: receipt (01), supplement request (02), refusal (03), apology (04), control sheet (05). Form 06 is in `register`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.organisations.models import Unit
from sonha.foundation.rendering import papers as layouts
from sonha.process.cases import access, clock, engine
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.process.cases.models import Task
from sonha.process.deadlines import limit_words
from sonha.services.dossiers import money, notices
from sonha.services.dossiers.models import Dossier, OfficialPaper, SupplementRequest
from sonha.services.dossiers.papers import keep, letterhead, owner_block

Kind = OfficialPaper.Kind


def tracking_url(dossier: Dossier) -> str:
    return f"{settings.SITE_URL}{reverse('track', args=[dossier.code])}"


def _common(dossier: Dossier, actor: Actor) -> dict[str, Any]:
    desk = Unit.objects.get(pk=dossier.case.actors["desk"])
    return {
        "letterhead": letterhead(dossier.agency),
        "check_url": tracking_url(dossier),
        "check_code": dossier.code,
        "dossier_code": dossier.code,
        "procedure": dossier.procedure.name,
        "owner": owner_block(dossier),
        "applicant": layouts.Party(name=dossier.applicant_name) if dossier.applicant_name != dossier.owner.name else None,
        "desk": desk.name,
        "official": actor.name if actor.user else "",
        "contact": desk.phone or dossier.agency.phone,
    }


@translation.override("vi")
def receipt(dossier: Dossier, actor: Actor) -> OfficialPaper:
    """Form 01: what was handed in, when, and when the result is due."""
    forms = {"original": "Bản chính", "certified_copy": "Bản sao có chứng thực", "copy": "Bản sao", "electronic": "Bản điện tử"}
    wanted = {paper.code: paper for paper in dossier.version.papers.all()}
    lines = [
        layouts.PaperLine(title=paper.title, form=forms.get(wanted[paper.requirement].form, "") if paper.requirement in wanted else "")
        for paper in dossier.papers.filter(replaced_at=None)
    ]
    limit = clock.limit_of(dossier.version.content.get("time_limit"))
    paper = layouts.Receipt(
        **_common(dossier, actor),
        papers=lines,
        time_limit=limit_words(limit) if limit else "",
        received_at=dossier.accepted_at or dossier.submitted_at,
        due_at=dossier.due_at,
        return_at=dossier.get_return_channel_display(),
        fees=[(line.title, line.amount) for line in money.lines_of(dossier)],
    )
    return keep(dossier, Kind.RECEIPT, paper.name, layouts.render(paper), actor, public=True)


def prepare_supplement(dossier: Dossier, items: Sequence[dict[str, str]], note: str, actor: Actor) -> SupplementRequest:
    """Notes everything that is missing, before the act that sends it. All at once: a second list needs a second reason."""
    cleaned = [item for item in items if item.get("reason", "").strip()]
    return SupplementRequest.objects.create(dossier=dossier, items=cleaned, note=note.strip(), requested_by=actor.user)


def pending_supplement(dossier: Dossier, actor: Actor, comment: str) -> SupplementRequest:
    """The list prepared in this transaction, or one made of the comment's lines."""
    prepared = SupplementRequest.objects.filter(dossier=dossier, answered_at=None).order_by("-pk").first()
    if prepared and not dossier.official_papers.filter(kind=Kind.SUPPLEMENT, body__request=prepared.pk).exists():
        return prepared
    items = [{"subject": "", "title": line.strip(), "reason": line.strip()} for line in comment.splitlines() if line.strip()]
    return prepare_supplement(dossier, items, comment, actor)


@translation.override("vi")
def supplement_form(dossier: Dossier, request: SupplementRequest, actor: Actor) -> OfficialPaper:
    """Form 02."""
    items = [
        f"{item['title']}: {item['reason']}" if item.get("title") not in ("", item["reason"]) else item["reason"] for item in request.items
    ]
    from_comment = all(not item.get("subject") and item["reason"] in request.note for item in request.items)
    reason = "" if from_comment else request.note  # a comment that became the list is not printed a second time
    paper = layouts.SupplementRequest(**_common(dossier, actor), items=items or [request.note], reason=reason)
    return keep(dossier, Kind.SUPPLEMENT, paper.name, layouts.render(paper), actor, public=True, body={"request": request.pk})


@translation.override("vi")
def refusal(dossier: Dossier, actor: Actor, reason: str) -> OfficialPaper:
    """Form 03."""
    paper = layouts.Refusal(**_common(dossier, actor), reasons=[line for line in reason.splitlines() if line.strip()])
    return keep(dossier, Kind.REFUSAL, paper.name, layouts.render(paper), actor, public=True, body={"reason": reason})


@transaction.atomic
def apologise(dossier: Dossier, actor: Actor, *, reason: str, new_due_at: datetime) -> OfficialPaper:
    """Form 04: the dossier is late; the authority says why and names a new day. The legal due date stays as it was."""
    if not (
        actor.is_system
        or (actor.has_role("head", "leader", "receptionist") and access.visible_cases(actor).filter(pk=dossier.case_id).exists())
    ):
        raise NotAllowed(_("Ông/bà không có quyền lập phiếu xin lỗi cho hồ sơ này."))
    if dossier.due_at is None or dossier.finished_at or timezone.now() <= dossier.due_at:
        raise ActionRefused(_("Chỉ lập phiếu xin lỗi khi hồ sơ đã quá hạn và chưa có kết quả."))
    if new_due_at <= timezone.now():
        raise ActionRefused(_("Ngày hẹn lại phải ở sau hôm nay."), {"new_due_at": _("Hãy chọn ngày ở sau hôm nay.")})
    if not reason.strip():
        raise ActionRefused(_("Hãy ghi lý do chậm."), {"reason": _("Hãy ghi lý do chậm.")})
    with translation.override("vi"):
        paper = layouts.Apology(
            **_common(dossier, actor),
            received_at=dossier.accepted_at or dossier.submitted_at,
            due_at=dossier.due_at,
            reason=reason,
            new_due_at=new_due_at,
            signatory=_apologist(actor),
        )
        pdf = layouts.render(paper)
    kept = keep(dossier, Kind.APOLOGY, paper.name, pdf, actor, public=True, body={"new_due_at": new_due_at.isoformat()})
    record("dossier.apologised", subject=engine.subject_ref(dossier.case), actor=actor, payload={"due_at": new_due_at})
    notices.tell_applicant(dossier, "apology")
    return kept


def _apologist(actor: Actor) -> layouts.Signatory:
    """A leader or head signs under the own name and position; made by the desk or the system, the paper waits for a leader's hand."""
    post = next((post for post in actor.posts if post.role in {"leader", "head"}), None)
    if post is None or actor.user is None:
        return layouts.Signatory(authority=["LÃNH ĐẠO CƠ QUAN"])
    return layouts.Signatory(authority=[(post.title or str(_("Lãnh đạo"))).upper()], name=actor.user.full_name)


@translation.override("vi")
def control_sheet(dossier: Dossier, actor: Actor) -> bytes:
    """Form 05 as it stands now: who handed to whom, when, and how each step stood against its limit."""
    tasks = Task.objects.filter(case=dossier.case, kind="task").exclude(state=Task.State.CANCELLED)
    done = list(tasks.select_related("unit", "closed_by", "assignee").order_by("opened_at", "pk"))
    consulted = Task.objects.filter(case__parent_task__case=dossier.case, unit__isnull=False).values_list("unit__name", flat=True)
    handovers = [
        layouts.Handover(
            giver=_holder(task),
            giver_name=_person(task, dossier),
            taker=_holder(following) if following else _("Người nộp hồ sơ"),
            taker_name=_person(following, dossier) if following else _receiver(dossier),
            at=task.closed_at,
            result=_punctuality(task),
            note="\n".join(text for text in (task.title, task.comment) if text),
        )
        for task, following in zip(done, [*done[1:], None], strict=True)
        if task.closed_at and task.state == Task.State.DONE
    ]
    paper = layouts.ControlSheet(
        **_common(dossier, actor),
        agency=dossier.agency.name,
        consulted=sorted(set(consulted)),
        received_at=dossier.accepted_at or dossier.submitted_at,
        due_at=dossier.due_at,
        handovers=handovers,
    )
    return layouts.render(paper)


def _holder(task: Task) -> str:
    return task.unit.name if task.unit else _("Người nộp hồ sơ")


def _person(task: Task, dossier: Dossier) -> str:
    """Who held a step: the applicant's name, the official who closed or holds it, or that the system did it."""
    if task.is_applicant:
        return dossier.applicant_name
    held = task.closed_by or task.assignee
    return held.full_name if held else (_("hệ thống") if task.closed_at else "")


def _receiver(dossier: Dossier) -> str:
    result = getattr(dossier, "result", None)
    return (result.handed_over_to if result else "") or dossier.applicant_name


def _punctuality(task: Task) -> str:
    if task.due_at is None or task.closed_at is None:
        return ""
    if task.closed_at > task.due_at:
        return _("Quá hạn")
    return _("Trước hạn") if timezone.localdate(task.closed_at) < timezone.localdate(task.due_at) else _("Đúng hạn")
