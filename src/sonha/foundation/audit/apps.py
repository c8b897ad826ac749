from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    name = "sonha.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        from .context import name_connection

        autodiscover_modules("verbs")
        connection_created.connect(name_connection, dispatch_uid="audit.context")
