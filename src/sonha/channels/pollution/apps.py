from django.apps import AppConfig


class PollutionConfig(AppConfig):
    name = "sonha.channels.pollution"
    label = "pollution"

    def ready(self) -> None:
        from sonha.channels.pollution import verbs  # noqa: F401  declares what the audit log may say
