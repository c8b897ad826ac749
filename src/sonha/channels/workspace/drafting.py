"""Pages of the draft of a result: written in the page or as docx, its versions, what differs, and a preview."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from sonha.channels.workspace.dossier import task_of
from sonha.foundation.access.guards import officials_only
from sonha.foundation.files.services import FileRefused, read_bytes
from sonha.foundation.rendering import docx, pictures
from sonha.process.cases import access
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.services.dossiers import drafting, selectors
from sonha.services.dossiers.models import Dossier, OfficialPaper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_SHOWN_PAGES = 12


@officials_only()
def draft(request: HttpRequest, code: str, task_id: int) -> HttpResponse:
    """The draft as text, its versions and its preview; each save is a new version."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    task = task_of(found, task_id)
    if request.method != "POST":
        return render(request, "workspace/draft.html", _page(found, task, actor))
    typed: dict[str, Any] = {
        "title": request.POST.get("title", ""),
        "bases": request.POST.get("bases", "").splitlines(),
        "paragraphs": [text for text in request.POST.get("paragraphs", "").replace("\r\n", "\n").split("\n\n") if text.strip()],
    }
    try:
        saved = drafting.draft_result(found, task, actor=actor, note=request.POST.get("note", ""), **typed)
    except ActionRefused as refused:
        context = _page(found, task, actor, typed={**typed, "note": request.POST.get("note", "")}, refused=refused)
        return render(request, "workspace/draft.html", context, status=422)
    messages.success(request, _("Đã lưu dự thảo, bản %(number)d.") % {"number": saved.number})
    return redirect("draft_result", code=code, task_id=task_id)


def _page(
    found: Dossier, task: Task, actor: Any, *, typed: dict[str, Any] | None = None, refused: ActionRefused | None = None
) -> dict[str, Any]:
    versions = list(drafting.versions(found))
    body = {**drafting.starting_body(found, task), **(typed or {})}
    newest = versions[0] if versions else None
    outcome = drafting.outcome_at(found, task)
    return {
        "dossier": found,
        "task": task,
        "outcome": outcome,
        "body": body,
        "bases": "\n".join(body.get("bases", ())),
        "text": "\n\n".join(body["paragraphs"]),
        "note": (typed or {}).get("note", ""),
        "refused": refused,
        "may_write": task.state == Task.State.OPEN and access.may_act(actor, task),
        "versions": versions,
        "newest": newest,
        "stale": newest is not None and newest.body.get("outcome") != outcome,
        "pages": range(1, min(pictures.page_count(read_bytes(newest.file)), MAX_SHOWN_PAGES) + 1) if newest else (),
        "converts": docx.office_program() is not None,
        "max_mb": drafting.MAX_DOCX_BYTES // 1024 // 1024,
    }


@officials_only()
@require_POST
def upload(request: HttpRequest, code: str, task_id: int) -> HttpResponse:
    """A docx edited elsewhere becomes the newest version."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise ActionRefused(_("Hãy chọn tệp docx."))
        saved = drafting.upload_draft(found, task_of(found, task_id), sent, actor=actor, note=request.POST.get("note", ""))
    except (ActionRefused, FileRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Đã nhận bản docx, lưu thành bản %(number)d.") % {"number": saved.number})
    return redirect("draft_result", code=code, task_id=task_id)


@officials_only()
@require_POST
def restore(request: HttpRequest, code: str, task_id: int, number: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    try:
        saved = drafting.restore_draft(found, task_of(found, task_id), number, actor=actor)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Đã lấy lại bản %(old)d làm bản %(new)d.") % {"old": number, "new": saved.number})
    return redirect("draft_result", code=code, task_id=task_id)


@officials_only()
def template(request: HttpRequest, code: str, task_id: int) -> HttpResponse:
    """The docx to begin with when there is no version yet: the template with the declaration's text."""
    found = selectors.dossier(request.actor, code)  # type: ignore[attr-defined]
    task = task_of(found, task_id)
    return _attached(drafting.draft_docx(found, drafting.starting_body(found, task)), f"{found.code}-du-thao.docx")


@officials_only()
def download(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version as docx: the one that was brought back, or made of the text."""
    found, version = _version(request, code, number)
    return _attached(drafting.docx_of(found, version), f"{found.code}-du-thao-{number}.docx")


@officials_only()
@cache_control(private=True, max_age=3600, immutable=True)
def picture(request: HttpRequest, code: str, number: int, page: int) -> HttpResponse:
    """One page of a version's preview; a version never changes, so its pictures may be kept."""
    _found, version = _version(request, code, number)
    drawn = pictures.page_png(read_bytes(version.file), page)
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/png")


@officials_only()
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """What changed from one version to another: `?tu=1&den=3`, by default the last two."""
    found = selectors.dossier(request.actor, code)  # type: ignore[attr-defined]
    versions = {each.number: each for each in drafting.versions(found)}
    if not versions:
        raise Http404
    new = versions.get(_number(request.GET.get("den", "")), next(iter(versions.values())))
    old = versions.get(_number(request.GET.get("tu", "")), versions.get(new.number - 1, new))
    context = {
        "dossier": found,
        "versions": list(versions.values()),
        "old": old,
        "new": new,
        "paragraphs": drafting.compare(drafting.words_of(found, old), drafting.words_of(found, new)),
    }
    return render(request, "workspace/draft_compare.html", context)


def _version(request: HttpRequest, code: str, number: int) -> tuple[Dossier, OfficialPaper]:
    found = selectors.dossier(request.actor, code)  # type: ignore[attr-defined]
    return found, get_object_or_404(drafting.versions(found), number=number)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _attached(document: bytes, name: str) -> HttpResponse:
    response = HttpResponse(document, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
