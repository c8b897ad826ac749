"""Filing step by step: one question group a page, everything typed is kept, and the last page says all that is missing."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sonha.channels.portal import filing_pages, filing_versions
from sonha.channels.portal.filing_shown import Page
from sonha.foundation.identity.models import Party
from sonha.process.cases.errors import NotAllowed
from sonha.process.forms.prefill import prefill
from sonha.services.dossiers import drafts, selectors
from sonha.services.dossiers.models import Channel, Draft
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version

RELATIVE = "nguoi-than"  # filed for somebody of the family who has no account


@login_required
def begin(request: HttpRequest, stt: int) -> HttpResponse:
    """Begins a draft, or goes on with the one that exists; asks for whom when the person may act for others."""
    actor = request.actor  # type: ignore[attr-defined]
    procedure = get_object_or_404(Procedure, stt=stt)
    version = current_version(procedure) if procedure.open_for_filing else None
    if version is None:
        return render(request, "portal/not_open.html", {"procedure": procedure}, status=404)
    channel = request.GET.get("channel", Channel.ONLINE) if actor.has_role("receptionist") else Channel.ONLINE
    channel = channel if channel in Channel.values else Channel.ONLINE
    parties = sorted(Party.objects.filter(pk__in=actor.party_ids), key=lambda party: (party.pk != actor.user.party_id, party.name))
    begun = selectors.my_drafts(actor).filter(version__procedure=procedure, channel=channel)
    context = {"procedure": procedure, "version": version, "parties": parties, "drafts": begun, "channel": channel}
    context["relatives"] = drafts.takes_relatives(version)
    if request.method != "POST":
        return render(request, "portal/begin.html", context)
    chosen = request.POST.get("owner") or (str(parties[0].pk) if parties else "")
    relative = chosen == RELATIVE and channel == Channel.ONLINE
    owner = next((party for party in parties if str(party.pk) == chosen), None)
    if owner is None and channel == Channel.ONLINE and not relative:
        return render(request, "portal/begin.html", {**context, "error": _("Hãy chọn hồ sơ này của ai.")}, status=422)
    try:
        draft = drafts.start_draft(actor, version, owner=owner if channel == Channel.ONLINE else None, channel=channel, relative=relative)
    except NotAllowed as refused:
        messages.error(request, refused.sentence)
        return redirect("procedure", stt=stt)
    drafts.save_draft(draft, answers=prefill(drafts.form_of(draft), drafts.sources_for(draft)))
    return redirect("draft", pk=draft.pk)


@never_cache
@login_required
def step(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One page of the filing. Posting saves and goes on; what is wrong is said at once but nothing is lost."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        draft = selectors.draft(actor, pk)
    except Http404:  # only now: a second press at the same moment finds what the first has filed meanwhile
        done = Draft.objects.filter(pk=pk, user_id=actor.user_id, dossier__isnull=False).select_related("dossier").first()
        if done is None or done.dossier is None:
            raise
        return redirect(filing_pages.page_of_filed(actor, done, done.dossier), code=done.dossier.code)
    pages = filing_pages.pages_of(draft)
    current = filing_pages.current_page(draft, pages, request.GET.get("trang", ""))
    if request.method == "POST":
        device = request.POST.get("_device", "")
        if filing_versions.clash(draft, current.key, device=device, written=request.POST.get("_written", "")):
            return redirect(f"{reverse('draft', args=[draft.pk])}?trang={current.key}")  # the browser kept what was typed, and asks there
        filing_versions.count(draft, current.key, device)
    response = current.view(request, draft, current)
    if response is None:  # everything on the page was taken
        return _go_on(request, draft, current)
    if isinstance(response, HttpResponse):
        return response
    index = [page.key for page in pages].index(current.key)
    context: dict[str, Any] = {
        "draft": draft,
        "procedure": draft.version.procedure,
        "pages": pages,
        "page": current,
        "index": index,
        "seen": draft.details.get("seen", []),
        "written": filing_versions.number_of(draft, current.key),
        **response.context,
    }
    return render(request, response.template, context, status=response.status)


def _go_on(request: HttpRequest, draft: Draft, current: Page) -> HttpResponse:
    """To the page that follows what is answered now, or back, or away until later."""
    keys = [page.key for page in filing_pages.pages_of(draft)]
    at = keys.index(current.key)
    if "later" in request.POST:
        drafts.save_draft(draft, details={"page": current.key})
        messages.success(request, _("Đã lưu bản nháp. Ông/bà có thể tiếp tục bất cứ lúc nào, trên thiết bị khác cũng được."))
        return redirect("my_dossiers")
    following = keys[max(at - 1, 0)] if "back" in request.POST else keys[min(at + 1, len(keys) - 1)]
    seen = [*dict.fromkeys([*draft.details.get("seen", []), current.key])]
    drafts.save_draft(draft, details={"page": following, "seen": seen})
    return HttpResponseRedirect(f"{reverse('draft', args=[draft.pk])}?trang={following}")


@login_required
@require_POST
def autosave(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """Keeps what was typed so far on the page `?trang=`: JSON `{"answers": {…}, "device", "written"}`. Nothing is judged.

    409 with `{"written", "at"}` when another device wrote the page since the version that this one goes on from.
    """
    draft = selectors.draft(request.actor, pk)  # type: ignore[attr-defined]
    try:
        sent = json.loads(request.body)
        typed = sent["answers"]
    except (ValueError, KeyError, TypeError, RecursionError):
        typed = None
    if not isinstance(typed, dict):
        return JsonResponse({"error": _("Dữ liệu gửi lên không đọc được.")}, status=400)
    page, device = request.GET.get("trang", "")[:80], str(sent.get("device") or "")
    if told := filing_versions.clash(draft, page, device=device, written=sent.get("written", "")):
        return JsonResponse(told, status=409)
    filing_pages.keep_typed(draft, page, typed)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H:%M"), "written": filing_versions.count(draft, page, device)})


@login_required
@require_POST
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Deletes a draft at the person's wish."""
    selectors.draft(request.actor, pk).delete()  # type: ignore[attr-defined]
    messages.success(request, _("Đã xoá bản nháp."))
    return redirect("my_dossiers")


@never_cache
@login_required
def authorisation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A letter of authorisation to print and sign, with the names of this filing."""
    draft = selectors.draft(request.actor, pk)  # type: ignore[attr-defined]
    typed = drafts.judged_owner(draft).clean if drafts.types_owner(draft) else {}
    filer = draft.user.party
    return render(
        request, "portal/authorisation.html", {"draft": draft, "procedure": draft.version.procedure, "owner": typed, "filer": filer}
    )
