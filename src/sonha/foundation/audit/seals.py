"""Seals: once a night everything recorded since the last one is digested, signed, and chained to the last one.

A chain alone shows that a link was changed, not that a whole chain was rewritten by someone who may do anything in the database. The seal
does: its key is not in the database. Keep copies of the seals elsewhere (operations guide) and even the key's holder cannot rewrite.
"""

import hashlib
import json
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from . import history, signer, timestamps
from .models import Seal

EVENTS = """
    SELECT count(*), encode(sha256(coalesce(string_agg(decode(hash, 'hex'), ''::bytea ORDER BY id), ''::bytea)), 'hex')
    FROM audit_event WHERE id > %s AND id <= %s"""
HEADS = """
    SELECT count(*), encode(sha256(coalesce(
        string_agg(convert_to(chain || ' ' || seq || ' ' || hash, 'UTF8'), ''::bytea ORDER BY chain), ''::bytea)), 'hex')
    FROM (SELECT DISTINCT ON (subject_kind, subject_ref) subject_kind || ':' || subject_ref AS chain, seq, hash
          FROM audit_event WHERE id > %s AND id <= %s ORDER BY subject_kind, subject_ref, seq DESC) heads"""


def seal() -> Seal:
    """Seals everything recorded since the last seal. Waits briefly for writers in flight, never makes them wait long."""
    previous = Seal.objects.order_by("-number").first()
    before = json.loads(previous.body) if previous else {"events": {"to": 0}, "history": {}}
    first = before["events"]["to"]
    last = history.last_settled("audit_event", "id")
    last = first if last is None else max(first, last)
    body: dict[str, Any] = {
        "number": previous.number + 1 if previous else 1,
        "at": timezone.now().isoformat(),
        "previous": previous.hash if previous else "",
        "events": {"from": first, "to": last, **events_digest(first, last)},
        "heads": heads_digest(first, last),
        "history": _histories(before["history"]),
    }
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    name, signature = signer.sign(digest.encode())
    with transaction.atomic():
        return Seal.objects.create(
            number=body["number"], body=text, prev_hash=body["previous"], hash=digest,
            signer=name, signature=signature, timestamp=timestamps.stamp(digest.encode()),
        )  # fmt: skip


def events_digest(first: int, last: int) -> dict[str, Any]:
    return _counted(EVENTS, first, last)


def heads_digest(first: int, last: int) -> dict[str, Any]:
    return _counted(HEADS, first, last)


def _histories(before: dict[str, Any]) -> dict[str, Any]:
    """Per history table the range since the last seal; a table that was busy too long is caught up next time."""
    result = {}
    for table, columns in history.histories().items():
        if not history.exists(table):
            continue  # verification names it
        first = before.get(table, {"to": 0})["to"]
        last = history.last_settled(table, "pgh_id")
        last = first if last is None else max(first, last)
        count, digest = history.digest(table, columns, first, last)
        result[table] = {"columns": list(columns), "from": first, "to": last, "count": count, "digest": digest}
    return result


def _counted(sql: str, first: int, last: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [first, last])
        count, digest = cursor.fetchone()
    return {"count": count, "digest": digest}
