"""The HTTP side of the sandbox: signed API for the platform, a page for the payer, a few control endpoints for tests."""

import json
import time
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sonha.sandbox.payment_gateway import pages
from sonha.sandbox.payment_gateway.delivery import Courier, event
from sonha.sandbox.payment_gateway.signing import matches, shared_secret, sign
from sonha.sandbox.payment_gateway.store import Refused, Store

MAX_BODY = 64 * 1024
CLOCK_TOLERANCE = 300  # seconds


class Gateway(ThreadingHTTPServer):
    """The server with its store, secret and courier."""

    daemon_threads = True

    def __init__(self, port: int, data: Path, *, partner: str, secret_file: Path, callback_url: str, public_url: str = "",
                 hold: bool = False, retry_after: tuple[float, ...] | None = None, host: str = "127.0.0.1") -> None:  # fmt: skip
        super().__init__((host, port), Handler)
        self.partner, self.secret_file = partner, secret_file
        shared_secret(secret_file)
        self.store = Store(data)
        self.public_url = public_url or f"http://{host}:{self.server_port}"
        self.courier = Courier(self.store, callback_url, hold=hold, **({"retry_after": retry_after} if retry_after else {}))
        self.courier.start()

    @property
    def secrets(self) -> list[bytes]:
        return shared_secret(self.secret_file)

    def answer(self, order: dict[str, Any]) -> dict[str, Any]:
        known = {key: order[key] for key in ("order_id", "reference", "amount", "currency", "state", "expires_at", "transactions")}
        return {**known, "pay_url": f"{self.public_url}/pay/{order['order_id']}"}

    def tell(self, kind: str, facts: dict[str, Any], *, after: float = 0) -> None:
        told = {key: value for key, value in facts.items() if key != "kind"}
        self.store.queue(event(kind, self.partner, told, self.secrets[0]), after=after)

    def act(self, order_id: str, action: str) -> str:
        """Does what the payer chose and returns the address to go back to."""
        order, store = self.store.order(order_id), self.store
        if action in {"pay", "twice", "delayed", "silent", "short", "late"}:
            amount = order["amount"] - 1000 if action == "short" else order["amount"]
            after_expiry = (datetime.fromisoformat(order["expires_at"]) + timedelta(minutes=1)).isoformat(timespec="seconds")
            for _ in range(2 if action == "twice" else 1):
                taken = store.take(order, amount=max(amount, 1), at=after_expiry if action == "late" else None)
                if action != "silent":
                    self.tell("payment.succeeded", taken, after=60 if action == "delayed" else 0)
            store.set_state(order["order_id"], "paid")
        elif action == "fail":
            self.tell("payment.failed", {key: order[key] for key in ("order_id", "reference", "amount", "currency")})
            if order["state"] == "open":
                store.set_state(order["order_id"], "failed")
        elif action == "forged":
            facts = {key: order[key] for key in ("order_id", "reference", "amount", "currency")}
            false = {"transaction_id": "TXFORGED", "at": datetime.now().astimezone().isoformat(timespec="seconds")}
            store.queue(event("payment.succeeded", self.partner, {**facts, **false}, b"not the shared secret"))
        elif action != "close":
            raise Refused(422, "action", "unknown action")
        mark = "&" if "?" in order["return_url"] else "?"
        return f"{order['return_url']}{mark}reference={order['reference']}"


class Handler(BaseHTTPRequestHandler):
    server: Gateway
    server_version = "sandbox"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._run(self._get)

    def do_POST(self) -> None:
        self._run(self._post)

    def _run(self, act: Any) -> None:
        self.nonce = ""
        try:
            act(urlsplit(self.path).path)
        except Refused as refused:
            self._json(refused.status, {"error": refused.code, "message": str(refused)})

    def _get(self, path: str) -> None:
        if path == "/healthz":
            self._json(200, {"sandbox": "payment_gateway"})
        elif path == "/style.css":
            self._send(200, pages.STYLE.encode(), "text/css; charset=utf-8")
        elif path.startswith("/pay/"):
            self._send(200, pages.pay_page(self.server.store.order(path.removeprefix("/pay/"))).encode(), "text/html; charset=utf-8")
        elif path == "/sandbox/callbacks":
            rows = self.server.store.rows("select * from events order by rowid")
            self._json(200, {"callbacks": [{**row, "payload": json.loads(row["payload"]), "next_at": None, "delivered_at": None,
                                            "delivered": row["delivered_at"] is not None} for row in rows]})  # fmt: skip
        elif path.startswith("/v1/orders/"):
            self._signed(b"")
            self._json(200, self.server.answer(self.server.store.order(path.removeprefix("/v1/orders/"))))
        elif path.startswith("/v1/statements/"):
            self._signed(b"")
            try:
                day = date.fromisoformat(path.removeprefix("/v1/statements/"))
            except ValueError:
                raise Refused(422, "date", "the date must read yyyy-mm-dd") from None
            self._json(200, {**self.server.store.statement(day), "partner": self.server.partner})
        else:
            raise Refused(404, "not_found", "no such address")

    def _post(self, path: str) -> None:
        raw = self._body()
        if path.startswith("/pay/"):
            action = parse_qs(raw.decode(errors="replace")).get("action", [""])[0]
            self._send(303, b"", "text/plain", {"Location": self.server.act(path.removeprefix("/pay/"), action)})
        elif path == "/sandbox/hold":
            self.server.courier.hold = json.loads(raw or b"{}").get("hold") is True
            self._json(200, {"hold": self.server.courier.hold})
        elif path == "/v1/orders":
            order, fresh = self.server.store.create_order(self._signed(raw))
            self._json(201 if fresh else 200, self.server.answer(order))
        elif path == "/v1/refunds":
            done, fresh = self.server.store.refund(self._signed(raw))
            if fresh:
                self.server.tell("refund.succeeded", done)
            self._json(201 if fresh else 200, {"state": "done", **done})
        else:
            raise Refused(404, "not_found", "no such address")

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            raise Refused(413, "too_large", "the body is larger than 64 KB")
        return self.rfile.read(length)

    def _signed(self, raw: bytes) -> dict[str, Any]:
        """The body of a request whose partner, time, nonce and signature hold."""
        try:
            body = json.loads(raw) if raw else None
            stamp = int(self.headers.get("X-Timestamp", ""))
            message = {
                "method": self.command,
                "path": self.path,
                "partner": self.headers.get("X-Partner", ""),
                "timestamp": stamp,
                "nonce": self.headers.get("X-Nonce", ""),
                "body": body,
            }
            if not matches(self.server.secrets, message, self.headers.get("X-Signature", "")):
                raise Refused(401, "signature", "the signature does not match")
        except ValueError:
            raise Refused(400, "malformed", "the request is not a signed JSON message") from None
        if message["partner"] != self.server.partner:
            raise Refused(401, "partner", "unknown partner")
        if abs(time.time() - stamp) > CLOCK_TOLERANCE:
            raise Refused(401, "timestamp", "the clock of the caller is more than five minutes off")
        if not message["nonce"] or not self.server.store.first_use(str(message["nonce"])):
            raise Refused(409, "replay", "this request was received before")
        self.nonce = str(message["nonce"])
        return body if isinstance(body, dict) else {}

    def _json(self, status: int, body: dict[str, Any]) -> None:
        signature = sign(self.server.secrets[0], {"status": status, "nonce": self.nonce, "body": body})
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json; charset=utf-8", {"X-Signature": signature})

    def _send(self, status: int, body: bytes, media_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
        common = {"Content-Type": media_type, "Content-Length": str(len(body)), "X-Content-Type-Options": "nosniff",
                  "Cache-Control": "no-store", "Content-Security-Policy": policy}  # fmt: skip
        for name, value in {**common, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the store keeps what happened."""
