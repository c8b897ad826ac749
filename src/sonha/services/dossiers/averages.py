"""How long a procedure really takes, from finished dossiers: what a citizen may expect beside the legal limit."""

from datetime import timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F
from django.utils import timezone

from sonha.services.dossiers.models import Dossier
from sonha.services.procedures.models import Procedure

ENOUGH = 5  # fewer finished dossiers say nothing
WINDOW = timedelta(days=365)


def usual_days(procedure: Procedure) -> int | None:
    """Mean number of calendar days from acceptance to result over the last year; None when too few finished."""
    lasting = ExpressionWrapper(F("finished_at") - F("accepted_at"), output_field=DurationField())
    finished = Dossier.objects.filter(procedure=procedure, finished_at__gte=timezone.now() - WINDOW, accepted_at__isnull=False)
    figures = finished.aggregate(mean=Avg(lasting), count=Count("pk"))
    if figures["count"] < ENOUGH or figures["mean"] is None:
        return None
    return max(1, round(figures["mean"].total_seconds() / 86400))
