"""People and drafts that the stories of dossiers share."""

from typing import Any

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.identity.models import Party, User
from sonha.foundation.organisations.models import Position, Unit
from sonha.services.dossiers import drafts, filing
from sonha.services.dossiers.models import Dossier, Draft
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version

WELL: dict[str, Any] = {"type": "Point", "coordinates": [106.7681, 21.8758]}


def citizen(name: str = "Nông Thị Lan", personal_id: str = "020301001234") -> Actor:
    party = Party.objects.create(kind="person", name=name, personal_id=personal_id, address="Thôn Nà Chuông", phone="0912345678")
    return Actor.of(User.objects.create_user(f"citizen-{personal_id}", "mat-khau-dai", full_name=name, email="lan@example.vn", party=party))


def official(role: str, unit_code: str, name: str = "", title: str = "") -> Actor:
    """An official with one post; the same role and unit again gives the same account."""
    username = f"{role}.{unit_code}".lower()
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username, "mat-khau-dai", full_name=name or f"{Role(role).label} {unit_code}", kind="official")
        Position.objects.create(user=user, unit=Unit.objects.get(code=unit_code), role=role, title=title)
    return Actor.of(user)


def groundwater_answers(flow: float = 120) -> dict[str, Any]:
    """A complete set of answers for STT 860 (groundwater abstraction)."""
    return {
        "owner_name": "Nông Thị Lan",
        "personal_id": "020301001234",
        "address": "Thôn Nà Chuông, xã Bình Gia",
        "phone": "0912345678",
        "works_name": "Giếng khoan hộ bà Lan",
        "works_state": "new",
        "works_type": "drilled_well",
        "location_commune": "06112",
        "site_address": "Thôn Nà Chuông",
        "location": WELL,
        "aquifer": "Khe nứt - karst C-P",
        "flow": flow,
        "purposes": ["farming"],
        "hours_a_day": 8,
        "years": 5,
        "wells": [{"code": "GK1", "position": WELL, "depth": 60, "diameter": 110, "flow": flow, "static_level": 12.5}],
        "truthful": True,
    }


def draft_for(actor: Actor, stt: int, answers: dict[str, Any]) -> Draft:
    """A draft with every required paper handed in on paper's behalf as a reference to the desk."""
    version = current_version(Procedure.objects.get(stt=stt))
    assert version is not None
    draft = drafts.start_draft(actor, version, owner=actor.user.party if actor.user else None)
    papers = {paper.code: ["on_paper"] for paper in version.papers.all()}
    return drafts.save_draft(draft, answers=answers, papers=papers, details={"return_channel": "desk"})


def filed(actor: Actor, stt: int, answers: dict[str, Any]) -> Dossier:
    return filing.submit(draft_for(actor, stt, answers).pk, actor)
