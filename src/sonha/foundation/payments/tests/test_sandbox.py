"""The sandbox keeps its side of the contract: it too believes only signed messages."""

import http.client
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sonha.foundation.payments import gateway
from sonha.foundation.payments.signing import gateway_secrets, sign

from .conftest import RETURN_URL, Sandbox


def place(reference: str, amount: int = 5000) -> dict[str, Any]:
    expires = timezone.now() + timedelta(minutes=15)
    return gateway.create_order(
        reference=reference, amount=amount, description="Phí", payer="Hoà", return_url=RETURN_URL, expires_at=expires
    )


def send(sandbox: Sandbox, headers: dict[str, str], path: str = "/v1/orders/none") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=5)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())["error"]


def headers(**changes: Any) -> dict[str, str]:
    head = {"method": "GET", "path": "/v1/orders/none", "partner": "LANGSON", "timestamp": int(time.time()), "nonce": "n1"} | changes
    signature = sign({**head, "body": None}, gateway_secrets()[0])
    return {"X-Partner": head["partner"], "X-Timestamp": str(head["timestamp"]), "X-Nonce": head["nonce"], "X-Signature": signature}


def test_placing_the_same_order_again_gives_the_same_order(sandbox: Sandbox) -> None:
    assert place("GD-SAME")["order_id"] == place("GD-SAME")["order_id"]
    with pytest.raises(gateway.GatewayRefused, match="reference_used"):
        place("GD-SAME", 6000)


def test_unsigned_stale_and_repeated_requests_are_refused(sandbox: Sandbox) -> None:
    assert send(sandbox, {})[0] == 400
    assert send(sandbox, headers() | {"X-Signature": "0" * 64}) == (401, "signature")
    assert send(sandbox, headers(), path="/v1/orders/other") == (401, "signature")
    assert send(sandbox, headers(timestamp=int(time.time()) - 900)) == (401, "timestamp")
    assert send(sandbox, headers(partner="THANHHOA")) == (401, "partner")
    once = headers(nonce="only-once")
    assert [send(sandbox, once) for _ in range(2)] == [(404, "unknown_order"), (409, "replay")]


def test_money_goes_back_once_and_in_full(sandbox: Sandbox) -> None:
    order = place("GD-REFUND")
    sandbox.act(type("A", (), {"order_id": order["order_id"]})(), "pay")
    paid = gateway.order("GD-REFUND")["transactions"][0]
    with pytest.raises(gateway.GatewayRefused, match="in full"):
        gateway.refund(refund_reference="H0", transaction_id=paid["transaction_id"], amount=1, reason="thử")
    wanted = {"transaction_id": paid["transaction_id"], "amount": paid["amount"], "reason": "thử"}
    first, again = (gateway.refund(refund_reference="H1", **wanted) for _ in range(2))
    assert first["transaction_id"] == again["transaction_id"]
    with pytest.raises(gateway.GatewayRefused, match="already_refunded"):
        gateway.refund(refund_reference="H2", **wanted)


def test_what_a_payer_typed_is_shown_as_text(sandbox: Sandbox) -> None:
    expires = timezone.now() + timedelta(minutes=15)
    order = gateway.create_order(
        reference="GD-XSS", amount=5, description="<script>x</script>", payer="Hoà & Bình", return_url=RETURN_URL, expires_at=expires
    )
    page = sandbox.get(f"/pay/{order['order_id']}").decode()
    assert "<script>" not in page and "Hoà &amp; Bình" in page


def test_nothing_is_forgotten_over_a_restart(tmp_path: Any, settings: Any) -> None:
    first = Sandbox(tmp_path, "http://127.0.0.1:1/unused", "--hold")
    settings.SONHA_PAYMENT = first.settings
    order = place("GD-RESTART")
    first.stop()
    second = Sandbox(tmp_path, "http://127.0.0.1:1/unused", "--hold")
    settings.SONHA_PAYMENT = second.settings
    try:
        assert gateway.order("GD-RESTART")["order_id"] == order["order_id"]
    finally:
        second.stop()
