from django.apps import AppConfig


class MetadataConfig(AppConfig):
    name = "sonha.geo.metadata"
    label = "metadata"

    def ready(self) -> None:
        from sonha.geo.metadata import verbs  # noqa: F401  declares what the audit log may say
