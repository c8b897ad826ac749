from django.apps import AppConfig


class MappingConfig(AppConfig):
    name = "sonha.sectors.mapping"
    label = "mapping"

    def ready(self) -> None:
        from sonha.sectors.mapping import outcomes, registers  # noqa: F401  registers are declared, and procedures answered, on import
