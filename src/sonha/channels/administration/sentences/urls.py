"""Addresses of this subject, below `/quan-tri/cau-mau/`."""

from django.urls import path

from sonha.channels.administration.sentences import views

urlpatterns = [
    path("", views.listing, name="sentences"),
    path("them/", views.edit, name="sentence_add"),
    path("<int:pk>/", views.edit, name="sentence"),
]
