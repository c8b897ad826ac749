"""Probes for load balancers and monitoring: plain words, no session, no personal data."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from sonha.foundation.organisations.models import Unit

from . import metrics as figures


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else, so that a database outage does not get web processes killed."""
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """The process can do its work: the database answers and its schema is the code's. 503 otherwise, with the reason in one word."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _schema_is_current():
            return JsonResponse({"status": "not ready", "reason": "migrations"}, status=503)
    except DatabaseError:
        return JsonResponse({"status": "not ready", "reason": "database"}, status=503)
    return JsonResponse({"status": "ready"})


@require_safe
@never_cache
def started(request: HttpRequest) -> JsonResponse:
    """The start is over: the schema is the code's and the province's data is loaded. Asked until it says yes; then `live` is asked."""
    try:
        if not _schema_is_current():
            return JsonResponse({"status": "starting", "reason": "migrations"}, status=503)
        if not Unit.objects.exists():
            return JsonResponse({"status": "starting", "reason": "profile"}, status=503)
    except DatabaseError:
        return JsonResponse({"status": "starting", "reason": "database"}, status=503)
    return JsonResponse({"status": "started"})


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; for others than monitoring there is no such page."""
    if not figures.may_ask(request):
        raise Http404
    return HttpResponse(figures.text(), content_type=CONTENT_TYPE_LATEST)


_current = False


def _schema_is_current() -> bool:
    """Asked of the database until it is so; the code of a process does not change afterwards."""
    global _current
    if not _current:
        executor = MigrationExecutor(connection)
        _current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _current
