"""Addresses for the tests of this app alone."""

from django.urls import include, path

urlpatterns = [path("viec-nen/", include("sonha.foundation.jobs.urls"))]
