from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "sonha.channels.portal"
    label = "portal"
