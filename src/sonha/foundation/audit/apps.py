from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "sonha.foundation.audit"
    label = "audit"
