"""Probes for load balancers and monitoring: plain words, no session, no personal data."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


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


_current = False


def _schema_is_current() -> bool:
    """Asked of the database until it is so; the code of a process does not change afterwards."""
    global _current
    if not _current:
        executor = MigrationExecutor(connection)
        _current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _current
