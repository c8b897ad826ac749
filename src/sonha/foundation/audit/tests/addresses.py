"""Addresses for the tests of this app: its own page among those of the product."""

from django.urls import include, path

from sonha.urls import urlpatterns as product

urlpatterns = [*product, path("nhat-ky-thu/", include("sonha.foundation.audit.urls"))]
