from django.urls import path

from . import views

app_name = "rasters"
urlpatterns = [
    path("", views.index, name="index"),
    path("them/", views.new, name="new"),
    path("<slug:name>/", views.detail, name="detail"),
    path("<slug:name>/go-bo/", views.remove, name="remove"),
]
