"""Server-to-server callbacks: signed, sent in a thread, and sent again until the platform says it has them."""

import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from sonha.sandbox.payment_gateway.signing import sign
from sonha.sandbox.payment_gateway.store import Store

RETRY_AFTER = (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600)  # seconds; part of the contract


def event(kind: str, partner: str, facts: dict[str, Any], secret: bytes) -> dict[str, Any]:
    """A signed callback body for `facts` (order_id, reference, transaction_id, amount, currency, at, refund_of)."""
    payload = {"event_id": "EV" + secrets.token_hex(8).upper(), "event": kind, "partner": partner, **facts}
    return {**payload, "signature": sign(secret, payload)}


class Courier(threading.Thread):
    """Delivers due callbacks. While `hold` is set they stay in the store, so that a test can deliver them in any order."""

    def __init__(self, store: Store, url: str, *, hold: bool, retry_after: tuple[float, ...] = RETRY_AFTER) -> None:
        super().__init__(daemon=True, name="courier")
        self.store, self.url, self.hold, self.retry_after = store, url, hold, retry_after
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.wait(0.1):
            for row in [] if self.hold else self.store.due():
                self.deliver(row)

    def deliver(self, row: dict[str, Any]) -> None:
        delivered, answer = post(self.url, row["payload"].encode())
        later = None
        if not delivered and row["attempts"] < len(self.retry_after):
            later = time.time() + self.retry_after[row["attempts"]]
        self.store.answered(row["event_id"], delivered=delivered, answer=answer, next_at=later)


def post(url: str, body: bytes) -> tuple[bool, str]:
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            text = response.read(2000).decode(errors="replace")
            return json.loads(text).get("received") is True, text
    except (urllib.error.URLError, OSError, ValueError, AttributeError) as error:
        return False, str(error)
