"""Nightly: seal, then verify."""

from sonha.foundation.jobs.declarations import job, periodic

from . import seals, verification


@periodic("0 19 * * *")
@job(queue="system", atomic=False)
def seal_the_day(timestamp: int) -> None:
    """02:00 in Vietnam."""
    seals.seal()
    verification.verify_and_keep()
