from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "sonha.sectors.areas"
    label = "areas"

    def ready(self) -> None:
        from sonha.registry.quality import areas as quality_areas
        from sonha.sectors.areas import registers  # noqa: F401
        from sonha.sectors.areas.models import Commune

        quality_areas.register(Commune)
