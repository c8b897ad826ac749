"""Filing step by step: one question group a page, everything typed is kept, and the last page says all that is missing."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.foundation.files.services import FileRefused, store
from sonha.foundation.identity.models import Party
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.process.forms.display import display
from sonha.process.forms.posting import parse_post
from sonha.process.forms.prefill import prefill
from sonha.process.forms.rendering import render_section
from sonha.process.forms.system import SystemLookups
from sonha.process.forms.validation import storable, validate, visible_sections
from sonha.services.dossiers import filing, money, selectors
from sonha.services.dossiers.models import Channel, Draft, ReturnChannel
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version

PAPER_TYPES = "pdf,jpg,png,webp"
MAX_PAPER_BYTES = 15 * 1024 * 1024
PERSONAL = ("name", "personal_id", "tax_code", "birth_date", "address", "phone", "email", "commune_code")


@login_required
def begin(request: HttpRequest, stt: int) -> HttpResponse:
    """Begins a draft, or goes on with the one that exists; asks for whom when the person may act for others."""
    actor = request.actor  # type: ignore[attr-defined]
    procedure = get_object_or_404(Procedure, stt=stt, open_for_filing=True)
    version = current_version(procedure)
    if version is None:
        return render(request, "portal/not_open.html", {"procedure": procedure}, status=404)
    channel = request.GET.get("channel", Channel.ONLINE) if actor.has_role("receptionist") else Channel.ONLINE
    channel = channel if channel in Channel.values else Channel.ONLINE
    parties = list(Party.objects.filter(pk__in=actor.party_ids).order_by("kind", "name"))
    if request.method != "POST":
        existing = selectors.my_drafts(actor).filter(version__procedure=procedure, channel=channel)
        context = {"procedure": procedure, "version": version, "parties": parties, "drafts": existing, "channel": channel}
        return render(request, "portal/begin.html", context)
    owner = next((party for party in parties if str(party.pk) == request.POST.get("owner")), None)
    try:
        draft = filing.start_draft(actor, version, owner=owner, channel=channel)
    except NotAllowed as refused:
        messages.error(request, refused.sentence)
        return redirect("procedure", stt=stt)
    answers = prefill(version.form_version.schema, sources_for(draft))  # type: ignore[union-attr]
    filing.save_draft(
        draft, answers=answers, details={"return_channel": ReturnChannel.ONLINE if channel == Channel.ONLINE else ReturnChannel.DESK}
    )
    return redirect("draft", pk=draft.pk)


def sources_for(draft: Draft) -> dict[str, Any]:
    """What fields may be prefilled from: the owner's data and the owner's earlier dossiers."""
    account = {}
    if draft.owner:
        account = {name: getattr(draft.owner, name) for name in PERSONAL}
        account["commune"] = account.pop("commune_code")
        account["birth_date"] = draft.owner.birth_date.isoformat() if draft.owner.birth_date else ""
        account["email"] = account["email"] or draft.user.email
        account["phone"] = account["phone"] or draft.user.phone
    earlier: dict[str, Any] = {}
    if draft.owner:
        for dossier in draft.owner.dossiers.select_related("version").order_by("-pk")[:20]:
            earlier.setdefault(dossier.version.content.get("key", ""), dossier.answers)
    return {"account": account, "dossier": earlier}


def sections_of(draft: Draft) -> list[dict[str, Any]]:
    """The question groups that apply to what was answered so far."""
    schema = draft.version.form_version.schema  # type: ignore[union-attr]
    shown = visible_sections(schema, draft.answers, filing.context_for(draft))
    return [section for section in schema["sections"] if section["key"] in shown]


def pages_of(draft: Draft) -> list[tuple[str, str]]:
    """The pages of the filing in order: (key, title)."""
    pages = [(f"muc-{section['key']}", section.get("title", "")) for section in sections_of(draft)]
    if draft.channel != Channel.ONLINE:
        pages.insert(0, ("chu-ho-so", _("Chủ hồ sơ")))
    return [*pages, ("giay-to", _("Giấy tờ kèm theo")), ("nhan-ket-qua", _("Nhận kết quả")), ("xem-lai", _("Xem lại và nộp"))]


@login_required
def step(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One page of the filing. Posting saves and goes on; what is wrong is said at once but nothing is lost."""
    actor = request.actor  # type: ignore[attr-defined]
    done = Draft.objects.filter(pk=pk, user_id=actor.user_id, dossier__isnull=False).select_related("dossier").first()
    if done is not None and done.dossier is not None:
        return redirect("my_dossier" if done.channel == Channel.ONLINE else "dossier", code=done.dossier.code)
    draft = selectors.draft(actor, pk)
    pages = pages_of(draft)
    keys = [key for key, _title in pages]
    current = request.GET.get("trang", keys[0])
    current = current if current in keys else keys[0]
    handler = {"giay-to": _papers, "nhan-ket-qua": _return, "xem-lai": _review, "chu-ho-so": _owner}.get(current, _section)
    context: dict[str, Any] = {
        "draft": draft,
        "pages": pages,
        "current": current,
        "index": keys.index(current),
        "procedure": draft.version.procedure,
    }
    response = handler(request, draft, current, context)
    if response is not None:
        return response
    if request.method == "POST":
        keys = [key for key, _title in pages_of(draft)]
        following = keys[min(keys.index(current) + 1, len(keys) - 1)]
        if "back" in request.POST:
            following = keys[max(keys.index(current) - 1, 0)]
        if "later" in request.POST:
            messages.success(request, _("Đã lưu bản nháp. Ông/bà có thể tiếp tục bất cứ lúc nào, trên thiết bị khác cũng được."))
            return redirect("my_dossiers")
        return HttpResponseRedirect(f"{reverse('draft', args=[draft.pk])}?trang={following}")
    return render(request, context.pop("template"), context)


def _section(request: HttpRequest, draft: Draft, current: str, context: dict[str, Any]) -> HttpResponse | None:
    schema = draft.version.form_version.schema  # type: ignore[union-attr]
    section = next(each for each in schema["sections"] if f"muc-{each['key']}" == current)
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = parse_post(schema, request.POST, section=section["key"])
        filing.save_draft(draft, answers=typed)
        if "change" in request.POST:  # adding or removing a row of a repeated group, without JavaScript
            pass
        elif "back" not in request.POST and "later" not in request.POST:
            errors = _errors_of_section(schema, section["key"], draft)
        if not errors and "change" not in request.POST:
            return None
    context |= {
        "template": "portal/section.html",
        "section": section,
        "errors": errors,
        "form": render_section(
            schema,
            section["key"],
            draft.answers,
            errors=errors,
            context=filing.context_for(draft),
            urls={
                "autosave": reverse("draft_autosave", args=[draft.pk]),
                "upload": reverse("draft_upload", args=[draft.pk]),
                "areas": reverse("areas"),
            },
        ),
    }
    return render(request, context.pop("template"), context, status=422 if errors else 200) if request.method == "POST" else None


def _errors_of_section(schema: dict[str, Any], key: str, draft: Draft) -> dict[str, str]:
    """What is wrong on this page only; later pages are judged when they are reached."""
    result = validate(
        schema, draft.answers, context=filing.context_for(draft), lookups=SystemLookups(uploaded_by=draft.user_id), section=key
    )
    return dict(result.errors)


def _owner(request: HttpRequest, draft: Draft, current: str, context: dict[str, Any]) -> HttpResponse | None:
    typed = draft.details.get("owner", {})
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in ("kind", *PERSONAL) if request.POST.get(name, "").strip()}
        filing.save_draft(
            draft,
            details={
                "owner": typed,
                "applicant_name": request.POST.get("applicant_name", "").strip(),
                "contact_phone": typed.get("phone", ""),
            },
        )
        if not typed.get("name"):
            errors["name"] = _("Hãy ghi tên chủ hồ sơ.")
        if not errors or "back" in request.POST or "later" in request.POST:
            schema = draft.version.form_version.schema  # type: ignore[union-attr]
            account = {**typed, "commune": typed.get("commune_code", "")}
            filing.save_draft(draft, answers={**prefill(schema, {"account": account, "dossier": {}}), **draft.answers})
            return None
    context |= {"template": "portal/owner.html", "typed": typed, "errors": errors, "kinds": Party.Kind.choices}
    return render(request, context.pop("template"), context, status=422) if errors else None


def _papers(request: HttpRequest, draft: Draft, current: str, context: dict[str, Any]) -> HttpResponse | None:
    about = {**filing.context_for(draft), **draft.answers}
    wanted = filing.required_papers(draft.version, about)
    if request.method == "POST":
        given = {paper.code: request.POST.getlist(f"paper:{paper.code}") for paper, _required in wanted}
        filing.save_draft(draft, papers=given)
        refused = _store_posted(request, draft, [paper.code for paper, _required in wanted])
        if refused:
            for sentence in refused:
                messages.error(request, sentence)
            return HttpResponseRedirect(f"{reverse('draft', args=[draft.pk])}?trang=giay-to")
        return None
    reusable = list(filing.reusable_papers(draft.owner_id)[:100]) if draft.owner_id else []
    context |= {
        "template": "portal/papers.html",
        "upload_url": reverse("draft_upload", args=[draft.pk]),
        "max_mb": MAX_PAPER_BYTES // 1024 // 1024,
        "rows": [
            {
                "paper": paper,
                "required": required,
                "given": filing.describe_papers(draft.papers.get(paper.code, [])),
                "reusable": [old for old in reusable if paper.reuse and old.kind == paper.reuse],
            }
            for paper, required in wanted
        ],
    }
    return None


def _store_posted(request: HttpRequest, draft: Draft, codes: list[str]) -> list[str]:
    """Files posted with the page itself (no JavaScript): stored and added to their papers."""
    refused = []
    for code in codes:
        for upload_ in request.FILES.getlist(f"file:{code}"):
            try:
                file = store(upload_, actor_user=draft.user, accept=PAPER_TYPES, max_bytes=MAX_PAPER_BYTES, purpose="dossier")
            except FileRefused as reason:
                refused.append(str(reason))
            else:
                filing.save_draft(draft, papers={code: [*draft.papers.get(code, []), str(file.pk)]})
    return refused


def _return(request: HttpRequest, draft: Draft, current: str, context: dict[str, Any]) -> HttpResponse | None:
    if request.method == "POST":
        names = ("return_channel", "return_address", "contact_phone", "contact_email", "receiving_commune")
        filing.save_draft(draft, details={name: request.POST.get(name, "").strip() for name in names if name in request.POST})
        return None
    needs_area = draft.version.procedure.agency_id is None
    context |= {
        "template": "portal/return.html",
        "details": draft.details,
        "channels": ReturnChannel.choices,
        "needs_area": needs_area,
        "areas_url": reverse("areas"),
        "owner": draft.owner,
    }
    return None


def _review(request: HttpRequest, draft: Draft, current: str, context: dict[str, Any]) -> HttpResponse | None:
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST" and "back" not in request.POST and "later" not in request.POST:
        try:
            dossier = filing.submit(draft.pk, actor)
        except filing.FilingRefused as refused:
            messages.error(request, refused.sentence)
        except ActionRefused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("Đã nộp hồ sơ. Mã hồ sơ: %(code)s.") % {"code": dossier.code})
            return redirect("my_dossier" if draft.channel == Channel.ONLINE else "dossier", code=dossier.code)
        draft.refresh_from_db()
    elif request.method == "POST":
        return None
    answers, problems = filing.check(draft)
    about = {**filing.context_for(draft), **answers}
    context |= {
        "template": "portal/review.html",
        "shown": display(draft.version.form_version.schema, draft.answers, context=filing.context_for(draft)),  # type: ignore[union-attr]
        "papers": [
            (paper, required, filing.describe_papers(draft.papers.get(paper.code, [])))
            for paper, required in filing.required_papers(draft.version, about)
        ],
        "problems": [(sentence, page_of_problem(draft, path)) for path, sentence in _flat(problems)],
        "fees": money.fee_lines(draft.version, about),
        "details": draft.details,
    }
    return render(request, context.pop("template"), context, status=422) if request.method == "POST" else None


def _flat(problems: filing.FilingErrors) -> list[tuple[str, str]]:
    return [*problems.details.items(), *problems.fields.items(), *problems.papers.items()]


def page_of_problem(draft: Draft, path: str) -> str:
    """The page on which a problem can be mended."""
    if path.startswith("paper:"):
        return "giay-to"
    if path in {"return_address", "receiving_commune"}:
        return "nhan-ket-qua"
    if path == "owner":
        return "chu-ho-so"
    root = path.split(".")[0]
    for section in draft.version.form_version.schema["sections"]:  # type: ignore[union-attr]
        if any(field["key"] == root for field in section["fields"]):
            return f"muc-{section['key']}"
    return "xem-lai"


@login_required
@require_POST
def autosave(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """Keeps what was typed so far: JSON `{"answers": {…}}`. Nothing is judged."""
    draft = selectors.draft(request.actor, pk)  # type: ignore[attr-defined]
    try:
        typed = json.loads(request.body)["answers"]
        assert isinstance(typed, dict)
    except (ValueError, KeyError, TypeError, AssertionError):
        return JsonResponse({"error": _("Dữ liệu gửi lên không đọc được.")}, status=400)
    filing.save_draft(draft, answers=storable(draft.version.form_version.schema, typed))  # type: ignore[union-attr]
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H:%M")})


@login_required
@require_POST
def upload(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """Stores one file for a draft; the answer names it so that the page can list it."""
    draft = selectors.draft(request.actor, pk)  # type: ignore[attr-defined]
    sent = request.FILES.get("file")
    if sent is None:
        return JsonResponse({"error": _("Chưa có tệp nào được gửi.")}, status=400)
    try:
        file = store(sent, actor_user=draft.user, accept=PAPER_TYPES, max_bytes=MAX_PAPER_BYTES, purpose="dossier")
    except FileRefused as reason:
        return JsonResponse({"error": str(reason)}, status=422)
    if code := request.POST.get("paper"):
        filing.save_draft(draft, papers={code: [*draft.papers.get(code, []), str(file.pk)]})
    return JsonResponse({"id": str(file.pk), "name": file.original_name, "size": file.size})


@login_required
@require_POST
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Deletes a draft at the person's wish."""
    selectors.draft(request.actor, pk).delete()  # type: ignore[attr-defined]
    messages.success(request, _("Đã xoá bản nháp."))
    return redirect("my_dossiers")
