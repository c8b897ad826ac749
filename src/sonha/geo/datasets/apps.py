from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "sonha.geo.datasets"
    label = "datasets"

    def ready(self) -> None:
        from sonha.foundation.files.services import register_access, register_usage
        from sonha.geo.datasets.models import PURPOSE

        register_access(PURPOSE, lambda actor, file: True)
        register_usage(PURPOSE, lambda ids: set())  # the row of the data set refers to its file; older ones go with the next purge
