"""/csdl/dia-gioi/chuyen-doi/: what became of old communes. Everybody's."""

from django.urls import path

from . import views

app_name = "areas"
urlpatterns = [
    path("", views.table, name="table"),
    path("bang/", views.export, name="export"),
    path("<str:code>/", views.unit, name="unit"),
]
