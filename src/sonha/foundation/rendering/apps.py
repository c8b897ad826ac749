from django.apps import AppConfig


class RenderingConfig(AppConfig):
    name = "sonha.foundation.rendering"
    label = "rendering"
