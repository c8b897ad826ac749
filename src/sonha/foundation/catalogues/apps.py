from django.apps import AppConfig


class CataloguesConfig(AppConfig):
    name = "sonha.foundation.catalogues"
    label = "catalogues"
