"""Drafts of the result, in versions: written in the page, or taken away as docx and brought back; compared, restored, previewed.

A version is never changed. Whichever was saved last is the one that is signed; restoring an old one saves it again as the newest.
Its `file` is the preview with the mark DỰ THẢO; `source` and `printable` are the docx that was brought back and its clean PDF.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import Sent, read_bytes, store, store_bytes
from sonha.foundation.organisations.models import Position
from sonha.foundation.rendering import docx, overlay
from sonha.foundation.rendering import papers as layouts
from sonha.foundation.signing.pades import place_names
from sonha.process.cases import access, engine
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.process.cases.models import Task
from sonha.process.flows.graph import Graph, graph_of
from sonha.services.dossiers.models import Dossier, OfficialPaper
from sonha.services.dossiers.papers import keep, newest
from sonha.services.dossiers.printing import check_url, declared, first_body, layout

Made = Literal["page", "docx", "restored"]
Kind = OfficialPaper.Kind
MAX_DOCX_BYTES = 10 * 1024 * 1024
PLACES = frozenset({"number", "signature"})
"""Named places of a docx where the clerk's number and the signatures will stand."""


def heading_for(graph: Graph, step: str) -> str:
    """`granted` or `refused`: where the flow leads from a step when nobody sends it back."""
    seen, frontier, outcomes = {step}, [step], set()
    while frontier:
        node = graph.nodes[frontier.pop()]
        if node.kind == "end" and node.outcome in {"granted", "refused", "done"}:
            outcomes.add("refused" if node.outcome == "refused" else "granted")
        for edge in graph.edges.get(node.key, ()):
            if not edge.returns and edge.effect not in {"refuse", "request_supplement", "withdraw"} and edge.target not in seen:
                seen.add(edge.target)
                frontier.append(edge.target)
    return "refused" if outcomes == {"refused"} else "granted"


def outcome_at(dossier: Dossier, task: Task) -> str:
    """Which result the dossier is heading for at an open step."""
    return heading_for(graph_of(dossier.case.flow_version_id), task.step)


def versions(dossier: Dossier) -> QuerySet[OfficialPaper]:
    """Drafts of the result, newest first; the caller got the dossier from a selector."""
    return dossier.official_papers.filter(kind=Kind.DRAFT).select_related("file", "source", "printable", "created_by").order_by("-number")


def latest_draft(dossier: Dossier) -> OfficialPaper | None:
    return newest(dossier, Kind.DRAFT)


def has_draft(dossier: Dossier) -> bool:
    """A draft made since the dossier last turned: one for the outcome that the open task leads to."""
    draft = latest_draft(dossier)
    task = dossier.case.tasks.filter(state=Task.State.OPEN).order_by("-pk").first()
    return bool(draft and task and draft.body.get("outcome") == outcome_at(dossier, task))


def starting_body(dossier: Dossier, task: Task) -> dict[str, Any]:
    """What the page of a draft opens with: the newest version for this outcome, else the declaration's text."""
    outcome = outcome_at(dossier, task)
    draft = latest_draft(dossier)
    if draft is None or draft.body.get("outcome") != outcome:
        return first_body(dossier, outcome)
    return {**first_body(dossier, outcome), **draft.body}


@transaction.atomic
def draft_result(
    dossier: Dossier,
    task: Task,
    *,
    actor: Actor,
    title: str = "",
    bases: list[str] | None = None,
    paragraphs: list[str] | None = None,
    note: str = "",
) -> OfficialPaper:
    """A new version written in the page, from the text given or the declaration's. ActionRefused when nothing is left of the text."""
    _may_write(dossier, task, actor)
    body = first_body(dossier, outcome_at(dossier, task))
    if title.strip():
        body["title"] = title.strip()[:300]
    if bases is not None:
        body["bases"] = _lines(bases)
    if paragraphs is not None:
        body["paragraphs"] = _lines(paragraphs)
    if not body["paragraphs"]:
        raise ActionRefused(_("Dự thảo chưa có nội dung."), {"paragraphs": _("Hãy nhập nội dung.")})
    return _save(dossier, {**body, "made": "page", "note": note.strip()[:300]}, actor)


@transaction.atomic
def upload_draft(dossier: Dossier, task: Task, sent: Sent, *, actor: Actor, note: str = "") -> OfficialPaper:
    """A new version from a docx edited elsewhere. FileRefused by the checks of files (macros …), ActionRefused when it cannot be signed."""
    _may_write(dossier, task, actor)
    if docx.office_program() is None:
        raise ActionRefused(_("Máy chủ chưa cài LibreOffice nên chưa nhận được bản docx. Hãy sửa dự thảo ngay trong trang này."))
    source = store(sent, actor_user=actor.user, accept="docx", max_bytes=MAX_DOCX_BYTES, purpose="dossier")
    document = read_bytes(source)
    try:
        words, pdf = docx.text_of(document), docx.docx_to_pdf(document)
        missing = PLACES - place_names(pdf)
    except docx.DocxError as error:
        raise ActionRefused(str(error)) from error
    if not words:
        raise ActionRefused(_("Tệp docx không có chữ nào."))
    if missing:
        raise ActionRefused(
            _(
                "Bản docx này không còn chỗ đặt số và chữ ký của mẫu (hai dấu trang «number» và «signature»). "
                "Hãy tải bản docx từ trang này về, sửa trên bản đó, giữ nguyên khối quốc hiệu và khối chữ ký."
            )
        )
    outcome = outcome_at(dossier, task)
    body = {**first_body(dossier, outcome), "words": words, "made": "docx", "name": source.original_name, "note": note.strip()[:300]}
    if (before := latest_draft(dossier)) and before.body.get("outcome") == outcome:
        body["title"] = before.body["title"]
    printable = store_bytes(pdf, name=f"{dossier.code}-du-thao.pdf", media_type="application/pdf", purpose="dossier", actor_user=actor.user)
    return _save(dossier, body, actor, source=source, printable=printable)


@transaction.atomic
def restore_draft(dossier: Dossier, task: Task, number: int, *, actor: Actor) -> OfficialPaper:
    """An earlier version becomes the newest again, as a version of its own. ActionRefused for one of the other outcome."""
    _may_write(dossier, task, actor)
    old = versions(dossier).filter(number=number).first()
    if old is None:
        raise ActionRefused(_("Không có bản dự thảo này."))
    if old.body.get("outcome") != outcome_at(dossier, task):
        raise ActionRefused(_("Bản này soạn cho kết quả khác (cấp hoặc từ chối) nên không dùng lại được ở bước này."))
    body = {**old.body, "made": "restored", "restored": number, "note": ""}
    return _save(dossier, body, actor, source=old.source, printable=old.printable)


def draft_docx(dossier: Dossier, body: dict[str, Any]) -> bytes:
    """A body as docx, made from the template of its kind or the procedure's own."""
    paper = layout(dossier, body, signer=None, awaits_number=True)
    kind = paper.template.removeprefix("papers/").removesuffix(".html")
    said = declared(dossier, body["outcome"])
    variant = str(said.get("docx") or f"{said.get('permit_type', '')}_{kind}")
    return docx.draft(kind, docx.context_of(paper), variant=variant)


def docx_of(dossier: Dossier, draft: OfficialPaper) -> bytes:
    """What the officer takes away: the docx that was brought back, or one made from the version's text."""
    return read_bytes(draft.source) if draft.source else draft_docx(dossier, draft.body)


def pdf_to_sign(dossier: Dossier, draft: OfficialPaper, *, signer: Position, check_code: str) -> bytes:
    """The clean paper of a version, with the check code and room for number and signatures.

    ActionRefused when a docx names another position than the one that signs.
    """
    if draft.printable is None:
        return layouts.render(layout(dossier, draft.body, signer=signer, check_code=check_code))
    if signer.title and not any(signer.title.upper() in line.upper() for line in draft.body.get("words", ())):
        raise ActionRefused(
            _("Bản docx không ghi chức vụ «%(title)s» của người ký ở khối chữ ký; hãy trả lại để sửa dự thảo.") % {"title": signer.title}
        )
    mark = overlay.Mark(check_url=check_url(check_code), check_code=check_code)
    return overlay.marked(read_bytes(draft.printable), mark)


def words_of(dossier: Dossier, draft: OfficialPaper) -> list[str]:
    """What a version says, a paragraph a line, however it was made."""
    return list(draft.body.get("words") or docx.text_of(draft_docx(dossier, draft.body)))


@dataclass(frozen=True)
class Piece:
    """Words that stayed, went or came."""

    change: Literal["same", "gone", "new"]
    words: str


def compare(old: list[str], new: list[str]) -> list[list[Piece]]:
    """Paragraphs of two versions side by side: each a list of pieces in reading order; a changed paragraph is compared word by word."""
    shown: list[list[Piece]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            shown += [[Piece("same", line)] for line in new[j1:j2]]
            continue
        paired = min(i2 - i1, j2 - j1)
        shown += [_words(before, after) for before, after in zip(old[i1 : i1 + paired], new[j1 : j1 + paired], strict=True)]
        shown += [[Piece("gone", line)] for line in old[i1 + paired : i2]]
        shown += [[Piece("new", line)] for line in new[j1 + paired : j2]]
    return shown


def _words(before: str, after: str) -> list[Piece]:
    old, new = before.split(" "), after.split(" ")
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", " ".join(new[j1:j2])))
            continue
        if i2 > i1:
            pieces.append(Piece("gone", " ".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("new", " ".join(new[j1:j2])))
    return pieces


def _may_write(dossier: Dossier, task: Task, actor: Actor) -> None:
    if task.state != Task.State.OPEN or not access.may_act(actor, task):
        raise NotAllowed(_("Chỉ người đang xử lý hồ sơ được soạn dự thảo."))
    Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)  # two officers saving at once get two versions


def _lines(texts: list[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]


def _save(
    dossier: Dossier, body: dict[str, Any], actor: Actor, *, source: StoredFile | None = None, printable: StoredFile | None = None
) -> OfficialPaper:
    clean = read_bytes(printable) if printable else layouts.render(layout(dossier, body, signer=None))
    preview = overlay.marked(clean, overlay.draft_mark(), demonstration=None if printable else False)  # our own papers say it themselves
    draft = keep(dossier, Kind.DRAFT, body["title"], preview, actor, public=False, body=body, source=source, printable=printable)
    record("dossier.result_drafted", subject=engine.subject_ref(dossier.case), actor=actor, payload={"number": draft.number})
    return draft
