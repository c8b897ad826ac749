"""Jobs of payments. Times of the day are UTC; the job's day is Viet Nam's."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from sonha.foundation.jobs.declarations import OUTSIDE, job, periodic
from sonha.foundation.jobs.services import enqueue

from . import gateway, reconciliation, services
from .models import Callback, Payment

ASK_AFTER = timedelta(minutes=3)
KEEP_REFUSED = timedelta(days=90)


@periodic("30 17 * * *")  # 00:30 in Viet Nam
@job(atomic=False)
def reconcile_yesterday(timestamp: int) -> None:
    """Orders the reconciliation of the day that has just ended; the order is repeated until the gateway has answered."""
    day = timezone.localdate(datetime.fromtimestamp(timestamp, UTC)) - timedelta(days=1)
    enqueue("payments.reconcile_day", key=f"payments.reconcile_day:{day}", day=day.isoformat())


@job(retry=OUTSIDE, atomic=False)
def reconcile_day(day: str) -> None:
    reconciliation.reconcile(datetime.fromisoformat(day).date())


@periodic("*/5 * * * *")
@job(atomic=False, retry=())
def ask_about_pending(timestamp: int) -> None:
    """Asks the gateway about attempts whose callback has not come."""
    for attempt in reconciliation.pending_attempts(ASK_AFTER):
        try:
            services.refresh(attempt)
        except gateway.GatewayUnavailable:
            return  # it is down: five minutes later is soon enough


@periodic("10 * * * *")
@job(atomic=False)
def expire_invoices(timestamp: int) -> None:
    services.expire_overdue()


@periodic("50 18 * * *")  # 01:50 in Viet Nam
@job()
def forget_refused_callbacks(timestamp: int) -> None:
    """Messages that were not the gateway's are no evidence of anything: kept for a while to look into, then dropped."""
    refused = Callback.objects.filter(verdict__in=[Callback.Verdict.BAD_SIGNATURE, Callback.Verdict.MALFORMED])
    refused.filter(received_at__lt=timezone.now() - KEEP_REFUSED).delete()


@job(retry=OUTSIDE, atomic=False)
def send_refund(payment: int, reason: str) -> None:
    services.send_refund(Payment.objects.get(pk=payment), reason)
