"""Reading the permits register. The register of permits is public without personal data; holders and officials see more."""

from django.db.models import Q, QuerySet

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.search.expressions import Words
from sonha.services.permits.models import Permit

READERS = frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.CLERK, Role.RECEPTIONIST, Role.AUDITOR})


def permits(actor: Actor) -> QuerySet[Permit]:
    """Permits the actor may read in full: its own, and for officials those their agency keeps or issued."""
    rows = Permit.objects.select_related("holder", "issuer", "keeper", "dossier")
    if actor.is_system:
        return rows
    mine = Q(holder_id__in=actor.party_ids)
    agencies = {code for post in actor.posts if post.role in READERS for code in post.unit_path.split("/") if code}
    own_units = {post.unit_path for post in actor.posts if post.role in READERS}
    if own_units:
        mine |= Q(keeper__code__in=_agency_codes(actor, agencies))
    return rows.filter(mine)


def _agency_codes(actor: Actor, codes: set[str]) -> list[str]:
    """The agencies of the actor's posts: the nearest agency at or above each unit."""
    from sonha.foundation.organisations.models import Unit

    found = []
    agencies = dict(Unit.objects.filter(code__in=codes, is_agency=True).values_list("code", "path"))
    for post in actor.posts:
        above = [code for code in post.unit_path.split("/") if code in agencies]
        if above:
            found.append(above[-1])
    return found


def find_permits(actor: Actor, words: str = "", *, permit_type: str = "", state: str = "") -> QuerySet[Permit]:
    """Permits by number, holder or title (no diacritics needed), newest first."""
    rows = permits(actor)
    if permit_type:
        rows = rows.filter(permit_type=permit_type)
    if state:
        rows = rows.filter(state=state)
    if words.strip():
        query = Words(words)
        rows = rows.filter(Q(search=query) | Q(number__istartswith=words.strip()))
    return rows.order_by("-pk")
