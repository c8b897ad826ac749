"""Writes of payments: issuing and cancelling invoices, starting a payment, cash at the desk, refunds."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal, TypedDict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import HANDLING, Role
from sonha.foundation.audit import services as audit
from sonha.foundation.jobs.services import enqueue

from . import gateway, handlers
from .models import Attempt, Invoice, Payment, ReceiptCounter
from .settlement import Movement, mark_paid, receive_callback, settle, settle_refund

__all__ = [
    "cancel_invoice",
    "expire_overdue",
    "issue_invoice",
    "pay_at_desk",
    "receive_callback",
    "refresh",
    "request_refund",
    "start_payment",
]

ORDER_LIFE = timedelta(minutes=15)
SHORTEST_ORDER = timedelta(minutes=1)
KINDS = ("fee", "charge", "right_fee")
FINANCE = (Role.ADMINISTRATOR,)


class Line(TypedDict):
    """One line of an invoice; `amount` in whole đồng, above zero."""

    code: str
    kind: Literal["fee", "charge", "right_fee"]
    title: str
    amount: int


class PaymentRefused(Exception):
    """The act is not possible; the text is one sentence for the person who tried."""


def issue_invoice(
    *, subject_kind: str, subject_ref: str, title: str, lines: Iterable[Line], payer_name: str, actor: Actor, due_at: datetime | None = None
) -> Invoice:
    """Asks for money for `subject_kind`/`subject_ref`.

    ValueError when a line is malformed or nothing is to be paid (free things need no invoice).
    """
    checked = [_line(line) for line in lines]
    total = sum(line["amount"] for line in checked)
    if total <= 0:
        raise ValueError("an invoice asks for more than nothing")
    if due_at is not None and timezone.is_naive(due_at):
        raise ValueError("due_at has no time zone")
    with transaction.atomic():
        invoice = Invoice.objects.create(
            subject_kind=subject_kind, subject_ref=str(subject_ref), title=title[:250], lines=checked, total=total,
            payer_name=payer_name[:250], due_at=due_at,
        )  # fmt: skip
        audit.record("invoice.issued", subject=invoice, actor=actor, payload={"total": total})
    return invoice


@transaction.atomic
def cancel_invoice(invoice: Invoice, actor: Actor | None, *, reason: str = Invoice.CancelReason.WITHDRAWN) -> Invoice:
    """Cancels an open invoice. PaymentRefused when it was paid meanwhile. Money that still arrives is kept and marked for refund."""
    locked = _lock(invoice)
    if locked.state == Invoice.State.CANCELLED:
        return locked
    if locked.state != Invoice.State.OPEN:
        raise PaymentRefused(_("Phiếu này đã được thanh toán nên không huỷ được; hãy yêu cầu hoàn tiền."))
    locked.state, locked.cancelled_at, locked.cancel_reason = Invoice.State.CANCELLED, timezone.now(), Invoice.CancelReason(reason)
    locked.save()
    audit.record("invoice.cancelled", subject=locked, actor=actor, payload={"reason": str(locked.cancel_reason)})
    handlers.cancelled(locked)
    return locked


def expire_overdue(now: datetime | None = None) -> int:
    """Cancels open invoices whose due time has passed and returns how many.

    A payment made in time still counts when its news comes later.
    """
    overdue = Invoice.objects.filter(state=Invoice.State.OPEN, due_at__lt=(now or timezone.now()))
    done = 0
    for invoice in overdue.iterator():
        try:
            done += cancel_invoice(invoice, None, reason=Invoice.CancelReason.EXPIRED).cancel_reason == Invoice.CancelReason.EXPIRED
        except PaymentRefused:
            continue  # paid at this very moment
    return done


def start_payment(invoice: Invoice, return_url: str) -> str:
    """The address of the gateway's page for this invoice. A running order is used again, so that two tabs do not pay twice.

    Must not be called inside a transaction: the attempt has to be visible before the gateway can call back. PaymentRefused with a sentence.
    """
    with transaction.atomic(durable=True):
        locked = _lock(invoice)
        now = timezone.now()
        if locked.state == Invoice.State.PAID:
            raise PaymentRefused(_("Phiếu này đã được thanh toán, ông/bà không cần nộp lại."))
        if locked.state != Invoice.State.OPEN or (locked.due_at and locked.due_at < now + SHORTEST_ORDER):
            raise PaymentRefused(_("Phiếu này đã hết hiệu lực; xin liên hệ bộ phận một cửa để được lập phiếu mới."))
        running = locked.attempts.filter(state=Attempt.State.PENDING, expires_at__gt=now + SHORTEST_ORDER).last()
        attempt = running or Attempt.objects.create(
            invoice=locked, amount=locked.total, expires_at=min(filter(None, (now + ORDER_LIFE, locked.due_at)))
        )
    if not attempt.pay_url:
        _place(attempt, return_url)
    return attempt.pay_url


def _place(attempt: Attempt, return_url: str) -> None:
    invoice = attempt.invoice
    try:
        order = gateway.create_order(
            reference=attempt.code, amount=attempt.amount, description=f"{invoice.code} {invoice.title}", payer=invoice.payer_name,
            return_url=return_url, expires_at=attempt.expires_at,
        )  # fmt: skip
    except (gateway.GatewayUnavailable, gateway.GatewayRefused) as error:
        raise PaymentRefused(
            _("Cổng thanh toán chưa trả lời; ông/bà chưa bị trừ tiền, xin thử lại sau ít phút hoặc nộp tại quầy.")
        ) from error
    pay_url = str(order.get("pay_url", ""))
    if order.get("amount") != attempt.amount or order.get("reference") != attempt.code or not pay_url.startswith(("https://", "http://")):
        raise PaymentRefused(_("Cổng thanh toán trả lời không khớp với phiếu; xin báo cho bộ phận một cửa."))
    attempt.order_id, attempt.pay_url = str(order.get("order_id", ""))[:64], pay_url
    attempt.save(update_fields=["order_id", "pay_url"])


def refresh(attempt: Attempt) -> Attempt:
    """Asks the gateway about an attempt and records what it says: used when the payer is back before the callback. GatewayUnavailable."""
    try:
        order = gateway.order(attempt.code)
    except gateway.GatewayRefused:
        order = {"state": "expired"}  # the order never reached the gateway
    for row in order.get("transactions", []):
        movement = Movement.read(row)
        settle_refund(movement) if movement.refund_of else settle(movement, source=Payment.Source.QUERY)
    attempt.refresh_from_db()
    ended = {"failed": Attempt.State.FAILED, "expired": Attempt.State.EXPIRED, "closed": Attempt.State.FAILED}.get(str(order.get("state")))
    if attempt.state == Attempt.State.PENDING and ended and (ended == Attempt.State.FAILED or attempt.expires_at < timezone.now()):
        Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.PENDING).update(state=ended)
        attempt.refresh_from_db()
    return attempt


def may_take_cash(actor: Actor, invoice: Invoice) -> bool:
    """Officials who handle dossiers take cash for the invoices that they may see by their posts, so not for their own."""
    return actor.user is not None and actor.has_role(*HANDLING) and handlers.may_see(actor.in_office(), invoice)


@transaction.atomic
def pay_at_desk(invoice: Invoice, actor: Actor) -> Payment:
    """Takes cash for an open invoice and gives the next receipt number of the year (`BL-2026-000001`, without gaps).

    PaymentRefused otherwise.
    """
    if not may_take_cash(actor, invoice):
        raise PaymentRefused(_("Chỉ cán bộ đang xử lý hồ sơ này mới được thu tiền tại quầy."))
    locked = _lock(invoice)
    if locked.state == Invoice.State.PAID:
        raise PaymentRefused(_("Phiếu này đã được thanh toán, không thu thêm."))
    if locked.state != Invoice.State.OPEN:
        raise PaymentRefused(_("Phiếu này không còn hiệu lực, không thu tiền theo phiếu này."))
    payment = Payment.objects.create(
        invoice=locked, channel=Payment.Channel.DESK, source=Payment.Source.DESK, standing=Payment.Standing.SETTLES, amount=locked.total,
        at=timezone.now(), receipt_number=_next_receipt(), received_by_id=actor.user_id,
    )  # fmt: skip
    try:
        mark_paid(payment)
    except handlers.NotWanted as error:
        raise PaymentRefused(_("Hồ sơ không còn nhận thanh toán theo phiếu này, không thu tiền.")) from error
    return payment


@transaction.atomic
def request_refund(payment: Payment, actor: Actor, *, reason: str) -> Payment:
    """Asks the gateway, by a job, to give one payment back in full; cash is handed back at once.

    PaymentRefused when that was done before.
    """
    if not actor.is_system and not actor.has_role(*FINANCE):
        raise PaymentRefused(_("Ông/bà không được giao việc hoàn tiền."))
    invoice = Invoice.objects.select_for_update().get(pk=payment.invoice_id) if payment.invoice_id else None
    locked = Payment.objects.select_for_update().get(pk=payment.pk)
    if locked.refund in (Payment.Refund.REQUESTED, Payment.Refund.REFUNDED):
        raise PaymentRefused(_("Khoản này đã được yêu cầu hoàn trước đó."))
    if not reason.strip():
        raise PaymentRefused(_("Xin ghi lý do hoàn tiền."))
    locked.refund, locked.refund_reference = Payment.Refund.REQUESTED, f"HT{locked.pk:08d}"
    locked.save()
    facts = {"amount": locked.amount, "payment": locked.pk}
    audit.record("payment.refund_requested", subject=invoice or locked, actor=actor, payload=facts)
    if locked.channel == Payment.Channel.DESK:
        _give_cash_back(locked, invoice, facts)
    else:
        enqueue("payments.send_refund", payment=locked.pk, reason=reason.strip()[:200])
    return locked


def send_refund(payment: Payment, reason: str) -> None:
    """Carries a requested refund to the gateway; safe to repeat. GatewayUnavailable or GatewayRefused when it did not go through."""
    if payment.refund != Payment.Refund.REQUESTED:
        return
    answer = gateway.refund(
        refund_reference=payment.refund_reference, transaction_id=payment.transaction_id or "", amount=payment.amount, reason=reason
    )
    settle_refund(Movement.read(answer))


def _give_cash_back(payment: Payment, invoice: Invoice | None, facts: dict[str, Any]) -> None:
    payment.refund, payment.refunded_at = Payment.Refund.REFUNDED, timezone.now()
    payment.save()
    if invoice:
        invoice.state = Invoice.State.REFUNDED
        invoice.save()
        audit.record("invoice.refunded", subject=invoice, actor=None, payload=facts)


def _line(line: Line) -> Line:
    amount = line.get("amount")
    if type(amount) is not int or not 0 < amount < 10**15:
        raise ValueError(f"line {line.get('code')!r}: the amount must be a whole number of đồng above zero")
    if line.get("kind") not in KINDS or not line.get("title") or not line.get("code"):
        raise ValueError(f"line {line.get('code')!r}: code, title and a kind of {KINDS} are needed")
    return {"code": str(line["code"]), "kind": line["kind"], "title": str(line["title"]), "amount": amount}


def _lock(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_for_update().get(pk=invoice.pk)


def _next_receipt() -> str:
    year = timezone.localdate().year
    ReceiptCounter.objects.get_or_create(year=year)
    counter = ReceiptCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save()
    return f"BL-{year}-{counter.last:06d}"
