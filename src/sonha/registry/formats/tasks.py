"""Long imports and long exports."""

from collections.abc import Mapping
from uuid import UUID

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.foundation.jobs import progress
from sonha.foundation.jobs.declarations import job

from . import services
from .models import ImportRun


@job(queue="default", atomic=False, retry=())
def import_file(run: str, dry: bool) -> None:
    """With the rights that the person has when it runs. Run again after its worker died, it begins anew: nothing of it was kept."""
    row = ImportRun.objects.select_related("file", "created_by").get(pk=UUID(run))
    if row.is_running:
        services.carry_out(row, Actor.of(row.created_by).in_office(), dry=dry)


@job(queue="default", atomic=False, retry=())
def export_file(register: str, parameters: Mapping[str, str], kind: str, srid: int, user: int, progress_id: str) -> None:
    from .writing import export

    try:
        export.make_for(Actor.of(User.objects.get(pk=user)), register, parameters, kind, srid, UUID(progress_id))
    except Exception:
        progress.finish(UUID(progress_id), stopped=True)
        raise
