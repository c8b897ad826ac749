"""Addresses of this subject, below `/quan-tri/danh-muc/`."""

from django.urls import path

from sonha.channels.administration.catalogues import items, lists, tables

urlpatterns = [
    path("", lists.listing, name="catalogues"),
    path("<slug:code>/", lists.detail, name="catalogue"),
    path("<slug:code>/them/", items.add, name="catalogue_add_item"),
    path("<slug:code>/muc/<int:pk>/", items.detail, name="catalogue_item"),
    path("<slug:code>/nhap/", tables.take_in, name="catalogue_import"),
    path("<slug:code>/xuat.csv", tables.give_out, name="catalogue_export"),
]
