"""Long exports."""

from collections.abc import Mapping
from uuid import UUID

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.foundation.jobs import progress
from sonha.foundation.jobs.declarations import job

from . import exports


@job(atomic=False, retry=())
def export_list(table: str, parameters: Mapping[str, str], kind: str, user: int, progress_id: str) -> None:
    """Makes one export with the rights that the person has when it runs."""
    try:
        exports.make_for(Actor.of(User.objects.get(pk=user)), table, parameters, kind, UUID(progress_id))
    except Exception:
        progress.finish(UUID(progress_id), stopped=True)
        raise
