"""After the end: the applicant's rating, and what later happens to a permit."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.identity.models import Party
from sonha.provinces.demonstration.walking import Staff
from sonha.services.dossiers import feedback
from sonha.services.dossiers.models import Dossier
from sonha.services.permits.models import Permit
from sonha.services.permits.services import act_on_permit

RATED = 0.55
SCORES, WEIGHTS = "54321", (48, 32, 12, 5, 3)
COMMENTS = {
    "5": "Cán bộ hướng dẫn tận tình, trả kết quả trước hẹn.",
    "4": "Thủ tục rõ ràng, mong rút ngắn thời gian kiểm tra thực địa.",
    "3": "Phải bổ sung giấy tờ, thời gian chờ hơi lâu.",
    "2": "Trả kết quả chậm, chưa giải thích rõ lý do.",
    "1": "Trả kết quả trễ hẹn.",
}
REASONS = {
    "suspend": "Chủ giấy phép chưa thực hiện đầy đủ nghĩa vụ ghi trong giấy phép (minh hoạ).",
    "resume": "Chủ giấy phép đã khắc phục đầy đủ (minh hoạ).",
    "revoke": "Chủ giấy phép vi phạm nhiều lần, đã bị đình chỉ nhưng không khắc phục (minh hoạ).",
    "hand_back": "Chủ giấy phép không còn nhu cầu và đề nghị trả lại (minh hoạ).",
}
Later = Callable[[datetime, Callable[[], None]], None]


def follow(
    later: Later, staff: Staff, chance: random.Random, dossier: Dossier, owner: Actor, life: str, office: Callable[[datetime], datetime]
) -> None:
    """Plans the rating, and the acts of the permit's life as the plan names it."""
    if chance.random() < RATED:
        score = chance.choices(SCORES, WEIGHTS)[0]
        later(timezone.now() + timedelta(hours=chance.uniform(3, 80)), lambda: _rate(dossier, owner, score))
    permit = Permit.objects.filter(dossier=dossier).first()
    leader = staff.for_role(Role.LEADER, dossier.agency_id)
    if permit is None or leader is None or life in {"", "expire"}:
        return
    first = timezone.now() + timedelta(days=chance.uniform(30, 60))
    later(office(first), lambda: _change(permit.pk, "suspend" if life == "resume" else life, leader))
    if life == "resume":
        later(office(first + timedelta(days=40)), lambda: _change(permit.pk, "resume", leader))


def _rate(dossier: Dossier, owner: Actor, score: str) -> None:
    feedback.rate(Dossier.objects.get(pk=dossier.pk), owner, score=score, comment=COMMENTS[score])


def _change(permit_id: int, kind: str, leader: Actor) -> None:
    permit = Permit.objects.get(pk=permit_id)
    changes: dict[str, Any] = {}
    if kind == "extend":
        end = permit.valid_to or timezone.localdate()
        changes["valid_to"] = date(end.year + 3, end.month, min(end.day, 28))
    elif kind == "amend":
        changes["details"] = {"note": "Điều chỉnh theo đề nghị của chủ giấy phép"}
    elif kind == "transfer":
        others = Party.objects.filter(is_demo=True, kind=permit.holder.kind).exclude(pk=permit.holder_id)
        changes["holder"] = others.order_by("pk").values_list("pk", flat=True)[0]
    basis = f"Quyết định số {1000 + permit_id}/QĐ-UBND ngày {timezone.localdate():%d/%m/%Y} (minh hoạ)"
    act_on_permit(
        permit_id, kind, actor=leader, basis=basis, changes=changes, reason=REASONS.get(kind, ""), decided_on=timezone.localdate()
    )
