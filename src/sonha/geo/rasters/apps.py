from django.apps import AppConfig


class RastersConfig(AppConfig):
    name = "sonha.geo.rasters"
    label = "rasters"

    def ready(self) -> None:
        from sonha.foundation.files.services import register_access, register_usage

        from . import services, verbs  # noqa: F401  declares what the audit log may say

        register_access(services.PURPOSE, lambda actor, file: False)  # served only by the views of rasters, which check who asks
        register_usage(services.PURPOSE, lambda ids: set())  # foreign keys count; what a removed raster leaves goes with the next purge
