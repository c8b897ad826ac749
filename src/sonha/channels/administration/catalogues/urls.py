"""Addresses of this subject, below `/quan-tri/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
