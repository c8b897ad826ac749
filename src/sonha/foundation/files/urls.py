"""/tep/: reading a file, sending one in pieces."""

from django.urls import path

from . import views

app_name = "files"
urlpatterns = [
    path("tai-len/", views.begin_upload, name="begin_upload"),
    path("tai-len/<uuid:upload_id>/", views.upload, name="upload"),
    path("<uuid:file_id>/", views.download, name="download"),
]
