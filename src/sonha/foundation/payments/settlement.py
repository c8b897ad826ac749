"""Taking note of money: every movement the gateway confirms becomes one `Payment`, whatever state the invoice is in.

Facts come by callback, by asking the gateway, and by its daily statement, in any order and any number of times; all end in `settle`, which
is idempotent by the gateway's transaction number. An invoice becomes paid only here and by cash at the desk.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from sonha.foundation.audit import services as audit

from . import handlers
from .models import Attempt, Callback, Invoice, Payment
from .signing import verify

Verdict = Callback.Verdict
Standing = Payment.Standing
LARGEST_CALLBACK = 16 * 1024  # bytes
ANSWERS = {Verdict.BAD_SIGNATURE: 401, Verdict.MALFORMED: 400, Verdict.EARLY: 409, Verdict.CONFLICT: 409, Verdict.FAILED: 500}


@dataclass(frozen=True)
class Movement:
    """Money taken or given back, as the gateway states it. `amount` in đồng, `at` aware."""

    transaction_id: str
    reference: str
    amount: int
    at: datetime
    refund_of: str = ""

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Movement":
        """From a callback, an order or a statement row. ValueError when a field is missing or has the wrong form."""
        amount, currency = row.get("amount"), row.get("currency")
        texts = {key: row.get(key, "") for key in ("transaction_id", "reference", "refund_of")}
        if type(amount) is not int or not 0 < amount < 2**62 or currency != "VND":
            raise ValueError("amount must be a whole number of đồng above zero")
        if (
            not all(isinstance(text, str) and len(text) <= 64 and "\x00" not in text for text in texts.values())
            or not texts["transaction_id"]
        ):
            raise ValueError("transaction_id and reference must be texts of at most 64 characters")
        try:
            at = datetime.fromisoformat(str(row.get("at")))
            at.astimezone(timezone.get_current_timezone())
        except OverflowError:
            raise ValueError("at is out of range") from None
        if timezone.is_naive(at):
            raise ValueError("at has no time zone")
        return cls(amount=amount, at=at, **texts)


@dataclass(frozen=True)
class Outcome:
    """What became of a callback; `status` is the HTTP answer that makes the gateway stop or try again."""

    verdict: str
    payment: Payment | None = None

    @property
    def status(self) -> int:
        return ANSWERS.get(Verdict(self.verdict), 200)


def receive_callback(payload: bytes | str | dict[str, Any], *, address: str | None = None) -> Outcome:
    """Takes one callback.

    It is kept raw first, in a transaction of its own, then judged; calling again with the same payload changes nothing.
    """
    raw = payload if isinstance(payload, bytes) else payload.encode() if isinstance(payload, str) else json.dumps(payload).encode()
    kept = Callback.objects.create(raw=raw[:LARGEST_CALLBACK].decode(errors="replace").replace("\x00", "\ufffd"), address=address)
    try:
        with transaction.atomic():
            outcome, note = _judge(kept, raw)
            kept.verdict, kept.payment, kept.note = outcome.verdict, outcome.payment, note[:250]
            kept.save()
    except Exception as error:
        Callback.objects.filter(pk=kept.pk).update(verdict=Verdict.FAILED, note=f"{type(error).__name__}: {error}"[:250])
        raise
    return outcome


def _judge(kept: Callback, raw: bytes) -> tuple[Outcome, str]:
    try:
        message = json.loads(raw) if len(raw) <= LARGEST_CALLBACK else None
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict) or not isinstance(message.get("signature"), str):
        return Outcome(Verdict.MALFORMED), "not a signed JSON object"
    signature = message.pop("signature")
    kept.event_id, kept.reference = _text(message.get("event_id")), _text(message.get("reference"))
    if not verify(message, signature):
        return Outcome(Verdict.BAD_SIGNATURE), ""
    if message.get("partner") != settings.SONHA_PAYMENT["partner"]:
        return Outcome(Verdict.MALFORMED), "meant for another partner"
    event = message.get("event")
    if event == "payment.failed":
        failed = Attempt.objects.filter(code=kept.reference, state=Attempt.State.PENDING).update(state=Attempt.State.FAILED)
        return Outcome(Verdict.ACCEPTED if failed else Verdict.DUPLICATE), ""
    if event not in ("payment.succeeded", "refund.succeeded"):
        return Outcome(Verdict.MALFORMED), f"unknown event {event!r}"
    try:
        movement = Movement.read(message)
    except ValueError as error:
        return Outcome(Verdict.MALFORMED), str(error)
    if event == "payment.succeeded":
        return settle(movement, source=Payment.Source.CALLBACK), ""
    return settle_refund(movement), ""


@transaction.atomic
def settle(movement: Movement, *, source: str) -> Outcome:
    """Records money received and, when it is the full amount for an open invoice in time, marks the invoice paid and tells the business."""
    attempt = Attempt.objects.filter(code=movement.reference).first()
    invoice = Invoice.objects.select_for_update().get(pk=attempt.invoice_id) if attempt else None
    if known := Payment.objects.filter(transaction_id=movement.transaction_id).first():
        return _again(known, movement)
    payment = Payment(
        invoice=invoice, attempt=attempt, channel=Payment.Channel.GATEWAY, source=source, standing=standing_of(invoice, movement),
        amount=movement.amount, transaction_id=movement.transaction_id, reference=movement.reference, at=movement.at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            _mark(payment)
    except IntegrityError:  # the same transaction number without a common invoice lock, at the same moment
        known = Payment.objects.filter(transaction_id=movement.transaction_id).first()
        if known is None:
            raise
        return _again(known, movement)
    if attempt and attempt.state != Attempt.State.SUCCEEDED:
        Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.SUCCEEDED)
    return Outcome(Verdict.ACCEPTED, payment)


def standing_of(invoice: Invoice | None, movement: Movement) -> str:
    """What a new payment is to its invoice. In time means paid by the due time, however late the news comes."""
    if invoice is None:
        return Standing.UNKNOWN_ORDER
    if invoice.state in (Invoice.State.PAID, Invoice.State.REFUNDED):
        return Standing.DOUBLE
    if movement.amount != invoice.total:
        return Standing.WRONG_AMOUNT
    in_time = invoice.due_at is None or movement.at <= invoice.due_at
    withdrawn = invoice.state == Invoice.State.CANCELLED and invoice.cancel_reason != Invoice.CancelReason.EXPIRED
    return Standing.SETTLES if in_time and not withdrawn else Standing.LATE


def _mark(payment: Payment) -> None:
    if payment.standing == Standing.SETTLES:
        try:
            with transaction.atomic():
                payment.save()
                mark_paid(payment)
            return
        except handlers.NotWanted:
            payment.pk, payment.standing = None, Standing.LATE
            payment._state.adding = True
    payment.refund = Payment.Refund.DUE
    payment.save()
    subject: Any = payment.invoice or payment
    facts = {"amount": payment.amount, "payment": payment.pk, "standing": str(payment.standing)}
    audit.record("payment.unwanted", subject=subject, actor=None, payload=facts)


def mark_paid(payment: Payment) -> None:
    """Marks the payment's invoice paid and runs the handlers of its subject. The caller holds the invoice's row lock."""
    invoice = Invoice.objects.get(payments=payment)
    invoice.state, invoice.paid_at = Invoice.State.PAID, payment.at
    invoice.cancelled_at, invoice.cancel_reason = None, ""
    invoice.save()
    facts = {"amount": payment.amount, "payment": payment.pk, "source": str(payment.source)}
    audit.record("invoice.paid", subject=invoice, actor=None, payload=facts)
    handlers.paid(invoice, payment)


@transaction.atomic
def settle_refund(movement: Movement) -> Outcome:
    """Records money given back for the payment `movement.refund_of`.

    Before that payment is known the news is too early: it will come again.
    """
    payment = Payment.objects.filter(transaction_id=movement.refund_of).first()
    if payment is None:
        return Outcome(Verdict.EARLY)
    invoice = Invoice.objects.select_for_update().get(pk=payment.invoice_id) if payment.invoice_id else None
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.refund == Payment.Refund.REFUNDED:
        same = payment.refund_transaction_id == movement.transaction_id
        return Outcome(Verdict.DUPLICATE if same else Verdict.CONFLICT, payment)
    if movement.amount != payment.amount:
        return Outcome(Verdict.CONFLICT, payment)
    payment.refund, payment.refunded_at, payment.refund_transaction_id = Payment.Refund.REFUNDED, movement.at, movement.transaction_id
    payment.save()
    facts = {"amount": payment.amount, "payment": payment.pk}
    audit.record("payment.refunded", subject=invoice or payment, actor=None, payload=facts)
    if invoice and payment.standing == Standing.SETTLES:
        invoice.state = Invoice.State.REFUNDED
        invoice.save()
        audit.record("invoice.refunded", subject=invoice, actor=None, payload=facts)
    return Outcome(Verdict.ACCEPTED, payment)


def _again(known: Payment, movement: Movement) -> Outcome:
    same = (known.amount, known.reference) == (movement.amount, movement.reference)
    return Outcome(Verdict.DUPLICATE if same else Verdict.CONFLICT, known)


def _text(value: Any) -> str:
    return value[:64].replace("\x00", "") if isinstance(value, str) else ""
