from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "sonha.foundation.search"
    label = "search"
