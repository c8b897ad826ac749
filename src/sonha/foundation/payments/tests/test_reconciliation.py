"""Every night our money is compared with the gateway's statement."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.payments import gateway, services, tasks
from sonha.foundation.payments.models import Difference, Payment, Reconciliation
from sonha.foundation.payments.reconciliation import reconcile, resolve

from .conftest import Sandbox, begin, bill

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway_of_today(tmp_path: Any, settings: Any) -> Any:
    """A sandbox of its own, so that its statement holds this test's money only."""
    running = Sandbox(tmp_path, "http://127.0.0.1:1/unused", "--hold")
    settings.SONHA_PAYMENT = running.settings
    yield running
    running.stop()


def found(result: Reconciliation) -> list[tuple[str, bool]]:
    return [(one.kind, one.resolved_at is not None) for one in result.differences.order_by("kind")]


def test_a_day_in_agreement(gateway_of_today: Sandbox, heard: list[Any]) -> None:
    attempt = begin(bill(400_000))
    gateway_of_today.act(attempt, "pay")
    services.receive_callback(gateway_of_today.callbacks(attempt)[0])
    result = reconcile(timezone.localdate())
    assert found(result) == []
    assert (result.theirs_total, result.ours_total, result.theirs_count, result.ours_count) == (400_000, 400_000, 1, 1)


def test_money_whose_news_was_lost_is_found_recorded_and_listed(gateway_of_today: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    gateway_of_today.act(begin(invoice), "silent")
    result = reconcile(timezone.localdate())
    invoice.refresh_from_db()
    assert found(result) == [("missing_here", True)]
    assert (invoice.state, invoice.payments.get().source, len(heard)) == ("paid", "statement", 1)
    assert result.ours_total == result.theirs_total == invoice.total
    assert found(reconcile(timezone.localdate())) == [("missing_here", True)]  # running again adds nothing


def test_every_kind_of_difference(gateway_of_today: Sandbox, heard: list[Any], administrator: Actor) -> None:
    twice, wrong = begin(bill()), begin(bill())
    gateway_of_today.act(twice, "twice")
    gateway_of_today.act(wrong, "pay")
    for attempt in (twice, wrong):
        for payload in gateway_of_today.callbacks(attempt):
            services.receive_callback(payload)
    Payment.objects.filter(attempt=wrong).update(amount=1)
    Payment.objects.create(channel="gateway", source="callback", standing="unknown_order", amount=7, transaction_id="TXGHOST",
                           reference="GD-X", at=timezone.now(), refund="due")  # fmt: skip
    result = reconcile(timezone.localdate())
    assert found(result) == [("amount_differs", False), ("double", False), ("missing_there", False)]
    ghost = result.differences.get(kind="missing_there")
    resolve(ghost, administrator, resolution="Ngân hàng xác nhận không có giao dịch này.")
    assert found(reconcile(timezone.localdate())) == [("amount_differs", False), ("double", False), ("missing_there", True)]


def test_a_double_payment_is_settled_once_it_was_given_back(gateway_of_today: Sandbox, heard: list[Any], administrator: Actor) -> None:
    attempt = begin(bill())
    gateway_of_today.act(attempt, "twice")
    for payload in gateway_of_today.callbacks(attempt):
        services.receive_callback(payload)
    assert found(reconcile(timezone.localdate())) == [("double", False)]
    double = Payment.objects.get(standing="double")
    services.send_refund(services.request_refund(double, administrator, reason="Nộp trùng"), "Nộp trùng")
    assert found(reconcile(timezone.localdate())) == [("double", True)]


def test_a_refund_made_at_the_gateway_only_is_taken_over(gateway_of_today: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    attempt = begin(invoice)
    gateway_of_today.act(attempt, "pay")
    payment = services.receive_callback(gateway_of_today.callbacks(attempt)[0]).payment
    assert payment is not None and payment.transaction_id
    gateway.refund(refund_reference="BYHAND", transaction_id=payment.transaction_id, amount=payment.amount, reason="tại ngân hàng")
    assert found(reconcile(timezone.localdate())) == [("refund_missing_here", True)]
    invoice.refresh_from_db()
    assert invoice.state == "refunded"


def test_a_refund_the_gateway_does_not_know_is_listed(gateway_of_today: Sandbox, heard: list[Any]) -> None:
    attempt = begin(bill())
    gateway_of_today.act(attempt, "pay")
    services.receive_callback(gateway_of_today.callbacks(attempt)[0])
    Payment.objects.update(refund="refunded", refunded_at=timezone.now(), refund_transaction_id="RFGHOST")
    assert found(reconcile(timezone.localdate())) == [("refund_missing_there", False)]


def test_a_statement_that_contradicts_itself_is_not_used(sandbox: Sandbox, monkeypatch: Any) -> None:
    day = date(2026, 11, 20)
    false = {"date": day.isoformat(), "count": 1, "payments_total": 5, "refunds_total": 0, "rows": []}
    monkeypatch.setattr(gateway, "statement", lambda asked: false)
    with pytest.raises(ValueError, match="contradicts"):
        reconcile(day)
    assert not Reconciliation.objects.exists()


def test_the_night_job_orders_the_day_that_ended(sandbox: Sandbox) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    midnight_and_a_half = 1_795_282_200  # 2026-11-21T17:30:00Z = 00:30 on the 22nd in Viet Nam
    tasks.reconcile_yesterday(midnight_and_a_half)
    tasks.reconcile_yesterday(midnight_and_a_half)
    jobs = ProcrastinateJob.objects.filter(task_name="payments.reconcile_day")
    assert [job.args for job in jobs] == [{"day": "2026-11-21"}]


def test_attempts_without_news_are_asked_about(sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    attempt = begin(invoice)
    sandbox.act(attempt, "silent")
    tasks.ask_about_pending(0)
    invoice.refresh_from_db()
    assert invoice.state == "open"  # too early to worry
    attempt.created_at -= timedelta(minutes=10)
    attempt.save()
    tasks.ask_about_pending(0)
    invoice.refresh_from_db()
    assert invoice.state == "paid"


def test_resolving_needs_words_and_the_right(sandbox: Sandbox, receptionist: Actor, administrator: Actor) -> None:
    day = Reconciliation.objects.create(day=date(2026, 11, 20))
    row = Difference.objects.create(reconciliation=day, kind="missing_there", transaction_id="TX1", ours=5)
    with pytest.raises(services.PaymentRefused, match="không được giao"):
        resolve(row, receptionist, resolution="xong")
    with pytest.raises(services.PaymentRefused, match="cách xử lý"):
        resolve(row, administrator, resolution="  ")
    assert resolve(row, administrator, resolution="xong").resolved_by_id == administrator.user_id
