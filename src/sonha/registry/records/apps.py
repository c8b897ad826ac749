from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RecordsConfig(AppConfig):
    name = "sonha.registry.records"
    label = "records"

    def ready(self) -> None:
        from sonha.registry.records import verbs, versions  # noqa: F401  declares what the audit log may say

        pre_migrate.connect(versions.drop_views, dispatch_uid="records-views")
        post_migrate.connect(versions.create_views, dispatch_uid="records-views")
