"""Reads of payments. Every function takes the actor first and gives only what the registered rule lets that actor see."""

from django.db.models import QuerySet, Sum

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role

from .handlers import may_see
from .models import Attempt, Invoice, Payment, Reconciliation

READERS = (Role.ADMINISTRATOR, Role.AUDITOR)


def invoice(actor: Actor, code: str) -> Invoice | None:
    """The invoice `code` when the actor may see it."""
    found = Invoice.objects.filter(code=code).first()
    return found if found and may_see(actor, found) else None


def invoice_of_attempt(actor: Actor, reference: str) -> tuple[Invoice, Attempt] | None:
    """Invoice and attempt of a gateway reference when the actor may see the invoice."""
    attempt = Attempt.objects.select_related("invoice").filter(code=reference).first()
    return (attempt.invoice, attempt) if attempt and may_see(actor, attempt.invoice) else None


def invoices_of(actor: Actor, subject_kind: str, subject_ref: str) -> list[Invoice]:
    """All invoices of one subject, oldest first."""
    found = Invoice.objects.filter(subject_kind=subject_kind, subject_ref=str(subject_ref)).prefetch_related("payments")
    return [one for one in found if may_see(actor, one)]


def outstanding(actor: Actor, subject_kind: str, subject_ref: str) -> int:
    """Đồng still to be paid for one subject: the sum of its open invoices that the actor may see (the engine asks as `Actor.system`)."""
    return sum(one.total for one in invoices_of(actor, subject_kind, subject_ref) if one.state == Invoice.State.OPEN)


def may_oversee(actor: Actor) -> bool:
    """Whether the actor sees the money of the whole province: reconciliation and refunds."""
    return actor.is_system or actor.has_role(*READERS)


def reconciliations(actor: Actor) -> QuerySet[Reconciliation]:
    return Reconciliation.objects.all() if may_oversee(actor) else Reconciliation.objects.none()


def payments_to_refund(actor: Actor) -> QuerySet[Payment]:
    """Money that must go back to the payer, oldest first."""
    waiting = Payment.objects.filter(refund__in=[Payment.Refund.DUE, Payment.Refund.REQUESTED]).select_related("invoice").order_by("at")
    return waiting if may_oversee(actor) else waiting.none()


def received(actor: Actor, subject_kind: str, subject_ref: str) -> int:
    """Đồng kept for one subject: settled and not given back."""
    codes = [one.pk for one in invoices_of(actor, subject_kind, subject_ref)]
    kept = Payment.objects.filter(invoice_id__in=codes, standing=Payment.Standing.SETTLES).exclude(refund=Payment.Refund.REFUNDED)
    return kept.aggregate(total=Sum("amount"))["total"] or 0
