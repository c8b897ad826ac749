"""Daily reconciliation (đối soát): our payments of a day against the gateway's statement, and what to do about each difference."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit import services as audit

from . import gateway
from .models import Attempt, Difference, Payment, Reconciliation
from .services import FINANCE, PaymentRefused
from .settlement import Movement, Outcome, settle, settle_refund

Kind = Difference.Kind
RECORDED = "Đã ghi nhận theo sao kê"
Found = tuple[str, str, int | None, int | None, str]
"""kind, transaction number, our amount, their amount, resolution (empty while open)"""


def reconcile(day: date) -> Reconciliation:
    """Downloads the statement of `day`, records what is missing here, and lists every difference. Running again brings the list up to date.

    GatewayUnavailable when there is no trustworthy statement; ValueError when the statement contradicts itself.
    """
    statement = gateway.statement(day)
    rows = _checked(day, statement)
    with transaction.atomic():
        found = [*_missing_here(rows), *_compare_payments(day, rows), *_compare_refunds(day, rows)]
        result, _created = Reconciliation.objects.select_for_update().get_or_create(day=day)
        result.ran_at, result.rows = timezone.now(), statement["rows"]
        theirs = [row for row in rows.values() if not row.refund_of]
        ours = list(payments_of(day).values_list("amount", flat=True))
        result.theirs_count, result.theirs_total = len(theirs), sum(row.amount for row in theirs)
        result.ours_count, result.ours_total = len(ours), sum(ours)
        result.save()
        _keep(result, found)
        audit.record("payments.reconciled", subject=result, actor=None, payload={"differences": result.open_differences})
    return result


def payments_of(day: date) -> Any:
    """Gateway payments whose payer paid on `day` in Viet Nam."""
    start, end = _bounds(day)
    return Payment.objects.filter(channel=Payment.Channel.GATEWAY, at__gte=start, at__lt=end)


@transaction.atomic
def resolve(difference: Difference, actor: Actor, *, resolution: str) -> Difference:
    """Notes how a person settled a difference. PaymentRefused without the right or without words."""
    if not actor.is_system and not actor.has_role(*FINANCE):
        raise PaymentRefused(_("Ông/bà không được giao việc đối soát."))
    if not resolution.strip():
        raise PaymentRefused(_("Xin ghi cách xử lý chênh lệch."))
    difference.resolved_at, difference.resolved_by_id, difference.resolution = timezone.now(), actor.user_id, resolution.strip()[:250]
    difference.save()
    audit.record("difference.resolved", subject=difference.reconciliation, actor=actor, payload={"kind": str(difference.kind)})
    return difference


def pending_attempts(older_than: timedelta, now: datetime | None = None) -> list[Attempt]:
    """Attempts without news for longer than `older_than`, at most two days old: the gateway should be asked about them."""
    now = now or timezone.now()
    waiting = Attempt.objects.filter(state=Attempt.State.PENDING, created_at__lt=now - older_than, created_at__gt=now - timedelta(days=2))
    return list(waiting.order_by("created_at")[:200])


def _checked(day: date, statement: dict[str, Any]) -> dict[str, Movement]:
    rows = [Movement.read(row) for row in statement["rows"]]
    by_number = {row.transaction_id: row for row in rows}
    paid = sum(row.amount for row in rows if not row.refund_of)
    back = sum(row.amount for row in rows if row.refund_of)
    said = (statement.get("date"), statement.get("count"), statement.get("payments_total"), statement.get("refunds_total"))
    if said != (day.isoformat(), len(by_number), paid, back):
        raise ValueError(f"the statement of {day} contradicts itself: {said} against {len(rows)} rows, {paid} and {back} đồng")
    return by_number


def _missing_here(rows: dict[str, Movement]) -> Iterator[Found]:
    known = set(Payment.objects.filter(transaction_id__in=rows).values_list("transaction_id", flat=True))
    for number, row in rows.items():
        if not row.refund_of and number not in known:
            settle(row, source=Payment.Source.STATEMENT)
            yield Kind.MISSING_HERE, number, None, row.amount, RECORDED


def _compare_payments(day: date, rows: dict[str, Movement]) -> Iterator[Found]:
    ours = {payment.transaction_id or "": payment for payment in payments_of(day)}
    elsewhere = Payment.objects.filter(transaction_id__in=rows.keys() - ours.keys())
    ours |= {payment.transaction_id or "": payment for payment in elsewhere}
    for number, payment in ours.items():
        row = rows.get(number)
        if row is None:
            yield Kind.MISSING_THERE, number, payment.amount, None, ""
        elif row.amount != payment.amount:
            yield Kind.AMOUNT_DIFFERS, number, payment.amount, row.amount, ""
        if payment.standing == Payment.Standing.DOUBLE:
            settled = "Đã hoàn tiền" if payment.refund == Payment.Refund.REFUNDED else ""
            yield Kind.DOUBLE, number, payment.amount, row.amount if row else None, settled


def _compare_refunds(day: date, rows: dict[str, Movement]) -> Iterator[Found]:
    theirs = {row.refund_of: row for row in rows.values() if row.refund_of}
    ours = {payment.transaction_id: payment for payment in Payment.objects.filter(transaction_id__in=theirs)}
    for paid_by, row in theirs.items():
        payment = ours.get(paid_by)
        if payment is None or payment.refund != Payment.Refund.REFUNDED:
            done: Outcome = settle_refund(row)
            yield Kind.REFUND_MISSING_HERE, row.transaction_id, None, row.amount, RECORDED if done.status == 200 else ""
    start, end = _bounds(day)
    given_back = Payment.objects.filter(channel=Payment.Channel.GATEWAY, refunded_at__gte=start, refunded_at__lt=end)
    for payment in given_back.exclude(transaction_id__in=theirs):
        yield Kind.REFUND_MISSING_THERE, payment.refund_transaction_id, payment.amount, None, ""


def _keep(result: Reconciliation, found: list[Found]) -> None:
    """Settled differences stay as they are; open ones follow what was found now."""
    now = timezone.now()
    invoices = dict(Payment.objects.filter(transaction_id__in=[one[1] for one in found]).values_list("transaction_id", "invoice_id"))
    result.differences.filter(resolved_at=None).delete()
    for kind, number, ours, theirs, resolution in found:
        values: dict[str, Any] = {"ours": ours, "theirs": theirs, "invoice_id": invoices.get(number)}
        if resolution:
            values |= {"resolved_at": now, "resolution": resolution}
        result.differences.get_or_create(kind=kind, transaction_id=number, defaults=values)


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, start + timedelta(days=1)
