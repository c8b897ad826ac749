"""Background work: the list of each morning, archives of papers."""

from collections.abc import Mapping
from uuid import UUID

from sonha.foundation.identity.models import User
from sonha.foundation.jobs.declarations import job, periodic
from sonha.services.handling import bundle, morning


@periodic("0 * * * *")
@job(atomic=False)
def tell_morning(timestamp: int = 0) -> int:
    """Every full hour; the set one sends (settings.MORNING_HOUR, in Viet Nam)."""
    return morning.tell()


@job(atomic=False, retry=())
def bundle_papers(parameters: Mapping[str, str], user: int, progress_id: str) -> None:
    """One archive, with the rights that the person has when it runs."""
    bundle.job(User.objects.get(pk=user), parameters, UUID(progress_id))
