"""Addresses of this subject, below `/quan-tri/quyen-so/`."""

from django.urls import path

from sonha.channels.administration.grants import views

urlpatterns = [
    path("", views.listing, name="grants"),
    path("them/", views.edit, name="grant_add"),
    path("<int:pk>/", views.edit, name="grant"),
]
