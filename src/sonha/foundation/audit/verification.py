"""Verifying the log: every link, every seal, every tracked row. Finds the first broken one and names it."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from . import history, seals, signer, timestamps
from .models import Check, Event, Seal

MOST = 50
"""Broken links named per check; the first is what matters, the rest shows the extent."""

WORDS = {
    "event_changed": ("sự kiện đã bị sửa sau khi ghi", "the event was changed after it was recorded"),
    "event_missing": ("thiếu sự kiện ngay trước sự kiện này", "the event before this one is missing"),
    "event_unlinked": ("sự kiện không nối với sự kiện trước", "the event does not link to the one before"),
    "head_wrong": ("đầu chuỗi không khớp sự kiện cuối cùng", "the head of the chain does not match its last event"),
    "head_missing": ("chuỗi mất đầu hoặc mất toàn bộ sự kiện", "the chain lost its head or all of its events"),
    "seal_changed": ("niêm phong đã bị sửa", "the seal was changed"),
    "seal_missing": ("thiếu niêm phong ngay trước niêm phong này", "the seal before this one is missing"),
    "signature_bad": ("chữ ký của niêm phong không đúng", "the seal's signature is wrong"),
    "timestamp_bad": ("dấu thời gian của niêm phong không đúng", "the seal's time stamp is wrong"),
    "key_unknown": ("không có khoá công khai để kiểm tra chữ ký niêm phong", "the public key for the seal's signature is not here"),
    "seal_events": ("sự kiện đã niêm phong bị sửa, thêm hoặc xoá", "sealed events were changed, added or removed"),
    "seal_history": ("lịch sử dòng đã niêm phong bị sửa, thêm hoặc xoá", "sealed row history was changed, added or removed"),
    "seal_columns": ("bảng lịch sử không còn các cột đã niêm phong", "the history table no longer has the sealed columns"),
    "table_missing": ("bảng không còn trong cơ sở dữ liệu", "the table is no longer in the database"),
    "row_changed": (
        "dòng khác với lịch sử của nó: đã bị sửa ngoài hệ thống",
        "the row differs from its history: changed behind the application",
    ),
    "row_unrecorded": ("dòng không có lịch sử: được thêm ngoài hệ thống", "the row has no history: added behind the application"),
    "row_removed": ("dòng đã bị xoá ngoài hệ thống", "the row was deleted behind the application"),
    "row_outside": (
        "dòng được sửa trực tiếp trong cơ sở dữ liệu, không qua hệ thống",
        "the row was changed directly in the database, not by the application",
    ),
}


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken link. `name`: chain, table or "seal"; `number`: seq, seal or history number; `id`: of the row; `columns` that differ."""

    what: str
    name: str
    number: int | None
    id: str
    columns: tuple[str, ...] = ()

    def words(self, language: str) -> str:
        """One sentence in `vi` or `en`."""
        vietnamese = language == "vi"
        place = self.name
        if self.number is not None:
            place += f" số {self.number}" if vietnamese else f" no. {self.number}"
        place += f" (id {self.id})" if self.id else ""
        columns = ""
        if self.columns:
            columns = (" – cột: " if vietnamese else " - columns: ") + ", ".join(self.columns)
        return f"{place}: {WORDS[self.what][0 if vietnamese else 1]}{columns}"


@dataclass(frozen=True, slots=True)
class Verification:
    """`links` events, `seals`, tracked `tables` and `rows` were checked; `broken` is empty when all holds."""

    links: int
    seals: int
    tables: int
    rows: int
    broken: tuple[Broken, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        return not self.broken

    @property
    def first_broken(self) -> Broken | None:
        return self.broken[0] if self.broken else None


def verify() -> Verification:
    """Checks everything; reads only. Events, then heads, seals, and rows, so that the first broken link is the deepest one."""
    begun = time.monotonic()
    tracked = history.tracked()
    broken = [*_events(), *_heads(), *_seals(), *_rows(tracked)]
    return Verification(
        links=Event.objects.count(),
        seals=Seal.objects.count(),
        tables=len(tracked),
        rows=sum(history.size(entry.table) for entry in tracked if history.exists(entry.table)),
        broken=tuple(broken),
        seconds=time.monotonic() - begun,
    )


def verify_and_keep() -> Check:
    """Verifies and stores the result for the status page and the administrators' digest."""
    result = verify()
    return Check.objects.create(
        ok=result.ok, links=result.links, seals=result.seals, rows=result.rows,
        broken=[entry.words("vi") for entry in result.broken], seconds=result.seconds,
    )  # fmt: skip


def _events() -> Iterator[Broken]:
    sql = """
        WITH links AS (
            SELECT e.id, e.subject_kind || ':' || e.subject_ref AS chain, e.seq, e.hash, e.prev_hash, audit_event_hash(e) AS computed,
                   lag(e.hash) OVER chain AS before, lag(e.seq) OVER chain AS seq_before
            FROM audit_event e WINDOW chain AS (PARTITION BY e.subject_kind, e.subject_ref ORDER BY e.seq))
        SELECT CASE WHEN computed <> hash THEN 'event_changed' WHEN seq <> coalesce(seq_before, 0) + 1 THEN 'event_missing'
                    ELSE 'event_unlinked' END, chain, seq, id
        FROM links WHERE computed <> hash OR seq <> coalesce(seq_before, 0) + 1 OR prev_hash <> coalesce(before, '')
        ORDER BY id LIMIT %s"""
    yield from _found(sql)


def _heads() -> Iterator[Broken]:
    sql = """
        SELECT CASE WHEN head.chain IS NULL OR last.chain IS NULL THEN 'head_missing' ELSE 'head_wrong' END,
               coalesce(head.chain, last.chain), coalesce(last.seq, head.seq), last.id
        FROM audit_chainhead head FULL JOIN (
            SELECT DISTINCT ON (subject_kind, subject_ref) subject_kind || ':' || subject_ref AS chain, seq, hash, id
            FROM audit_event ORDER BY subject_kind, subject_ref, seq DESC) last ON last.chain = head.chain
        WHERE head.chain IS NULL OR last.chain IS NULL OR head.seq <> last.seq OR head.hash <> last.hash
        ORDER BY 2 LIMIT %s"""
    yield from _found(sql)


def _found(sql: str) -> Iterator[Broken]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [MOST])
        for what, chain, seq, key in cursor.fetchall():
            yield Broken(what, chain, seq, "" if key is None else str(key))


def _seals() -> Iterator[Broken]:
    number, previous_hash = 0, ""
    previous: dict[str, Any] = {"events": {"to": 0}, "history": {}}
    for seal in Seal.objects.order_by("number").iterator():

        def broken(what: str, name: str = "seal", columns: tuple[str, ...] = (), seal: Seal = seal) -> Broken:
            return Broken(what, name, seal.number, str(seal.pk), columns)

        body = _body(seal)
        if body is None or (body["number"], body["previous"]) != (seal.number, seal.prev_hash):
            yield broken("seal_changed")
            return
        if seal.number != number + 1 or seal.prev_hash != previous_hash:
            yield broken("seal_missing")
        problem = signer.verify(seal.signer, seal.hash.encode(), bytes(seal.signature))
        if problem:
            yield broken(problem)
        if seal.timestamp is not None and timestamps.check(bytes(seal.timestamp), seal.hash.encode()) is None:
            yield broken("timestamp_bad")
        events = body["events"]
        recomputed = seals.events_digest(events["from"], events["to"])
        sealed = {key: events[key] for key in recomputed}
        if (
            recomputed != sealed
            or events["from"] != previous["events"]["to"]
            or seals.heads_digest(events["from"], events["to"]) != body["heads"]
        ):
            yield broken("seal_events")
        yield from _sealed_history(body["history"], previous["history"], broken)
        number, previous_hash, previous = seal.number, seal.hash, body


def _body(seal: Seal) -> dict[str, Any] | None:
    """The sealed content, None when it is not what was hashed."""
    if hashlib.sha256(seal.body.encode()).hexdigest() != seal.hash:
        return None
    return json.loads(seal.body)


def _sealed_history(sealed: dict[str, Any], before: dict[str, Any], broken: Any) -> Iterator[Broken]:
    for table, entry in sealed.items():
        if entry["from"] != before.get(table, {"to": 0})["to"]:
            yield broken("seal_history", table)
        try:
            count, digest = history.digest(table, entry["columns"], entry["from"], entry["to"])
        except LookupError as missing:
            yield broken("seal_columns", table, tuple(str(missing.args[0]).split(", ")))
            continue
        if (count, digest) != (entry["count"], entry["digest"]):
            yield broken("seal_history", table)


def _rows(tracked: list[history.Tracked]) -> Iterator[Broken]:
    accepted = _accepted()
    for entry in tracked:
        missing = [table for table in (entry.table, entry.history) if not history.exists(table)]
        if missing:
            yield from (Broken("table_missing", table, None, "") for table in missing)
            continue
        for found in history.disagreeing(entry, MOST):
            yield Broken(f"row_{found['what']}", entry.table, None, found["key"], found["columns"])
        for found in history.without_context(entry, accepted.get(entry.history, []), MOST):
            yield Broken("row_outside", entry.table, found["id"], found["key"], found["columns"])


def _accepted() -> dict[str, list[int]]:
    """Direct changes that someone answered for: {history table: ids}."""
    result: dict[str, list[int]] = {}
    for payload in Event.objects.filter(verb="audit.change_accepted").values_list("payload", flat=True):
        result.setdefault(payload["table"], []).append(payload["number"])
    return result
