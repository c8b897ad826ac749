from django.apps import AppConfig


class PermitsConfig(AppConfig):
    name = "sonha.services.permits"
    label = "permits"

    def ready(self) -> None:
        from sonha.services.permits import verbs  # noqa: F401  declares what the audit log may say
