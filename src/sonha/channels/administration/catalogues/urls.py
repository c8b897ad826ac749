"""Addresses of this subject, below `/quan-tri/danh-muc/`."""

from django.urls import path

from sonha.channels.administration.catalogues import items, lists, tables

urlpatterns = [
    path("", lists.listing, name="catalogues"),
    path("<slug:code>/", lists.detail, name="catalogue"),
    path("<slug:code>/them/", items.add, name="catalogue_add_item"),
    path("<slug:code>/sua/", lists.edit, name="catalogue_edit"),
    path("<slug:code>/muc/<int:pk>/", items.detail, name="catalogue_item"),
    path("<slug:code>/muc/<int:pk>/sua/", items.edit, name="catalogue_item_edit"),
    path("<slug:code>/nhap/", tables.take_in, name="catalogue_import"),
    path("<slug:code>/xuat.csv", tables.give_out, name="catalogue_export"),
]
