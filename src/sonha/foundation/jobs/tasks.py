"""The queue's own housekeeping."""

from . import services
from .declarations import job, periodic


@periodic("* * * * *")
@job(queue="system", atomic=False, retry=())
def rescue(timestamp: int) -> None:
    services.rescue_stalled()


@periodic("30 18 * * *")
@job(queue="system", retry=())
def forget_old(timestamp: int) -> None:
    services.clean_up()
