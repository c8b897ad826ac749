"""Writing the permits register: issuing from a signed decision, and every later act of the life cycle with its basis."""

import json
import logging
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.audit.services import record
from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import Party
from sonha.process import outcomes
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.services.dossiers.models import Dossier
from sonha.services.permits.models import Permit, PermitEvent, PermitState
from sonha.services.permits.selectors import agencies_of

log = logging.getLogger(__name__)
Act = PermitEvent.Kind
MOVES: dict[str, tuple[frozenset[str], str]] = {
    Act.EXTEND: (frozenset({PermitState.IN_FORCE, PermitState.EXPIRED}), PermitState.IN_FORCE),
    Act.AMEND: (frozenset({PermitState.IN_FORCE}), PermitState.IN_FORCE),
    Act.SUSPEND: (frozenset({PermitState.IN_FORCE}), PermitState.SUSPENDED),
    Act.RESUME: (frozenset({PermitState.SUSPENDED}), PermitState.IN_FORCE),
    Act.TRANSFER: (frozenset({PermitState.IN_FORCE}), PermitState.IN_FORCE),
    Act.REVOKE: (frozenset({PermitState.IN_FORCE, PermitState.SUSPENDED}), PermitState.REVOKED),
    Act.HAND_BACK: (frozenset({PermitState.IN_FORCE, PermitState.SUSPENDED}), PermitState.RETURNED),
    Act.EXPIRE: (frozenset({PermitState.IN_FORCE, PermitState.SUSPENDED}), PermitState.EXPIRED),
}
"""For each act: the states it may start from, and the state it leads to."""


def end_of_validity(start: date, validity: Mapping[str, Any] | None) -> date | None:
    """The last day of a validity declared as `{"amount": 10, "unit": "years"}`; None is open-ended.

    The corresponding day of the last month or year, or that month's last day (Bộ luật Dân sự 2015, Điều 148).
    """
    if not validity or not validity.get("amount"):
        return None
    amount, unit = int(validity["amount"]), validity.get("unit", "years")
    if unit == "days":
        return start + timedelta(days=amount)
    months = start.month - 1 + amount * (12 if unit == "years" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


@transaction.atomic
def issue_permit(
    dossier: Dossier, *, number: str, issued_on: date, title: str, outcome: Mapping[str, Any], details: Mapping[str, Any], actor: Actor
) -> Permit:
    """Enters the result of a dossier into the register, in the transaction that issues it. Issuing twice is once."""
    if existing := Permit.objects.filter(dossier=dossier).first():
        return existing
    result = dossier.result
    geometry = dossier.answers.get(outcome.get("geometry", ""))
    permit = Permit.objects.create(
        number=number,
        permit_type=outcome.get("permit_type") or dossier.version.content["key"],
        kind=outcome.get("kind", "permit"),
        title=title,
        holder=dossier.owner,
        holder_name=dossier.owner.name,
        issuer_id=dossier.case.actors.get("authority", dossier.agency_id),
        keeper=dossier.agency,
        dossier=dossier,
        issued_on=issued_on,
        valid_from=issued_on,
        valid_to=end_of_validity(issued_on, outcome.get("validity")),
        details=dict(details),
        commune_code=next(
            (str(value) for name, value in dossier.answers.items() if name.endswith("commune") and isinstance(value, str)), ""
        ),
        geometry=GEOSGeometry(json.dumps(geometry), srid=4326) if geometry else None,
        document=result.file,
        check_code=result.check_code,
        is_demo=dossier.is_demo,
    )
    PermitEvent.objects.create(permit=permit, kind=Act.ISSUE, on_date=issued_on, basis=number, dossier=dossier, recorded_by=actor.user)
    record("permit.issued", subject=("permit", permit.pk), actor=actor, payload={"number": number})
    return permit


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an act rests on: the document (number and date, the signed copy) and why. `on_date` is when it takes effect."""

    basis: str
    on_date: date
    reason: str = ""
    decided_on: date | None = None
    document: StoredFile | None = None


REASONED = frozenset({Act.SUSPEND, Act.RESUME, Act.REVOKE, Act.HAND_BACK})
"""Acts that must say why: what they take away or give back is somebody's right."""


@transaction.atomic
def act_on_permit(
    permit_id: int,
    kind: str,
    *,
    actor: Actor,
    basis: str,
    on_date: date | None = None,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
    decided_on: date | None = None,
    document: StoredFile | None = None,
) -> Permit:
    """Records one act of the life cycle (extend, amend, suspend, revoke, …). The basis (a decision or a dossier) is mandatory.

    `changes` may hold valid_to (extend), details (amend) or holder (transfer: a Party id). Registers follow in the same transaction.
    Raises ActionRefused with errors by field, or with what a register says against it, or NotAllowed; then nothing has changed.
    """
    permit = Permit.objects.select_for_update().get(pk=permit_id)
    if not may_manage(actor, permit):
        raise NotAllowed(_("Chỉ cơ quan quản lý hoặc cơ quan cấp giấy phép được ghi nhận thay đổi."))
    allowed, target = MOVES[kind]
    if permit.state not in allowed:
        raise ActionRefused(
            _("Giấy phép đang ở trạng thái «%(state)s», không thể thực hiện việc này.") % {"state": permit.get_state_display()}
        )
    grounds = Grounds(basis.strip(), on_date or timezone.localdate(), reason.strip(), decided_on, document)
    _check_grounds(permit, kind, grounds)
    changed = _apply(permit, kind, dict(changes or {}), grounds)
    changed["state"] = [permit.state, target]
    permit.state = target
    permit.save()
    PermitEvent.objects.create(
        permit=permit,
        kind=kind,
        on_date=grounds.on_date,
        basis=grounds.basis,
        decided_on=decided_on,
        reason=grounds.reason,
        document=document,
        changes=changed,
        recorded_by=actor.user,
    )
    _tell_registers(permit, kind, grounds, dict(changes or {}), actor)
    record("permit.changed", subject=("permit", permit.pk), actor=actor, payload={"number": permit.number, "act": kind})
    return permit


def _tell_registers(permit: Permit, kind: str, grounds: Grounds, changes: Mapping[str, Any], actor: Actor) -> None:
    change = outcomes.PermitChange(
        act=str(kind),
        permit_type=permit.permit_type,
        number=permit.number,
        issued_on=permit.issued_on,
        state=str(permit.state),
        holder=permit.holder,
        holder_name=permit.holder_name,
        on_date=grounds.on_date,
        basis=grounds.basis,
        valid_to=permit.valid_to,
        dossier_code=permit.dossier.code if permit.dossier else "",
        decided_on=grounds.decided_on,
        reason=grounds.reason,
        details=changes.get("details") or {},
        document=grounds.document,
        recorded_by=actor.user,
    )
    try:
        outcomes.permit_changed(change)
    except outcomes.OutcomeRefused as refused:
        raise ActionRefused(str(refused)) from refused


def may_manage(actor: Actor, permit: Permit) -> bool:
    """Heads, leaders and clerks of the agency that keeps the permit or issued it."""
    if actor.is_system:
        return True
    return bool({permit.keeper_id, permit.issuer_id} & set(agencies_of(actor, MANAGERS)))


MANAGERS = frozenset({Role.HEAD, Role.LEADER, Role.CLERK})


def possible_acts(actor: Actor, permit: Permit) -> list[str]:
    """Acts that the actor may record now; expiry is recorded by the nightly job alone."""
    if not may_manage(actor, permit):
        return []
    return [str(kind) for kind, (states, _target) in MOVES.items() if permit.state in states and kind != Act.EXPIRE]


def _check_grounds(permit: Permit, kind: str, grounds: Grounds) -> None:
    """Every error at once, by field."""
    today = timezone.localdate()
    errors: dict[str, str] = {}
    if not grounds.basis:
        errors["basis"] = _("Hãy ghi số quyết định hoặc mã hồ sơ làm căn cứ.")
    if kind in REASONED and not grounds.reason:
        errors["reason"] = _("Hãy ghi lý do.")
    if not permit.issued_on <= grounds.on_date <= today:
        errors["on_date"] = _("Ngày có hiệu lực phải từ ngày cấp giấy phép đến hôm nay.")
    if grounds.decided_on and grounds.decided_on > grounds.on_date:
        errors["decided_on"] = _("Ngày của văn bản không được sau ngày có hiệu lực.")
    if kind == Act.RESUME and permit.valid_to and permit.valid_to < today:
        errors["on_date"] = _("Giấy phép đã hết thời hạn nên không khôi phục được; hãy gia hạn hoặc cấp mới.")
    if errors:
        raise ActionRefused(next(iter(errors.values())), errors)


def _apply(permit: Permit, kind: str, changes: dict[str, Any], grounds: Grounds) -> dict[str, Any]:
    log: dict[str, Any] = {}
    if kind == Act.EXTEND:
        new_end = changes.get("valid_to")
        if not isinstance(new_end, date) or (permit.valid_to and new_end <= permit.valid_to):
            raise ActionRefused(_("Ngày hết hạn mới phải sau ngày hết hạn hiện tại."), {"valid_to": _("Hãy chọn ngày muộn hơn.")})
        if new_end < timezone.localdate():
            raise ActionRefused(_("Ngày hết hạn mới đã qua."), {"valid_to": _("Hãy chọn ngày từ hôm nay trở đi.")})
        log["valid_to"] = [permit.valid_to.isoformat() if permit.valid_to else None, new_end.isoformat()]
        permit.valid_to = new_end
    if kind == Act.AMEND:
        if not changes.get("details"):
            raise ActionRefused(_("Hãy ghi nội dung điều chỉnh."), {"content": _("Hãy ghi nội dung điều chỉnh.")})
        before = dict(permit.details)
        permit.details = {**before, **changes["details"]}
        log["details"] = [before, permit.details]
    if kind == Act.TRANSFER:
        party = Party.objects.filter(pk=changes.get("holder") or 0).first()
        if party is None or party.pk == permit.holder_id:
            raise ActionRefused(_("Hãy chọn tổ chức, cá nhân nhận chuyển nhượng."), {"holder": _("Hãy chọn bên nhận.")})
        log["holder"] = [permit.holder_id, party.pk]
        log["holder_name"] = [permit.holder_name, party.name]
        permit.holder, permit.holder_name = party, party.name
    return log


def expire_due(day: date | None = None) -> int:
    """Marks permits whose last day has passed, from the day after it on; a nightly job. Returns how many.

    One that a register refuses is left as it is, is told of in the log with the reason, and is tried again the next night.
    """
    day = day or timezone.localdate()
    ended = Permit.objects.filter(valid_to__lt=day, state__in=MOVES[Act.EXPIRE][0]).order_by("pk")
    basis, marked = str(_("Hết thời hạn ghi trên giấy phép")), 0
    for permit in list(ended.only("number", "valid_to", "issued_on")):
        since = max((permit.valid_to or day) + timedelta(days=1), permit.issued_on)
        try:
            act_on_permit(permit.pk, Act.EXPIRE, actor=Actor.system("permits.expire"), basis=basis, on_date=since)
        except ActionRefused as refused:
            log.error("permit %s (%s) is past its last day and was not marked as expired: %s", permit.pk, permit.number, refused.sentence)
        else:
            marked += 1
    return marked
