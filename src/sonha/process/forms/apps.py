from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "sonha.process.forms"
    label = "forms"
