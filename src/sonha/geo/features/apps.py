from django.apps import AppConfig


class FeaturesConfig(AppConfig):
    name = "sonha.geo.features"
    label = "features"
