from django.apps import AppConfig


class VersionsConfig(AppConfig):
    name = "sonha.registry.versions"
    label = "versions"
