from django.apps import AppConfig


class AidsConfig(AppConfig):
    name = "sonha.services.aids"
    label = "aids"

    def ready(self) -> None:
        from sonha.services.aids import notices, verbs  # noqa: F401  their declarations register on import
