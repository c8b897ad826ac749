"""Running jobs: the worker process, and all waiting jobs at once in this process."""

import asyncio
import json
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from . import services

CATCH_UP = 24 * 3600
"""Seconds: a periodic job whose time passed while no worker ran is still run once when one starts within a day."""


def run_worker(
    *, queues: Iterable[str] | None = None, concurrency: int = 2, name: str = "worker", stalled_after: float = services.STALLED_AFTER
) -> None:
    """Works until SIGTERM or SIGINT; a running job is finished first."""
    services.rescue_stalled(stalled_after)
    with app.replace_connector(_connector()) as working:
        working.periodic_defaults = {"max_delay": CATCH_UP}
        asyncio.run(_work(working, list(queues) if queues else None, concurrency, name, stalled_after))


def _connector() -> BaseConnector:
    """The queue's own asynchronous connection to the same database."""
    return app.connector.get_worker_connector()  # type: ignore[attr-defined]


async def _work(working, queues: list[str] | None, concurrency: int, name: str, stalled_after: float) -> None:  # type: ignore[no-untyped-def]
    async with working.open_async():
        await working.run_worker_async(
            queues=queues, concurrency=concurrency, name=name, delete_jobs="never",
            update_heartbeat_interval=min(10.0, stalled_after / 3), stalled_worker_timeout=stalled_after, fetch_job_polling_interval=5.0,
        )  # fmt: skip


def run_waiting(limit: int = 1000, *, ahead: bool = False) -> int:
    """Runs waiting jobs here and now, one after another, on this connection, and returns how many ran. For tests and one-off commands.

    `ahead`: also those scheduled for later, as if the time had come. A job that fails is rescheduled or given up as a worker would do.
    """
    ran = 0
    while ran < limit and (job := _next(ahead)) is not None:
        ran += 1
        _run(job)
    return ran


def _next(ahead: bool) -> Job | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (
                   SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND (%s OR scheduled_at IS NULL OR scheduled_at <= now())
                   ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED)
               RETURNING id, queue_name, lock, queueing_lock, task_name, args, attempts""",
            [ahead],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    number, queue, lock, queueing_lock, name, args, attempts = row
    return Job(
        id=number, queue=queue, lock=lock, queueing_lock=queueing_lock, task_name=name, task_kwargs=json.loads(args), attempts=attempts,
        status="doing", priority=0, scheduled_at=timezone.now(), abort_requested=False, worker_id=None,
    )  # fmt: skip


def _run(job: Job) -> None:
    task = app.tasks[job.task_name]
    with connection.cursor() as cursor:
        try:
            task.func(_Context(job), **job.task_kwargs)
        except Exception as error:
            retry = task.get_retry_exception(exception=error, job=job)
            if retry is None:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job.id])
            else:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", [job.id, retry.retry_decision.retry_at])
        else:
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)", [job.id])


class _Context:
    """The part of procrastinate's job context that jobs may use."""

    def __init__(self, job: Job) -> None:
        self.job = job
