from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "sonha.foundation.calendar"
    label = "calendar"
