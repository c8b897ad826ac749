from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "sonha.foundation.payments"
    label = "payments"
