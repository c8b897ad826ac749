"""Jobs of notifications."""

from sonha.foundation.jobs.declarations import OUTSIDE, job, periodic

from . import digest, mail
from .models import Delivery


@job(queue="mail", retry=OUTSIDE, atomic=False)
def send_mail(delivery: int) -> None:
    found = Delivery.objects.select_related("message__user").filter(pk=delivery).first()
    if found is not None:
        mail.send(found)


@periodic("30 0 * * *")
@job()
def problems_digest(timestamp: int) -> None:
    """07:30 in Vietnam: what broke since yesterday, to the administrators."""
    digest.send()
