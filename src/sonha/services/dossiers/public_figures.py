"""What anybody may know of the work as a whole: counts of all dossiers, never of a person. Kept for ten minutes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from sonha.services.dossiers.averages import usual_days
from sonha.services.dossiers.boards import conditions
from sonha.services.dossiers.filters import submitted_between
from sonha.services.dossiers.models import Dossier
from sonha.services.procedures.models import Procedure

KEPT = 600  # seconds
USED = timedelta(days=90)  # how far back most used procedures are counted


@dataclass(frozen=True)
class PublicFigures:
    """Received and ended from `start` until `taken_at`; `share` is the percentage of results on time, None when nothing ended."""

    start: date
    taken_at: datetime
    received: int
    on_time: int
    late: int

    @property
    def ended(self) -> int:
        return self.on_time + self.late

    @property
    def share(self) -> float | None:
        return 100 * self.on_time / self.ended if self.ended else None


def this_month() -> PublicFigures:
    """The month so far, by the same conditions as the boards of officials."""
    found: Any = cache.get_or_set("dossiers.this_month", _this_month, KEPT)
    return cast("PublicFigures", found)


def _this_month() -> PublicFigures:
    now = timezone.now()
    today = timezone.localdate(now)
    start = today.replace(day=1)
    wanted = conditions(start, today, now)
    counts: dict[str, Any] = {
        name: Dossier.objects.filter(wanted[name]).aggregate(n=Count("*"))["n"] for name in ("received", "ended_on_time", "late_finished")
    }
    return PublicFigures(start, now, counts["received"], counts["ended_on_time"], counts["late_finished"])


def most_used(count: int) -> list[tuple[Procedure, int]]:
    """The procedures that were filed most in the last three months, each with how often."""
    ranked: Any = cache.get_or_set("dossiers.most_used", _most_used, KEPT)
    known = Procedure.objects.select_related("field", "agency").in_bulk([pk for pk, _n in ranked[:count]])
    return [(known[pk], n) for pk, n in ranked[:count] if pk in known]


def _most_used() -> list[tuple[int, int]]:
    today = timezone.localdate()
    filed = Dossier.objects.filter(submitted_between(today - USED, today), procedure__open_for_filing=True)
    return list(filed.values("procedure_id").annotate(n=Count("*")).order_by("-n", "procedure_id").values_list("procedure_id", "n")[:12])


def usual_days_kept(procedure: Procedure) -> int | None:
    """`averages.usual_days`, kept for ten minutes: pages of a busy procedure ask it again and again."""
    found: int | None = cache.get_or_set(f"dossiers.usual_days.{procedure.pk}", lambda: usual_days(procedure), KEPT)
    return found
