from django.apps import AppConfig


class AidsConfig(AppConfig):
    name = "sonha.services.handling"
    label = "handling"

    def ready(self) -> None:
        from sonha.services.handling import notices, verbs  # noqa: F401  their declarations register on import
