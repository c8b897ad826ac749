"""Orders, money movements and callbacks of the sandbox, in one SQLite file that survives a restart."""

import json
import secrets
import sqlite3
import threading
import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

VIETNAM = timezone(timedelta(hours=7))
TABLES = """
create table if not exists orders (order_id text primary key, reference text unique not null, amount integer not null, description text,
  payer text, return_url text not null, expires_at text not null, state text not null, created_at text not null);
create table if not exists transactions (transaction_id text primary key, order_id text not null, reference text not null,
  kind text not null, amount integer not null, at text not null, day text not null, refund_of text, refund_reference text unique);
create table if not exists events (event_id text primary key, payload text not null, next_at real, attempts integer not null default 0,
  delivered_at real, last_answer text);
create table if not exists nonces (nonce text primary key, at real not null);
"""


class Refused(Exception):
    """The request cannot be carried out; `code` and the sentence go to the caller."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.code = status, code


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Store:
    """One connection behind one lock: plenty for a sandbox, and simple to reason about."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self.db = sqlite3.connect(folder / "gateway.sqlite3", check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(TABLES)

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        with self.lock:
            return [dict(row) for row in self.db.execute(sql, values)]

    def row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    # orders -------------------------------------------------------------------------------------------------------------------

    def create_order(self, body: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """The order for `reference`, and whether it is new. The same request again gives the same order."""
        reference, amount = body.get("reference"), body.get("amount")
        if not isinstance(reference, str) or not 0 < len(reference) <= 64:
            raise Refused(422, "reference", "reference must be a text of 1 to 64 characters")
        if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
            raise Refused(422, "amount", "amount must be a whole number of đồng above zero")
        if body.get("currency") != "VND":
            raise Refused(422, "currency", "only VND is accepted")
        if not str(body.get("return_url", "")).startswith(("http://", "https://")):
            raise Refused(422, "return_url", "return_url must be an http address")
        try:
            datetime.fromisoformat(str(body.get("expires_at")))
        except ValueError:
            raise Refused(422, "expires_at", "expires_at must be an ISO 8601 time with offset") from None
        with self.lock:
            if known := self.row("select * from orders where reference = ?", reference):
                if known["amount"] != amount:
                    raise Refused(409, "reference_used", "this reference was used with another amount")
                return self.order(known["order_id"]), False
            order_id = "SB" + secrets.token_hex(8).upper()
            values = (order_id, reference, amount, str(body.get("description", "")), str(body.get("payer", "")), body["return_url"])
            self.db.execute("insert into orders values (?,?,?,?,?,?,?,?,?)", (*values, body["expires_at"], "open", now()))
            return self.order(order_id), True

    def order(self, key: str) -> dict[str, Any]:
        """Order by its id or by the partner's reference, with its money movements."""
        found = self.row("select * from orders where order_id = ? or reference = ?", key, key)
        if found is None:
            raise Refused(404, "unknown_order", "no such order")
        if found["state"] == "open" and datetime.fromisoformat(found["expires_at"]) < datetime.now(UTC):
            found["state"] = "expired"
        moved = self.rows("select * from transactions where order_id = ? order by rowid", found["order_id"])
        return {**found, "currency": "VND", "transactions": [movement(row) for row in moved]}

    def set_state(self, order_id: str, state: str) -> None:
        with self.lock:
            self.db.execute("update orders set state = ? where order_id = ?", (state, order_id))

    # money --------------------------------------------------------------------------------------------------------------------

    def take(self, order: dict[str, Any], *, amount: int | None = None, at: str | None = None) -> dict[str, Any]:
        """Records money taken from the payer: `amount` đồng (default: the order's) at `at` (default: now)."""
        return self._move(order["order_id"], order["reference"], "payment", amount or order["amount"], at or now())

    def refund(self, body: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Gives one payment back in full, once. The same refund_reference again gives the same refund."""
        with self.lock:
            reference = str(body.get("refund_reference", ""))
            if not reference:
                raise Refused(422, "refund_reference", "refund_reference is required")
            if done := self.row("select * from transactions where refund_reference = ?", reference):
                return movement(done), False
            paid = self.row("select * from transactions where transaction_id = ? and kind = 'payment'", str(body.get("transaction_id")))
            if paid is None:
                raise Refused(404, "unknown_transaction", "no such payment")
            if body.get("amount") != paid["amount"]:
                raise Refused(422, "amount", "a payment is refunded in full")
            if self.row("select 1 from transactions where refund_of = ?", paid["transaction_id"]):
                raise Refused(409, "already_refunded", "this payment was refunded before")
            return self._move(paid["order_id"], paid["reference"], "refund", paid["amount"], now(), paid["transaction_id"], reference), True

    def _move(self, order_id: str, reference: str, kind: str, amount: int, at: str, refund_of: str | None = None,
              refund_reference: str | None = None) -> dict[str, Any]:  # fmt: skip
        transaction_id = ("RF" if kind == "refund" else "TX") + secrets.token_hex(8).upper()
        day = datetime.fromisoformat(at).astimezone(VIETNAM).date().isoformat()
        values = (transaction_id, order_id, reference, kind, amount, at, day, refund_of, refund_reference)
        with self.lock:
            self.db.execute("insert into transactions values (?,?,?,?,?,?,?,?,?)", values)
        return movement(self.rows("select * from transactions where transaction_id = ?", transaction_id)[0])

    def statement(self, day: date) -> dict[str, Any]:
        moved = [movement(row) for row in self.rows("select * from transactions where day = ? order by rowid", day.isoformat())]
        total = {kind: sum(row["amount"] for row in moved if row["kind"] == kind) for kind in ("payment", "refund")}
        return {
            "date": day.isoformat(),
            "count": len(moved),
            "payments_total": total["payment"],
            "refunds_total": total["refund"],
            "rows": moved,
        }

    # callbacks ----------------------------------------------------------------------------------------------------------------

    def queue(self, payload: dict[str, Any], *, after: float = 0) -> None:
        with self.lock:
            text = json.dumps(payload, ensure_ascii=False)
            self.db.execute(
                "insert into events (event_id, payload, next_at) values (?,?,?)", (payload["event_id"], text, time.time() + after)
            )

    def due(self) -> list[dict[str, Any]]:
        return self.rows("select * from events where delivered_at is null and next_at <= ? order by next_at limit 20", time.time())

    def answered(self, event_id: str, *, delivered: bool, answer: str, next_at: float | None) -> None:
        with self.lock:
            self.db.execute(
                "update events set attempts = attempts + 1, delivered_at = ?, last_answer = ?, next_at = ? where event_id = ?",
                (time.time() if delivered else None, answer[:200], next_at, event_id),
            )

    def first_use(self, nonce: str) -> bool:
        """False when this nonce was seen in the last ten minutes."""
        with self.lock:
            self.db.execute("delete from nonces where at < ?", (time.time() - 600,))
            try:
                self.db.execute("insert into nonces values (?,?)", (nonce, time.time()))
            except sqlite3.IntegrityError:
                return False
            return True


def movement(row: dict[str, Any]) -> dict[str, Any]:
    """A money movement as the contract writes it."""
    known = {key: row[key] for key in ("transaction_id", "order_id", "reference", "kind", "amount", "at")}
    return {**known, "currency": "VND", **({"refund_of": row["refund_of"]} if row["refund_of"] else {})}
