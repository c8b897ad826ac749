from django.urls import path

from . import views

app_name = "metadata"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>/", views.record, name="record"),
    path("<slug:name>/iso19139.xml", views.as_iso, name="iso"),
    path("<slug:name>/sua/", views.edit, name="edit"),
]
