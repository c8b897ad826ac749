from django.apps import AppConfig


class RenderingConfig(AppConfig):
    name = "sonha.foundation.rendering"
    label = "rendering"

    def ready(self) -> None:
        from sonha.foundation.rendering import exports  # noqa: F401  says who may read an exported list
