"""Declaring jobs. An app's `tasks.py`:

    @job(queue="mail", retry=OUTSIDE)
    def send_letter(letter: int) -> None: ...

    @periodic("0 19 * * *")          # UTC: 02:00 in Vietnam
    @job()
    def close_the_day(timestamp: int) -> None: ...

A job is named `<app>.<function>` and takes JSON values. It may run more than once (a worker can die after its work, before saying so). An
`atomic` job (the default) runs in one transaction together with the note that it has run, so its effect on the database happens exactly
once; a job with an effect outside (mail, another agency) is declared `atomic=False` and sends its own idempotency key.
"""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import pghistory
from django.db import connection, transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

Function = TypeVar("Function", bound=Callable[..., Any])

INSIDE = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""Waits between attempts of work within the platform: five attempts in about 36 minutes, then the job counts as failed."""

OUTSIDE = (
    timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5),
    timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=3), timedelta(hours=6),
    timedelta(hours=12), timedelta(hours=24),
)  # fmt: skip
"""Waits towards other systems: thirteen attempts in about two days; a short outage is bridged within minutes, a weekend's survived."""


class Schedule(BaseRetryStrategy):
    """Retries after stated waits, then gives up."""

    def __init__(self, waits: tuple[timedelta, ...]) -> None:
        self.waits = waits

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= len(self.waits):
            return None
        return RetryDecision(retry_in={"seconds": int(self.waits[job.attempts].total_seconds())})


def job(
    *, queue: str = "default", retry: tuple[timedelta, ...] = INSIDE, atomic: bool = True, name: str | None = None
) -> Callable[[Function], Function]:
    """Declares the decorated function as a job. `retry=()` = never again."""

    def declare(function: Function) -> Function:
        task_name = name or job_name(function)

        @functools.wraps(function)
        def run(context: Any, **arguments: Any) -> Any:
            with pghistory.context(job=task_name, job_id=context.job.id):
                if not atomic:
                    return function(**arguments)
                with transaction.atomic():
                    return function(**arguments) if _first_run(context.job.id) else None

        app.task(name=task_name, queue=queue, retry=Schedule(retry), pass_context=True)(run)
        function.job_name = task_name  # type: ignore[attr-defined]
        return function

    return declare


def periodic(cron: str) -> Callable[[Function], Function]:
    """Runs the job below it at the times of `cron` (five fields, UTC). The job takes `timestamp`: the planned time, seconds since 1970."""

    def declare(function: Function) -> Function:
        app.periodic(cron=cron)(app.tasks[function.job_name])  # type: ignore[attr-defined]
        return function

    return declare


def job_name(function: Callable[..., Any]) -> str:
    """`notifications.send_mail` for `send_mail` in `sonha.foundation.notifications.tasks`."""
    package = function.__module__.removesuffix(".tasks")
    return f"{package.rsplit('.', 1)[-1]}.{function.__name__}"


def _first_run(job_id: int) -> bool:
    """False when this job's work was already committed: its worker died before it could report."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO jobs_effect (job_id) VALUES (%s) ON CONFLICT DO NOTHING", [job_id])
        return bool(cursor.rowcount)
