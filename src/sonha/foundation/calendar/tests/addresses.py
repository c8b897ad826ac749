"""Addresses for the tests of this app: its own page among those of the product."""

from django.urls import include, path

from sonha.urls import urlpatterns as product

urlpatterns = [*product, path("lich-lam-viec-thu/", include("sonha.foundation.calendar.urls"))]
