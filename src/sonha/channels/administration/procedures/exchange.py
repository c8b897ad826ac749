"""Versions as files: BPMN 2.0 and whole declarations, out and in. What comes in is shown in words first and kept only when confirmed."""

import json
from collections.abc import Mapping
from typing import Any

import yaml
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.channels.administration.procedures.drafts import Page, check_draft, load_page, overtaken
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.process.bpmn.diagram import diagram_list, diagram_svg
from sonha.process.bpmn.export import to_bpmn
from sonha.process.bpmn.importing import from_bpmn
from sonha.process.bpmn.notation import BpmnError
from sonha.process.flows.services import digest_of
from sonha.process.forms import schema
from sonha.services.procedures.changes import changes
from sonha.services.procedures.models import ProcedureVersion
from sonha.services.procedures.services import as_declaration, save_draft
from sonha.services.procedures.unit_names import unit_names

MOST_BYTES = 1_000_000
MOST_PARTS = 60_000
NEEDED = ("form", "flow")
SALT = "administration.procedures.exchange"
UNDECLARED = ("key", "family", "assumption", "number", "stt")


@officials_only(Role.ADMINISTRATOR)
def version(request: HttpRequest, stt: int, number: int) -> HttpResponse:
    """A version's diagram in the BPMN viewer (our own drawing where no script runs), its steps in words, and its files."""
    found = _version(stt, number)
    flow = as_declaration(found)["flow"]
    return render(request, "administration/procedures/version.html", _context(found, flow))


@officials_only(Role.ADMINISTRATOR)
def bpmn(request: HttpRequest, stt: int, number: int) -> HttpResponse:
    """The flow of a version as BPMN 2.0 XML."""
    found = _version(stt, number)
    try:
        xml = to_bpmn(as_declaration(found)["flow"], name=found.procedure.name, units=unit_names(found.content, found.procedure))
    except BpmnError as problem:
        return HttpResponse(str(problem), status=409, content_type="text/plain; charset=utf-8")
    return _file(xml, "application/xml", f"thu-tuc-{stt}-phien-ban-{number}.bpmn", inline="xem" in request.GET)


@officials_only(Role.ADMINISTRATOR)
def declaration(request: HttpRequest, stt: int, number: int, form: str) -> HttpResponse:
    """The whole declaration of a version as YAML or JSON."""
    found = _version(stt, number)
    whole = {"stt": stt, "number": number, **as_declaration(found)}
    name = f"thu-tuc-{stt}-phien-ban-{number}.{form}"
    if form == "json":
        return _file(json.dumps(whole, ensure_ascii=False, indent=2).encode(), "application/json", name)
    text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=140)
    return _file(text.encode(), "application/yaml", name)


@require_POST
@officials_only(Role.ADMINISTRATOR)
def bring(request: HttpRequest, stt: int) -> HttpResponse:
    """Reads an uploaded file into a proposal; nothing is kept yet."""
    page = load_page(request, stt, "cong-bo")
    upload = request.FILES.get("file")
    what = request.POST.get("what", "")
    if upload is None or upload.size is None:
        return _refused(page, _("Hãy chọn tệp."))
    if upload.size > MOST_BYTES:
        return _refused(page, _("Tệp lớn hơn 1 MB nên không được đọc."))
    try:
        proposed, notes = _read_bpmn(page, upload.read()) if what == "bpmn" else _read_declaration(page, upload.read())
    except (BpmnError, ValueError) as problem:
        return _refused(page, str(problem))
    findings = check_draft(proposed)
    context = {
        "procedure": page.procedure,
        "draft": page.draft,
        "file_name": upload.name,
        "notes": notes,
        "changes": changes(page.declaration, proposed),
        "errors": [finding for finding in findings if finding.level == "error"],
        "warnings": [finding for finding in findings if finding.level == "warning"],
        "diagram": _drawn(proposed["flow"], unit_names(page.declaration, page.procedure)),
        "token": signing.dumps({"stt": stt, "based_on": digest_of(page.declaration), "declaration": proposed}, salt=SALT, compress=True),
    }
    return render(request, "administration/procedures/proposal.html", context)


@require_POST
@officials_only(Role.ADMINISTRATOR)
def confirm(request: HttpRequest, stt: int) -> HttpResponse:
    """Keeps a proposal as the draft, unless the draft was changed meanwhile."""
    try:
        proposal = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=24 * 3600)
    except signing.BadSignature as problem:
        raise Http404 from problem
    with transaction.atomic():
        page = load_page(request, stt, "cong-bo", lock=True)
        if proposal["stt"] != stt or proposal["based_on"] != digest_of(page.declaration):
            return _refused(page, overtaken())
        save_draft(page.draft, proposal["declaration"], actor=page.actor, part=_("tệp nhập vào"))
    messages.success(request, _("Đã đưa nội dung của tệp vào bản soạn."))
    return redirect("administration:procedure_draft", stt, "cong-bo")


def _version(stt: int, number: int) -> ProcedureVersion:
    return get_object_or_404(
        ProcedureVersion.objects.select_related("procedure", "flow_version", "form_version"), procedure__stt=stt, number=number
    )


def _context(found: ProcedureVersion, flow: Mapping[str, Any], refusal: str = "") -> dict[str, Any]:
    units = unit_names(found.content, found.procedure)
    return {
        "procedure": found.procedure,
        "version": found,
        "is_draft": found.state == ProcedureVersion.State.DRAFT,
        "diagram": _drawn(flow, units),
        "steps": _listed(flow, units),
        "bpmn_url": reverse("administration:procedure_bpmn", args=[found.procedure.stt, found.number]),
        "refusal": refusal,
    }


def _refused(page: Page, sentence: str) -> HttpResponse:
    context = _context(page.draft, page.declaration["flow"], sentence)
    return render(page.request, "administration/procedures/version.html", context, status=422)


def _read_bpmn(page: Page, content: bytes) -> tuple[dict[str, Any], list[str]]:
    found = from_bpmn(content)
    return {**page.declaration, "flow": found.flow}, [note.message for note in found.notes]


def _read_declaration(page: Page, content: bytes) -> tuple[dict[str, Any], list[str]]:
    """A version's declaration, or a file of several versions, of which the newest is taken. ValueError in words."""
    try:
        whole = yaml.safe_load(content.decode("utf-8"))  # JSON is YAML too
    except (UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as problem:
        raise ValueError(_("Tệp không đọc được: không phải là YAML hay JSON đúng cú pháp.")) from problem
    notes = []
    if isinstance(whole, dict) and isinstance(whole.get("versions"), list) and whole["versions"]:
        notes.append(_("Tệp có %(count)s phiên bản; lấy phiên bản cuối.") % {"count": len(whole["versions"])})
        whole = whole["versions"][-1]
    if not isinstance(whole, dict) or not all(isinstance(whole.get(name), dict) for name in NEEDED):
        raise ValueError(_("Tệp không phải là khai báo của một thủ tục: thiếu tờ khai (form) hoặc các bước (flow)."))
    if _parts(whole, MOST_PARTS) <= 0:
        raise ValueError(_("Tệp có quá nhiều phần tử nên không được đọc."))
    try:
        plain: dict[str, Any] = json.loads(schema.canonical(whole))
    except (TypeError, ValueError) as problem:
        raise ValueError(_("Tệp có giá trị không dùng được trong khai báo.")) from problem
    _check_shape(plain)
    kept = {name: value for name, value in plain.items() if name not in UNDECLARED}
    notes += [_("Giữ nguyên mã khai báo «%(key)s» của bản soạn.") % {"key": page.declaration.get("key", "")}]
    return {**kept, "key": page.declaration.get("key"), "valid_from": page.declaration.get("valid_from")}, notes


def _check_shape(whole: Mapping[str, Any]) -> None:
    """The lists of a declaration must be lists of groups, or no page could show them."""
    lists = {
        "papers": whole.get("papers") or [],
        "legal_basis": whole.get("legal_basis") or [],
        "form.sections": whole["form"].get("sections") or [],
        "flow.steps": whole["flow"].get("steps") or [],
        "flow.transitions": whole["flow"].get("transitions") or [],
        "fees.rules": _group(whole, "fees").get("rules") or [],
        "routing.rules": _group(whole, "routing").get("rules") or [],
    }
    for name, listed in lists.items():
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            raise ValueError(_("Mục «%(name)s» của tệp phải là một danh sách.") % {"name": name})
    for section in lists["form.sections"]:
        if not isinstance(section.get("fields") or [], list) or not all(isinstance(each, dict) for each in section.get("fields") or []):
            raise ValueError(_("Mục «%(name)s» của tệp phải là một danh sách.") % {"name": "form.sections.fields"})
    _group(whole, "outcome")


def _group(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = whole.get(name) or {}
    if not isinstance(found, dict):
        raise ValueError(_("Mục «%(name)s» của tệp phải là một nhóm.") % {"name": name})
    return found


def _parts(value: Any, left: int) -> int:
    """How many of `left` parts remain after counting `value`; repeated references count each time, so that none can grow without end."""
    waiting = [value]
    while waiting and left > 0:
        part = waiting.pop()
        left -= 1
        if isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return left


def _drawn(flow: Mapping[str, Any], units: Mapping[str, str]) -> str:
    try:
        return diagram_svg(flow, units=units, ident="version")
    except (KeyError, TypeError, ValueError, IndexError, RecursionError):
        return ""


def _listed(flow: Mapping[str, Any], units: Mapping[str, str]) -> list[dict[str, Any]]:
    try:
        return diagram_list(flow, units=units)
    except (KeyError, TypeError, ValueError, IndexError, RecursionError):
        return []


def _file(content: bytes, media_type: str, name: str, *, inline: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    if not inline:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
