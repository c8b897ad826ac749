from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "sonha.foundation.rest"
    label = "rest"
