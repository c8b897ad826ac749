from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "sonha.foundation.organisations"
    label = "organisations"
