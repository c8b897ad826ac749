"""/api/payments/: where the gateway calls."""

from django.urls import path

from . import views

urlpatterns = [path("callback", views.callback, name="payment_callback")]
