from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "sonha.registry.quality"
    label = "quality"

    def ready(self) -> None:
        from sonha.registry.quality import exports, verbs  # noqa: F401  declares what is exported and what the audit log may say
