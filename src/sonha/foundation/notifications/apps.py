from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "sonha.foundation.notifications"
    label = "notifications"
