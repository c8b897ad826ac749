from django.apps import AppConfig


class ViewerConfig(AppConfig):
    name = "sonha.geo.viewer"
    label = "viewer"
