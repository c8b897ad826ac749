"""How long dossiers really take: what a citizen may expect beside the legal limit, and what boards hold against it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, QuerySet
from django.utils import timezone

from sonha.services.dossiers.models import Dossier
from sonha.services.procedures.models import Procedure

ENOUGH = 5  # fewer finished dossiers say nothing
WINDOW = timedelta(days=365)


def usual_days(procedure: Procedure) -> int | None:
    """Mean number of calendar days from acceptance to result over the last year; None when too few finished."""
    lasting = ExpressionWrapper(F("finished_at") - F("accepted_at"), output_field=DurationField())
    finished = Dossier.objects.filter(procedure=procedure, finished_at__gte=timezone.now() - WINDOW, accepted_at__isnull=False)
    figures = finished.aggregate(mean=Avg(lasting), count=Count("finished_at"))
    if figures["count"] < ENOUGH or figures["mean"] is None:
        return None
    return max(1, round(figures["mean"].total_seconds() / 86400))


@dataclass(frozen=True)
class Working:
    """Working days that ended dossiers took and were allowed, in sum; stops are left out of both."""

    count: int = 0
    taken: int = 0
    allowed: int = 0

    def with_(self, other: "Working") -> "Working":
        return Working(self.count + other.count, self.taken + other.taken, self.allowed + other.allowed)

    @property
    def mean_taken(self) -> float | None:
        return self.taken / self.count if self.count else None

    @property
    def mean_allowed(self) -> float | None:
        return self.allowed / self.count if self.count else None

    @property
    def percent(self) -> float | None:
        """Time taken as a percentage of the time allowed."""
        return 100 * self.taken / self.allowed if self.allowed else None


def working_days(ended: QuerySet[Dossier], key: Any) -> dict[Any, Working]:
    """Working days by group (`key`: an expression), in one statement, from the calendar as it is today.

    `ended` are dossiers with accepted_at, due_at and finished_at. The date of acceptance is not counted, that of the result is; a date on
    any part of which the clock stood is not (as `process.deadlines` counts). What ended before it was accepted took no time.
    """
    rows = ended.annotate(key=key).values("key", "case_id", "accepted_at", "due_at", "finished_at")
    selection, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SQL.replace("{selection}", selection), parameters)
        return {key: Working(count, int(taken), int(allowed)) for key, count, taken, allowed in cursor.fetchall()}


SQL = """
WITH selected AS (
    SELECT key, case_id, accepted_at, finished_at,
           (accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS accepted_on,
           (greatest(accepted_at, finished_at) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS finished_on,
           (greatest(accepted_at, due_at) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS due_on
    FROM ({selection}) AS chosen
), days AS (
    SELECT day::date AS day,
           sum(CASE holiday.kind WHEN 'workday' THEN 1 WHEN 'holiday' THEN 0 ELSE (extract(isodow FROM day) < 6)::int END)
               OVER (ORDER BY day) AS so_far
    FROM generate_series(
             (SELECT min(accepted_on) - 1 FROM selected), (SELECT max(greatest(finished_on, due_on)) FROM selected), interval '1 day'
         ) AS day
    LEFT JOIN calendar_holiday holiday ON holiday.date = day::date
), stretches AS (
    SELECT selected.case_id, selected.accepted_on, selected.finished_on, selected.due_on,
           unnest(range_agg(daterange(
               (stop.started_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
               (greatest(stop.started_at, coalesce(stop.ended_at, selected.finished_at) - interval '1 microsecond')
                   AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, '[]'
           ))) AS stretch
    FROM selected JOIN cases_suspension stop ON stop.case_id = selected.case_id AND stop.ended_at IS DISTINCT FROM stop.started_at
    GROUP BY selected.case_id, selected.accepted_on, selected.finished_on, selected.due_on
), stopped AS (
    SELECT stretches.case_id,
           sum(greatest(0, until_finished.so_far - before.so_far)) AS until_finished,
           sum(greatest(0, until_due.so_far - before.so_far)) AS until_due
    FROM stretches
    JOIN days before ON before.day = greatest(lower(stretch) - 1, accepted_on)
    JOIN days until_finished ON until_finished.day = least(upper(stretch) - 1, finished_on)
    JOIN days until_due ON until_due.day = least(upper(stretch) - 1, due_on)
    GROUP BY stretches.case_id
)
SELECT selected.key, count(*),
       sum(finish.so_far - accept.so_far - coalesce(stopped.until_finished, 0)),
       sum(due.so_far - accept.so_far - coalesce(stopped.until_due, 0))
FROM selected
JOIN days accept ON accept.day = accepted_on
JOIN days finish ON finish.day = finished_on
JOIN days due ON due.day = due_on
LEFT JOIN stopped ON stopped.case_id = selected.case_id
GROUP BY selected.key
"""
