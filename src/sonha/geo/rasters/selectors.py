"""Which rasters somebody may see: public ones everybody, the others officials and the administration."""

from collections.abc import Sequence

from django.db.models import QuerySet

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role

from .models import Raster

KEEPERS = (Role.SPECIALIST, Role.HEAD)


def rasters(actor: Actor) -> QuerySet[Raster]:
    """Rasters that can be shown, with their files."""
    ready = Raster.objects.filter(state=Raster.State.READY, removed_at=None).select_related("data", "drawing")
    return ready if actor.is_official or actor.is_system else ready.filter(is_public=True)


def named(actor: Actor, names: Sequence[str]) -> dict[str, Raster]:
    return {each.name: each for each in rasters(actor).filter(name__in=names)}


def kept(actor: Actor) -> QuerySet[Raster]:
    """For the pages of officials: also those still being converted, or refused."""
    if not actor.is_official:
        return rasters(actor)
    return Raster.objects.filter(removed_at=None).select_related("data", "progress", "added_by")


def may_keep(actor: Actor) -> bool:
    """Whether the actor may add, change and remove rasters."""
    return actor.has_role(*KEEPERS)
