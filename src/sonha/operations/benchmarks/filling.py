"""Filling the measured database with dossiers: people, officials, then lives in batches, each a transaction that can be gone on from."""

import time
from collections.abc import Callable

from django.db import connection, transaction

from sonha.operations.benchmarks import lives_sql as sql

BATCH = 10_000
Say = Callable[[str], None]


def filled() -> int:
    """How many copies the database holds; 0 before anything was prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench.progress') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT done FROM bench.progress")
        return int(cursor.fetchone()[0])


def fill(count: int, say: Say) -> float:
    """Brings the database to `count` copies, going on where an earlier run stopped; seconds that it took.

    ValueError when another number was begun with, or when there is no dossier to copy.
    """
    began = time.monotonic()
    if not _prepared(count):
        say("Chuẩn bị hồ sơ mẫu, người dân, cán bộ…")
        _prepare(count)
    done = first = filled()
    while done < count:
        last = min(count, done + BATCH)
        _batch(done + 1, last)
        done = last
        rate = (done - first) / (time.monotonic() - began)
        say(f"{done:,}/{count:,} hồ sơ · {rate:,.0f} hồ sơ/giây · còn {(count - done) / rate / 60:.1f} phút".replace(",", "."))
    _finish(say)
    return time.monotonic() - began


def _prepared(count: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench.staff') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT wanted FROM bench.progress")
        wanted = int(cursor.fetchone()[0])
    if wanted != count:
        raise ValueError(f"Cơ sở dữ liệu đo đang có {wanted} hồ sơ; dùng --fresh để tạo lại với {count} hồ sơ.")
    return True


def _prepare(count: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (sql.SCHEMA, sql.PEOPLE, sql.STAFF):
            cursor.execute(statement.replace("%(count)s", str(count)).replace("%(people)s", str(sql.PEOPLE_PER_DOSSIER)).replace("%%", "%"))
        cursor.execute("SELECT count(*) FROM bench.template")
        if not cursor.fetchone()[0]:
            raise ValueError("Chưa có hồ sơ trình diễn để nhân bản. Chạy ./sonha up trước.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _batch(first: int, last: int) -> None:
    """Copies number `first` to `last`; triggers rest meanwhile, so what they keep up (the chain of events) is computed here."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off; SET LOCAL work_mem = '64MB'")
        cursor.execute(sql.LIVES, {"first": first, "last": last, "years": sql.YEARS})
        cursor.execute("SELECT count(*) FROM bench.life")
        if cursor.fetchone()[0] != last - first + 1:
            raise ValueError("Hồ sơ trình diễn chưa đủ loại (đang giải quyết, đã xong) để nhân bản. Chạy ./sonha up rồi dùng --fresh.")
        for statement in sql.ROWS:
            cursor.execute(statement, {"quiet": list(sql.QUIET)})
        cursor.execute("UPDATE bench.progress SET done = %s", [last])


def _finish(say: Say) -> None:
    with connection.cursor() as cursor:
        for table in sql.IDENTITIES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        say("VACUUM ANALYZE…")
        cursor.execute("VACUUM (ANALYZE, PARALLEL 0)")


def summary() -> dict[str, int]:
    """Rows of the main tables."""
    tables = ("dossiers_dossier", "cases_case", "cases_task", "cases_caseaccess", "dossiers_paper", "audit_event", "identity_party")
    counts = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
            counts[table] = int(cursor.fetchone()[0])
    return counts
