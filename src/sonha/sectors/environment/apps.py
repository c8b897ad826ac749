from django.apps import AppConfig


class EnvironmentConfig(AppConfig):
    name = "sonha.sectors.environment"
    label = "environment"

    def ready(self) -> None:
        from sonha.sectors.environment import outcomes, registers  # noqa: F401  registers are declared, and procedures answered, on import
