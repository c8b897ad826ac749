from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    name = "sonha.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        from .context import name_connection

        autodiscover_modules("verbs")
        connection_created.connect(name_connection, dispatch_uid="audit.context")
        if settings.MODE == "test":
            connection_created.connect(_allow_emptying, dispatch_uid="audit.emptying")


def _allow_emptying(connection: Any, **_: Any) -> None:
    """Django empties every table after a test that commits; the triggers let only such a session do so."""
    with connection.cursor() as cursor:
        cursor.execute("SET sonha.test_database = 'on'")
