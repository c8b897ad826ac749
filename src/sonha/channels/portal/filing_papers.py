"""The papers of a filing: photographed or chosen, one or several files each, given before and given again, taken back."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.channels.portal.filing_shown import Page, Shown
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import FileRefused, respond, store
from sonha.process.cases.errors import ActionRefused
from sonha.process.forms.posting import append_file, posted_files
from sonha.services.dossiers import drafts, filing, selectors
from sonha.services.dossiers.models import Channel, Draft

PAPER_TYPES = "pdf,image"
MAX_PAPER_BYTES = 50 * 1024 * 1024


def papers_page(request: HttpRequest, draft: Draft, page: Page) -> Shown | HttpResponse | None:
    """The list of papers for these answers. Every change is kept at once; going on needs nothing more."""
    wanted = drafts.required_papers(draft.version, drafts.about(draft))
    if request.method == "POST":
        refused = _receive_posted(request, draft, [paper.code for paper, _required in wanted])
        act, _colon, target = request.POST.get("do", "").partition(":")
        code, _colon, entry = target.partition(":")
        try:
            _carry_out(draft, act, code, entry)
        except ActionRefused as reason:
            refused.append(reason.sentence)
        for sentence in refused:
            messages.error(request, sentence)
        if act or (refused and not {"back", "later"} & set(request.POST)):
            return HttpResponseRedirect(f"{reverse('draft', args=[draft.pk])}?trang={page.key}#giay-{code}")
        return None
    missing = set(filing.check(draft)[1].papers) if "sua" in request.GET else set()
    rows = [_row(draft, paper, required, paper.code in missing) for paper, required in wanted]
    return Shown("portal/papers.html", {"rows": rows, "max_mb": MAX_PAPER_BYTES // 1024 // 1024, "most": drafts.MOST_FILES})


def _row(draft: Draft, paper: Any, required: bool, missing: bool) -> dict[str, Any]:
    given = draft.papers.get(paper.code, [])
    earlier = drafts.earlier_papers(draft.owner_id, paper.reuse) if draft.owner_id and paper.reuse else []
    return {
        "paper": paper,
        "required": required,
        "missing": missing,
        "given": drafts.describe_papers(given),
        "earlier": [each for each in earlier if not set(each.entries) <= set(given)],
        "on_paper": "on_paper" in given,
        "for_relative": drafts.for_relative(draft) and paper.code == drafts.AUTHORISATION,
        "at_desk": draft.channel != Channel.ONLINE,
    }


def _carry_out(draft: Draft, act: str, code: str, entry: str) -> None:
    if act == "remove":
        drafts.take_back_paper(draft, code, entry)
    elif act == "on_paper" and draft.channel != Channel.ONLINE:
        drafts.give_paper(draft, code, ["on_paper"])
    elif act == "reuse" and draft.owner_id:
        paper = next((each for each in draft.version.papers.all() if each.code == code), None)
        for earlier in drafts.earlier_papers(draft.owner_id, paper.reuse) if paper and paper.reuse else []:
            if str(earlier.dossier.pk) == entry:
                drafts.give_paper(draft, code, earlier.entries)


def _receive_posted(request: HttpRequest, draft: Draft, codes: list[str]) -> list[str]:
    """Files posted with the page itself (no JavaScript); gives the sentences about those that were refused."""
    refused = []
    for code in codes:
        for sent in request.FILES.getlist(f"file:{code}"):
            try:
                file = store(sent, actor_user=draft.user, accept=PAPER_TYPES, max_bytes=MAX_PAPER_BYTES, purpose="dossier")
                drafts.give_paper(draft, code, [str(file.pk)])
            except FileRefused as reason:
                refused.append(f"{sent.name}: {reason}")
            except ActionRefused as reason:
                refused.append(reason.sentence)
    return refused


def receive_form_files(request: HttpRequest, draft: Draft, form: Mapping[str, Any], section: str, typed: dict[str, Any]) -> list[str]:
    """Files of the form's own fields, posted without JavaScript, are added to `typed`; gives sentences about refused ones."""
    refused = []
    for path, sent in posted_files(form, request.FILES, section=section):
        try:
            file = store(sent, actor_user=draft.user, accept=PAPER_TYPES, max_bytes=MAX_PAPER_BYTES, purpose="dossier")
        except FileRefused as reason:
            refused.append(f"{sent.name}: {reason}")
        else:
            append_file(typed, path, str(file.pk))
    return refused


@login_required
@require_POST
def upload(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """Stores one file for a file field of the form; the answer names it so that the page can list it."""
    draft = selectors.draft(request.actor, pk)  # type: ignore[attr-defined]
    sent = request.FILES.get("file")
    if sent is None:
        return JsonResponse({"error": _("Chưa có tệp nào được gửi.")}, status=400)
    try:
        file = store(sent, actor_user=draft.user, accept=PAPER_TYPES, max_bytes=MAX_PAPER_BYTES, purpose="dossier")
    except FileRefused as reason:
        return JsonResponse({"error": str(reason)}, status=422)
    return JsonResponse({"id": str(file.pk), "name": file.original_name, "size": file.size})


@login_required
@require_POST
def give(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Adds one's own uploaded file (`file`) to a paper (`paper`) of the draft; answers with the list of what is there, as HTML."""
    draft = selectors.draft(request.actor, pk)  # type: ignore[attr-defined]
    code = request.POST.get("paper", "")
    file = _own_file(draft, request.POST.get("file", ""))
    if file is None:
        return JsonResponse({"error": _("Tệp không còn trên máy chủ, xin gửi lại.")}, status=422)
    try:
        given = drafts.give_paper(draft, code, [str(file.pk)])
    except ActionRefused as reason:
        return JsonResponse({"error": reason.sentence}, status=422)
    return render(request, "portal/paper_given.html", {"given": drafts.describe_papers(given), "code": code, "draft": draft})


@login_required
@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Removes one entry (`entry`) of a paper (`paper`); answers with the list of what is left, as HTML."""
    draft = selectors.draft(request.actor, pk)  # type: ignore[attr-defined]
    code = request.POST.get("paper", "")
    left = drafts.take_back_paper(draft, code, request.POST.get("entry", ""))
    return render(request, "portal/paper_given.html", {"given": drafts.describe_papers(left), "code": code, "draft": draft})


@login_required
def own_file(request: HttpRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponseBase:
    """What one has just uploaded, to see whether it can be read."""
    draft = selectors.draft(request.actor, pk)  # type: ignore[attr-defined]
    if all(str(file) not in given for given in draft.papers.values()):
        raise Http404
    return respond(get_object_or_404(StoredFile, pk=file, uploaded_by_id=draft.user_id), as_attachment=False)


def _own_file(draft: Draft, ident: str) -> StoredFile | None:
    try:
        return StoredFile.objects.filter(pk=uuid.UUID(ident), uploaded_by_id=draft.user_id, purpose="dossier").first()
    except ValueError:
        return None
