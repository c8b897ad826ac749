from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "sonha.channels.help"
    label = "help"
