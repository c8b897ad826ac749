"""Results: drafted by the specialist, signed by the leader, numbered and sealed by the clerk, issued, handed over.

The signed PDF grows by incremental updates only: the leader's signature first, then the clerk's number, then the agency's seal; each
signature covers all that stood before it.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.files.services import read_bytes
from sonha.foundation.organisations.models import Position, Unit
from sonha.foundation.rendering import papers as layouts
from sonha.foundation.signing import services as signing
from sonha.process.cases import access, engine
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.process.cases.models import Task
from sonha.process.flows.graph import Graph, graph_of
from sonha.services.dossiers.codes import next_document_number
from sonha.services.dossiers.models import Dossier, OfficialPaper, Result
from sonha.services.dossiers.papers import keep, letterhead, newest, place_of
from sonha.services.dossiers.texts import fill, value_at
from sonha.services.permits.services import issue_permit

Kind = OfficialPaper.Kind
REGISTERED = frozenset({"permit", "certificate", "decision", "confirmation"})
"""Kinds of result that stay valid and therefore stand in the permits register."""
REASONS = {"sign": "Ký ban hành", "number": "Cấp số văn bản", "seal": "Đóng dấu cơ quan"}


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


def declared(dossier: Dossier, outcome: str) -> Mapping[str, Any]:
    """What the declaration says of the result: the outcome itself, or its refusal letter."""
    whole: dict[str, Any] = dossier.version.content.get("outcome") or {}
    if outcome == "granted":
        return whole
    return {"kind": "letter", "template": "letter", "title": _("Văn bản trả lời"), **whole.get("refusal", {})}


def first_body(dossier: Dossier, outcome: str) -> dict[str, Any]:
    """The text a draft starts from: the declaration's paragraphs with the dossier's values filled in."""
    said = declared(dossier, outcome)
    default = _("Về hồ sơ {dossier.code} của {owner.name}: {dossier.procedure}.")
    return {
        "outcome": outcome,
        "title": said.get("title") or dossier.procedure.name,
        "paragraphs": [fill(text, dossier) for text in said.get("body") or [default]],
    }


def latest_draft(dossier: Dossier) -> OfficialPaper | None:
    return newest(dossier, Kind.DRAFT)


def has_draft(dossier: Dossier) -> bool:
    """A draft made since the dossier last turned: one for the outcome that the open task leads to."""
    draft = latest_draft(dossier)
    task = dossier.case.tasks.filter(state=Task.State.OPEN).order_by("-pk").first()
    if draft is None or task is None:
        return False
    return bool(draft.body.get("outcome") == heading_for(graph_of(dossier.case.flow_version_id), task.step))


def is_signed(dossier: Dossier) -> bool:
    return Result.objects.filter(dossier=dossier, signed_at__isnull=False).exists()


def is_numbered(dossier: Dossier) -> bool:
    return Result.objects.filter(dossier=dossier).exclude(document_number="").exists()


def draft_result(dossier: Dossier, task: Task, *, actor: Actor, title: str = "", paragraphs: list[str] | None = None) -> OfficialPaper:
    """A new version of the draft result, from the text given or the declaration's."""
    if not access.may_act(actor, task):
        raise NotAllowed(_("Chỉ người đang xử lý hồ sơ được soạn dự thảo."))
    outcome = heading_for(graph_of(dossier.case.flow_version_id), task.step)
    body = first_body(dossier, outcome)
    if title.strip():
        body["title"] = title.strip()
    if paragraphs is not None:
        body["paragraphs"] = [text.strip() for text in paragraphs if text.strip()]
    if not body["paragraphs"]:
        raise ActionRefused(_("Dự thảo chưa có nội dung."), {"paragraphs": _("Hãy nhập nội dung.")})
    pdf = layouts.render(layout(dossier, body, signer=None))
    draft = keep(dossier, Kind.DRAFT, body["title"], pdf, actor, public=False, body=body)
    record("dossier.result_drafted", subject=engine.subject_ref(dossier.case), actor=actor, payload={"number": draft.number})
    return draft


def layout(dossier: Dossier, body: Mapping[str, Any], *, signer: Position | None, check_code: str = "") -> layouts.Paper:
    """The printed form of a result: which paper, with which head, text and signature block."""
    said = declared(dossier, body["outcome"])
    unit = signing_unit(dossier, body["outcome"])
    common: dict[str, Any] = {
        "letterhead": letterhead(unit, symbol=_symbol(number_pattern(said, unit)), awaits_number=bool(check_code)),
        "check_url": f"{settings.SITE_URL}{reverse('signing:document', args=[check_code])}" if check_code else "",
        "check_code": check_code,
        "title": body["title"],
        "signatory": signatory(unit, signer),
        "bases": _bases(dossier) if body["outcome"] == "granted" else (),
        "recipients": [dossier.owner.name, "Lưu: VT, HS"],
    }
    paragraphs = list(body["paragraphs"])
    template = said.get("template", "generic")
    if template == "permit":
        return layouts.Permit(**common, issuer=_issuer(unit), articles=_articles(paragraphs))
    if template == "decision":
        common["title"] = "QUYẾT ĐỊNH"
        return layouts.Decision(**common, issuer=_issuer(unit), subject=body["title"], articles=_articles(paragraphs))
    if template == "certificate":
        return layouts.Certificate(**common, issuer=_issuer(unit), statement="\n".join(paragraphs))
    if template == "confirmation":
        return layouts.Confirmation(**common, issuer=_issuer(unit), paragraphs=paragraphs)
    if template == "letter":
        return layouts.Letter(**common, subject=body["title"], addressees=[dossier.owner.name], paragraphs=paragraphs)
    return layouts.Generic(**common, paragraphs=paragraphs)


def signing_unit(dossier: Dossier, outcome: str) -> Unit:
    """Who signs: the authority for what is granted, the agency itself for a refusal letter unless it is declared otherwise."""
    name = declared(dossier, outcome).get("signed_by") or ("authority" if outcome == "granted" else "agency")
    return Unit.objects.select_related("parent", "area").get(pk=dossier.case.actors[name])


def signatory(unit: Unit, signer: Position | None) -> layouts.Signatory:
    """Signature block per Nghị định 30/2020/NĐ-CP, Phụ lục I: TM. for a committee, the position in capitals."""
    title = (signer.title if signer and signer.title else _("Lãnh đạo")).upper()
    head = [f"TM. {unit.name.upper()}"] if unit.kind == Unit.Kind.COMMITTEE else []
    deputy = title.startswith("PHÓ ")
    if deputy:
        head.append("KT. " + title.removeprefix("PHÓ "))
    return layouts.Signatory(authority=[*head, title], name=signer.user.full_name if signer else "")


def number_pattern(said: Mapping[str, Any], unit: Unit) -> str:
    """The declared number, else number and symbol per Nghị định 30/2020/NĐ-CP, Phụ lục I: `{number}/QĐ-STP`, `{number}/UBND`."""
    abbreviation = "UBND" if unit.kind == Unit.Kind.COMMITTEE else unit.code.rpartition(".")[2]
    return str(said.get("number") or ("{number}/QĐ-" if said.get("template") == "decision" else "{number}/") + abbreviation)


def _symbol(pattern: str) -> str:
    """What the letterhead prints behind the number; nothing where the number stands inside."""
    return pattern.removeprefix("{number}/") if pattern.startswith("{number}/") else ""


def _issuer(unit: Unit) -> str:
    return f"CHỦ TỊCH {unit.name.upper()}" if unit.kind == Unit.Kind.COMMITTEE else f"GIÁM ĐỐC {unit.name.upper()}"


def _bases(dossier: Dossier) -> list[str]:
    cited = [entry for entry in dossier.version.content.get("legal_basis", []) if not entry.get("assumption")]
    return [f"Căn cứ {entry['citation']}" for entry in cited[:6]] + [f"Xét hồ sơ số {dossier.code} của {dossier.owner.name}"]


def _articles(paragraphs: list[str]) -> list[layouts.Article]:
    """Paragraphs that begin with `Điều n.` open an article, the others belong to it."""
    articles: list[list[str]] = []
    for text in paragraphs:
        opening, _dot, rest = text.partition(".")
        if opening.startswith("Điều ") and opening[5:].strip().isdigit():
            articles.append([rest.strip()])
        elif articles:
            articles[-1].append(text)
        else:
            articles.append([text])
    return [layouts.Article(paragraphs=texts) for texts in articles]


def sign(dossier: Dossier, task: Task, actor: Actor) -> Result:
    """The leader signs the newest draft: PAdES with a visible stamp, by the certificate of that official."""
    draft = latest_draft(dossier)
    if draft is None or actor.user is None:
        raise ActionRefused(_("Chưa có dự thảo kết quả để ký."))
    position = (
        Position.objects.on(timezone.localdate()).filter(user=actor.user, unit=task.unit, role=task.role).select_related("unit").first()
    )
    position = position or Position(user=actor.user, unit=task.unit, role=task.role)
    check_code = signing.reserve_code()
    pdf = layouts.render(layout(dossier, draft.body, signer=position, check_code=check_code))
    title = position.title or str(position.get_role_display())
    credential = signing.certificate_for(f"user:{actor.user.pk}", actor.user.full_name, title, position.unit.name)
    signed = signing.sign_as(pdf, credential, reason=REASONS["sign"], location=place_of(position.unit), field_name="leader")
    paper = keep(dossier, Kind.RESULT, draft.title, signed, actor, public=False, body=draft.body)
    result, _created = Result.objects.update_or_create(
        dossier=dossier,
        defaults={
            "outcome": draft.body["outcome"],
            "title": draft.title,
            "signed_by": actor.user,
            "signed_at": timezone.now(),
            "file": paper.file,
            "check_code": check_code,
            "document_number": "",
            "issued_on": None,
            "sealed_at": None,
        },
    )
    return result


def number_and_seal(dossier: Dossier, task: Task, actor: Actor) -> Result:
    """The clerk gives the next number of the year and seals with the agency's certificate."""
    result = Result.objects.select_for_update().get(dossier=dossier)
    if result.signed_at is None or result.file is None:
        raise ActionRefused(_("Kết quả chưa được ký."))
    unit = signing_unit(dossier, result.outcome)
    today = timezone.localdate()
    pattern = number_pattern(declared(dossier, result.outcome), unit)
    result.document_number = next_document_number(unit, pattern, today.year)
    result.issued_on = today
    result.sealed_at = timezone.now()
    seal, place = signing.seal_for(f"unit:{unit.code}", unit.name), place_of(unit)
    numbered = signing.sign_number(
        read_bytes(result.file),
        seal,
        number=result.document_number,
        place=place,
        reason=REASONS["number"],
        location=place,
        field_name="number",
    )
    sealed = signing.sign_as(numbered, seal, reason=REASONS["seal"], location=place, field_name="seal")
    paper = keep(dossier, Kind.RESULT, result.title, sealed, actor, public=True)
    result.file = paper.file
    result.save()
    signing.record_signed(
        sealed,
        code=result.check_code,
        kind="result",
        title=result.title,
        meta={"number": result.document_number, "agency": unit.name, "issued_on": today.isoformat()},
    )
    return result


def issue(dossier: Dossier, actor: Actor, *, granted: bool) -> None:
    """The result takes effect: it enters the permits register and the applicant may fetch it. Same transaction as the step."""
    result = Result.objects.select_related("file").get(dossier=dossier)
    result.outcome = "granted" if granted else "refused"
    result.issued_at = timezone.now()
    result.save(update_fields=["outcome", "issued_at"])
    said = dossier.version.content.get("outcome") or {}
    if granted and said.get("kind") in REGISTERED:
        details = {name: value_at(str(path), dossier) for name, path in (said.get("fields") or {}).items()}
        issue_permit(
            dossier,
            number=result.document_number,
            issued_on=result.issued_on or timezone.localdate(),
            title=result.title,
            outcome=_with_validity(said, dossier),
            details=details,
            actor=actor,
        )
    record("dossier.result_issued", subject=engine.subject_ref(dossier.case), actor=actor, payload={"document": result.document_number})


def _with_validity(said: Mapping[str, Any], dossier: Dossier) -> dict[str, Any]:
    """A validity may name the answer that holds its length (`amount_from: years`); the declared amount is then its upper bound."""
    validity = dict(said.get("validity") or {})
    asked = dossier.answers.get(validity.get("amount_from", ""))
    if isinstance(asked, int | float) and validity.get("amount"):
        validity["amount"] = min(int(asked), int(validity["amount"]))
    return {**said, "validity": validity or None}


def hand_over(dossier: Dossier) -> str:
    """The result reached the applicant."""
    result = Result.objects.filter(dossier=dossier).first()
    if result is not None:
        result.handed_over_at, result.handed_over_how = timezone.now(), dossier.return_channel
        result.save(update_fields=["handed_over_at", "handed_over_how"])
    return str(dossier.get_return_channel_display())
