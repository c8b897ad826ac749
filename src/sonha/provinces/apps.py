from django.apps import AppConfig


class ProvincesConfig(AppConfig):
    name = "sonha.provinces"
    label = "provinces"
