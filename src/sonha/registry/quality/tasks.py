"""Runs over whole registers."""

from uuid import UUID

from sonha.foundation.access.actor import Actor
from sonha.foundation.jobs.declarations import job

from . import services
from .models import QualityRun


@job(queue="default", atomic=False)
def check_register(run: str) -> None:
    """Goes on where a run broke off."""
    row = QualityRun.objects.select_related("started_by").get(pk=UUID(run))
    if row.state == QualityRun.State.RUNNING:
        services.carry_out(row, Actor.of(row.started_by) if row.started_by else Actor.system("quality"))
