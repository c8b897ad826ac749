from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "sonha.services.procedures"
    label = "procedures"

    def ready(self) -> None:
        from sonha.services.procedures import verbs  # noqa: F401  declares what the audit log may say
