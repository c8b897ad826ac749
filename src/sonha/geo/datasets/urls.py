from django.urls import path

from sonha.geo.datasets import views

app_name = "datasets"
urlpatterns = [
    path("", views.index, name="index"),
    path("catalog.jsonld", views.jsonld, name="jsonld"),
    path("catalog.ttl", views.turtle, name="turtle"),
    path("<slug:slug>/", views.dataset, name="dataset"),
    path("<slug:slug>/<slug:kind>", views.download, name="download"),
]
