"""Any order and any repetition of acts and callbacks: paid only by a full valid payment, and every đồng of the gateway is on our books."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.payments.models import Attempt, Invoice, Payment
from sonha.foundation.payments.services import PaymentRefused, cancel_invoice, expire_overdue, receive_callback, refresh

from .conftest import Sandbox, begin, bill

pytestmark = pytest.mark.django_db

acts = st.sampled_from(["pay", "twice", "late", "silent", "short", "fail", "forged", "order", "cancel", "expire", "refresh", "deliver"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(st.tuples(acts, st.integers(0, 50)), min_size=1, max_size=12))
def test_no_order_of_events_loses_money_or_pays_for_nothing(sandbox: Sandbox, heard: list[Any], script: list[tuple[str, int]]) -> None:
    invoice, told_before = bill(250_000), len(heard)
    attempts = [begin(invoice)]
    for act, which in script:
        step(sandbox, invoice, attempts, act, which)
        paid_only_by_full_money(sandbox, invoice, attempts)
    for attempt in attempts:  # at last every callback arrives, some for the second time, and the books are asked to agree
        for payload in [*sandbox.callbacks(attempt), *sandbox.callbacks(attempt)]:
            receive_callback(payload)
        refresh(attempt)
    paid_only_by_full_money(sandbox, invoice, attempts)
    theirs = [row["amount"] for attempt in attempts for row in sandbox.money(attempt.code) if row["kind"] == "payment"]
    ours = list(Payment.objects.filter(invoice=invoice).values_list("amount", flat=True))
    assert sorted(ours) == sorted(theirs)
    invoice.refresh_from_db()
    assert len(heard) - told_before == (1 if invoice.state == Invoice.State.PAID else 0)
    unwanted = Payment.objects.filter(invoice=invoice).exclude(standing=Payment.Standing.SETTLES)
    assert set(unwanted.values_list("refund", flat=True)) <= {Payment.Refund.DUE}


def step(sandbox: Sandbox, invoice: Invoice, attempts: list[Attempt], act: str, which: int) -> None:
    attempt = attempts[which % len(attempts)]
    if act == "deliver":
        waiting = [payload for one in attempts for payload in sandbox.callbacks(one)]
        if waiting:
            receive_callback(waiting[which % len(waiting)])
    elif act == "refresh":
        refresh(attempt)
    elif act == "expire":
        Invoice.objects.filter(pk=invoice.pk, state=Invoice.State.OPEN).update(due_at=attempt.expires_at)
        expire_overdue(attempt.expires_at.replace(year=2100))
    elif act in ("cancel", "order"):
        try:
            if act == "cancel":
                cancel_invoice(invoice, Actor.system("test"))
            elif (begun := begin(invoice)) not in attempts:
                attempts.append(begun)
        except PaymentRefused:
            pass  # the invoice is paid or over: the refusal itself is tested elsewhere
    else:
        sandbox.act(attempt, act)


def paid_only_by_full_money(sandbox: Sandbox, invoice: Invoice, attempts: list[Attempt]) -> None:
    invoice.refresh_from_db()
    settling = list(invoice.payments.filter(standing=Payment.Standing.SETTLES))
    assert bool(settling) == (invoice.state == Invoice.State.PAID)
    for payment in settling:
        real = {row["transaction_id"]: row["amount"] for attempt in attempts for row in sandbox.money(attempt.code)}
        assert real[payment.transaction_id] == payment.amount == invoice.total
