"""Enqueueing jobs, handling those that failed or whose worker died, and progress of bulk operations."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from procrastinate import exceptions
from procrastinate.contrib.django import app

from .models import Effect, Key

STALLED_AFTER = 30
"""Seconds without heartbeat after which a worker counts as dead (heartbeat every 10 s)."""
MOST_RESTARTS = 20
KEPT_DAYS = 90


def enqueue(
    name: str,
    *,
    key: str | None = None,
    coalesce: str | None = None,
    lock: str | None = None,
    run_at: datetime | None = None,
    **args: Any,
) -> int | None:
    """Enqueues the job `name` in the current transaction and returns its number. It runs only after the commit.

    `key`: idempotency key; a second call with it does nothing and returns the first job's number, even after that one has run.
    `coalesce`: at most one job with this word waits; a second call returns None. `lock`: jobs with the same word run one after another.
    `run_at`: aware, not before then. `args` are JSON values. LookupError when no such job is declared.
    """
    if name not in app.tasks:
        raise LookupError(f"no job is named {name!r}; declare it in the app's tasks.py")
    if run_at is not None and timezone.is_naive(run_at):
        raise ValueError(f"{run_at} has no time zone")
    with transaction.atomic():
        if key is not None and not _take(key):
            return Key.objects.values_list("job_id", flat=True).get(pk=key)
        deferrer = app.configure_task(name, lock=lock, queueing_lock=coalesce, schedule_at=run_at)
        try:
            with transaction.atomic():
                number = deferrer.defer(**args)
        except exceptions.AlreadyEnqueued:
            return None
        if key is not None:
            Key.objects.filter(pk=key).update(job_id=number)
        return number


def _take(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO jobs_key (key) VALUES (%s) ON CONFLICT DO NOTHING", [key])
        return bool(cursor.rowcount)


def retry_failed(number: int) -> None:
    """Puts a failed job back into the queue. LookupError when it has not failed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'failed' FOR UPDATE", [number])
        if cursor.fetchone() is None:
            raise LookupError(f"job {number} has not failed")
        cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [number])


@transaction.atomic
def rescue_stalled(seconds: float = STALLED_AFTER) -> list[int]:
    """Puts jobs of dead workers back into the queue and returns their numbers; one that kept killing its workers counts as failed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT job.id, job.attempts FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
               WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
               FOR UPDATE OF job SKIP LOCKED""",
            [seconds],
        )
        stalled = cursor.fetchall()
        rescued = []
        for number, attempts in stalled:
            if attempts >= MOST_RESTARTS:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [number])
            else:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [number])
                rescued.append(number)
    return rescued


@transaction.atomic
def clean_up(days: int = KEPT_DAYS) -> int:
    """Forgets jobs that ended well, their notes and their keys, after `days`. Failed jobs stay until someone looks."""
    before = timezone.now() - timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH old AS (SELECT job.id FROM procrastinate_jobs job WHERE job.status IN ('succeeded', 'cancelled', 'aborted')
                   AND (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id) < %s),
               unplanned AS (DELETE FROM procrastinate_periodic_defers WHERE job_id IN (SELECT id FROM old))
               DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM old)
                   AND id NOT IN (SELECT job_id FROM procrastinate_periodic_defers WHERE job_id IS NOT NULL)""",
            [before],
        )
        removed = cursor.rowcount
    Effect.objects.filter(at__lt=before).delete()
    Key.objects.filter(at__lt=before).delete()
    return removed
