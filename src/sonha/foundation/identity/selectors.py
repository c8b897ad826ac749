"""Reading rights to act for others, as both sides see them."""

from typing import Any

from django.db.models import QuerySet

from sonha.foundation.identity.models import Representation
from sonha.foundation.identity.services import grantable_parties


def granted(actor: Any) -> QuerySet[Representation]:
    """Who may act for the actor or for those whom the actor represents by law; newest first, ended ones too."""
    rows = Representation.objects.filter(party__in=grantable_parties(actor), kind=Representation.Kind.PROXY)
    return rows.exclude(user=actor.user).select_related("party", "user").order_by("-valid_from", "-pk")


def held(actor: Any) -> QuerySet[Representation]:
    """For whom the actor may act; newest first, ended ones too."""
    return Representation.objects.filter(user_id=actor.user_id).select_related("party").order_by("-valid_from", "-pk")


def own_data(actor: Any) -> dict[str, Any]:
    """What the platform keeps of the signed-in person as such, as plain values (Nghị định 13/2023/NĐ-CP, điều 9: the right to see it)."""
    user = actor.user
    party = user.party
    own = ("username", "full_name", "email", "phone", "kind", "language", "date_joined", "last_login")
    facts = ("kind", "name", "personal_id", "tax_code", "birth_date", "address", "commune_code", "phone", "email")
    rows = [*held(actor), *granted(actor)]
    return {
        "account": {name: getattr(user, name) for name in own},
        "person": {name: getattr(party, name) for name in facts} if party else None,
        "representations": [
            {"for": row.party.name, "by": row.user.full_name, "kind": row.kind, "basis": row.basis,
             "valid_from": row.valid_from, "valid_to": row.valid_to, "ended_at": row.ended_at}
            for row in rows
        ],
        "addresses": list(user.emailaddress_set.values("email", "verified", "primary")),
        "signed_in_at": list(user.usersession_set.values("created_at", "ip", "user_agent")),
        "tokens": list(user.api_tokens.values("name", "created_at", "expires_at", "revoked_at")),
    }  # fmt: skip
