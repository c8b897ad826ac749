from django.apps import AppConfig


class RegisterApiConfig(AppConfig):
    name = "sonha.registry.api"
    label = "register_api"
