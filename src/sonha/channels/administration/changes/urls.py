"""Addresses of this subject, below `/quan-tri/thay-doi/`."""

from django.urls import path

from sonha.channels.administration.changes import views

urlpatterns = [
    path("", views.listing, name="changes"),
    path("<slug:key>/", views.listing, name="changes_of"),
    path("<slug:key>/<int:number>/", views.change, name="change"),
]
