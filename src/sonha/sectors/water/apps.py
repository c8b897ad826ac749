from django.apps import AppConfig


class WaterConfig(AppConfig):
    name = "sonha.sectors.water"
    label = "water"

    def ready(self) -> None:
        from sonha.sectors.water import outcomes, registers  # noqa: F401  registers are declared, and procedures answered, on import
