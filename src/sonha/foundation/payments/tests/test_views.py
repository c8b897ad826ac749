"""The pages, and the way of a payment through a real server: platform, sandbox, callback."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.foundation.payments import handlers, services
from sonha.foundation.payments.models import Callback, Invoice, Payment

from .conftest import Sandbox, begin, bill


@pytest.fixture
def citizen(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_user("hoa", full_name="Nguyễn Thị Hoà"))
    return client


@pytest.fixture
def calling_sandbox(live_server: Any, tmp_path: Any, settings: Any) -> Iterator[Sandbox]:
    """A sandbox that calls the live server back, trying again after half a second."""
    running = Sandbox(tmp_path, f"{live_server.url}/api/payments/callback", "--retry-after", "0.5,0.5,0.5")
    settings.SONHA_PAYMENT = running.settings
    yield running
    running.stop()


def wait_for(what: Callable[[], bool]) -> None:
    for _ in range(100):
        if what():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen within ten seconds")


def state(invoice: Invoice) -> str:
    invoice.refresh_from_db()
    return invoice.state


def test_from_the_invoice_to_the_gateway_and_back(calling_sandbox: Sandbox, heard: list[Any], citizen: Client) -> None:
    invoice = bill(1_200_000)
    page = citizen.get(f"/thanh-toan/{invoice.code}/")
    assert "1.200.000 đồng" in page.content.decode()
    assert calling_sandbox.url in page.headers["Content-Security-Policy"]  # or the browser would stop the form's redirect
    answer = citizen.post(f"/thanh-toan/{invoice.code}/")
    assert answer.status_code == 302 and answer["Location"].startswith(f"{calling_sandbox.url}/pay/")
    bank = calling_sandbox.get(answer["Location"].removeprefix(calling_sandbox.url)).decode()
    assert "THỬ NGHIỆM" in bank and "1.200.000 đồng" in bank and "Cổng thanh toán thử nghiệm (sandbox)" in bank
    back = calling_sandbox.act(invoice.attempts.get(), "pay")
    wait_for(lambda: state(invoice) == "paid")
    result = citizen.get(back.removeprefix("http://testserver"))
    assert "Phiếu đã được thanh toán" in result.content.decode()
    assert invoice.payments.get().source in ("callback", "query")


def test_a_callback_that_meets_an_error_comes_again(calling_sandbox: Sandbox, heard: list[Any]) -> None:
    failures = [RuntimeError("first time")]

    def fails_once(invoice: Invoice, payment: Payment) -> None:
        if failures:
            raise failures.pop()

    handlers.on_paid("test_fee", fails_once)
    invoice = bill()
    calling_sandbox.act(begin(invoice), "pay")
    wait_for(lambda: state(invoice) == "paid")
    assert list(Callback.objects.values_list("verdict", flat=True)) == ["failed", "accepted"]


def test_a_forged_callback_over_the_wire(calling_sandbox: Sandbox, heard: list[Any]) -> None:
    invoice = bill()
    calling_sandbox.act(begin(invoice), "forged")
    wait_for(lambda: Callback.objects.filter(verdict="bad_signature").exists())
    assert state(invoice) == "open"


@pytest.mark.django_db
def test_the_address_in_the_browser_proves_nothing(sandbox: Sandbox, heard: list[Any], citizen: Client) -> None:
    invoice = bill()
    back = sandbox.act(begin(invoice), "close")
    page = citizen.get("/thanh-toan/ket-qua/?" + back.split("?")[1] + "&state=paid").content.decode()
    assert "Đang chờ cổng thanh toán xác nhận" in page and state(invoice) == "open"


@pytest.mark.django_db
def test_a_failed_payment_is_told_in_words(sandbox: Sandbox, heard: list[Any], citizen: Client) -> None:
    back = sandbox.act(begin(bill()), "fail")
    assert "không thành công" in citizen.get("/thanh-toan/ket-qua/?" + back.split("?")[1]).content.decode()


@pytest.mark.django_db
def test_strangers_sign_in_first_and_others_find_nothing(sandbox: Sandbox, heard: list[Any], client: Client) -> None:
    handlers.register_access("test_fee", lambda actor, invoice: False)
    invoice = bill()
    attempt = begin(invoice)
    addresses = [f"/thanh-toan/{invoice.code}/", "/thanh-toan/TT000101-NOTHING/", f"/thanh-toan/ket-qua/?reference={attempt.code}"]
    assert {client.get(address).status_code for address in addresses} == {302}
    client.force_login(User.objects.create_user("la", full_name="Người lạ"))
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(addresses[0]).status_code == 404


@pytest.mark.django_db
def test_reconciliation_pages_are_for_those_who_oversee_the_money(citizen: Client) -> None:
    for address in ("/thanh-toan/doi-soat/", "/thanh-toan/doi-soat/2026-11-20/"):
        assert citizen.get(address).status_code == 404
    assert citizen.post("/thanh-toan/hoan-tien/1/").status_code == 404


@pytest.mark.django_db
def test_the_overseer_sees_the_day_and_orders_a_refund(
    sandbox: Sandbox, heard: list[Any], client: Client, administrator: Actor, monkeypatch: Any
) -> None:
    monkeypatch.setattr(Actor, "of", classmethod(lambda cls, user, day=None: administrator))
    client.force_login(administrator.user)  # type: ignore[arg-type]
    attempt = begin(bill(400_000))
    sandbox.act(attempt, "twice")
    for payload in sandbox.callbacks(attempt):
        services.receive_callback(payload)
    assert "Nộp trùng" in client.get("/thanh-toan/doi-soat/").content.decode()
    double = Payment.objects.get(standing="double")
    client.post(f"/thanh-toan/hoan-tien/{double.pk}/", {"reason": "Nộp trùng"})
    double.refresh_from_db()
    assert double.refund == "requested"
    from django.utils import timezone

    from sonha.foundation.payments.reconciliation import reconcile

    day = timezone.localdate()
    row = reconcile(day).differences.get(transaction_id=double.transaction_id)
    assert "Nộp trùng, cần hoàn tiền" in client.get(f"/thanh-toan/doi-soat/{day}/").content.decode()
    client.post(f"/thanh-toan/doi-soat/{day}/{row.pk}/", {"resolution": "Đã yêu cầu ngân hàng hoàn"})
    row.refresh_from_db()
    assert row.resolved_by_id == administrator.user_id


@pytest.mark.django_db
def test_the_callback_address_takes_small_posts_only(client: Client) -> None:
    address = "/api/payments/callback"
    assert client.get(address).status_code == 405
    assert client.post(address, b"x" * 20_000, content_type="application/json").status_code == 413
    assert client.post(address, b"{}", content_type="application/json").status_code == 400
    assert Callback.objects.count() == 1


@pytest.mark.django_db
def test_a_flood_of_rubbish_does_not_fill_the_log(client: Client) -> None:
    answers = [client.post("/api/payments/callback", b"{}", content_type="application/json").status_code for _ in range(70)]
    assert answers.count(400) == 60 and answers.count(429) == 10


@pytest.mark.django_db
def test_cash_at_the_desk_from_the_invoice_page(
    heard: list[Any], client: Client, citizen: Client, receptionist: Actor, monkeypatch: Any
) -> None:
    handlers.register_link("test_fee", lambda actor, invoice: f"/ho-so/{invoice.subject_ref}/")
    invoice = bill(400_000)
    address = f"/thanh-toan/{invoice.code}/"
    assert "tiền mặt tại quầy<" not in citizen.get(address).content.decode()
    citizen.post(f"{address}tai-quay/")
    assert state(invoice) == "open"
    monkeypatch.setattr(Actor, "of", classmethod(lambda cls, user, day=None: receptionist))
    assert "Đã nhận đủ 400.000 đồng tiền mặt tại quầy" in client.get(address).content.decode()
    page = client.post(f"{address}tai-quay/", follow=True).content.decode()
    assert state(invoice) == "paid" and f"số biên nhận {invoice.payments.get().receipt_number}" in page
    assert 'href="/ho-so/1/"' in page
    assert "không thu thêm" in client.post(f"{address}tai-quay/", follow=True).content.decode()
    handlers._links.pop("test_fee")
