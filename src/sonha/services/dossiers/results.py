"""Results: drafted by the specialist, signed by the leader, numbered and sealed by the clerk, issued, handed over.

The signed PDF grows by incremental updates only: the leader's signature first, then the clerk's number, then the agency's seal; each
signature covers all that stood before it.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.files.services import read_bytes
from sonha.foundation.organisations.models import Position
from sonha.foundation.signing import services as signing
from sonha.foundation.signing.signers import SigningFailed
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.services.dossiers import registers
from sonha.services.dossiers.codes import next_document_number
from sonha.services.dossiers.drafting import latest_draft, pdf_to_sign
from sonha.services.dossiers.models import Dossier, OfficialPaper, Result, ReturnChannel
from sonha.services.dossiers.papers import keep, place_of
from sonha.services.dossiers.printing import declared, number_pattern, signing_unit
from sonha.services.dossiers.texts import raw_at, value_at
from sonha.services.permits.services import issue_permit

Kind = OfficialPaper.Kind
REGISTERED = frozenset({"permit", "certificate", "decision", "confirmation"})
"""Kinds of result that stay valid and therefore stand in the permits register."""
REASONS = {"sign": "Ký ban hành", "number": "Cấp số văn bản", "seal": "Đóng dấu cơ quan"}


def is_signed(dossier: Dossier) -> bool:
    return Result.objects.filter(dossier=dossier, signed_at__isnull=False).exists()


def is_numbered(dossier: Dossier) -> bool:
    return Result.objects.filter(dossier=dossier).exclude(document_number="").exists()


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
    pdf = pdf_to_sign(dossier, draft, signer=position, check_code=check_code)
    title = position.title or str(position.get_role_display())
    credential = signing.certificate_for(f"user:{actor.user.pk}", actor.user.full_name, title, position.unit.name)
    try:
        signed = signing.sign_as(pdf, credential, reason=REASONS["sign"], location=place_of(position.unit), field_name="leader")
    except SigningFailed as failed:
        raise ActionRefused(str(failed)) from failed
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
        meta={"Số, ký hiệu": result.document_number, "Cơ quan ban hành": unit.name, "Ngày ban hành": f"{today:%d/%m/%Y}"},
    )
    return result


def issue(dossier: Dossier, actor: Actor, *, granted: bool) -> None:
    """The result takes effect: it enters the registers and the applicant may fetch it. Same transaction as the step."""
    result = Result.objects.select_related("file").get(dossier=dossier)
    result.outcome = "granted" if granted else "refused"
    result.issued_at = timezone.now()
    result.save(update_fields=["outcome", "issued_at"])
    said = dossier.version.content.get("outcome") or {}
    permit = None
    if granted and said.get("kind") in REGISTERED:
        details = {name: value_at(str(path), dossier) for name, path in (said.get("fields") or {}).items()}
        permit = issue_permit(
            dossier,
            number=result.document_number,
            issued_on=result.issued_on or timezone.localdate(),
            title=result.title,
            outcome=_with_validity(said, dossier),
            details=details,
            actor=actor,
        )
    if granted:
        registers.enter(dossier, result, permit, actor)
    record("dossier.result_issued", subject=engine.subject_ref(dossier.case), actor=actor, payload={"document": result.document_number})


def _with_validity(said: Mapping[str, Any], dossier: Dossier) -> dict[str, Any]:
    """A validity may name the value that holds its length (`amount_from: years` or `task.appraise.years_proposed`).

    The declared amount is then its upper bound.
    """
    validity = dict(said.get("validity") or {})
    asked = raw_at(str(validity.get("amount_from", "")), dossier)
    if isinstance(asked, int | float) and not isinstance(asked, bool) and asked > 0 and validity.get("amount"):
        validity["amount"] = min(int(asked), int(validity["amount"]))
    return {**said, "validity": validity or None}


@transaction.atomic
def return_result(
    dossier: Dossier, task: Task, *, actor: Actor, how: str, to: str = "", details: Mapping[str, str] | None = None, comment: str = ""
) -> Result:
    """Hands the result over at the desk or by post and takes the step that says so.

    At the desk: `to` is who received it, `details` may hold `relation` and `identity` (only its last four digits are kept). By post:
    `details` holds `address`, and `carrier` and `parcel` (mã bưu gửi). Raises ActionRefused with what is missing.
    """
    given = {name: " ".join(str(value).split())[:300] for name, value in (details or {}).items()}
    errors: dict[str, str] = {}
    if how not in {ReturnChannel.DESK, ReturnChannel.POST}:
        errors["how"] = _("Hãy chọn trả tại quầy hay qua bưu chính.")
    if how == ReturnChannel.DESK and not to.strip():
        errors["to"] = _("Hãy ghi họ tên người nhận.")
    if how == ReturnChannel.POST:
        needed = {"address": _("Hãy ghi địa chỉ nhận."), "parcel": _("Hãy ghi mã bưu gửi trên phiếu gửi.")}
        errors |= {name: sentence for name, sentence in needed.items() if not given.get(name)}
    if errors:
        raise ActionRefused(_("Chưa đủ thông tin để trả kết quả."), errors)
    edge = next((each for each in engine.available_actions(task) if each.effect == "hand_over"), None)
    result = Result.objects.select_for_update().filter(dossier=dossier).first()
    if edge is None or result is None:
        raise ActionRefused(_("Hồ sơ này hiện không chờ trả kết quả."))
    kept = ("identity", "relation") if how == ReturnChannel.DESK else ("address", "carrier", "parcel")
    result.handed_over_how, result.handed_over_to = how, to.strip()[:250] or dossier.owner_name
    result.handed_over_details = {name: given[name] for name in kept if given.get(name)}
    if "identity" in result.handed_over_details:
        result.handed_over_details["identity"] = given["identity"][-4:]
    result.save(update_fields=["handed_over_how", "handed_over_to", "handed_over_details"])
    engine.act(task.pk, edge.action, actor=actor, comment=comment)
    result.refresh_from_db()
    return result


def hand_over(dossier: Dossier) -> str:
    """The result reached the applicant: by the channel noted with it, else the one asked for when filing."""
    result = Result.objects.filter(dossier=dossier).first()
    if result is None:
        return str(dossier.get_return_channel_display())
    result.handed_over_at, result.handed_over_how = timezone.now(), result.handed_over_how or dossier.return_channel
    result.save(update_fields=["handed_over_at", "handed_over_how"])
    return str(ReturnChannel(result.handed_over_how).label)
