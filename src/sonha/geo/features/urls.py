from django.urls import path, re_path

from sonha.geo.features import views

app_name = "features"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("api", views.api, name="api"),
    path("conformance", views.conformance, name="conformance"),
    path("collections", views.collections, name="collections"),
    path("collections/<str:name>", views.collection, name="collection"),
    path("collections/<str:name>/queryables", views.queryables, name="queryables"),
    path("collections/<str:name>/schema", views.schema, name="schema"),
    path("collections/<str:name>/items", views.items, name="items"),
    path("collections/<str:name>/items/<str:pk>", views.item, name="item"),
    re_path(r"^.*$", views.nothing),
]
