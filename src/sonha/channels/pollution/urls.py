"""Addresses of the page on pollution of rivers."""

from django.urls import path

from sonha.channels.pollution import views

app_name = "pollution"
urlpatterns = [
    path("", views.page, name="page"),
    path("ho-so.pdf", views.dossier, name="dossier"),
]
