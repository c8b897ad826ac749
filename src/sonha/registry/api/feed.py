"""The change stream of a register, for warehouses.

Changes are told in the order of (number of the transaction, number of the change, id of the record). Numbers of transactions are given
when a transaction first writes, not when it ends: so only those below every transaction that may still be running are told. What is told
therefore never gets anything before it afterwards, and a bookmark loses nothing and doubles nothing.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from sonha.registry.pages.asking import Asked
from sonha.registry.records.models import Change

from .values import told

CHANGES_AT_ONCE = 2_000
ROUNDS = 20  # an answer looks at no more changes of other registers than this many times the above
Place = tuple[int, int, int]


@dataclass(frozen=True)
class Piece:
    """`place` is the bookmark after the last thing looked at."""

    events: list[dict[str, Any]]
    place: Place
    more: bool


def bookmark(place: Place) -> str:
    return "-".join(map(str, place))


def place_of(text: str) -> Place:
    """The place a bookmark names; an empty one is the beginning. Its form was checked by the request's schema."""
    transaction, change, record = (int(part) for part in text.split("-")) if text else (0, 0, 0)
    return min(transaction, 2**63 - 1), min(change, 2**63 - 1), min(record, 2**63 - 1)


def piece(asked: Asked, after: Place, limit: int) -> Piece:
    """The next `limit` events at most, as far as the actor may read the records."""
    pairs: list[Place] = []
    place, ended = after, False
    for _round in range(ROUNDS):
        changes = _finished(place)
        found = _touched(asked, place, changes, limit + 1 - len(pairs))
        pairs += found
        if len(pairs) > limit:
            break
        ended = len(changes) < CHANGES_AT_ONCE
        place = (*changes[-1], 2**63 - 1) if changes else place
        if ended:
            break
    more = len(pairs) > limit or not ended
    shown = pairs[:limit]
    if len(pairs) > limit:
        place = shown[-1]
    return Piece(_events(asked, shown), place, more)


def _finished(after: Place) -> list[tuple[int, int]]:
    """(transaction, change) of what is surely finished, from the bookmark's own change on.

    A snapshot counts what runs in every database of the cluster. Only what surely writes no change here is passed over, since a long
    transaction elsewhere would hold this feed up; one that the activity does not show (a prepared one, say) holds it, to be safe.
    """
    sql = (
        "WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS seen),"
        " running AS (SELECT xid::text::bigint AS xid FROM now, pg_snapshot_xip(seen) AS xid),"
        " elsewhere AS (SELECT backend_xid::text::bigint AS xid FROM pg_stat_activity"
        "  WHERE backend_xid IS NOT NULL AND (datname <> current_database() OR backend_type = 'autovacuum worker')),"
        " horizon AS (SELECT coalesce(min(running.xid), (SELECT pg_snapshot_xmax(seen)::text::bigint FROM now)) AS xid FROM running"
        "  WHERE running.xid %% 4294967296 NOT IN (SELECT xid FROM elsewhere))"
        " SELECT transaction, id FROM records_change WHERE (transaction, id) >= (%s, %s)"
        " AND transaction < (SELECT xid FROM horizon) ORDER BY transaction, id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [after[0], after[1], CHANGES_AT_ONCE])
        return cursor.fetchall()


def _touched(asked: Asked, after: Place, changes: list[tuple[int, int]], most: int) -> list[Place]:
    """(transaction, change, record) of every record of this register that one of the changes wrote, closed or removed."""
    if not changes:
        return []
    model: Any = asked.register.model
    main, history = model._meta.db_table, model.History._meta.db_table
    sql = (
        f"WITH acts AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS given(transaction, change)),"
        f' wrote AS (SELECT change_id AS change, id AS record FROM "{main}" WHERE change_id = ANY(%s)'
        f' UNION SELECT change_id, record_id FROM "{history}" WHERE change_id = ANY(%s)'
        f' UNION SELECT closed_by_id, record_id FROM "{history}" WHERE closed_by_id = ANY(%s))'
        f" SELECT transaction, change, record FROM acts JOIN wrote USING (change)"
        f" WHERE (transaction, change, record) > (%s, %s, %s) ORDER BY 1, 2, 3 LIMIT %s"
    )
    transactions, numbers = [each[0] for each in changes], [each[1] for each in changes]
    with connection.cursor() as cursor:
        cursor.execute(sql, [transactions, numbers, numbers, numbers, numbers, *after, most])
        return cursor.fetchall()


def _events(asked: Asked, pairs: list[Place]) -> list[dict[str, Any]]:
    """Events with what was believed after each. Records that the actor may not read are passed over."""
    model: Any = asked.register.model
    records = {record for _transaction, _change, record in pairs}
    changes = {each.pk: each for each in Change.objects.filter(pk__in={change for _transaction, change, _record in pairs})}
    kept: dict[int, list[Any]] = defaultdict(list)
    for row in model.Version.objects.filter(asked.rights.condition(), pk__in=records).order_by("valid_from"):
        kept[row.pk].append(row)
    found = []
    for _transaction, change, record in pairs:
        if versions := kept.get(record):
            found.append(_event(asked, changes[change], record, versions))
    return [each for each in found if each]


def _event(asked: Asked, change: Change, record: int, versions: list[Any]) -> dict[str, Any]:
    before, after = _believed(versions, change.made_at, before=True), _believed(versions, change.made_at)
    if not before and not after:
        return {}
    act = "added" if not before else "withdrawn" if not after else "amended"
    if act == "amended" and after[-1].valid_to and not before[-1].valid_to:
        act = "ended"
    return {"act": act, "id": record, "uid": versions[-1].uid, "change": change, "versions": told(asked, after)}


def _believed(versions: list[Any], moment: datetime, *, before: bool = False) -> list[Any]:
    """The versions that the register held right after a moment, or right before it."""
    if before:
        return [each for each in versions if each.recorded_at < moment and (each.closed_at is None or each.closed_at >= moment)]
    return [each for each in versions if each.recorded_at <= moment and (each.closed_at is None or each.closed_at > moment)]
