"""Everything that goes wrong between a payer, a bank and us. No đồng is lost, nothing counts as paid that was not."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.payments import handlers, services
from sonha.foundation.payments.models import Attempt, Callback, Invoice, Payment
from sonha.foundation.payments.services import cancel_invoice, expire_overdue, receive_callback, refresh
from sonha.foundation.payments.signing import gateway_secrets, sign

from .conftest import Sandbox, begin, bill

pytestmark = pytest.mark.django_db
Standing = Payment.Standing


def deliver(sandbox: Sandbox, attempt: Attempt) -> list[str]:
    return [receive_callback(payload).verdict for payload in sandbox.callbacks(attempt)]


def standings(invoice: Invoice) -> list[str]:
    return list(invoice.payments.order_by("pk").values_list("standing", flat=True))


def signed(**fields: Any) -> dict[str, Any]:
    """A callback made with the right secret: what only the gateway itself could send."""
    now = timezone.now().isoformat()
    base = {"event_id": "EV1", "event": "payment.succeeded", "partner": "LANGSON", "order_id": "", "currency": "VND", "at": now}
    return {**base, **fields, "signature": sign({**base, **fields}, gateway_secrets()[0])}


def test_paid_once_in_time(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill(400_000)
    attempt = begin(invoice)
    sandbox.act(attempt, "pay")
    assert deliver(sandbox, attempt) == ["accepted"]
    invoice.refresh_from_db()
    attempt.refresh_from_db()
    assert (invoice.state, attempt.state, standings(invoice)) == ("paid", "succeeded", ["settles"])
    assert [(told.pk, payment.amount) for told, payment in heard] == [(invoice.pk, 400_000)]


def test_the_same_callback_again_changes_nothing(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "pay")
    assert deliver(sandbox, attempt) + deliver(sandbox, attempt) == ["accepted", "duplicate"]
    assert (standings(invoice), len(heard)) == (["settles"], 1)


def test_the_second_of_two_payments_is_kept_and_marked_for_refund(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "twice")
    assert deliver(sandbox, attempt) == ["accepted", "accepted"]
    assert standings(invoice) == ["settles", "double"]
    assert list(invoice.payments.values_list("refund", flat=True)) == ["none", "due"]
    assert len(heard) == 1


def test_an_order_of_an_earlier_tab_paid_after_cash_at_the_desk(sandbox: Sandbox, heard: list[Any], receptionist: Actor) -> None:
    invoice = bill()
    attempt = begin(invoice)
    services.pay_at_desk(invoice, receptionist)
    sandbox.act(attempt, "pay")
    deliver(sandbox, attempt)
    assert standings(invoice) == ["settles", "double"]


def test_paid_after_the_due_time_does_not_count(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill(due_at=timezone.now() + timedelta(minutes=5))
    attempt = begin(invoice)
    sandbox.act(attempt, "late")  # one minute after the order, hence after the invoice
    assert deliver(sandbox, attempt) == ["accepted"]
    invoice.refresh_from_db()
    assert (invoice.state, standings(invoice), heard) == ("open", ["late"], [])
    assert invoice.payments.get().refund == "due"


def test_paid_in_time_counts_although_the_news_comes_after_expiry(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill(due_at=timezone.now() + timedelta(minutes=5))
    attempt = begin(invoice)
    sandbox.act(attempt, "pay")
    assert expire_overdue(timezone.now() + timedelta(hours=1)) == 1
    deliver(sandbox, attempt)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.cancelled_at, standings(invoice), len(heard)) == ("paid", None, ["settles"], 1)


def test_money_for_a_withdrawn_invoice_goes_back(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "pay")
    cancel_invoice(invoice, Actor.system("test"))
    deliver(sandbox, attempt)
    invoice.refresh_from_db()
    assert (invoice.state, standings(invoice), heard) == ("cancelled", ["late"], [])


def test_business_that_no_longer_wants_the_money_says_so(sandbox: Sandbox, heard: list[Any]) -> None:
    def closed(invoice: Invoice, payment: Payment) -> None:
        raise handlers.NotWanted("the dossier was closed")

    handlers.on_paid("test_fee", closed)
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "pay")
    assert deliver(sandbox, attempt) == ["accepted"]
    invoice.refresh_from_db()
    assert (invoice.state, standings(invoice), invoice.payments.get().refund) == ("open", ["late"], "due")


@pytest.mark.parametrize("difference", [-1000, 1000])
def test_another_amount_does_not_settle(sandbox: Sandbox, heard: list[Any], difference: int) -> None:
    invoice = bill(400_000)
    attempt = begin(invoice)
    payload = signed(transaction_id=f"TXW{difference}", reference=attempt.code, amount=400_000 + difference)
    assert receive_callback(payload).verdict == "accepted"
    invoice.refresh_from_db()
    assert (invoice.state, standings(invoice), heard) == ("open", ["wrong_amount"], [])
    assert invoice.payments.get().amount == 400_000 + difference


def test_paid_short_at_the_bank_then_in_full(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill(400_000)
    first = begin(invoice)
    sandbox.act(first, "short")
    deliver(sandbox, first)
    second = begin(invoice)
    assert second.pk != first.pk
    sandbox.act(second, "pay")
    deliver(sandbox, second)
    assert standings(invoice) == ["wrong_amount", "settles"]


def test_a_wrong_signature_is_kept_and_believed_in_nothing(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "forged")
    outcome = receive_callback(sandbox.callbacks(attempt)[0])
    assert (outcome.verdict, outcome.status) == ("bad_signature", 401)
    invoice.refresh_from_db()
    assert (invoice.state, standings(invoice), heard) == ("open", [], [])
    kept = Callback.objects.get()
    assert kept.reference == attempt.code and "TXFORGED" in kept.raw


def test_a_changed_amount_breaks_the_signature(sandbox: Sandbox, heard: list[Any]) -> None:
    attempt = begin(bill())
    sandbox.act(attempt, "pay")
    payload = sandbox.callbacks(attempt)[0] | {"amount": 1}
    assert receive_callback(payload).verdict == "bad_signature"


def test_money_for_an_unknown_order_is_kept_for_refund(sandbox: Sandbox) -> None:
    outcome = receive_callback(signed(transaction_id="TXU", reference="GD000101-NOBODY", amount=5000))
    assert outcome.verdict == "accepted" and outcome.payment is not None
    assert (outcome.payment.standing, outcome.payment.refund, outcome.payment.invoice) == ("unknown_order", "due", None)


def test_one_transaction_number_with_two_amounts_is_a_conflict(sandbox: Sandbox) -> None:
    receive_callback(signed(transaction_id="TXC", reference="GD-1", amount=5000))
    outcome = receive_callback(signed(transaction_id="TXC", reference="GD-1", amount=6000))
    assert (outcome.verdict, outcome.status) == ("conflict", 409)
    assert Payment.objects.get(transaction_id="TXC").amount == 5000


def test_failure_reported_after_success_does_not_undo_it(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "fail")
    sandbox.act(attempt, "pay")
    failed, paid = sandbox.callbacks(attempt)
    assert [receive_callback(one).verdict for one in (paid, failed)] == ["accepted", "duplicate"]
    attempt.refresh_from_db()
    invoice.refresh_from_db()
    assert (attempt.state, invoice.state) == ("succeeded", "paid")


def test_after_a_failure_the_payer_tries_again(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    first = begin(invoice)
    sandbox.act(first, "fail")
    deliver(sandbox, first)
    first.refresh_from_db()
    assert (first.state, begin(invoice).pk != first.pk) == ("failed", True)


def test_a_refund_told_before_its_payment_is_asked_to_come_again(sandbox: Sandbox) -> None:
    refund = signed(event="refund.succeeded", transaction_id="RF1", reference="GD-2", amount=5000, refund_of="TXR")
    assert receive_callback(refund).status == 409
    receive_callback(signed(transaction_id="TXR", reference="GD-2", amount=5000))
    assert [receive_callback(refund).verdict for _ in range(2)] == ["accepted", "duplicate"]
    assert Payment.objects.get(transaction_id="TXR").refund == "refunded"


def test_when_the_business_fails_nothing_is_paid_and_the_gateway_comes_again(sandbox: Sandbox, heard: list[Any]) -> None:
    broken = [True]

    def handler(invoice: Invoice, payment: Payment) -> None:
        if broken:
            raise RuntimeError("disk full")

    handlers.on_paid("test_fee", handler)
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "pay")
    with pytest.raises(RuntimeError):
        deliver(sandbox, attempt)
    invoice.refresh_from_db()
    assert (invoice.state, standings(invoice)) == ("open", [])
    assert Callback.objects.get().verdict == "failed"
    broken.clear()
    assert deliver(sandbox, attempt) == ["accepted"]
    assert standings(invoice) == ["settles"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"signature": 5}',
        b"\xff\xfe",
        b"[" * 9000,
        b'{"signature":"x","a":' + b"1" * 17000 + b"}",
        b'{"signature":"x","a":1.5}',
    ],
)
def test_rubbish_is_kept_and_refused(sandbox: Sandbox, raw: bytes) -> None:
    assert receive_callback(raw).verdict in ("malformed", "bad_signature")
    assert len(Callback.objects.get().raw) <= 16 * 1024


@pytest.mark.parametrize(
    "fields",
    [{"amount": True}, {"amount": -5}, {"amount": "5000"}, {"currency": "USD"}, {"at": "hôm nay"}, {"at": "2026-11-21T08:00:00"},
     {"transaction_id": ""}, {"transaction_id": "x" * 65}, {"transaction_id": None}, {"event": "payment.dreamt"}, {"partner": "THANHHOA"}],
)  # fmt: skip
def test_signed_nonsense_is_not_money(sandbox: Sandbox, fields: dict[str, Any]) -> None:
    payload = signed(**({"transaction_id": "TXN", "reference": "GD-3", "amount": 5000} | fields))
    assert receive_callback(json.dumps(payload)).verdict == "malformed"
    assert not Payment.objects.exists()


def test_the_payer_is_back_before_the_callback(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "delayed")
    assert refresh(attempt).state == "succeeded"
    assert deliver(sandbox, attempt) == ["duplicate"]
    assert (standings(invoice), invoice.payments.get().source, len(heard)) == (["settles"], "query", 1)
