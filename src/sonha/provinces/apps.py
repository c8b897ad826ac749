from pathlib import Path

from django.apps import AppConfig


class ProvincesConfig(AppConfig):
    name = "sonha.provinces"
    label = "provinces"

    def ready(self) -> None:
        from django.conf import settings

        from sonha.foundation.rendering.docx import register_templates

        register_templates(Path(__file__).parent / settings.SONHA_PROFILE / "templates")
