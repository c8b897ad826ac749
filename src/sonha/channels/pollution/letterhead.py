"""The head of the dossier: the agency of whoever prints it."""

from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.organisations.models import Unit
from sonha.foundation.rendering.parts import Letterhead


def letterhead(actor: Actor) -> Letterhead:
    today = timezone.localdate()
    unit = Unit.objects.filter(pk=actor.posts[0].unit_id).select_related("parent").first() if actor.posts else None
    if unit is None:
        return Letterhead(agency=actor.name, day=today)
    while unit.parent is not None and not unit.is_agency:
        unit = unit.parent
    return Letterhead(agency=unit.name, superior=unit.parent.name if unit.parent else "", day=today)
