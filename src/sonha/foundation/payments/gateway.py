"""Client of the payment gateway (docs/payment-gateway-contract.md): signed requests, verified answers, short time-outs, a few retries."""

import http.client
import json
import secrets
import time
import urllib.error
import urllib.request
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings

from .signing import gateway_secrets, sign, verify

TIMEOUT = 4  # seconds for one try: a page waits for it
WAITS = (0.3,)  # seconds before further tries; every call of the contract may be repeated safely
LARGEST_ANSWER = 32 * 1024 * 1024


class GatewayUnavailable(Exception):
    """The gateway did not answer, or its answer cannot be trusted: nothing is known about the order."""


class GatewayRefused(Exception):
    """The gateway understood and said no; `code` is its word for why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code


def create_order(*, reference: str, amount: int, description: str, payer: str, return_url: str, expires_at: datetime) -> dict[str, Any]:
    """Places an order of `amount` đồng, or finds the one already placed under `reference`.

    Answer: order_id, state, pay_url, transactions.
    """
    body = {
        "reference": reference,
        "amount": amount,
        "currency": "VND",
        "description": description[:200],
        "payer": payer[:200],
        "return_url": return_url,
        "expires_at": expires_at.isoformat(timespec="seconds"),
    }
    return _call("POST", "/v1/orders", body)


def order(reference: str) -> dict[str, Any]:
    """The order placed under `reference`, with its money movements. GatewayRefused (unknown_order) when there is none."""
    return _call("GET", f"/v1/orders/{quote(reference, safe='')}")


def statement(day: date) -> dict[str, Any]:
    """All money movements of `day` (Viet Nam time): date, count, payments_total, refunds_total, rows."""
    return _call("GET", f"/v1/statements/{day.isoformat()}", timeout=60)


def refund(*, refund_reference: str, transaction_id: str, amount: int, reason: str) -> dict[str, Any]:
    """Asks for `amount` đồng of a payment back; the same refund_reference never pays back twice."""
    body = {"refund_reference": refund_reference, "transaction_id": transaction_id, "amount": amount, "reason": reason[:200]}
    return _call("POST", "/v1/refunds", body)


def _call(method: str, path: str, body: dict[str, Any] | None = None, *, timeout: float = TIMEOUT) -> dict[str, Any]:
    problem: Exception | None = None
    for wait in (0.0, *WAITS):
        time.sleep(wait)
        try:
            return _once(method, path, body, timeout)
        except GatewayUnavailable as error:
            problem = error
    raise GatewayUnavailable(str(problem)) from problem


def _once(method: str, path: str, body: dict[str, Any] | None, timeout: float) -> dict[str, Any]:
    nonce = secrets.token_hex(16)
    head = {"method": method, "path": path, "partner": settings.SONHA_PAYMENT["partner"], "timestamp": int(time.time()), "nonce": nonce}
    request = urllib.request.Request(  # noqa: S310  the address is the installation's own setting
        str(settings.SONHA_PAYMENT["base_url"]).rstrip("/") + path,
        data=None if body is None else json.dumps(body, ensure_ascii=False).encode(),
        method=method,
        headers={
            "Content-Type": "application/json",
            "X-Partner": str(head["partner"]),
            "X-Timestamp": str(head["timestamp"]),
            "X-Nonce": nonce,
            "X-Signature": sign({**head, "body": body}, gateway_secrets()[0]),
        },
    )
    status, raw, signature = _send(request, timeout)
    try:
        answer = json.loads(raw)
    except ValueError:
        raise GatewayUnavailable(f"{method} {path}: the answer ({status}) is not JSON") from None
    if not isinstance(answer, dict):
        raise GatewayUnavailable(f"{method} {path}: the answer ({status}) is not an object")
    if status in (200, 201):
        if not verify({"status": status, "nonce": nonce, "body": answer}, signature):
            raise GatewayUnavailable(f"{method} {path}: the signature of the answer does not match")
        return answer
    if 400 <= status < 500:
        raise GatewayRefused(str(answer.get("error", status)), str(answer.get("message", "")))
    raise GatewayUnavailable(f"{method} {path}: status {status}")


def _send(request: urllib.request.Request, timeout: float) -> tuple[int, bytes, str]:
    try:
        with _opener.open(request, timeout=timeout) as response:
            return response.status, response.read(LARGEST_ANSWER), response.headers.get("X-Signature", "")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(64 * 1024), error.headers.get("X-Signature", "")
    except (urllib.error.URLError, OSError, http.client.HTTPException) as error:
        raise GatewayUnavailable(f"{request.method} {request.full_url}: {error}") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed call goes where it was meant to go, or nowhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)
