"""At the desk: finding whose dossier it is by a number the person shows, never by browsing people."""

from django.core import signing
from django.db.models import Q
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.identity.models import Party
from sonha.process.cases.errors import NotAllowed
from sonha.services.dossiers.models import Channel, Draft

SHORTEST = 8  # digits of a telephone number without its zero


def find_owner(actor: Actor, draft: Draft, number: str) -> list[tuple[str, Party]]:
    """People and organisations with exactly this personal id, tax code or telephone, each with the token that picks it.

    Raises NotAllowed for anybody but a receptionist entering a dossier.
    """
    _only_at_the_desk(actor, draft)
    plain = number.replace(" ", "").replace(".", "")
    if len(plain) < SHORTEST:
        return []
    found = Party.objects.filter(Q(personal_id=plain) | Q(tax_code=plain) | Q(phone=plain)).order_by("name")[:10]
    return [(signing.dumps(party.pk, salt=f"owner:{draft.pk}"), party) for party in found]


def picked_owner(actor: Actor, draft: Draft, token: str) -> Party | None:
    """The party a token of `find_owner` stands for; None for no token or one of another draft."""
    _only_at_the_desk(actor, draft)
    try:
        return Party.objects.filter(pk=signing.loads(token, salt=f"owner:{draft.pk}")).first() if token else None
    except signing.BadSignature:
        return None


def _only_at_the_desk(actor: Actor, draft: Draft) -> None:
    if draft.channel == Channel.ONLINE or not actor.has_role(Role.RECEPTIONIST):
        raise NotAllowed(_("Chỉ cán bộ một cửa tìm được chủ hồ sơ theo số giấy tờ."))
