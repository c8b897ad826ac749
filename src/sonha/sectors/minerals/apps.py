from django.apps import AppConfig


class MineralsConfig(AppConfig):
    name = "sonha.sectors.minerals"
    label = "minerals"

    def ready(self) -> None:
        from sonha.sectors.minerals import outcomes, registers  # noqa: F401  registers are declared, and procedures answered, on import
