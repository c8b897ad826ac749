from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "sonha.operations.health"
    label = "health"
