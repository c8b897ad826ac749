"""Issuing, starting, cash at the desk, refunds."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.payments import gateway, handlers, selectors, services, tasks
from sonha.foundation.payments.models import Attempt, Callback, Invoice, Payment
from sonha.foundation.payments.services import PaymentRefused

from .conftest import RETURN_URL, Sandbox, begin, bill

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("amount", [0, -1, True, 1.0, "5", 10**15])
def test_an_invoice_line_is_whole_dong_above_zero(amount: Any) -> None:
    with pytest.raises(ValueError, match="đồng"):
        bill(amount)


def test_the_database_itself_refuses_a_second_settling_payment() -> None:
    invoice = bill()
    values = {"invoice": invoice, "channel": "desk", "source": "desk", "standing": "settles", "amount": 1, "at": timezone.now()}
    Payment.objects.create(**values, receipt_number="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(**values, receipt_number="B")


def test_two_tabs_share_one_order(sandbox: Sandbox) -> None:
    invoice = bill()
    first, second = services.start_payment(invoice, RETURN_URL), services.start_payment(invoice, RETURN_URL)
    assert first == second
    assert Attempt.objects.count() == 1


def test_the_order_never_outlives_the_invoice(sandbox: Sandbox) -> None:
    due = timezone.now() + timedelta(minutes=5)
    assert begin(bill(due_at=due)).expires_at == due


def test_a_gateway_that_is_down_takes_no_money_and_says_so(settings: Any, sandbox: Sandbox, monkeypatch: Any) -> None:
    monkeypatch.setattr(gateway, "WAITS", ())
    settings.SONHA_PAYMENT = {**sandbox.settings, "base_url": "http://127.0.0.1:9"}
    invoice = bill()
    with pytest.raises(PaymentRefused, match="chưa bị trừ tiền"):
        services.start_payment(invoice, RETURN_URL)
    settings.SONHA_PAYMENT = sandbox.settings
    assert services.start_payment(invoice, RETURN_URL).startswith(sandbox.url)
    assert invoice.attempts.count() == 1  # the same attempt was placed, not a second


def test_an_answer_signed_by_somebody_else_is_no_answer(settings: Any, sandbox: Sandbox, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(gateway, "WAITS", ())
    attempt = begin(bill())
    monkeypatch.setattr(gateway, "verify", lambda message, signature: False)
    with pytest.raises(gateway.GatewayUnavailable, match="signature"):
        gateway.order(attempt.code)


def test_nothing_is_started_for_a_paid_cancelled_or_overdue_invoice(sandbox: Sandbox, heard: list[Any], receptionist: Actor) -> None:
    paid, cancelled = bill(), bill()
    services.pay_at_desk(paid, receptionist)
    services.cancel_invoice(cancelled, receptionist)
    for invoice in (paid, cancelled, bill(due_at=timezone.now() - timedelta(minutes=1))):
        with pytest.raises(PaymentRefused):
            services.start_payment(invoice, RETURN_URL)
    with pytest.raises(PaymentRefused, match="hoàn tiền"):
        services.cancel_invoice(paid, receptionist)


def test_cash_at_the_desk_settles_with_the_next_receipt_number(heard: list[Any], receptionist: Actor) -> None:
    first, second = (services.pay_at_desk(bill(), receptionist) for _ in range(2))
    year = timezone.localdate().year
    assert [first.receipt_number, second.receipt_number] == [f"BL-{year}-000001", f"BL-{year}-000002"]
    assert first.received_by_id == receptionist.user_id and len(heard) == 2
    with pytest.raises(PaymentRefused, match="không thu thêm"):
        services.pay_at_desk(first.invoice, receptionist)  # type: ignore[arg-type]


def test_a_refused_desk_payment_leaves_no_gap_in_the_receipts(heard: list[Any], receptionist: Actor) -> None:
    def closed(invoice: Invoice, payment: Payment) -> None:
        raise handlers.NotWanted

    handlers.on_paid("test_fee", closed)
    with pytest.raises(PaymentRefused):
        services.pay_at_desk(bill(), receptionist)
    handlers._on_paid["test_fee"].remove(closed)
    assert str(services.pay_at_desk(bill(), receptionist).receipt_number).endswith("000001")


def test_only_officials_who_see_the_invoice_take_cash(heard: list[Any], receptionist: Actor) -> None:
    invoice = bill()
    for stranger in (Actor.anonymous(), Actor(user=receptionist.user, name="người dân")):
        with pytest.raises(PaymentRefused):
            services.pay_at_desk(invoice, stranger)
    handlers.register_access("test_fee", lambda actor, seen: False)
    with pytest.raises(PaymentRefused):
        services.pay_at_desk(invoice, receptionist)


@pytest.mark.django_db(transaction=True)
def test_two_receptionists_take_cash_for_one_invoice_at_once(heard: list[Any], receptionist: Actor) -> None:
    invoice, results = bill(), []

    def take() -> None:
        try:
            results.append(services.pay_at_desk(invoice, receptionist).receipt_number)
        except PaymentRefused:
            results.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([number for number in results if number]) == 1 and len(results) == 4
    assert invoice.payments.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_callback_on_four_connections_at_once(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "pay")
    payload, verdicts = sandbox.callbacks(attempt)[0], []

    def receive() -> None:
        try:
            verdicts.append(services.receive_callback(payload).verdict)
        finally:
            connection.close()

    threads = [threading.Thread(target=receive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(verdicts) == ["accepted", "duplicate", "duplicate", "duplicate"]
    assert (invoice.payments.count(), len(heard)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_payments_for_one_invoice_told_at_the_same_moment(sandbox: Sandbox, heard: list[Any]) -> None:
    handlers.on_paid("test_fee", lambda invoice, payment: time.sleep(0.3))  # the second message comes while the first is being handled
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "twice")
    verdicts: list[str] = []

    def receive(payload: dict[str, Any]) -> None:
        try:
            verdicts.append(services.receive_callback(payload).verdict)
        finally:
            connection.close()

    threads = [threading.Thread(target=receive, args=[payload]) for payload in sandbox.callbacks(attempt)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts == ["accepted", "accepted"]
    assert sorted(invoice.payments.values_list("standing", flat=True)) == ["double", "settles"]


def test_a_double_payment_is_given_back_through_the_gateway(sandbox: Sandbox, heard: list[Any], administrator: Actor) -> None:
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "twice")
    for payload in sandbox.callbacks(attempt):
        services.receive_callback(payload)
    double = selectors.payments_to_refund(administrator).get()
    services.request_refund(double, administrator, reason="Nộp trùng")
    with pytest.raises(PaymentRefused):
        services.request_refund(double, administrator, reason="Nộp trùng")
    tasks.send_refund(double.pk, "Nộp trùng")
    tasks.send_refund(double.pk, "Nộp trùng")  # a worker that died after its work does it again
    double.refresh_from_db()
    invoice.refresh_from_db()
    assert (double.refund, invoice.state) == ("refunded", "paid")
    assert [row["amount"] for row in sandbox.money(attempt.code) if row["kind"] == "refund"] == [invoice.total]
    assert [services.receive_callback(one).verdict for one in sandbox.callbacks(attempt)] == ["duplicate"] * 3


def test_giving_the_fee_itself_back_makes_the_invoice_refunded(sandbox: Sandbox, heard: list[Any], administrator: Actor) -> None:
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "pay")
    payment = services.receive_callback(sandbox.callbacks(attempt)[0]).payment
    assert payment is not None
    services.send_refund(services.request_refund(payment, administrator, reason="Nộp nhầm"), "Nộp nhầm")
    invoice.refresh_from_db()
    assert (invoice.state, selectors.received(administrator, "test_fee", "1")) == ("refunded", 0)


def test_a_receptionist_does_not_give_money_back(heard: list[Any], receptionist: Actor) -> None:
    payment = services.pay_at_desk(bill(), receptionist)
    with pytest.raises(PaymentRefused):
        services.request_refund(payment, receptionist, reason="Nộp nhầm")


def test_outstanding_counts_open_invoices_only(heard: list[Any], receptionist: Actor) -> None:
    paid, _open, cancelled = (bill(amount, subject_ref="H37.14") for amount in (100, 20, 3))
    services.pay_at_desk(paid, receptionist)
    services.cancel_invoice(cancelled, receptionist)
    assert selectors.outstanding(Actor.system("test"), "test_fee", "H37.14") == 20
    assert selectors.received(receptionist, "test_fee", "H37.14") == 100


def test_without_a_rule_nobody_sees_an_invoice(receptionist: Actor) -> None:
    invoice = bill(subject_kind="nobody_registered_this")
    assert selectors.invoice(receptionist, invoice.code) is None
    assert selectors.invoices_of(Actor.anonymous(), "nobody_registered_this", "1") == []
    assert selectors.invoice(Actor.system("test"), invoice.code) == invoice


def test_business_hears_of_a_cancelled_or_expired_invoice(heard: list[Any]) -> None:
    told: list[str] = []
    handlers.on_cancelled("test_fee", lambda invoice: told.append(invoice.cancel_reason))
    try:
        services.cancel_invoice(bill(), Actor.system("test"), reason="replaced")
        bill(due_at=timezone.now() - timedelta(minutes=1))
        tasks.expire_invoices(0)
    finally:
        handlers._on_cancelled.pop("test_fee")
    assert told == ["replaced", "expired"]


def test_refused_callbacks_are_forgotten_after_a_while_and_real_ones_never(sandbox: Sandbox) -> None:
    services.receive_callback(b"{}")
    services.receive_callback(b"[]")
    attempt = begin(bill())
    sandbox.act(attempt, "fail")
    services.receive_callback(sandbox.callbacks(attempt)[0])
    Callback.objects.exclude(raw="[]").update(received_at=timezone.now() - timedelta(days=100))
    tasks.forget_refused_callbacks(0)
    assert list(Callback.objects.values_list("verdict", flat=True)) == ["malformed", "accepted"]
