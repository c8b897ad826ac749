from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "sonha.channels.administration"
    label = "administration"
