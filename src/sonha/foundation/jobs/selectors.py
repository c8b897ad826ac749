"""Reads of the queue and of bulk operations."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from .models import Progress


def status() -> dict[str, Any]:
    """Counts for health pages: `waiting`, `scheduled`, `running`, `failed`, `succeeded`, seconds the `oldest` due job has waited, live
    `workers`, and `queues` {name: waiting}.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())),
                      count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()),
                      count(*) FILTER (WHERE status = 'doing'),
                      count(*) FILTER (WHERE status = 'failed'),
                      count(*) FILTER (WHERE status = 'succeeded')
               FROM procrastinate_jobs"""
        )
        names = ("waiting", "scheduled", "running", "failed", "succeeded")
        result: dict[str, Any] = dict(zip(names, cursor.fetchone(), strict=True))
        cursor.execute(
            """SELECT coalesce(extract(epoch FROM now() - min(coalesce(job.scheduled_at, event.at))), 0)::float
               FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
               WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())"""
        )
        result["oldest"] = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'")
        result["workers"] = cursor.fetchone()[0]
        cursor.execute("SELECT queue_name, count(*) FROM procrastinate_jobs WHERE status = 'todo' GROUP BY 1 ORDER BY 1")
        result["queues"] = dict(cursor.fetchall())
    return result


def failed(limit: int = 100) -> list[Mapping[str, Any]]:
    """Jobs that were given up, newest first: id, name, queue, args, attempts, at."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT job.id, job.task_name AS name, job.queue_name AS queue, job.args, job.attempts,
                      (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id) AS at
               FROM procrastinate_jobs job WHERE job.status = 'failed' ORDER BY job.id DESC LIMIT %s""",
            [limit],
        )
        columns = [column.name for column in cursor.description]
        jobs = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return [{**row, "args": json.loads(row["args"])} for row in jobs]


def progress_of(actor: Any) -> QuerySet[Progress]:
    """The actor's own bulk operations; administrators and the system see all."""
    if getattr(actor, "is_system", False) or getattr(actor, "is_administrator", False):
        return Progress.objects.all()
    if actor.user is None:
        return Progress.objects.none()
    return Progress.objects.filter(user_id=actor.user.pk)
