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
