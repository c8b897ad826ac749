from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "sonha.foundation.jobs"
    label = "jobs"
